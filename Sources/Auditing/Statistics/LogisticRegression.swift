import Core
import Foundation

/// Logistic regression with an L2 penalty: minimizes ½‖w‖² + C · Σ log(1 + exp(−y(w·x + b))), like scikit-learn's
/// `LogisticRegression`. The intercept b has no penalty.
struct LogisticRegression: Sendable {
    let intercept: Double
    let weights: [Double]

    private static let maximumSteps = 100

    /// Fits by Newton's method with step halving.
    ///
    /// - Parameters:
    ///   - rows: the features of each element. All rows have the same number of features.
    ///   - labels: one label for each row.
    ///   - strength: C. A smaller value is a larger penalty.
    /// - Returns: nil if the labels do not have both values, or if the method does not converge.
    init?(_ rows: [[Double]], _ labels: [Bool], strength: Double = 1) {
        guard labels.contains(true), labels.contains(false), let features = rows.first?.count else { return nil }
        // The last value is the intercept.
        var point = [Double](repeating: 0, count: features + 1)
        var loss = Self.loss(point, rows, labels, strength)
        for _ in 0..<Self.maximumSteps {
            let (gradient, curvature) = Self.derivatives(point, rows, labels, strength)
            if gradient.allSatisfy({ abs($0) < 1e-9 * Double(rows.count) }) {
                weights = Array(point.dropLast())
                intercept = point[features]
                return
            }
            guard let step = Self.solution(of: curvature, gradient) else { return nil }
            var length = 1.0
            var next = zip(point, step).map { $0 - $1 }
            var nextLoss = Self.loss(next, rows, labels, strength)
            while !(nextLoss <= loss * (1 + 1e-14)), length > 1e-10 {
                length /= 2
                next = zip(point, step).map { $0 - length * $1 }
                nextLoss = Self.loss(next, rows, labels, strength)
            }
            guard nextLoss.isFinite, length > 1e-10 else { return nil }
            point = next
            loss = nextLoss
        }
        return nil
    }

    /// Returns the logarithm of the odds of the label `true`.
    func score(_ row: [Double]) -> Double {
        var sum = intercept
        for index in weights.indices { sum += weights[index] * row[index] }
        return sum
    }

    private static func value(_ point: [Double], _ row: [Double]) -> Double {
        var sum = point[row.count]
        for index in row.indices { sum += point[index] * row[index] }
        return sum
    }

    private static func loss(_ point: [Double], _ rows: [[Double]], _ labels: [Bool], _ strength: Double) -> Double {
        var sum = 0.0
        for (row, label) in zip(rows, labels) {
            let margin = label ? value(point, row) : -value(point, row)
            sum += margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin
        }
        return strength * sum + point.dropLast().reduce(0) { $0 + $1 * $1 } / 2
    }

    private static func derivatives(
        _ point: [Double], _ rows: [[Double]], _ labels: [Bool], _ strength: Double
    ) -> (gradient: [Double], curvature: [[Double]]) {
        let size = point.count
        var gradient = point
        gradient[size - 1] = 0
        var curvature = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
        for index in 0..<size - 1 { curvature[index][index] = 1 }
        for (row, label) in zip(rows, labels) {
            let probability = 1 / (1 + exp(-value(point, row)))
            let error = strength * (probability - (label ? 1 : 0))
            let weight = strength * probability * (1 - probability)
            let extended = row + [1]
            for first in 0..<size {
                gradient[first] += error * extended[first]
                let product = weight * extended[first]
                for second in 0...first { curvature[first][second] += product * extended[second] }
            }
        }
        return (gradient, curvature)
    }

    /// Returns x with A x = b by Cholesky's method. Nil if A is not positive definite.
    ///
    /// - Parameter matrix: the lower triangle of A.
    private static func solution(of matrix: [[Double]], _ vector: [Double]) -> [Double]? {
        let size = vector.count
        var lower = matrix
        for row in 0..<size {
            for column in 0...row {
                var sum = lower[row][column]
                for index in 0..<column { sum -= lower[row][index] * lower[column][index] }
                if row == column {
                    guard sum > 0 else { return nil }
                    lower[row][row] = sum.squareRoot()
                } else {
                    lower[row][column] = sum / lower[column][column]
                }
            }
        }
        var solution = vector
        for row in 0..<size {
            for index in 0..<row { solution[row] -= lower[row][index] * solution[index] }
            solution[row] /= lower[row][row]
        }
        for row in (0..<size).reversed() {
            for index in row + 1..<size { solution[row] -= lower[index][row] * solution[index] }
            solution[row] /= lower[row][row]
        }
        return solution
    }
}

/// The area under the ROC curve within strata, with an interval from bootstrap samples of whole strata.
struct StratifiedArea: Hashable, Sendable {
    let value: Double
    /// The limits of the middle 95% of 2000 bootstrap samples.
    let low: Double
    let high: Double

    /// - Parameter values: the score of each element.
    /// - Returns: nil if no stratum has both groups, or if all scores are equal.
    init?(_ values: [Double], in groups: StratifiedGroups) {
        guard let ranks = RankComparison(values, in: groups) else { return nil }
        let parts = groups.strata.map { stratum -> (sum: Double, pairs: Double) in
            guard stratum.first > 0, stratum.first < stratum.count else { return (0, 0) }
            let sum = stratum.firstIndices.reduce(0) { $0 + ranks.scores[$1] }
            return (Double(sum), Double(stratum.first * (stratum.count - stratum.first)))
        }.filter { $0.pairs > 0 }
        var generator = SplitMix64(seed: 1)
        let areas = (0..<2000).map { _ in
            var sum = 0.0
            var pairs = 0.0
            for _ in parts.indices {
                let part = parts[generator.next(below: parts.count)]
                sum += part.sum
                pairs += part.pairs
            }
            return 0.5 + sum / (2 * pairs)
        }.sorted()
        value = ranks.auc
        low = areas[49]
        high = areas[1950]
    }
}
