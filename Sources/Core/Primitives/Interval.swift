/// An interval of proportions that are compatible with a measured one.
public struct Interval: Hashable, Codable, Sendable {
    public let low: Double
    public let high: Double

    public init(_ low: Double, _ high: Double) {
        self.low = low
        self.high = high
    }

    /// Returns whether `threshold` is inside the interval. The two ends are outside.
    public func includes(_ threshold: Double) -> Bool { low < threshold && threshold < high }

    /// The quantile of the standard normal distribution for a two-sided 95% interval.
    private static let z = 1.959963984540054

    /// Returns Wilson's 95% score interval for `hits` in `count` independent trials, or nil without trials.
    ///
    /// Sources: Wilson, JASA 1927; Brown, Cai and DasGupta, 2001, equation 4.
    public static func wilson(_ hits: Int, of count: Int) -> Interval? {
        guard count > 0 else { return nil }
        let n = Double(count)
        let p = Double(hits) / n
        let centre = p + z * z / (2 * n)
        let halfWidth = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        let scale = 1 + z * z / n
        return Interval(max(0, (centre - halfWidth) / scale), min(1, (centre + halfWidth) / scale))
    }

    /// Returns the smallest number of trials for which Wilson's 95% interval of a measured `rate` does not include
    /// `threshold`. Nil if no number of trials is enough, because both are equal.
    ///
    /// The interval of a rate p has the end b if |p − b| = z·√(b(1 − b)/n), so that n = z²·b(1 − b)/(p − b)².
    public static func trials(for rate: Double, toExclude threshold: Double) -> Int? {
        guard rate != threshold else { return nil }
        let difference = rate - threshold
        return max(1, Int((z * z * threshold * (1 - threshold) / (difference * difference)).rounded(.up)))
    }
}
