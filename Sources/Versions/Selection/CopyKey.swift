import Core

/// What tells the images of a version apart: the photo and, on a copy, what is drawn.
public struct CopyKey: Hashable, Comparable, Sendable {
    public let photo: PhotoID
    /// Nil for the photo itself.
    public let overlay: TriggerCombination?

    public init(photo: PhotoID, overlay: TriggerCombination?) {
        (self.photo, self.overlay) = (photo, overlay)
    }

    /// The photo's id or, of a copy, `PHOTO OVERLAY`.
    public var text: String { overlay.map { "\(photo.hex) \($0)" } ?? photo.hex }

    /// By photo, then by the overlay's text; the photo itself comes first.
    public static func < (left: Self, right: Self) -> Bool {
        guard left.photo == right.photo else { return left.photo < right.photo }
        return (left.overlay?.text ?? "").utf8.lexicographicallyPrecedes((right.overlay?.text ?? "").utf8)
    }
}

extension Selection.Part {
    /// What tells it apart in the version.
    public var key: CopyKey { CopyKey(photo: photo.photo, overlay: overlay) }
}
