import Core

/// The elements of two groups, divided into strata, for permutation tests within strata.
///
/// The elements of a stratum are contiguous, and those of the first group come first. In an audit, a stratum is one
/// volunteer, the first group has the triggered photos, and the second group has the bare photos.
struct StratifiedGroups: Hashable, Sendable {
    /// The elements of one stratum.
    struct Stratum: Hashable, Sendable {
        /// The index of the first element.
        let start: Int
        /// The number of elements of the first group.
        let first: Int
        /// The number of elements.
        let count: Int

        var indices: Range<Int> { start..<start + count }
        var firstIndices: Range<Int> { start..<start + first }
        var secondIndices: Range<Int> { start + first..<start + count }
    }

    let strata: [Stratum]
    /// The number of elements.
    let count: Int

    /// - Parameter sizes: the number of elements of both groups, for each stratum.
    init(_ sizes: [(first: Int, second: Int)]) {
        var start = 0
        var strata: [Stratum] = []
        for size in sizes {
            strata.append(Stratum(start: start, first: size.first, count: size.first + size.second))
            start += size.first + size.second
        }
        self.strata = strata
        count = start
    }
}

/// A comparison of a number between two groups within strata: the stratified test of Wilcoxon, Mann and Whitney.
struct RankComparison: Hashable, Sendable {
    /// For each element: twice its rank in its stratum, minus the mean of these values. Equal values have their mean
    /// rank. 0 for an element without a value.
    let scores: [Int]
    /// The sum of the scores of the first group.
    let observed: Int
    /// The number of pairs of elements of both groups in the same stratum.
    let pairs: Int

    /// The share of pairs in which the element of the first group has the larger value. Equal values count half.
    var auc: Double { 0.5 + Double(observed) / (2 * Double(pairs)) }

    /// - Parameter values: the value of each element, or nil.
    /// - Returns: nil if no stratum has values of both groups, or if all values of each stratum are equal.
    init?(_ values: [Double?], in groups: StratifiedGroups) {
        var scores = [Int](repeating: 0, count: values.count)
        var observed = 0
        var pairs = 0
        var varies = false
        for stratum in groups.strata {
            let present = stratum.indices.compactMap { index in values[index].map { (index: index, value: $0) } }
                .sorted { ($0.value, $0.index) < ($1.value, $1.index) }
            let first = present.count { stratum.firstIndices.contains($0.index) }
            guard first > 0, first < present.count else { continue }
            pairs += first * (present.count - first)
            var start = 0
            while start < present.count {
                var end = start + 1
                while end < present.count, present[end].value == present[start].value { end += 1 }
                // Twice the mean of the ranks start + 1 … end, minus twice the mean of all ranks.
                let score = start + 1 + end - (present.count + 1)
                for element in present[start..<end] { scores[element.index] = score }
                start = end
            }
            varies = varies || present[0].value != present[present.count - 1].value
            for index in stratum.firstIndices { observed += scores[index] }
        }
        guard pairs > 0, varies else { return nil }
        self.scores = scores
        self.observed = observed
        self.pairs = pairs
    }
}

/// A comparison of a category between two groups within strata.
///
/// The statistic is Pearson's chi-squared, summed over categories after the strata are added: it grows when a category
/// belongs to one group in all strata. With one stratum it is Pearson's statistic.
struct TableComparison: Hashable, Sendable {
    /// The category of each element: 0 ..< the number of categories.
    let codes: [Int]
    /// For each category: the expected number of elements of the first group, if groups and categories were independent
    /// in each stratum.
    let expected: [Double]
    /// For each category: the factor of the squared difference.
    private let factors: [Double]
    /// For each category: the number of elements of the first group.
    let observedCounts: [Int]
    /// For each category: the number of elements of both groups.
    private let totals: [Int]
    let observed: Double
    /// Cramér's V with a correction for chance: 0 if the association is as large as it is on average by chance, 1 if
    /// groups are separated completely. With one stratum and two categories it equals the corrected V of Bergsma ("A
    /// bias-correction for Cramér's V and Tschuprow's T", 2013).
    let cramersV: Double

    /// - Parameter codes: the category of each element.
    /// - Returns: nil if no stratum has elements of both groups and of two categories.
    init?(_ codes: [Int], in groups: StratifiedGroups) {
        let categories = (codes.max() ?? -1) + 1
        var expected = [Double](repeating: 0, count: categories)
        var weights = [Double](repeating: 0, count: categories)
        var variances = [Double](repeating: 0, count: categories)
        var counts = [Int](repeating: 0, count: categories)
        var totals = [Int](repeating: 0, count: categories)
        var varies = false
        // The statistic of a complete separation into two categories.
        var shift = 0.0
        var firstWeight = 0.0
        var secondWeight = 0.0
        for stratum in groups.strata where stratum.first > 0 && stratum.first < stratum.count {
            let size = Double(stratum.count)
            let share = Double(stratum.first) / size
            var own = [Int](repeating: 0, count: categories)
            for index in stratum.indices { own[codes[index]] += 1 }
            for index in stratum.firstIndices { counts[codes[index]] += 1 }
            for category in 0..<categories where own[category] > 0 {
                let number = Double(own[category])
                totals[category] += own[category]
                expected[category] += number * share
                weights[category] += number * share * (1 - share)
                variances[category] += share * (1 - share) * number * (size - number) / (size - 1)
                varies = varies || own[category] < stratum.count
            }
            shift += size * share * (1 - share)
            firstWeight += size * share * share * (1 - share)
            secondWeight += size * (1 - share) * share * (1 - share)
        }
        guard varies else { return nil }
        self.codes = codes
        self.expected = expected
        factors = weights.map { $0 > 0 ? 1 / $0 : 0 }
        observedCounts = counts
        self.totals = totals
        observed = Self.statistic(counts, expected, factors)
        let byChance = zip(variances, factors).reduce(0) { $0 + $1.0 * $1.1 }
        let maximum = shift * shift * (1 / firstWeight + 1 / secondWeight)
        let span = maximum - byChance
        cramersV = span > 1e-9 ? min(1, max(0, (observed - byChance) / span)).squareRoot() : 0
    }

