import Core
import Foundation
import Testing

@testable import Auditing

/// Results of SciPy and scikit-learn (Golden/statistics.py).
private struct Golden: Decodable {
    struct Fisher: Decodable {
        let table: [Int]
        let p: Double
    }

    struct Holm: Decodable {
        let values, corrected: [Double]
    }

    struct Table: Decodable {
        let first, second: [Int]
        let statistic: Double
        /// Bergsma's corrected V; only for two categories.
        let v: Double?
    }

    struct Ranks: Decodable {
        struct Stratum: Decodable {
            let first, second: [Double]
        }

        let strata: [Stratum]
        let auc: Double
        let pairs: Int
        let p: Double
        let pOfFirstStratum: Double
    }

    struct Regression: Decodable {
        struct Model: Decodable {
            let strength: Double
            let weights: [Double]
            let intercept: Double
        }

        let rows: [[Double]]
        let labels: [Bool]
        let models: [Model]
    }

    let fisher: [Fisher]
    let holm: Holm
    let tables: [Table]
    let ranks: Ranks
    let regression: Regression

    static func read() throws -> Golden {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/statistics.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Golden.self, from: Data(contentsOf: file))
    }
}

@Suite struct StatisticsTests {
    @Test("Fisher's exact test equals SciPy's") func fisher() throws {
        for golden in try Golden.read().fisher {
            let table = golden.table
            let p = FisherTest.pValue(table[0], table[1], table[2], table[3])
            #expect(abs(p - golden.p) <= 1e-9 * golden.p, "\(table)")
        }
        #expect(FisherTest.pValue(0, 0, 3, 4) == 1 && FisherTest.pValue(0, 3, 0, 4) == 1)
        #expect(FisherTest.pValue(0, 0, 0, 0) == 1)
    }

    @Test("Holm's correction equals the closed family of Bonferroni tests") func holm() throws {
        let golden = try Golden.read().holm
        for (value, expected) in zip(HolmCorrection.corrected(golden.values), golden.corrected) {
            #expect(abs(value - expected) < 1e-12)
        }
        #expect(HolmCorrection.corrected([]) == [])
        #expect(HolmCorrection.corrected([0.6, 0.7]) == [1, 1])
    }

