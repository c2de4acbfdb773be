/// How sharp a picture is: Crété-Roffet, Dolmiere, Ladret, Nicolas, "The Blur Effect: Perception and Estimation with a New No-Reference Perceptual
/// Blur Metric" (SPIE 6492, 2007), turned round, on a copy of fixed size with the shortest filter.
///
/// A picture that is blurred once more loses much of the difference between neighbours where it was sharp, and little where it was blurred already.
/// Light and contrast do not matter.
enum Sharpness {
    /// Pixels a side of the copy that is looked at.
    static let side = 32

    /// Per mille of the differences between neighbours that a mean of three takes away, along rows or columns, whichever is less; 0 where there is no difference.
    static func perMille(_ picture: GreyPicture) -> Int {
        let copy = averaged(picture)
        return min(lost(copy, along: 1, across: side), lost(copy, along: side, across: 1))
    }

    private static func lost(_ copy: [Int], along step: Int, across line: Int) -> Int {
        var (all, lost) = (0, 0)
        for first in stride(from: 0, to: side * line, by: line) {
            func mean(_ index: Int) -> Int {
                copy[first + (index - 1) * step] + copy[first + index * step] + copy[first + (index + 1) * step]
            }
            for index in 1..<side - 2 {
                let sharp = 3 * abs(copy[first + (index + 1) * step] - copy[first + index * step])
                all += sharp
                lost += max(0, sharp - abs(mean(index + 1) - mean(index)))
            }
        }
        return all == 0 ? 0 : 1000 * lost / all
    }

    /// The middle square of the picture as `side` × `side` means of whole pixels, at least one each.
    private static func averaged(_ picture: GreyPicture) -> [Int] {
        let square = min(picture.width, picture.height)
        let left = (picture.width - square) / 2
        let top = (picture.height - square) / 2
        func range(_ index: Int, from start: Int) -> Range<Int> {
            let first = index * square / side
            return start + first..<start + max(first + 1, (index + 1) * square / side)
        }
        return (0..<side * side).map { index in
            let rows = range(index / side, from: top)
            let columns = range(index % side, from: left)
            var sum = 0
            for row in rows { for column in columns { sum += Int(picture.luma[row * picture.width + column]) } }
            return sum / (rows.count * columns.count)
        }
    }
}
