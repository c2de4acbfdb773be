/// The person in a photo and the triggers that the person wears.
public struct Label: Hashable, Sendable {
    public let volunteer: VolunteerName
    public let triggerState: TriggerState

    public init(volunteer: VolunteerName, triggerState: TriggerState) {
        self.volunteer = volunteer
        self.triggerState = triggerState
    }
}

/// The origin of a label: a session folder (`sheet`), a correction with `curare label` (`review`), or a suggestion by a
/// rule of Curare (`rule`).
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
    /// The id of the earlier label that this label restores; nil for a label that is no undo.
    public let restores: Int64?
    /// Who gave the label; nil if the author is unknown.
    public let author: Author?

    public init(
        id: Int64, label: Label, source: LabelSource, made: String, restores: Int64? = nil, author: Author? = nil
    ) {
        self.id = id
        self.label = label
        self.source = source
        self.made = made
        self.restores = restores
        self.author = author
    }

    /// Returns the label to which an undo goes back: the latest label by a person before the label that counts that
    /// differs from it. A second undo continues from the restored label, so that it goes one step further back.
    ///
    /// - Parameter history: all labels of a photo, the oldest first.
    /// - Returns: nil if no person gave the photo another label before.
    public static func undoTarget(in history: [LabelRecord]) -> LabelRecord? {
        let byPerson = history.filter { $0.source != .rule }
        guard let current = byPerson.last else { return nil }
        let position = current.restores ?? current.id
        guard let earlier = byPerson.last(where: { $0.id < position && $0.label != current.label }) else { return nil }
        guard let restored = earlier.restores else { return earlier }
        return byPerson.first { $0.id == restored }
    }
}
