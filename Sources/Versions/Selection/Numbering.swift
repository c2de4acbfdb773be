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
