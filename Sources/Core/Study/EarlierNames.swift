/// The earlier names of people and triggers that were renamed or merged, each with the current name.
///
/// Session folders can contain earlier names for years. An import reads an earlier name as the current name.
public struct EarlierNames: Hashable, Sendable {
    public let volunteers: [VolunteerName: VolunteerName]
    public let triggers: [TriggerName: TriggerName]

    public init(volunteers: [VolunteerName: VolunteerName] = [:], triggers: [TriggerName: TriggerName] = [:]) {
        self.volunteers = volunteers
        self.triggers = triggers
    }

    public var isEmpty: Bool { volunteers.isEmpty && triggers.isEmpty }

    /// Returns the current name that replaced the earlier name `text`, of a person or of a trigger. Nil when `text` is
    /// no earlier name.
    public func current(_ text: String) -> String? {
        VolunteerName(text).flatMap { volunteers[$0]?.text } ?? TriggerName(text).flatMap { triggers[$0]?.text }
    }

    /// Returns a label with current names instead of earlier names.
    public func current(_ label: Label) -> Label {
        guard !isEmpty else { return label }
        let pairs = label.triggerState.pairs.map { TriggerPlacement(triggers[$0.trigger] ?? $0.trigger, $0.location) }
        return Label(
            volunteer: volunteers[label.volunteer] ?? label.volunteer, triggerState: TriggerState(pairs))
    }

    /// Returns the earlier names without those of people who have two names among `names`. Two names of one person in one
    /// version are two classes: the merge has changed the labels.
    public func excludingMerges(of names: Set<VolunteerName>) -> EarlierNames {
        let counts = names.reduce(into: [VolunteerName: Int]()) { $0[volunteers[$1] ?? $1, default: 0] += 1 }
        return EarlierNames(volunteers: volunteers.filter { (counts[$0.value] ?? 0) <= 1 }, triggers: triggers)
    }
}
