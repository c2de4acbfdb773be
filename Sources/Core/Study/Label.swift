/// The person in a photo and the triggers that the person wears.
public struct Label: Hashable, Sendable {
    public let volunteer: VolunteerName
    public let triggerState: TriggerState

    public init(volunteer: VolunteerName, triggerState: TriggerState) {
        self.volunteer = volunteer
        self.triggerState = triggerState
    }
}

/// The origin of a label: a session folder or a CSV of labels (`sheet`), the options of `curare label` (`review`), or a
/// rule of Curare.
///
/// The table `label` in `Schemas/catalog.sql` defines which of several labels of a photo counts.
public enum LabelSource: String, CaseIterable, Sendable {
    case sheet, review, rule
}

/// One entry in the label history of a photo.
public struct LabelRecord: Hashable, Sendable {
    /// A number that is larger than the ids of all labels that were stored earlier.
    public let id: Int64
    public let label: Label
    public let source: LabelSource
    /// UTC, ISO 8601.
    public let made: String

    public init(id: Int64, label: Label, source: LabelSource, made: String) {
        self.id = id
        self.label = label
        self.source = source
        self.made = made
    }
}
