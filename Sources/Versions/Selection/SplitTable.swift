import Core

/// The photos of a selection, by index in the order of their ids, with the class, the group and the split unit of each.
/// A smaller index is a smaller id, so that the steps of selection move integers instead of photos.
struct SplitTable: Sendable {
    let photos: [EligiblePhoto]
    /// All classes, in index order.
    let classes: [Volunteer]
    /// For each photo the index of its class in ``classes``.
    private let classOf: [Int]
    /// The near-duplicate groups.
    let groups: CategoryIndex
    /// For each photo the category of photos that the recipe keeps together.
    private let unitOf: [Int]

    /// - Parameter photos: in the order of photo ids.
    init(_ photos: [EligiblePhoto], _ keepTogether: Recipe.KeepTogether) {
        self.photos = photos
        let volunteers = CategoryIndex(photos, by: \.volunteer)
        let firstPhotos = volunteers.members.map { photos[$0[0]].volunteer }
        let order = firstPhotos.indices.sorted {
            firstPhotos[$0].name.text.utf8.lexicographicallyPrecedes(firstPhotos[$1].name.text.utf8)
        }
        classes = order.map { firstPhotos[$0] }
        var classIndices = order
        for (index, category) in order.enumerated() { classIndices[category] = index }
        classOf = volunteers.categories.map { classIndices[$0] }
        groups = CategoryIndex(groupsOf: photos)
        unitOf =
            switch keepTogether {
            case .none: Array(photos.indices)
            case .group: groups.categories
            case .session: CategoryIndex(photos, by: \.session).categories
            }
    }

    subscript(index: Int) -> EligiblePhoto { photos[index] }

    func volunteer(of index: Int) -> VolunteerName { photos[index].volunteer.name }

    /// Returns the photos `indices` for each class, in index order.
    func byClass(_ indices: [Int]) -> [[Int]] {
        var classes: [[Int]] = Array(repeating: [], count: classes.count)
        for index in indices { classes[classOf[index]].append(index) }
        return classes
    }

    /// Returns the units of the photos `indices`, in the order of their keys.
    ///
    /// - Parameter indices: increasing.
    func units(of indices: [Int]) -> [SplitUnit] {
        let sorted = indices.sorted { unitOf[$0] == unitOf[$1] ? $0 < $1 : unitOf[$0] < unitOf[$1] }
        var units: [SplitUnit] = []
        var start = 0
        for end in sorted.indices where end + 1 == sorted.count || unitOf[sorted[end]] != unitOf[sorted[end + 1]] {
            units.append(SplitUnit(photos: sorted[start...end]))
            start = end + 1
        }
        return units.sorted { $0.key < $1.key }
    }
}

/// Photos that one step of selection keeps together: photos of one group or of one session, or a single photo.
struct SplitUnit: Sendable {
    /// Indices in the table, increasing.
    let photos: ArraySlice<Int>

    var count: Int { photos.count }
    /// The index of the smallest photo id among the photos of the step.
    var key: Int { photos[photos.startIndex] }
}

/// Elements divided into categories. The categories have consecutive numbers, in the order of their first elements.
struct CategoryIndex: Sendable {
    /// For each element the number of its category.
    let categories: [Int]
    /// The number of categories.
    let count: Int

    init<Element, Key: Hashable>(_ elements: [Element], by key: (Element) -> Key) {
        var known: [Key: Int] = [:]
        categories = elements.map { element in
            let key = key(element)
            if let category = known[key] { return category }
            known[key] = known.count
            return known.count - 1
        }
        count = known.count
    }

    /// Divides photos into their near-duplicate groups.
    ///
    /// The id of a group is normally the id of its first photo, which is found without hashing. In a redacted version
    /// and in files of other programs it can be an id without a photo.
    ///
    /// - Parameter photos: in the order of their ids.
    init(groupsOf photos: [EligiblePhoto]) {
        let index = PhotoIndex(photos)
        var categoryOfFirst = Array(repeating: -1, count: photos.count)
        var categoryOfOtherID: [PhotoID: Int] = [:]
        var count = 0
        categories = photos.indices.map { position in
            let group = photos[position].group
            guard let first = group == photos[position].photo ? position : index.position(of: group) else {
                if let category = categoryOfOtherID[group] { return category }
                categoryOfOtherID[group] = count
                count += 1
                return count - 1
            }
            if categoryOfFirst[first] < 0 {
                categoryOfFirst[first] = count
                count += 1
            }
            return categoryOfFirst[first]
        }
        self.count = count
    }

    /// For each category the indices of its elements, increasing.
    var members: [[Int]] {
        var sizes = Array(repeating: 0, count: count)
        for category in categories { sizes[category] += 1 }
        var members: [[Int]] = sizes.map { size in
            var indices: [Int] = []
            indices.reserveCapacity(size)
            return indices
        }
        for (index, category) in categories.enumerated() { members[category].append(index) }
        return members
    }
}

/// Positions of photos in a list that is sorted by id. The leading bits of an id select a range of about one photo, in
/// which binary search finds the id. This is faster than a dictionary of a million ids (`make bench-scale`).
private struct PhotoIndex {
    private let photos: [EligiblePhoto]
    /// For each value of the leading bits the position of the first photo with that value or a greater one, and at the
    /// end the number of photos.
    private let starts: [Int32]
    /// The number of bits to shift an id's first 64 bits to the right to get the leading bits.
    private let shift: UInt64

    /// - Parameter photos: in the order of their ids.
    init(_ photos: [EligiblePhoto]) {
        self.photos = photos
        let bits = max(1, Int.bitWidth - photos.count.leadingZeroBitCount)
        shift = UInt64(64 - bits)
        var starts: [Int32] = []
        starts.reserveCapacity((1 << bits) + 1)
        for (position, photo) in photos.enumerated() {
            while starts.count <= (photo.photo.leading >> shift) { starts.append(Int32(position)) }
        }
        while starts.count <= (1 << bits) { starts.append(Int32(photos.count)) }
        self.starts = starts
    }

    /// Returns the position of the photo `id`. Nil when there is no such photo.
    func position(of id: PhotoID) -> Int? {
        let leading = Int(id.leading >> shift)
        var low = Int(starts[leading])
        var high = Int(starts[leading + 1])
        while low < high {
            let middle = (low + high) / 2
            let found = photos[middle].photo
            if found == id { return middle }
            if found < id { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
