import Crypto

/// A stream of numbers that hangs on the words it was made from and on nothing else.
///
/// The words' SHA-256 seeds a SplitMix64 (Steele, Lea, Flood 2014). Swift's own `random(in:using:)` is left aside: how it turns bits into numbers may change
/// between compilers, and the demo study would change with it.
struct Dice {
    private var state: UInt64

    init(_ words: String...) {
        state = SHA256.hash(data: Array(words.joined(separator: "\n").utf8)).prefix(8).reduce(0) {
            $0 << 8 | UInt64($1)
        }
    }

    /// 0 up to but not 1, in steps of 2^−53.
    mutating func share() -> Double {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return Double((bits ^ bits >> 31) >> 11) * 0x1p-53
    }

    mutating func between(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * share()
    }

    /// Within `spread` of nought, the middle likelier than the ends.
    mutating func wobble(_ spread: Double) -> Double {
        spread * (share() + share() - 1)
    }

    mutating func chance(_ share: Double) -> Bool {
        self.share() < share
    }

    /// `list` must not be empty.
    mutating func pick<Element>(_ list: [Element]) -> Element {
        list[Int(share() * Double(list.count))]
    }

    mutating func shuffled<Element>(_ list: [Element]) -> [Element] {
        var list = list
        for last in stride(from: list.count - 1, to: 0, by: -1) {
            list.swapAt(last, Int(share() * Double(last + 1)))
        }
        return list
    }
}
