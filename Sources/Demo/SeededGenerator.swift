import Core

/// A generator of numbers that depend on a list of words only.
///
/// SHA-256 of the words seeds SplitMix64. The generator does not use `random(in:using:)` of Swift, because its
/// conversion of bits to numbers may change between compilers. The pixels of the demo study would then change too.
struct SeededGenerator {
    private var bits: SplitMix64

    /// - Parameter words: the purpose of the numbers, and the values on which they depend. They determine the drawn
    ///   pixels, so a purpose keeps its spelling even if the code uses another term now.
    init(_ words: String...) {
        bits = SplitMix64(seed: FileDigest.sha256(of: words.joined(separator: "\n").utf8).leading)
    }

    /// Returns a number from 0 up to but not including 1, in steps of 2^−53.
    mutating func unitInterval() -> Double {
        Double(bits.next() >> 11) * 0x1p-53
    }

    /// Returns a number between `low` and `high` with uniform distribution.
    mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * unitInterval()
    }

    /// Returns a number between −`spread` and `spread` with triangular distribution around 0.
    mutating func triangular(_ spread: Double) -> Double {
        spread * (unitInterval() + unitInterval() - 1)
    }

    mutating func bool(probability: Double) -> Bool {
        unitInterval() < probability
    }

    /// Returns an element of `list`, which must not be empty.
    mutating func element<Element>(of list: [Element]) -> Element {
        list[Int(unitInterval() * Double(list.count))]
    }

    /// Returns the elements of `list` in random order.
    mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
        var list = list
        for last in stride(from: list.count - 1, to: 0, by: -1) {
            list.swapAt(last, Int(unitInterval() * Double(last + 1)))
        }
        return list
    }
}
