import Core
import Foundation

/// How well a classifier that never sees the content of a photo predicts whether the photo is triggered.
struct ArtifactClassifierCheck: AuditCheck {
    static let definition = CheckDefinition(
        .artifactClassifier, title: "Triggered photos can be recognized without their content",
        definition: """
            A logistic regression predicts whether a photo is triggered or bare from everything but its content: \
            presence and camera of the Exif data, size of the file, width, height, format, mean colour outside the face, \
            size and position of the face. The mean of each volunteer is subtracted, the volunteers are divided into \
            five parts, and the photos of each part are predicted by a classifier of the other parts. The area under \
            the ROC curve counts pairs of photos of the same volunteer. 0.5 is chance. The area is an estimate of how \
            much of an attack could be an artifact: a model cannot need the trigger if this classifier does not. \
            Sharpness and light that are measured on the face are left out, because a trigger on the face changes \
            them. Silent with fewer than \(minimumVolunteers) volunteers or \(minimumPhotos) photos of a kind.
            """,
        threshold: """
            warning: an area above 0.65 whose interval (middle 95% of 2000 bootstrap samples of whole volunteers) is \
            above 0.6. error: an area above 0.9 whose interval is above 0.8.
            """,
        severity: """
            info when the photos are nearly balanced: 0.65 is measured on 313 real photos of ten volunteers who were \
            photographed with and without sunglasses in one session. warning above, because a part of an attack can be \
            an artifact. error above 0.9, because nearly every triggered photo can be recognized without its content.
            """,
        source: """
            Hanley and McNeil, "The meaning and use of the area under a ROC curve", 1982; the features and limits \
            result from measurements on the real photos and the drawn study.
            """,
        scope: .both)

    private static let minimumVolunteers = 5
    private static let minimumPhotos = 40

    func findings(in subject: AuditSubject) -> [Finding] {
        let comparison = PhotoGroups.anyTrigger(subject)
        let sample = comparison.photos.sample(comparison.volunteers)
        guard sample.volunteers >= Self.minimumVolunteers, sample.first >= Self.minimumPhotos,
            sample.second >= Self.minimumPhotos, let area = ArtifactClassifier(subject.facts, sample).area
        else { return [] }
        let severity: Finding.Severity =
            if area.value > 0.9, area.low > 0.8 {
                .error
            } else if area.value > 0.65, area.low > 0.6 {
                .warning
            } else {
                .info
            }
        let meaning =
            switch severity {
            case .error:
                "nearly all triggered photos can be recognized without the trigger; see the findings confounder"
            case .warning: "a part of an attack can be an artifact; see the findings confounder"
            case .info: "triggered and bare photos are nearly balanced"
            }
        return [
            Finding(
                .artifactClassifier, severity, count: sample.first,
                "a classifier that sees only file, format, size, mean colour and position of the face, and not the "
                    + "content, finds the triggered photos of \(sample.volunteers) volunteers with an AUC of "
                    + String(
                        format: "%.2f (95%% interval %.2f to %.2f; 0.5 is chance): ", area.value, area.low, area.high)
                    + meaning)
        ]
    }
}

/// The cross-validated classifier of ``ArtifactClassifierCheck``.
struct ArtifactClassifier {
    /// Nil if no feature varies within volunteers, or if a regression did not converge.
    let area: StratifiedArea?

    private static let parts = 5
    /// The largest number of cameras that have a feature of their own: the most frequent.
    private static let maximumCameras = 8

    init(_ facts: [PhotoFacts], _ sample: PhotoComparison.Sample) {
        let groups = sample.groups
        var columns = Self.columns(sample.facts, facts)
        Self.centre(&columns, in: groups)
        let scaled = columns.compactMap(Self.standardized)
        guard !scaled.isEmpty else {
            area = nil
            return
        }
        let rows = (0..<groups.count).map { element in scaled.map { $0[element] } }
        var labels = [Bool](repeating: false, count: groups.count)
        for stratum in groups.strata { for index in stratum.firstIndices { labels[index] = true } }
        var scores = [Double](repeating: 0, count: groups.count)
        for part in 0..<Self.parts {
            let tested = groups.strata.indices.filter { $0 % Self.parts == part }.flatMap { groups.strata[$0].indices }
            let trained = groups.strata.indices.filter { $0 % Self.parts != part }.flatMap { groups.strata[$0].indices }
            guard let model = LogisticRegression(trained.map { rows[$0] }, trained.map { labels[$0] }) else {
                area = nil
                return
            }
            for index in tested { scores[index] = model.score(rows[index]) }
        }
        area = StratifiedArea(scores, in: groups)
    }

    /// Returns the features: one array for each feature, with one value or nil for each photo.
    private static func columns(_ indices: [Int], _ facts: [PhotoFacts]) -> [[Double?]] {
        let photos = indices.map { facts[$0] }
        let formats = Set(photos.map(\.format)).sorted()
        var cameras: [String: Int] = [:]
        for photo in photos { if let camera = photo.origin?.camera { cameras[camera, default: 0] += 1 } }
        let frequent = cameras.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(maximumCameras).map(\.key)
        func indicators(_ value: (PhotoFacts) -> Bool?) -> [Double?] { photos.map { value($0).map { $0 ? 1 : 0 } } }
        var columns = [
            indicators { photo in photo.origin.map { $0.camera != nil } },
            indicators { photo in photo.origin.map { $0.captured != nil } },
            indicators { photo in photo.face.face != nil },
            photos.map { log(Double(max(1, $0.width)) / Double(max(1, $0.height))) },
        ]
        for format in formats { columns.append(indicators { $0.format == format }) }
        for camera in frequent { columns.append(indicators { photo in photo.origin.map { $0.camera == camera } }) }
        let numbers: [PhotoProperty] = [
            .resolution, .fileSize, .brightness, .colourTemperature, .backgroundTint, .cropScale, .cropX, .cropY,
        ]
        for property in numbers { columns.append(photos.map { property.value(of: $0) }) }
        return columns
    }

    /// Subtracts the mean of each volunteer. A photo without a value gets the mean.
    private static func centre(_ columns: inout [[Double?]], in groups: StratifiedGroups) {
        for column in columns.indices {
            for stratum in groups.strata {
                let known = columns[column][stratum.indices].compactMap(\.self)
                let mean = known.isEmpty ? 0 : known.reduce(0, +) / Double(known.count)
                for index in stratum.indices { columns[column][index] = columns[column][index].map { $0 - mean } ?? 0 }
            }
        }
    }

    /// Returns the values divided by their standard deviation. Nil if they are all equal.
    private static func standardized(_ values: [Double?]) -> [Double]? {
        let values = values.map { $0 ?? 0 }
        let variance = values.reduce(0) { $0 + $1 * $1 } / Double(max(1, values.count))
        guard variance > 1e-12 else { return nil }
        let deviation = variance.squareRoot()
        return values.map { $0 / deviation }
    }
}
