/// The number of photos with a property, and the number of examined photos.
public struct PhotoRate: Hashable, Sendable {
    public private(set) var found: Int
    public private(set) var photos: Int

    public init(found: Int = 0, photos: Int = 0) {
        self.found = found
        self.photos = photos
    }

    public mutating func count(_ isFound: Bool) {
        photos += 1
        if isFound { found += 1 }
    }

    public mutating func add(_ other: PhotoRate) {
        found += other.found
        photos += other.photos
    }

    /// Counts a photo in which a face was searched or marked.
    public mutating func count(_ face: KnownFace) {
        guard face.record != nil || face.marked != nil else { return }
        count(face.face != nil)
    }

    /// The rate in percent, rounded down; 0 without photos.
    public var percent: Int { photos == 0 ? 0 : 100 * found / photos }

    /// The share of photos with the property, from 0 to 1; 0 without photos.
    public var share: Double { photos == 0 ? 0 : Double(found) / Double(photos) }

    /// Returns whether the two rates differ by more than `points` percentage points, in exact arithmetic. False when
    /// one of them counts no photos.
    public func differs(from other: PhotoRate, byMoreThan points: Int) -> Bool {
        100 * abs(found * other.photos - other.found * photos) > points * photos * other.photos
    }
}
