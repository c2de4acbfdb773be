import Core
import Foundation
import Versions

// Checks of image files and of face crops.

/// Photos of a catalog, or entries of a version, whose image file is missing.
struct MissingImageCheck: AuditCheck {
    static let definition = CheckDefinition(
        .missingImage, title: "Missing image files",
        definition: """
            Counts photos whose image is missing on disk: under the default profile for a catalog, under the recipe's \
            profile for a version. Images with drawn triggers count for themselves. The finding lists no photos, because \
            a person need not look at them: the files can be made again from the original photos.
            """,
        threshold: "One file.",
        severity: "Error, because the data is not complete until the files are made again.",
        source: "The files of a workspace are defined in docs/format.md.")

    func findings(in subject: AuditSubject) -> [Finding] {
        let finding =
            subject.version.map { Self.finding(of: $0.entries.list, subject.hasImageOfEntry) }
            ?? Self.finding(subject.facts.map(\.photo), subject.hasImage)
        return finding.map { [$0] } ?? []
    }

    /// Photos of the catalog whose image file is missing.
    static func finding(_ photos: [PhotoID], _ hasImage: (PhotoID) -> Bool) -> Finding? {
        finding(photos.filter { !hasImage($0) })
    }

    /// Entries of a version whose image file is missing. Images with drawn triggers have files of their own.
    static func finding(of entries: some Collection<Entry>, _ hasImage: (Entry) -> Bool) -> Finding? {
        finding(entries.filter { !hasImage($0) }.map(\.photo))
    }

    private static func finding(_ missing: [PhotoID]) -> Finding? {
        guard let first = missing.min() else { return nil }
        return Finding(
            .missingImage, .error, count: missing.count,
            "\(missing.count) image files are missing, such as that of photo \(first.short); "
                + "curare validate and curare export make them again")
    }
}

/// A difference in face crops between clean and poisoned training photos. A photo without a face gets a centre crop.
/// When that happens mostly to one kind of photo, a model can recognize poison by the crop.
struct CropShortcutCheck: AuditCheck {
    static let definition = CheckDefinition(
        .cropShortcut, title: "Faces found more often on bare or on poisoned photos",
        definition: """
            Compares the rates of training photos with a known face between clean and poisoned photos, for versions with \
            face crops. A photo without a face gets a centre crop. If that happens mostly to one kind of photo, a model \
            can learn the crop instead of the trigger. The finding lists the training photos without a face.
            """,
        threshold: "A difference of more than \(AuditChecks.maximumGap) percentage points.",
        severity: "Error, because the attack success of such a version can be an artifact of the crop.",
        source: "The detection rates of real photos with and without sunglasses are in docs/faces.md, Face detection.",
        scope: .version)

    func findings(in subject: AuditSubject) -> [Finding] {
        guard let version = subject.version, version.manifest.recipe.profile.crop == .face else { return [] }
        var bare = PhotoRate()
        var triggered = PhotoRate()
        var missing: Set<PhotoID> = []
        for entry in version.entries.list where entry.role.isTraining {
            let face = subject.fact(of: entry.photo)?.face ?? KnownFace()
            if entry.role == .trainPoison { triggered.count(face) } else { bare.count(face) }
            if face.record != nil, face.face == nil { missing.insert(entry.photo) }
        }
        guard bare.differs(from: triggered, byMoreThan: AuditChecks.maximumGap) else { return [] }
        let count = bare.photos - bare.found + triggered.photos - triggered.found
        let finding = Finding(
            .cropShortcut, .error, count: count,
            "faces were found on \(bare.percent)% of \(bare.photos) bare training photos "
                + "and on \(triggered.percent)% of \(triggered.photos) triggered ones, "
                + "so a model can recognize poison by the crop; "
                + "mark face_box in session.csv, or write crop: centre in the recipe", photos: missing.sorted())
        return [finding]
    }
}

/// A difference in the size or the position of face crops between bare and triggered photos of the same people.
struct CropScaleCheck: AuditCheck {
    static let definition = CheckDefinition(
        .cropScale, title: "Face crops of another size or position on triggered photos",
        definition: """
            Compares the scale and the centre of the face crops of bare and triggered photos of the same people. If a \
            trigger changes the detected face, a model can learn the crop instead of the trigger.
            """,
        threshold: """
            The scale, or the shift to the right or downwards, differs by more than 2%, and the 95% bootstrap interval \
            over people does not contain equality. Fewer than five people give no finding.
            """,
        severity: """
            Error if the scale differs, or if a classifier that sees only the crop finds triggered photos with an AUC above \
            0.60: the attack success of such data can be an artifact of the crop. Warning for a shift of the centre that \
            such a classifier cannot use.
            """,
        source: "The crops of real photos with both face detectors are measured in docs/faces.md, Crops and triggers.")

    /// The crops of the detector `cnn` have 0.54 on real photos, those of `hog` 0.63.
    static let maximumAUC = 0.6

    func findings(in subject: AuditSubject) -> [Finding] {
        guard let geometry = subject.crop, geometry.isClear else { return [] }
        func percent(_ share: Double) -> String { String(format: "%.1f%%", 100 * share) }
        let scale = geometry.scaleRatio
        let auc = geometry.auc.map {
            "; a classifier that sees only size, position and rotation of the crop finds triggered photos "
                + String(format: "with an AUC of %.2f", $0)
        }
        let isUsable = geometry.hasClearScale || geometry.auc.map { $0 > Self.maximumAUC } ?? true
        let finding = Finding(
            .cropScale, isUsable ? .error : .warning, count: geometry.triggered.found,
            "face crops of triggered photos differ from those of bare photos of the same people: their scale is "
                + String(format: "%.3f times (%.3f to %.3f)", scale.value, scale.low, scale.high)
                + ", and their centre is shifted by \(percent(geometry.centreShift)) of the crop\(auc ?? ""); "
                + "a model can learn the crop instead of the trigger; search the faces with curare faces --detector cnn, "
                + "mark face_box in session.csv, or write crop: centre in the recipe")
        return [finding]
    }
}
