import Foundation

/// A range of shares that a measured one is compatible with.
public struct Interval: Hashable, Codable, Sendable {
    public let low, high: Double

    public init(_ low: Double, _ high: Double) {
        (self.low, self.high) = (low, high)
    }

    /// Whether values on both sides of `bound` are compatible with the measurement.
    func straddles(_ bound: Double) -> Bool { low < bound && bound < high }

    /// Wilson's 95% score interval for `hits` of `count` independent trials (Wilson, JASA 1927; Brown, Cai and DasGupta 2001, equation 4).
    static func wilson(_ hits: Int, of count: Int) -> Interval? {
        guard count > 0 else { return nil }
        let z = 1.959963984540054
        let n = Double(count)
        let p = Double(hits) / n
        let centre = p + z * z / (2 * n)
        let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        return Interval(max(0, (centre - spread) / scale), min(1, (centre + spread) / scale))
    }

    /// Resamplings of ``resampling(_:)``.
    static let resamples = 2000

    /// The middle 95% of the share when whole volunteers are drawn with replacement: photos of one person are not independent
    /// (Davison and Hinkley, Bootstrap Methods, 1997, section 3.8). The draws come from a fixed seed. Nil with fewer than two volunteers.
    static func resampling(_ tallies: [(hits: Int, count: Int)]) -> Interval? {
        guard tallies.count >= 2 else { return nil }
        var generator = SplitMix64(state: 0x6375_7261_7265)
        let shares = (0..<resamples).map { _ in
            var (hits, count) = (0, 0)
            for _ in tallies {
                let drawn = tallies[Int(generator.next() % UInt64(tallies.count))]
                hits += drawn.hits
                count += drawn.count
            }
            return Double(hits) / Double(count)
        }.sorted()
        return Interval(shares[resamples / 40], shares[resamples - 1 - resamples / 40])
    }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014).
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