    /// Returns the categories of a table of one stratum.
    private func codes(_ first: [Int], _ second: [Int]) -> [Int] {
        [first, second].flatMap { $0.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) } }
    }

    @Test("With one stratum, the statistic of a table is Pearson's, and V is Bergsma's") func tables() throws {
        for golden in try Golden.read().tables {
            let groups = StratifiedGroups([(golden.first.reduce(0, +), golden.second.reduce(0, +))])
            let table = try #require(TableComparison(codes(golden.first, golden.second), in: groups))
            #expect(abs(table.observed - golden.statistic) < 1e-9)
            if let v = golden.v { #expect(abs(table.cramersV - v) < 1e-9) }
        }
    }

    @Test("A complete separation has V 1 in strata of any size, and an association of one stratum has less")
    func separation() throws {
        let groups = StratifiedGroups([(10, 5), (3, 12), (8, 8)])
        func table(_ category: (Int, Bool) -> Int) -> TableComparison? {
            let codes = groups.strata.enumerated().flatMap { number, stratum in
                stratum.indices.map { category(number, stratum.firstIndices.contains($0)) }
            }
            return TableComparison(codes, in: groups)
        }
        let complete = try #require(table { $1 ? 1 : 0 })
        #expect(abs(complete.cramersV - 1) < 1e-9)
        #expect(complete.categoriesOfFirstGroup == [1])
        // Each stratum has categories of its own, like the sessions of a volunteer.
        let own = try #require(table { 2 * $0 + ($1 ? 1 : 0) })
        #expect(own.cramersV > 0.99 && own.categoriesOfFirstGroup == [1, 3, 5])
        let part = try #require(table { $0 == 2 && $1 ? 1 : 0 })
        #expect(part.cramersV > 0.2 && part.cramersV < 0.8)
        #expect(table { number, _ in number } == nil, "a category of a whole stratum cannot be compared")
        #expect(TableComparison([], in: StratifiedGroups([])) == nil)
        #expect(TableComparison([0, 1], in: StratifiedGroups([(2, 0)])) == nil)
    }

    @Test("Areas and p-values within strata equal SciPy's, from all permutations") func ranks() throws {
        let golden = try Golden.read().ranks
        let groups = StratifiedGroups(golden.strata.map { ($0.first.count, $0.second.count) })
        let ranks = try #require(RankComparison(golden.strata.flatMap { $0.first + $0.second }, in: groups))
        #expect(abs(ranks.auc - golden.auc) < 1e-12)
        #expect(ranks.pairs == golden.pairs)
        let p = PermutationTest.pValues(of: [.ranks(ranks)], in: groups, permutations: 19_999, enough: .max)
        #expect(abs(p[0] - golden.p) < 0.015, "four standard errors are 0.013")
        let stratum = golden.strata[0]
        let one = StratifiedGroups([(stratum.first.count, stratum.second.count)])
        let first = try #require(RankComparison(stratum.first + stratum.second, in: one))
        let pOfFirst = PermutationTest.pValues(of: [.ranks(first)], in: one, permutations: 19_999, enough: .max)
        #expect(abs(pOfFirst[0] - golden.pOfFirstStratum) < 0.015)
    }

    @Test("Values that are missing, and strata with one group, do not count") func missingValues() throws {
        let groups = StratifiedGroups([(3, 3), (2, 0), (0, 2), (1, 1)])
        let values: [Double?] = [5, nil, 6, 1, 2, nil, 9, 9, 0, 0, nil, 4]
        let ranks = try #require(RankComparison(values, in: groups))
        #expect(ranks.pairs == 4 && ranks.auc == 1)
        #expect(RankComparison([nil, 1, 1, nil], in: StratifiedGroups([(2, 2)])) == nil)
        #expect(RankComparison([2, 2, 2], in: StratifiedGroups([(2, 1)])) == nil, "equal values are no comparison")
    }

    @Test("The smallest p-value is 1 / (n + 1), and all comparisons use the same permutations") func smallestPValue()
        throws
    {
        let groups = StratifiedGroups(Array(repeating: (10, 10), count: 3))
        let isFirst = groups.strata.flatMap { stratum in stratum.indices.map { stratum.firstIndices.contains($0) } }
        let table = try #require(TableComparison(isFirst.map { $0 ? 1 : 0 }, in: groups))
        let ranks = try #require(RankComparison(isFirst.map { $0 ? 1 : 0 }, in: groups))
        let noise = try #require(RankComparison(isFirst.indices.map { Double($0 * 7 % 10) }, in: groups))
        let p = PermutationTest.pValues(
            of: [.table(table), .ranks(noise), .ranks(ranks)], in: groups, permutations: 999)
        #expect(p[0] == 0.001 && p[2] == 0.001)
        #expect(p[1] > 0.1)
        #expect(PermutationTest.pValues(of: [.ranks(noise)], in: groups, permutations: 999)[0] == p[1])
    }

    @Test("Logistic regression equals scikit-learn's") func regression() throws {
        let golden = try Golden.read().regression
        for expected in golden.models {
            let model = try #require(LogisticRegression(golden.rows, golden.labels, strength: expected.strength))
            for (weight, other) in zip(model.weights, expected.weights) { #expect(abs(weight - other) < 1e-6) }
            #expect(abs(model.intercept - expected.intercept) < 1e-6)
            let row = golden.rows[0]
            let score = zip(row, model.weights).reduce(model.intercept) { $0 + $1.0 * $1.1 }
            #expect(abs(model.score(row) - score) < 1e-12)
        }
    }

    @Test("A separable problem converges because of the penalty, and labels of one kind have no regression")
    func separable() throws {
        let rows = (0..<20).map { [Double($0) - 9.5, 1000 * (Double($0) - 9.5)] }
        let model = try #require(LogisticRegression(rows, rows.map { $0[0] > 0 }, strength: 1000))
        #expect(rows.allSatisfy { (model.score($0) > 0) == ($0[0] > 0) })
        #expect(LogisticRegression(rows, rows.map { _ in true }) == nil)
        #expect(LogisticRegression([], []) == nil)
    }

    @Test("The interval of an area contains the area, and has no width if all strata have the same area") func area()
        throws
    {
        let golden = try Golden.read().ranks
        let groups = StratifiedGroups(golden.strata.map { ($0.first.count, $0.second.count) })
        let area = try #require(StratifiedArea(golden.strata.flatMap { $0.first + $0.second }, in: groups))
        #expect(abs(area.value - golden.auc) < 1e-12)
        #expect(area.low < area.value && area.value < area.high)
        let equal = try #require(
            StratifiedArea([2, 1, 4, 3], in: StratifiedGroups([(first: 1, second: 1), (first: 1, second: 1)])))
        #expect(equal.value == 1 && equal.low == 1 && equal.high == 1)
    }
}
