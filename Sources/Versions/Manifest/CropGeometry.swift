import Core
import Foundation

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

    /// Whether the scale of the crops differs by more than ``tolerance``, and not only by chance.
    public var hasClearScale: Bool {
        isReliable && abs(scaleRatio.value - 1) > Self.tolerance && scaleRatio.excludes(1)
    }

    /// Whether the scale or the position of the crops differs by more than ``tolerance``, and not only by chance.
    public var isClear: Bool {
        guard isReliable else { return false }
        return hasClearScale
            || [shiftRight, shiftDown].contains { abs($0.value) > Self.tolerance && $0.excludes(0) }
    }

    /// Measures the face crops of a version.
    ///
    /// - Returns: nil if the images are not face crops, or if nobody has bare and triggered photos with a face.
    public init?(_ version: Version) {
        let profile = version.manifest.recipe.profile
        guard profile.crop == .face else { return nil }
        self.init(version.entries.list.compactMap(CroppedPhoto.init), margin: profile.margin)
    }

    /// Measures the face crops that a profile gives to the photos of a catalog.
    ///
    /// - Returns: nil if the images are not face crops, or if nobody has bare and triggered photos with a face.
    public init?(_ facts: [PhotoFacts], _ profile: Profile) {
        guard profile.crop == .face else { return nil }
        self.init(facts.compactMap(CroppedPhoto.init), margin: profile.margin)
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

/// The figures of a ``CropGeometry`` in the JSON of an audit and of a run.
public struct CropReport: Hashable, Codable, Sendable {
    /// The shares of photos with a face.
    public struct Found: Hashable, Codable, Sendable {
        public let bare: Double
        public let triggered: Double
    }

    public let found: Found
    public let scaleRatio: Double
    /// The lower and the upper bound of `scaleRatio`. Absent, like `auc`, with fewer than five people.
    public let scaleInterval: [Double]?
    public let centreShift: Double
    public let auc: Double?

    public init(_ crop: CropGeometry) {
        found = Found(bare: crop.bare.share, triggered: crop.triggered.share)
        scaleRatio = crop.scaleRatio.value
        scaleInterval = crop.isReliable ? [crop.scaleRatio.low, crop.scaleRatio.high] : nil
        centreShift = crop.centreShift
        auc = crop.auc
    }

    /// The figures as text.
    public var text: String {
        let auc =
            auc.map {
                String(format: "; AUC of the crop alone %.2f (0.5: it does not depend on the trigger)", $0)
            } ?? ""
        return "face crops of triggered photos, compared with bare photos of the same people: "
            + String(format: "scale %.3f times, centre shifted by %.1f%% of the crop", scaleRatio, 100 * centreShift)
            + auc
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
