import Core
import Foundation

/// Distances from photos to the nearest photos of each class, in face embeddings that are whitened by the covariance
/// within classes.
///
/// Whitening reduces the directions in which photos of one person differ, such as the pose. Distances are out of sample:
/// covariance and neighbours come from the other folds. The number of compared photos is bounded, so that the time is
/// linear in the number of photos.
struct FaceNeighbours {
    /// The mean distance to the ``neighbours`` nearest photos of each candidate class: a row of `width` numbers for each
    /// photo. Infinite for a class with fewer photos in the other folds.
    let distances: [Float]
    let width: Int

    /// The number of nearest photos.
    static let neighbours = 3
    /// The largest number of photos to which a photo is compared, unless there are more than 512 classes.
    private static let references = 4096
    /// The part of the covariance that is replaced by a multiple of the unit matrix.
    private static let shrinkage = 0.1
    /// A class gets e times less probability for each twentieth of the nearest class's distance.
    private static let sharpness: Float = 20

    /// - Parameters:
    ///   - labels: the class of each photo, 0 ..< `classes`.
    ///   - width: the number of candidate classes of a photo.
    ///   - candidates: the first candidate class of each photo.
    init(
        of photos: EmbeddedPhotos, labels: [Int], classes: Int, width: Int, candidates: @escaping @Sendable (Int) -> Int
    ) {
        self.width = width
        let limit = max(8, Self.references / max(1, classes))
        var distances = [Float](repeating: .infinity, count: labels.count * width)
        for fold in 0..<EmbeddedPhotos.foldCount {
            var members = [[Int]](repeating: [], count: classes)
            for (index, label) in labels.enumerated() where photos.folds[index] != fold && members[label].count < limit
            {
                members[label].append(index)
            }
            let tested = labels.indices.filter { photos.folds[$0] == fold }
            guard !tested.isEmpty, let whitening = Self.whitening(photos.vectors, members) else { continue }
            let references = ThreadBudget.shared.map(members) { indices in
                indices.map { WhitenedEmbedding(photos.vectors[$0], whitening) }
            }
            let rows = ThreadBudget.shared.map(tested) { index in
                let own = WhitenedEmbedding(photos.vectors[index], whitening)
                let first = candidates(index)
                return (first..<first + width).map { own.meanDistance(to: references[$0], count: Self.neighbours) }
            }
            for (index, row) in zip(tested, rows) {
                for (offset, distance) in row.enumerated() { distances[index * width + offset] = distance }
            }
        }
        self.distances = distances
    }

    /// Returns the probability of each candidate class of a photo: exp(−20 · (distance / smallest distance − 1)), scaled
    /// to the sum 1. Nil if fewer than `minimum` classes have a distance.
    func probabilities(of photo: Int, atLeast minimum: Int = 1) -> [Float]? {
        let row = distances[photo * width..<(photo + 1) * width]
        guard let smallest = row.min(), row.count(where: \.isFinite) >= max(1, minimum) else { return nil }
        // Equal vectors have the distance 0.
        let scale = max(smallest, .leastNormalMagnitude)
        let weights = row.map { $0.isFinite ? exp(-Self.sharpness * ($0 - smallest) / scale) : 0 }
        let sum = weights.reduce(0, +)
        return weights.map { $0 / sum }
    }

    /// Returns the Cholesky factor of the shrunken covariance within classes; nil if all photos of each class are equal.
    private static func whitening(_ vectors: [FaceEmbedding], _ members: [[Int]]) -> Cholesky? {
        let size = FaceEmbedding.count
        let parts = ThreadBudget.shared.map(members) { indices -> [Double]? in
            guard !indices.isEmpty else { return nil }
            var mean = [Double](repeating: 0, count: size)
            for index in indices {
                for (offset, value) in vectors[index].values.enumerated() { mean[offset] += Double(value) }
            }
            for offset in 0..<size { mean[offset] /= Double(indices.count) }
            var sum = [Double](repeating: 0, count: size * size)
            sum.withUnsafeMutableBufferPointer { sum in
                for index in indices {
                    let centred = zip(vectors[index].values, mean).map { Double($0) - $1 }
                    for row in 0..<size {
                        for column in 0...row { sum[row &* size &+ column] += centred[row] * centred[column] }
                    }
                }
            }
            return sum
        }
        var covariance = [Double](repeating: 0, count: size * size)
        for case let part? in parts {
            for index in covariance.indices { covariance[index] += part[index] }
        }
        let count = Double(members.reduce(0) { $0 + $1.count })
        var trace = 0.0
        for row in 0..<size { trace += covariance[row * size + row] / count }
        guard trace > 0 else { return nil }
        for index in covariance.indices { covariance[index] *= (1 - shrinkage) / count }
        for row in 0..<size { covariance[row * size + row] += shrinkage * trace / Double(size) }
        return Cholesky(covariance, size: size)
    }
}

/// A whitened embedding, in vectors of eight numbers.
private struct WhitenedEmbedding {
    private let values: [SIMD8<Float>]

    init(_ embedding: FaceEmbedding, _ whitening: Cholesky) {
        let whitened = whitening.forward(embedding.values.map(Double.init))
        values = stride(from: 0, to: whitened.count, by: 8).map { start in
            var vector = SIMD8<Float>()
            for lane in 0..<8 { vector[lane] = Float(whitened[start + lane]) }
            return vector
        }
    }

    private func squaredDistance(to other: WhitenedEmbedding) -> Float {
        values.withUnsafeBufferPointer { left in
            other.values.withUnsafeBufferPointer { right in
                var sum = SIMD8<Float>()
                for index in 0..<left.count {
                    let difference = left[index] - right[index]
                    sum += difference * difference
                }
                return sum.sum()
            }
        }
    }

    /// Returns the mean distance to the `count` nearest of `others`; infinite if there are fewer.
    func meanDistance(to others: [WhitenedEmbedding], count: Int) -> Float {
        guard others.count >= count else { return .infinity }
        // Sorted, the smallest first.
        var nearest = [Float](repeating: .infinity, count: count)
        for other in others {
            let distance = squaredDistance(to: other)
            guard distance < nearest[count - 1] else { continue }
            var index = count - 1
            while index > 0, nearest[index - 1] > distance {
                nearest[index] = nearest[index - 1]
                index -= 1
            }
            nearest[index] = distance
        }
        return nearest.reduce(0) { $0 + $1.squareRoot() } / Float(count)
    }
}
