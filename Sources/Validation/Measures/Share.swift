/// A measured share: how many of how many, and the two intervals around it.
public struct Share: Hashable, Codable, Sendable {
    public let hits, count: Int
    /// hits / count
    public let rate: Double
    /// Each photo by itself.
    public let wilson: Interval
    /// Whole volunteers resampled; nil where there is only one.
    public let resampled: Interval?

    /// The share of `photos` that are hits; nil where there are none.
    init?(_ photos: some Sequence<TestedPhoto>, hit: (TestedPhoto) -> Bool) {
        var tallies: [String: (hits: Int, count: Int)] = [:]
        for photo in photos {
            var tally = tallies[photo.volunteer] ?? (0, 0)
            tally.count += 1
            if hit(photo) { tally.hits += 1 }
            tallies[photo.volunteer] = tally
        }
        // In the order of names, so that resampling draws the same people everywhere.
        let people = tallies.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map(\.value)
        (hits, count) = (people.reduce(0) { $0 + $1.hits }, people.reduce(0) { $0 + $1.count })
        guard let wilson = Interval.wilson(hits, of: count) else { return nil }
        rate = Double(hits) / Double(count)
        self.wilson = wilson
        resampled = Interval.resampling(people)
    }
}
