import Core
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
    /// What is drawn on this copy of the photo; nil for the photo itself.
    public var overlay: String?

    /// What tells it apart in the version.
    var key: [String] { [photo, overlay ?? ""] }

    var isRight: Bool { predicted == volunteer }

    func has(_ role: Role) -> Bool { self.role == role.rawValue }
}

extension TestedPhoto {
    init(_ entry: Entry, predicted: String) {
        self.init(
            photo: entry.photo.hex, volunteer: entry.volunteer.name.text, kind: entry.volunteer.kind.rawValue,
            role: entry.role.rawValue, trigger: entry.triggerState.triggerText,
            location: entry.triggerState.locationText, attackable: entry.attackable, heldOut: entry.heldOut,
            predicted: predicted, overlay: entry.overlay?.text)
    }
}

/// The index of the highest logit; the first of several.
func decision(_ logits: [Float]) -> Int {
    logits.indices.max { (logits[$0], $1) < (logits[$1], $0) } ?? 0
}
