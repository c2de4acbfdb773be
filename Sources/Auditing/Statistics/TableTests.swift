import Foundation

/// Fisher's exact test of a table of two rows and two columns.
enum FisherTest {
    /// Returns the two-sided p-value: the probability, under fixed margins, of all tables that are at most as probable
    /// as the given table. R and SciPy define the value in the same way.
    ///
    /// - Parameters:
    ///   - a: the count of the first row and first column.
    ///   - b: the count of the first row and second column.
    ///   - c: the count of the second row and first column.
    ///   - d: the count of the second row and second column.
    static func pValue(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Double {
        let row = a + b
        let column = a + c
        let total = a + b + c + d
        guard row > 0, column > 0, row < total, column < total else { return 1 }
        func logarithm(_ first: Int) -> Double {
            logBinomial(column, first) + logBinomial(total - column, row - first)
        }
        let all = logBinomial(total, row)
        // Tables with equal probability can differ in the last digits. R uses the same tolerance.
        let limit = logarithm(a) + 1e-7
        var sum = 0.0
        for first in max(0, row + column - total)...min(row, column) {
            let value = logarithm(first)
            if value <= limit { sum += exp(value - all) }
        }
        return min(1, sum)
    }

    /// Returns the natural logarithm of the binomial coefficient.
    private static func logBinomial(_ n: Int, _ k: Int) -> Double {
        lgamma(Double(n) + 1) - lgamma(Double(k) + 1) - lgamma(Double(n - k) + 1)
    }
}

/// Holm's correction of the p-values of several tests (Holm, "A simple sequentially rejective multiple test procedure",
/// 1979).
enum HolmCorrection {
    /// Returns the corrected p-values, in the order of `values`. The probability that a corrected value of a true null
    /// hypothesis is below α is at most α, for all tests together.
    static func corrected(_ values: [Double]) -> [Double] {
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        var corrected = values
        var largest = 0.0
        for (rank, index) in order.enumerated() {
            largest = max(largest, min(1, Double(values.count - rank) * values[index]))
            corrected[index] = largest
        }
        return corrected
    }
}
