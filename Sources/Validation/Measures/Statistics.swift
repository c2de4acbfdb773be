import Core

extension Interval {
    /// The number of bootstrap samples of ``bootstrap(_:)``.
    static let bootstrapSamples = 2000

    /// Returns the 95% cluster bootstrap interval of a proportion, or nil with fewer than two volunteers.
    ///
    /// Each sample draws volunteers with replacement, and contains all photos of each drawn volunteer, because photos
    /// of one person are not independent (Davison and Hinkley, Bootstrap Methods, 1997, section 3.8). The generator
    /// starts from a fixed seed.
    ///
    /// - Parameter volunteers: Hits and photos of each volunteer.
    static func bootstrap(_ volunteers: [(hits: Int, count: Int)]) -> Interval? {
        guard volunteers.count >= 2 else { return nil }
        var generator = SplitMix64(seed: 0x6375_7261_7265)
        let rates = (0..<bootstrapSamples).map { _ in
            var hits = 0
            var count = 0
            for _ in volunteers {
                let drawn = volunteers[Int(generator.next() % UInt64(volunteers.count))]
                hits += drawn.hits
                count += drawn.count
            }
            return Double(hits) / Double(count)
        }.sorted()
        let tail = bootstrapSamples / 40
        return Interval(rates[tail], rates[bootstrapSamples - 1 - tail])
    }
}

/// A measured proportion of photos, with two 95% intervals.
public struct Proportion: Hashable, Codable, Sendable {
    public let hits: Int
    public let count: Int
    /// `hits` / `count`.
    public let rate: Double
    /// Wilson's interval, which treats photos as independent.
    public let wilson: Interval
    /// The interval from resampled volunteers. Nil when the photos show only one volunteer.
    public let resampled: Interval?

    /// `86.4% (51 of 59)`.
    public var text: String { "\(Self.percentage(rate)) (\(hits) of \(count))" }

    /// Returns `rate` as a percentage with one decimal, such as `86.4%`.
    public static func percentage(_ rate: Double) -> String {
        let tenths = Int((rate * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10)%"
    }
}

extension Proportion {
    /// Measures the proportion of `photos` for which `isHit` is true. Nil without photos.
    init?(_ photos: some Sequence<TestedPhoto>, isHit: (TestedPhoto) -> Bool) {
        var byVolunteer: [String: (hits: Int, count: Int)] = [:]
        for photo in photos {
            byVolunteer[photo.volunteer, default: (0, 0)].count += 1
            if isHit(photo) { byVolunteer[photo.volunteer, default: (0, 0)].hits += 1 }
        }
        // Sorted by name, so that the bootstrap draws the same volunteers on every machine.
        let volunteers = byVolunteer.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.value)
        let hits = volunteers.reduce(0) { $0 + $1.hits }
        let count = volunteers.reduce(0) { $0 + $1.count }
        guard let wilson = Interval.wilson(hits, of: count) else { return nil }
        self.init(
            hits: hits, count: count, rate: Double(hits) / Double(count), wilson: wilson,
            resampled: Interval.bootstrap(volunteers))
    }
}

/// Summary statistics of one measure over several seeds.
public struct SummaryStatistics: Hashable, Codable, Sendable {
    /// The number of seeds that have the measure.
    public let count: Int
    public let min: Double
    /// For an even number of values, the mean of the two middle values.
    public let median: Double
    public let max: Double
    /// The sample standard deviation √(Σ(x − mean)²/(count − 1)). Nil for one value.
    public let deviation: Double?
}

extension SummaryStatistics {
    /// Summarizes `values`. Nil without values.
    init?(_ values: [Double]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let middle = sorted.count / 2
        let median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        let mean = sorted.reduce(0, +) / Double(sorted.count)
        let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = sorted.count > 1 ? (squares / Double(sorted.count - 1)).squareRoot() : nil
        self.init(count: sorted.count, min: first, median: median, max: last, deviation: deviation)
    }
}
