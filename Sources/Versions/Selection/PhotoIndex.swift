import Core

/// Where each photo is among many that are in the order of their ids. Like the letters at the edge of a dictionary, it says where ids of each beginning are;
/// there are about as many beginnings as photos, so that a few photos are left to look at. Should many begin alike, as digests do not, they are searched by halves.
struct PhotoIndex {
    private let photos: [EligiblePhoto]
    /// For each beginning the place of the first photo that has it or a later one; one more at the end.
    private let starts: [Int32]
    /// Bits behind the beginning.
    private let rest: UInt64

    /// - Parameter photos: in the order of their ids.
    init(_ photos: [EligiblePhoto]) {
        self.photos = photos
        let bits = max(1, Int.bitWidth - photos.count.leadingZeroBitCount)
        rest = UInt64(64 - bits)
        var starts: [Int32] = []
        starts.reserveCapacity(1 << bits + 1)
        for (place, photo) in photos.enumerated() {
            while starts.count <= photo.photo.leading >> rest { starts.append(Int32(place)) }
        }
        while starts.count <= 1 << bits { starts.append(Int32(photos.count)) }
        self.starts = starts
    }

    /// Nil where there is no such photo.
    func place(of id: PhotoID) -> Int? {
        let beginning = Int(id.leading >> rest)
        var low = Int(starts[beginning])
        var high = Int(starts[beginning + 1])
        while low < high {
            let middle = (low + high) / 2
            let there = photos[middle].photo
            if there == id { return middle }
            if there < id { low = middle + 1 } else { high = middle }
        }
        return nil
    }
}
