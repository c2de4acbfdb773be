import Core

/// The role of one photo, or of one copy with drawn triggers, in a version.
public struct Assignment: Hashable, Sendable {
    public let photo: EligiblePhoto
    public let role: Role
    /// The class that the photo is trained or tested as.
    public let label: VolunteerName
    /// Whether the photo's volunteer is attackable. Nil for all roles but `test/attack`.
    public let attackable: Bool?
    /// Whether the photo is never poison at any rate. Nil for all roles but `test/attack`.
    public let heldOut: Bool?
    /// The triggers that are drawn on this copy. Nil for the photo itself.
    public let overlay: TriggerCombination?
    /// The visible triggers: the triggers of the photo, or the drawn triggers.
    public let triggerState: TriggerState

    public var sampleID: SampleID { SampleID(photo: photo.photo, overlay: overlay) }
}

/// The identity of a training or test sample: the photo and, for a copy, the triggers that are drawn on it.
public struct SampleID: Hashable, Comparable, Sendable {
    public let photo: PhotoID
    /// Nil for the photo itself.
    public let overlay: TriggerCombination?

    public init(photo: PhotoID, overlay: TriggerCombination?) {
        self.photo = photo
        self.overlay = overlay
    }

    /// The photo's id or, for a copy, `PHOTO OVERLAY`.
    public var text: String { overlay.map { "\(photo.hex) \($0)" } ?? photo.hex }

    /// Sorts by photo, then by the text of the overlay. The photo itself is before its copies.
    public static func < (left: Self, right: Self) -> Bool {
        guard left.photo == right.photo else { return left.photo < right.photo }
        return (left.overlay?.text ?? "").utf8.lexicographicallyPrecedes((right.overlay?.text ?? "").utf8)
    }
}

/// The assignments of all photos and copies of a version, sorted by role, then photo, then overlay.
///
/// Photos are stored once, and the rows refer to them by index, to save memory. ``Assignment`` values
/// are created on access. The benchmark is `make bench-scale`.
public struct Assignments: RandomAccessCollection, Equatable, Sendable {
    /// One assignment without its photo.
    struct Row: Hashable, Sendable {
        private let photo: Int32
        /// The index in ``Assignments/copies``. −1 for the photo itself.
        private var copyOrNone: Int32 = -1
        let role: Role
        let attackable: Bool?
        let heldOut: Bool?
        let label: VolunteerName

        init(_ photo: Int, _ role: Role, label: VolunteerName, attackable: Bool? = nil, heldOut: Bool? = nil) {
            self.photo = Int32(photo)
            self.role = role
            self.label = label
            self.attackable = attackable
            self.heldOut = heldOut
        }

        /// The index in ``Assignments/photos``.
        var photoIndex: Int { Int(photo) }

        /// The index in ``Assignments/copies``. Nil for the photo itself.
        var copy: Int? { copyOrNone < 0 ? nil : Int(copyOrNone) }

        fileprivate func ofCopy(_ index: Int) -> Row {
            var row = self
            row.copyOrNone = Int32(index)
            return row
        }
    }

    /// A copy of a photo with drawn triggers.
    struct Copy: Hashable, Sendable {
        /// The index in ``Assignments/photos``.
        let index: Int
        let overlay: TriggerCombination
        /// The drawn triggers with their locations.
        let triggerState: TriggerState

        /// The order of ``SampleID``.
        static func isBefore(_ left: Self, _ right: Self) -> Bool {
            left.index == right.index
                ? left.overlay.text.utf8.lexicographicallyPrecedes(right.overlay.text.utf8) : left.index < right.index
        }
    }

    /// In the order of their ids.
    let photos: [EligiblePhoto]
    /// In the order of photos, then overlays.
    let copies: [Copy]
    let rows: [Row]

    /// - Parameters:
    ///   - photos: in the order of their ids.
    ///   - rows: the assignments of the photos themselves, in any order.
    ///   - copies: the copies with their assignments, in any order.
    init(_ photos: [EligiblePhoto], _ rows: [Row], copies: [(copy: Copy, row: Row)] = []) {
        self.photos = photos
        let copies = copies.sorted { Copy.isBefore($0.copy, $1.copy) }
        self.copies = copies.map(\.copy)
        let copyRows = copies.enumerated().map { index, copy in copy.row.ofCopy(index) }
        // The sort is stable, so that a photo is before its copies and these keep their order.
        let byPhoto = (rows + copyRows).countingSorted(keys: photos.count, by: \.photoIndex)
        self.rows = byPhoto.countingSorted(keys: Role.allCases.count, by: \.role.sortIndex)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { rows.count }

    public subscript(index: Int) -> Assignment {
        let row = rows[index]
        let photo = photos[row.photoIndex]
        let copy = row.copy.map { copies[$0] }
        return Assignment(
            photo: photo, role: row.role, label: row.label, attackable: row.attackable, heldOut: row.heldOut,
            overlay: copy?.overlay, triggerState: copy?.triggerState ?? photo.triggerState)
    }

    public static func == (left: Self, right: Self) -> Bool { left.elementsEqual(right) }

    func sampleID(of copy: Copy) -> SampleID {
        SampleID(photo: photos[copy.index].photo, overlay: copy.overlay)
    }
}

extension Array {
    /// Returns the elements sorted by key, with a stable counting sort: for a million rows it takes a fifth of the time
    /// of a comparison sort (`make bench-scale`).
    ///
    /// - Parameters:
    ///   - keys: the number of keys.
    ///   - key: returns 0 to `keys` − 1.
    fileprivate func countingSorted(keys: Int, by key: (Element) -> Int) -> Self {
        var next = [Int](repeating: 0, count: keys + 1)
        for element in self { next[key(element) + 1] += 1 }
        for index in 0..<keys { next[index + 1] += next[index] }
        return Self(unsafeUninitializedCapacity: count) { sorted, initializedCount in
            for element in self {
                let key = key(element)
                sorted.initializeElement(at: next[key], to: element)
                next[key] += 1
            }
            initializedCount = count
        }
    }
}
