import Core
import Foundation
import Versions

/// The size and the position of face crops of bare and triggered photos of the same people.
///
/// A crop that depends on the trigger reveals the trigger: a model can learn the crop instead of the trigger.
/// Reference people have no triggered photos and are left out. Copies with drawn triggers are left out too, because a
/// copy has the crop of its photo.
public struct CropGeometry: Hashable, Sendable {
    /// A mean over people, with the interval that contains the middle 95% of 2000 bootstrap samples of whole people.
    public struct Estimate: Hashable, Sendable {
        public let value: Double
        public let low: Double
        public let high: Double

        init(meanOf values: [Double]) {
            func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
            var generator = SplitMix64(seed: 1)
            let means = (0..<2000).map { _ in
                mean(values.indices.map { _ in values[generator.next(below: values.count)] })
            }.sorted()
            value = mean(values)
            low = means[49]
            high = means[1950]
        }

        init(value: Double, low: Double, high: Double) {
            self.value = value
            self.low = low
            self.high = high
        }

        /// Whether the interval does not contain `number`.
        func excludes(_ number: Double) -> Bool { low > number || high < number }
    }

    /// The rate of bare photos with a face. A photo without a face has a centre crop.
    public let bare: PhotoRate
    /// The rate of triggered photos with a face.
    public let triggered: PhotoRate
    /// The side of a triggered photo's crop, divided by that of a bare photo of the same person: the geometric mean over
    /// people. 1 if the sides are equal.
    public let scaleRatio: Estimate
    /// The shift of the centre of a triggered photo's crop from that of a bare photo of the same person, to the right, as
    /// a share of the crop's side: the mean over people.
    public let shiftRight: Estimate
    /// The shift downwards, as ``shiftRight``.
    public let shiftDown: Estimate
    /// The length of the mean shift, as a share of the crop's side.
    public var centreShift: Double {
        (shiftRight.value * shiftRight.value + shiftDown.value * shiftDown.value).squareRoot()
    }
    /// The area under the ROC curve of ``CropClassifier``: 0.5 if the crop does not depend on the trigger. Nil if fewer
    /// than ``minimumPeople`` have bare and triggered photos with a face.
    public let auc: Double?

    /// The largest difference of scale, and the largest shift, that the documents justify (docs/faces.md).
    static let tolerance = 0.02

    /// The smallest number of people for a finding. The interval and the classifier need several people.
    static let minimumPeople = 5
    /// The number of people with bare and triggered photos with a face.
    public let people: Int
    /// Whether there are enough people for the intervals and ``auc``.
    public var isReliable: Bool { people >= Self.minimumPeople }

    /// Whether the scale or the position of the crops differs by more than ``tolerance``, and not only by chance.
    var isClear: Bool {
        guard isReliable else { return false }
        return abs(scaleRatio.value - 1) > Self.tolerance && scaleRatio.excludes(1)
            || [shiftRight, shiftDown].contains { abs($0.value) > Self.tolerance && $0.excludes(0) }
    }

    /// - Parameter margin: the margin of the crops.
    /// - Returns: nil if nobody has bare and triggered photos with a face.
    init?(_ photos: [CroppedPhoto], margin: FaceMargin) {
        var bare = PhotoRate()
        var triggered = PhotoRate()
        for photo in photos {
            if photo.isTriggered { triggered.count(photo.square != nil) } else { bare.count(photo.square != nil) }
        }
        let people = Dictionary(grouping: photos, by: \.volunteer).sorted { $0.key < $1.key }.map(\.value)
        let differences = people.compactMap { Self.difference($0, margin: Double(margin.hundredths) / 100) }
        guard !differences.isEmpty else { return nil }
        self.bare = bare
        self.triggered = triggered
        let scale = Estimate(meanOf: differences.map(\.logarithm))
        scaleRatio = Estimate(value: exp(scale.value), low: exp(scale.low), high: exp(scale.high))
        shiftRight = Estimate(meanOf: differences.map(\.right))
        shiftDown = Estimate(meanOf: differences.map(\.down))
        self.people = differences.count
        auc = differences.count < Self.minimumPeople ? nil : CropClassifier.auc(people)
    }

    /// Returns the difference between the mean crops of a person's triggered and bare photos: of the logarithm of the
    /// side, and of the centre as a share of the side. Nil if the person lacks one of them.
    private static func difference(_ photos: [CroppedPhoto], margin: Double) -> (
        logarithm: Double, right: Double, down: Double
    )? {
        func mean(_ isTriggered: Bool, _ value: (CroppedPhoto.Square) -> Double) -> Double? {
            let values = photos.filter { $0.isTriggered == isTriggered }.compactMap(\.square).map(value)
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        func difference(_ value: (CroppedPhoto.Square) -> Double) -> Double? {
            guard let triggered = mean(true, value), let bare = mean(false, value) else { return nil }
            return triggered - bare
        }
        guard let scale = difference({ log($0.side) }), let x = difference(\.x), let y = difference(\.y),
            let side = mean(false, { log($0.side) })
        else { return nil }
        // The geometric mean of the two mean sides.
        let crop = exp(side + scale / 2) * margin
        return (scale, x / crop, y / crop)
    }
}

/// The crop of a photo, as far as it depends on the face.
struct CroppedPhoto {
    /// The square of a face crop. Lengths are shares of the photo's longer side.
    struct Square {
        /// The longer side of the face's box, to which the side of the crop is proportional.
        let side: Double
        /// The centre.
        let x, y: Double
        /// The sine of the angle by which the crop is rotated.
        let sine: Double

        init(side: Double, x: Double, y: Double, sine: Double) {
            self.side = side
            self.x = x
            self.y = y
            self.sine = sine
        }

        init(_ face: PhotoFace, width: Int, height: Int) {
            let longer = Double(max(1, width, height))
            side = Double(max(1, face.box.width, face.box.height)) / longer
            x = (Double(face.box.x) + Double(face.box.width) / 2) / longer
            y = (Double(face.box.y) + Double(face.box.height) / 2) / longer
            sine = Double(FaceFrame(face, nil).sine) / 65536
        }
    }

    let volunteer: VolunteerName
    let isTriggered: Bool
    /// Nil if no face is known.
    let square: Square?

    init(volunteer: VolunteerName, isTriggered: Bool, square: Square?) {
        self.volunteer = volunteer
        self.isTriggered = isTriggered
        self.square = square
    }

    /// Creates the crop of a version's entry. Nil for a reference person and for a copy with drawn triggers.
    init?(_ entry: Entry) {
        guard entry.volunteer.kind == .volunteer, entry.overlay == nil else { return nil }
        volunteer = entry.volunteer.name
        isTriggered = !entry.triggerState.isBare
        square = entry.face.map { Square($0, width: entry.width, height: entry.height) }
    }

    /// Creates the crop of a photo of the catalog. Nil for a reference person, without a label and without a search for a
    /// face.
    init?(_ fact: PhotoFacts) {
        guard fact.kind == .volunteer, let label = fact.label, fact.face.record != nil || fact.face.marked != nil else {
            return nil
        }
        volunteer = label.volunteer
        isTriggered = !label.triggerState.isBare
        square = fact.face.face.map { Square($0, width: fact.width, height: fact.height) }
    }
}

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
