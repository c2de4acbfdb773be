import Core

/// On how many photos something was found, of those in which it was looked for.
public struct PhotoRate: Hashable, Sendable {
    public private(set) var found: Int
    public private(set) var photos: Int

    public init(found: Int = 0, photos: Int = 0) {
        (self.found, self.photos) = (found, photos)
    }

    mutating func count(_ isFound: Bool) {
        photos += 1
        if isFound { found += 1 }
    }

    mutating func add(_ other: PhotoRate) {
        found += other.found
        photos += other.photos
    }

    /// Counts a face, where one was looked for or marked.
    mutating func count(_ face: KnownFace) {
        guard face.record != nil || face.marked != nil else { return }
        count(face.face != nil)
    }

    /// Whole percent, rounded down; 0 where there are no photos.
    public var percent: Int { photos == 0 ? 0 : 100 * found / photos }

    /// Whether the two shares are more than `points` percent points apart; exact. Nothing differs from no photos.
    func differs(from other: PhotoRate, byMoreThan points: Int) -> Bool {
        100 * abs(found * other.photos - other.found * photos) > points * photos * other.photos
    }
}
