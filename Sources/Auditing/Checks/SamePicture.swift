import Core

/// Two photos that show the same picture.
struct SamePicture: Comparable {
    /// The photo with the smaller id.
    let first: PhotoFacts
    let second: PhotoFacts
    /// The number of differing bits, after the first photo is turned or mirrored.
    let bits: Int
    let symmetry: PictureSymmetry

    init(_ left: PhotoFacts, _ right: PhotoFacts) {
        first = left.photo < right.photo ? left : right
        second = left.photo < right.photo ? right : left
        guard let hash = first.perceptualHash, let other = second.perceptualHash else {
            preconditionFailure("only photos with hashes are compared")
        }
        (bits, symmetry) = hash.turnedDistance(to: other)
    }

    var photos: Finding.Pair { Finding.Pair(first.photo, second.photo) }

    /// Returns both photos for a message.
    ///
    /// - Parameter state: a few words after the id of a photo.
    func text(_ state: (PhotoFacts) -> String) -> String {
        "photo \(first.photo.short) \(state(first)) and photo \(second.photo.short) \(state(second))"
            + (symmetry.word.map { " (\($0))" } ?? "")
    }

    /// Returns the photos of all pairs, sorted.
    static func allPhotos(_ pairs: [SamePicture]) -> [PhotoID] {
        var photos: Set<PhotoID> = []
        for pair in pairs {
            photos.insert(pair.first.photo)
            photos.insert(pair.second.photo)
        }
        return photos.sorted()
    }

    /// Returns for each photo the smallest number of differing bits.
    static func scores(_ pairs: [SamePicture]) -> [PhotoID: Double] {
        pairs.reduce(into: [:]) { scores, pair in
            for photo in [pair.first.photo, pair.second.photo] {
                scores[photo] = min(scores[photo] ?? 64, Double(pair.bits))
            }
        }
    }

    static func == (left: Self, right: Self) -> Bool { left.photos == right.photos }

    static func < (left: Self, right: Self) -> Bool {
        (left.first.photo, left.second.photo) < (right.first.photo, right.second.photo)
    }
}

/// The hashes of labelled photos in compact arrays: a catalog can have a million photos.
struct HashedPhotos<Category: Hashable> {
    private(set) var hashes: [UInt64] = []
    /// The number of each photo's category.
    private(set) var categories: [Int32] = []
    /// The index of each photo in the facts.
    private(set) var indices: [Int32] = []
    private var numbers: [Category: Int32] = [:]

    /// Adds a photo. A photo without a label or without a hash is left out.
    ///
    /// - Parameter category: photos of the same category are no pair. Nil leaves the photo out.
    mutating func add(_ index: Int, _ fact: PhotoFacts, as category: Category?) {
        guard let category, fact.label != nil, let hash = fact.perceptualHash else { return }
        hashes.append(hash.bits)
        let next = Int32(numbers.count)
        let number = numbers[category] ?? next
        if number == next { numbers[category] = number }
        categories.append(number)
        indices.append(Int32(index))
    }

    /// Returns the photos of a pair that a search among ``hashes`` has found.
    func pair(_ pair: SamePictureSearch.Pair, of facts: [PhotoFacts]) -> SamePicture {
        SamePicture(facts[Int(indices[Int(pair.first)])], facts[Int(indices[Int(pair.second)])])
    }
}
