import Core
import Foundation

/// Random number generator that is seeded by a text. Each tensor, epoch and photo has its own stream.
///
/// The 256 bits of state are the SHA-256 of the text (four little-endian numbers). The generator is xoshiro256** 1.0
/// (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2018).
struct SeededRandom {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    /// - Parameter lines: joined with line feeds, for example `["curare-init", "7", "conv1.weight"]`.
    init(_ lines: [String]) {
        let int64s = FileDigest.sha256(of: lines.joined(separator: "\n").utf8).bytes.withUnsafeBytes { raw in
            (0..<4).map { UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)) }
        }
        state = (int64s[0], int64s[1], int64s[2], int64s[3])
    }

    mutating func next() -> UInt64 {
        let result = rotated(state.1 &* 5, 7) &* 9
        let t = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= t
        state.3 = rotated(state.3, 45)
        return result
    }

    private func rotated(_ x: UInt64, _ by: UInt64) -> UInt64 { (x << by) | (x >> (64 - by)) }

    /// Returns 0 ≤ u < 1: the upper 53 bits, divided by 2⁵³.
    mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Returns low ≤ u < high, up to rounding.
    mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

    /// Returns a number of 0 ..< bound, all equally likely. Numbers above the last whole multiple of `bound` are
    /// rejected.
    mutating func below(_ bound: Int) -> Int {
        let bound = UInt64(bound)
        let limit = UInt64.max - UInt64.max % bound
        while true {
            let drawn = next()
            if drawn < limit { return Int(drawn % bound) }
        }
    }

    /// Returns two independent standard normal numbers (Box and Muller 1958): √(−2 ln u)·(cos 2πv, sin 2πv), 0 < u ≤ 1.
    mutating func normals() -> (Double, Double) {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        let angle = 2 * Double.pi * uniform()
        return (radius * cos(angle), radius * sin(angle))
    }

    /// Returns the numbers 0 ..< count in random order (Fisher and Yates; Durstenfeld's form, from the end).
    mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, below(last + 1)) }
        return order
    }
}
