/// Returns ⌊√value⌋ of a number ≥ 0, by Newton's method on integers. A negative number gives 0.
@inlinable
public func integerSquareRoot<Integer: FixedWidthInteger>(_ value: Integer) -> Integer {
    guard value > 1 else { return max(0, value) }
    // The first guess is a power of two above the root, so that the sequence falls until it reaches the root.
    var root = Integer(1) << ((Integer.bitWidth - value.leadingZeroBitCount + 1) / 2)
    while true {
        let next = (root + value / root) / 2
        if next >= root { return root }
        root = next
    }
}

/// Returns a / b rounded half up, for a ≥ 0 and b > 0.
package func roundHalfUp(_ a: Int128, _ b: Int128) -> Int {
    Int((2 * a + b) / (2 * b))
}

extension ClosedRange<Int> {
    /// The bounds for messages: `1 to 4096`.
    package var bounds: String { "\(lowerBound) to \(upperBound)" }
}

extension Duration {
    /// The duration in seconds.
    public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

/// The pseudorandom generator SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
/// OOPSLA 2014).
///
/// The same seed gives the same sequence on every machine and with every compiler. Results that must not change use the
/// methods of this type and not Swift's `random(in:using:)`, whose conversion of bits to numbers may change.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// Returns a number from 0 up to but not including `limit`: the next 64 bits modulo `limit`.
    public mutating func next(below limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// Returns a number from 0 up to but not including 1, in steps of 2^−53.
    public mutating func nextUnitDouble() -> Double { Double(next() >> 11) * 0x1p-53 }
}
