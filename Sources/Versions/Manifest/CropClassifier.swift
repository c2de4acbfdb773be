import Core
import Foundation

/// A classifier that sees only the geometry of a crop and predicts whether the photo is triggered.
///
/// Logistic regression with a small penalty on: the logarithm of the side, the centre, the sine of the rotation, the
/// squares of these four, and whether a face was found. The mean over the person's photos is subtracted from each. The
/// people are divided into five parts; the photos of each part are predicted by a classifier of the other parts.
enum CropClassifier {
    /// The largest number of photos that the classifier uses, so that an audit of a large catalog stays fast.
    static let maximumPhotos = 5000
    private static let parts = 5
    private static let iterations = 300

    private struct Sample {
        var features: [Double]
        let isTriggered: Bool
        let part: Int
    }

    /// Returns the area under the ROC curve. Nil if fewer than two people have bare and triggered photos.
    ///
    /// - Parameter people: the photos of each person.
    static func auc(_ people: [[CroppedPhoto]]) -> Double? {
        let mixed = people.filter { photos in
            photos.contains(where: \.isTriggered) && photos.contains { !$0.isTriggered }
        }
        guard mixed.count >= 2 else { return nil }
        let total = mixed.reduce(0) { $0 + $1.count }
        let step = (total + maximumPhotos - 1) / maximumPhotos
        var samples: [Sample] = []
        for (person, photos) in mixed.enumerated() {
            let photos = stride(from: 0, to: photos.count, by: step).map { photos[$0] }
            samples += self.samples(photos, part: person % parts)
        }
        standardize(&samples)
        var scores: [(score: Double, isTriggered: Bool)] = []
        for part in 0..<parts {
            let tests = samples.filter { $0.part == part }
            guard !tests.isEmpty else { continue }
            let weights = fitted(samples.filter { $0.part != part })
            scores += tests.map { (dot(weights, $0.features), $0.isTriggered) }
        }
        return area(scores)
    }

    /// Returns the features of a person's photos. A photo without a face has the person's mean square.
    private static func samples(_ photos: [CroppedPhoto], part: Int) -> [Sample] {
        let rows = photos.map { photo in photo.square.map { [log($0.side), $0.x, $0.y, $0.sine] } }
        let known = rows.compactMap(\.self)
        let means = (0..<4).map { index in
            known.isEmpty ? 0 : known.reduce(0) { $0 + $1[index] } / Double(known.count)
        }
        let rate = Double(known.count) / Double(max(1, photos.count))
        return zip(photos, rows).map { photo, row in
            let centred = row.map { zip($0, means).map { $0 - $1 } } ?? [0, 0, 0, 0]
            return Sample(
                features: centred + centred.map { $0 * $0 } + [(row == nil ? 0 : 1) - rate],
                isTriggered: photo.isTriggered, part: part)
        }
    }

    /// Scales each feature to the mean 0 and the standard deviation 1, and adds the constant 1.
    private static func standardize(_ samples: inout [Sample]) {
        let count = Double(samples.count)
        for index in samples[0].features.indices {
            let mean = samples.reduce(0) { $0 + $1.features[index] } / count
            let variance = samples.reduce(0) { $0 + ($1.features[index] - mean) * ($1.features[index] - mean) } / count
            let deviation = variance > 1e-12 ? variance.squareRoot() : 1
            for sample in samples.indices {
                samples[sample].features[index] = (samples[sample].features[index] - mean) / deviation
            }
        }
        for sample in samples.indices { samples[sample].features.append(1) }
    }

    /// Returns the weights of a logistic regression, by gradient descent.
    private static func fitted(_ samples: [Sample]) -> [Double] {
        var weights = [Double](repeating: 0, count: samples.first?.features.count ?? 0)
        let count = Double(max(1, samples.count))
        for _ in 0..<iterations {
            var gradient = weights.map { $0 / count }
            for sample in samples {
                let error = 1 / (1 + exp(-dot(weights, sample.features))) - (sample.isTriggered ? 1 : 0)
                for index in gradient.indices { gradient[index] += error * sample.features[index] / count }
            }
            // A step of 0.4 is below twice the inverse of the largest curvature, a quarter of the number of features.
            for index in weights.indices { weights[index] -= 0.4 * gradient[index] }
        }
        return weights
    }

    private static func dot(_ left: [Double], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// Returns the share of pairs of a triggered and a bare photo in which the triggered photo has the higher score. Equal
    /// scores count half (Mann and Whitney, 1947).
    static func area(_ scores: [(score: Double, isTriggered: Bool)]) -> Double? {
        let triggered = scores.count(where: \.isTriggered)
        let bare = scores.count - triggered
        guard triggered > 0, bare > 0 else { return nil }
        let sorted = scores.sorted { $0.score < $1.score }
        var sum = 0.0
        var start = 0
        while start < sorted.count {
            var end = start
            while end < sorted.count, sorted[end].score == sorted[start].score { end += 1 }
            // Ranks start at 1; equal scores have their mean rank.
            let rank = Double(start + 1 + end) / 2
            sum += rank * Double(sorted[start..<end].count(where: \.isTriggered))
            start = end
        }
        let smallest = Double(triggered) * Double(triggered + 1) / 2
        return (sum - smallest) / (Double(triggered) * Double(bare))
    }
}
