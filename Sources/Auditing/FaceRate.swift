import Catalog

/// On how many photos a face was found, of those in which one was looked for or marked.
public struct FaceRate: Hashable, Sendable {
    public private(set) var found: Int
    public private(set) var photos: Int

    public init(found: Int = 0, photos: Int = 0) {
        (self.found, self.photos) = (found, photos)
    }

    mutating func count(_ face: KnownFace) {
        guard face.record != nil || face.marked != nil else { return }
        photos += 1
        if face.face != nil { found += 1 }
    }

    /// Whole percent, rounded down; 0 where there are no photos.
    public var percent: Int { photos == 0 ? 0 : 100 * found / photos }

    /// Whether the two shares are more than `points` percent points apart; exact. Nothing differs from no photos.
    func differs(from other: FaceRate, byMoreThan points: Int) -> Bool {
        100 * abs(found * other.photos - other.found * photos) > points * photos * other.photos
    }
}
