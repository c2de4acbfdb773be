import Versions

/// A test photo and what a model took it for.
public struct TestedPhoto: Hashable, Codable, Sendable {
    public let photo: String
    /// Who is in it.
    public let volunteer: String
    public let kind: String
    public let role: String
    public let trigger, location: String
    public let attackable, heldOut: Bool?
    /// The class with the highest logit; the first of several.
    public let predicted: String

    init(_ entry: Entry, predicted: String) {
        (photo, volunteer, kind, role) = (entry.photo.hex, entry.volunteer.name.text, entry.volunteer.kind.rawValue, entry.role.rawValue)
        (trigger, location) = (entry.wearing.triggerText, entry.wearing.locationText)
        (attackable, heldOut) = (entry.attackable, entry.heldOut)
        self.predicted = predicted
    }

    var isRight: Bool { predicted == volunteer }

    func has(_ role: Role) -> Bool { self.role == role.rawValue }
}

/// The index of the highest logit; the first of several.
func decision(_ logits: [Float]) -> Int {
    logits.indices.max { (logits[$0], $1) < (logits[$1], $0) } ?? 0
}
