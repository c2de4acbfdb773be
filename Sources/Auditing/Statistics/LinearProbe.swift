import Core
import Foundation

/// A linear probe: logistic regression with an L2 penalty on face embeddings, one class against all others.
///
/// The weights minimize ½ |w|² + C · Σ log(1 + exp(−s · (w·x + b))), as scikit-learn's `LogisticRegression`. Embeddings
/// are centred and divided by their common standard deviation. Newton's method finds the minimum.
struct LinearProbe: Sendable {
    /// The inverse strength of the penalty. On the real photos of the documentation, 0.3 gave fewer wrong findings than
    /// 0.1 and 1.
    static let c = 0.3
    /// The largest number of photos from which a probe is computed.
    private static let references = 2048
    private static let maximumSteps = 50

    /// 128 weights and the offset.
    let weights: [Double]

    /// - Parameters:
    ///   - rows: standardized embeddings.
    ///   - isPositive: whether a row belongs to the class. Both values must occur.
    init(_ rows: [[Double]], isPositive: [Bool]) {
        precondition(rows.count == isPositive.count && !rows.isEmpty)
        let size = rows[0].count + 1
        var weights = [Double](repeating: 0, count: size)
        var loss = Self.loss(weights, rows, isPositive)
        for _ in 0..<Self.maximumSteps {
            var gradient = weights
            gradient[size - 1] = 0
            var curvature = [Double](repeating: 0, count: size * size)
            for index in 0..<size { curvature[index * size + index] = index == size - 1 ? 1e-9 : 1 }
            curvature.withUnsafeMutableBufferPointer { curvature in
                for (row, isPositive) in zip(rows, isPositive) {
                    let probability = Self.probability(weights, row)
                    let error = Self.c * (probability - (isPositive ? 1 : 0))
                    let scale = Self.c * probability * (1 - probability)
                    let extended = row + [1]
                    for first in 0..<size {
                        gradient[first] += error * extended[first]
                        let scaled = scale * extended[first]
                        for second in 0...first { curvature[first &* size &+ second] += scaled * extended[second] }
                    }
                }
            }
            guard let factor = Cholesky(curvature, size: size) else { break }
            let step = factor.solve(gradient)
            // A full step can increase the loss far from the minimum.
            var length = 1.0
            var next = zip(weights, step).map { $0 - $1 }
            var nextLoss = Self.loss(next, rows, isPositive)
            while nextLoss > loss, length > 1e-6 {
                length /= 2
                next = zip(weights, step).map { $0 - length * $1 }
                nextLoss = Self.loss(next, rows, isPositive)
            }
            guard nextLoss <= loss else { break }
            weights = next
            loss = nextLoss
            if step.allSatisfy({ abs($0) < 1e-9 }) { break }
        }
        self.weights = weights
    }

    /// Returns the probability that a standardized embedding belongs to the class.
    func probability(_ row: [Double]) -> Double { Self.probability(weights, row) }

    private static func score(_ weights: [Double], _ row: [Double]) -> Double {
        var sum = weights[row.count]
        for index in 0..<row.count { sum += weights[index] * row[index] }
        return sum
    }

    private static func probability(_ weights: [Double], _ row: [Double]) -> Double {
        1 / (1 + exp(-score(weights, row)))
    }

    private static func loss(_ weights: [Double], _ rows: [[Double]], _ isPositive: [Bool]) -> Double {
        var penalty = 0.0
        for weight in weights.dropLast() { penalty += weight * weight / 2 }
        var sum = 0.0
        for (row, isPositive) in zip(rows, isPositive) {
            let margin = score(weights, row) * (isPositive ? 1 : -1)
            sum += margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin
        }
        return penalty + c * sum
    }

    /// Returns the out-of-sample probability of each class for each photo: a row of `classes` numbers with the sum 1. The
    /// probe of a photo comes from the other folds.
    static func probabilities(of photos: EmbeddedPhotos, labels: [Int], classes: Int) -> [Float] {
        var all = [Float](repeating: 1 / Float(max(1, classes)), count: labels.count * classes)
        for fold in 0..<EmbeddedPhotos.foldCount {
            let training = Array(labels.indices.lazy.filter { photos.folds[$0] != fold }.prefix(references))
            let tested = labels.indices.filter { photos.folds[$0] == fold }
            guard !training.isEmpty, !tested.isEmpty else { continue }
            let standard = Standardization(training.map { photos.vectors[$0] })
            let rows = training.map { standard.row(photos.vectors[$0]) }
            let columns = ThreadBudget.shared.map(classes) { number -> [Double] in
                let isPositive = training.map { labels[$0] == number }
                guard let first = isPositive.first, isPositive.contains(!first) else {
                    return tested.map { _ in isPositive.first == true ? 1 : 0 }
                }
                let probe = LinearProbe(rows, isPositive: isPositive)
                return tested.map { probe.probability(standard.row(photos.vectors[$0])) }
            }
            for (position, index) in tested.enumerated() {
                let sum = columns.reduce(0) { $0 + $1[position] }
                guard sum > 0 else { continue }
                for number in 0..<classes { all[index * classes + number] = Float(columns[number][position] / sum) }
            }
        }
        return all
    }
}

/// The mean of embeddings, and the standard deviation of all their numbers around the mean.
private struct Standardization: Sendable {
    private let mean: [Double]
    private let deviation: Double

    init(_ vectors: [FaceEmbedding]) {
        var mean = [Double](repeating: 0, count: FaceEmbedding.count)
        for vector in vectors {
            for (index, value) in vector.values.enumerated() { mean[index] += Double(value) }
        }
        for index in mean.indices { mean[index] /= Double(max(1, vectors.count)) }
        var sum = 0.0
        for vector in vectors {
            for (value, mean) in zip(vector.values, mean) { sum += (Double(value) - mean) * (Double(value) - mean) }
        }
        let variance = sum / Double(max(1, vectors.count * FaceEmbedding.count))
        self.mean = mean
        deviation = variance > 0 ? variance.squareRoot() : 1
    }

    func row(_ vector: FaceEmbedding) -> [Double] {
        zip(vector.values, mean).map { (Double($0) - $1) / deviation }
    }
}