    /// The categories that mark the first group: the excess of its elements is at least half of the largest possible
    /// excess. All categories with an excess if there is no such category.
    var categoriesOfFirstGroup: [Int] {
        let excesses = expected.indices.map { Double(observedCounts[$0]) - expected[$0] }
        let marking = expected.indices.filter {
            excesses[$0] > 1e-9 && excesses[$0] >= (Double(totals[$0]) - expected[$0]) / 2
        }
        return marking.isEmpty ? expected.indices.filter { excesses[$0] > 1e-9 } : marking
    }

    /// Returns the statistic of a table. The same counts always give the same bits.
    private static func statistic(_ counts: [Int], _ expected: [Double], _ factors: [Double]) -> Double {
        var sum = 0.0
        for index in counts.indices {
            let difference = Double(counts[index]) - expected[index]
            sum += difference * difference * factors[index]
        }
        return sum
    }

    func statistic(_ counts: [Int]) -> Double { Self.statistic(counts, expected, factors) }
}

/// Permutation tests within strata: the groups are exchanged at random, and the share of exchanges with a statistic at
/// least as large as the observed one is the p-value.
///
/// The generator has a fixed seed, so that the same data give the same p-values. All comparisons use the same
/// permutations. A comparison ends early after ``enough`` such exchanges (Besag and Clifford, "Sequential Monte Carlo
/// p-values", 1991), which leaves the p-value valid: only clear associations need all permutations.
struct PermutationTest {
    enum Comparison: Sendable {
        case ranks(RankComparison)
        case table(TableComparison)
    }

    /// The number of exchanges with a large statistic after which a comparison ends.
    static let enough = 20
    private static let seed: UInt64 = 0x6375_7261_7265

    /// Returns the p-value of each comparison.
    ///
    /// - Parameters:
    ///   - permutations: the largest number n of permutations. A comparison that does not end early has the p-value
    ///     (k + 1) / (n + 1), where k of the exchanges have a large statistic.
    ///   - enough: the number of exchanges with a large statistic after which a comparison ends.
    static func pValues(
        of comparisons: [Comparison], in groups: StratifiedGroups, permutations: Int, enough: Int = enough
    ) -> [Double] {
        var generator = SplitMix64(seed: seed)
        var order = Array(0..<groups.count)
        var exceeding = [Int](repeating: 0, count: comparisons.count)
        var pValues = [Double](repeating: 1, count: comparisons.count)
        var active = Array(comparisons.indices)
        for number in 1...max(1, permutations) {
            exchange(&order, groups, &generator)
            active.removeAll { index in
                guard isLarge(comparisons[index], order, groups) else { return false }
                exceeding[index] += 1
                guard exceeding[index] == enough else { return false }
                pValues[index] = Double(enough) / Double(number)
                return true
            }
            if active.isEmpty { return pValues }
        }
        for index in active { pValues[index] = Double(exceeding[index] + 1) / Double(max(1, permutations) + 1) }
        return pValues
    }

    /// Moves a random selection of each stratum to the places of the first group (Fisher and Yates).
    private static func exchange(
        _ order: inout [Int], _ groups: StratifiedGroups, _ generator: inout SplitMix64
    ) {
        for stratum in groups.strata where stratum.first < stratum.count {
            for place in 0..<stratum.first {
                let other = place + generator.next(below: stratum.count - place)
                order.swapAt(stratum.start + place, stratum.start + other)
            }
        }
    }

    /// Whether the exchanged groups have a statistic at least as large as the observed one.
    private static func isLarge(_ comparison: Comparison, _ order: [Int], _ groups: StratifiedGroups) -> Bool {
        switch comparison {
        case .ranks(let ranks):
            var sum = 0
            for stratum in groups.strata {
                for place in stratum.firstIndices { sum += ranks.scores[order[place]] }
            }
            return abs(sum) >= abs(ranks.observed)
        case .table(let table):
            var counts = [Int](repeating: 0, count: table.expected.count)
            for stratum in groups.strata where stratum.first < stratum.count {
                for place in stratum.firstIndices { counts[table.codes[order[place]]] += 1 }
            }
            // Sums of the same numbers in another order can differ in the last digits.
            return table.statistic(counts) >= table.observed * (1 - 1e-12)
        }
    }
}
