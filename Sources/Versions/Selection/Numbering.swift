import Core

/// Elements told apart by a key, the keys numbered in the order in which they are met first.
struct Numbering {
    /// For each element the number of its key.
    let numbers: [Int]
    let count: Int

    init<Element, Key: Hashable>(_ elements: [Element], by key: (Element) -> Key) {
        var known: [Key: Int] = [:]
        numbers = elements.map { element in
            let key = key(element)
            if let number = known[key] { return number }
            known[key] = known.count
            return known.count - 1
        }
        count = known.count
    }

    /// Photos told apart by their groups.
    ///
    /// A group has the id of its first photo, which is looked for. What other programs have written may name a group otherwise.
    ///
    /// - Parameter photos: in the order of their ids.
    init(groupsOf photos: [EligiblePhoto]) {
        let index = PhotoIndex(photos)
        var numberAt = Array(repeating: -1, count: photos.count)
        var elsewhere: [PhotoID: Int] = [:]
        var count = 0
        numbers = photos.indices.map { place in
            let group = photos[place].group
            guard let first = group == photos[place].photo ? place : index.place(of: group) else {
                if let number = elsewhere[group] { return number }
                elsewhere[group] = count
                count += 1
                return count - 1
            }
            if numberAt[first] < 0 {
                numberAt[first] = count
                count += 1
            }
            return numberAt[first]
        }
        self.count = count
    }

    /// For each key the places of its elements, rising.
    var gathered: [[Int]] {
        var sizes = Array(repeating: 0, count: count)
        for number in numbers { sizes[number] += 1 }
        var gathered: [[Int]] = sizes.map { size in
            var places: [Int] = []
            places.reserveCapacity(size)
            return places
        }
        for (place, number) in numbers.enumerated() { gathered[number].append(place) }
        return gathered
    }
}
