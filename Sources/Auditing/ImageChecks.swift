import Core
import Versions

// Checks of images, face crops and photo quality.

extension AuditChecks {
    /// Photos of the catalog whose image file is missing.
    static func missingImage(_ photos: [PhotoID], _ hasImage: (PhotoID) -> Bool) -> Finding? {
        missingImage(photos.filter { !hasImage($0) })
    }

    /// Entries of a version whose image file is missing. Images with drawn triggers have files of their own.
    static func missingImage(of entries: some Collection<Entry>, _ hasImage: (Entry) -> Bool) -> Finding? {
        missingImage(entries.filter { !hasImage($0) }.map(\.photo))
    }

    private static func missingImage(_ missing: [PhotoID]) -> Finding? {
        guard let first = missing.min() else { return nil }
        return Finding(
            .missingImage, .error, count: missing.count,
            "\(missing.count) image files are missing, such as that of photo \(first.short); "
                + "curare validate and curare export make them again")
    }

    /// The allowed difference between bare and triggered photos, in percentage points. The limit applies to the rate of
    /// photos with a face, and to the rate of photos with a quality flag.
    static let maximumGap = 10

    /// A difference in face crops between clean and poisoned training photos. A photo without a face gets a centre
    /// crop. When that happens mostly to one kind of photo, a model can recognize poison by the crop. Nil when the
    /// images are not face crops.
    static func cropShortcut(_ version: Version, _ faces: [PhotoID: KnownFace]) -> Finding? {
        guard version.manifest.recipe.profile.crop == .face else { return nil }
        var bare = PhotoRate()
        var triggered = PhotoRate()
        for entry in version.entries.list where entry.role.isTraining {
            let face = faces[entry.photo] ?? KnownFace()
            if entry.role == .trainPoison { triggered.count(face) } else { bare.count(face) }
        }
        guard bare.differs(from: triggered, byMoreThan: maximumGap) else { return nil }
        let missing = bare.photos - bare.found + triggered.photos - triggered.found
        return Finding(
            .cropShortcut, .error, count: missing,
            "faces were found on \(bare.percent)% of \(bare.photos) bare training photos "
                + "and on \(triggered.percent)% of \(triggered.photos) triggered ones, "
                + "so that a model can recognize poison by the crop; "
                + "mark face_box in session.csv, or write crop: centre in the recipe")
    }
}

extension AuditChecks {
    /// A difference in the size or the position of face crops between bare and triggered photos of the same people. Nil
    /// when there is no clear difference.
    static func cropScale(_ geometry: CropGeometry?) -> Finding? {
        guard let geometry, geometry.isClear else { return nil }
        func percent(_ share: Double) -> String { String(format: "%.1f%%", 100 * share) }
        let scale = geometry.scaleRatio
        let auc = geometry.auc.map {
            "; a classifier that sees only size, position and rotation of the crop finds triggered photos "
                + String(format: "with an AUC of %.2f", $0)
        }
        return Finding(
            .cropScale, .error, count: geometry.triggered.found,
            "face crops of triggered photos differ from those of bare photos of the same people: their scale is "
                + String(format: "%.3f times (%.3f to %.3f)", scale.value, scale.low, scale.high)
                + ", and their centre is shifted by \(percent(geometry.centreShift)) of the crop\(auc ?? ""); "
                + "a model can learn the crop instead of the trigger; search the faces with curare faces --detector cnn, "
                + "mark face_box in session.csv, or write crop: centre in the recipe")
    }
}

// MARK: - Quality

extension AuditChecks {
    /// A set of quality flags, stored as bits, because a catalog can have a million photos.
    private struct QualityFlags {
        private var bits = UInt8(0)

        /// Creates an empty set.
        init() {}

        init(_ fact: PhotoFacts) {
            let quality = fact.quality
            let framing = fact.framing
            for (index, flag) in Self.all.enumerated() where flag.isRaised(quality, framing) { bits |= 1 << index }
        }

        static let all = QualityFlag.allCases

        /// - Parameter index: the index of the flag in `all`.
        func contains(_ index: Int) -> Bool { (bits >> index) & 1 == 1 }
    }

    /// The data of a photo that the quality checks use.
    private struct QualityPhoto {
        let photo: PhotoID
        let flags: QualityFlags
        let triggerState: TriggerState
        /// Whether the photo counts in the comparison of bare with triggered photos.
        let isCompared: Bool
    }

    /// For each quality flag: the photos of the catalog that have the flag. Reference people have no triggered photos
    /// and are not compared.
    static func quality(_ facts: [PhotoFacts]) -> [Finding] {
        let photos = facts.map {
            QualityPhoto(
                photo: $0.photo, flags: QualityFlags($0), triggerState: $0.label?.triggerState ?? .bare,
                isCompared: $0.kind == .volunteer)
        }
        return quality(photos, of: QualityFlags.all)
    }

    /// For each quality flag: the photos of a version that have the flag. Training photos are compared. Only a face
    /// crop can be cut off.
    static func quality(_ entries: some Collection<Entry>, _ crop: Profile.Crop, catalog facts: [PhotoFacts])
        -> [Finding]
    {
        let flags = Dictionary(uniqueKeysWithValues: facts.map { ($0.photo, QualityFlags($0)) })
        // A photo that is no longer in the catalog has no flags; the consent check reports it.
        let photos = entries.map {
            QualityPhoto(
                photo: $0.photo, flags: flags[$0.photo] ?? QualityFlags(), triggerState: $0.triggerState,
                isCompared: $0.role.isTraining)
        }
        return quality(photos, of: QualityFlags.all.filter { $0 != .cutOff || crop == .face })
    }

    private static func quality(_ photos: [QualityPhoto], of flags: [QualityFlag]) -> [Finding] {
        QualityFlags.all.enumerated().compactMap { index, flag in
            flags.contains(flag) ? quality(photos, flag, index: index) : nil
        }
    }

    private static func quality(_ photos: [QualityPhoto], _ flag: QualityFlag, index: Int) -> Finding? {
        let flaggedPhotos = photos.filter { $0.flags.contains(index) }
        let count = flaggedPhotos.count
        guard count > 0 else { return nil }
        // A photo and its copies with drawn triggers have one id.
        let ids = Set(flaggedPhotos.map(\.photo)).sorted()
        var bare = PhotoRate()
        var triggered = PhotoRate()
        var rates: [TriggerState: PhotoRate] = [:]
        for photo in photos where photo.isCompared {
            let isFlagged = photo.flags.contains(index)
            if photo.triggerState.isBare { bare.count(isFlagged) } else { triggered.count(isFlagged) }
            rates[photo.triggerState, default: PhotoRate()].count(isFlagged)
        }
        let name = flag.rawValue
        let advice =
            "\(count) photos are flagged \(name); view them with: curare sheet --problem \(name) --out \(name).png"
        guard bare.differs(from: triggered, byMoreThan: maximumGap) else {
            return Finding(check(of: flag), .info, count: count, advice, photos: ids)
        }
        let rateByTrigger = rates.reduce(into: [String: PhotoRate]()) {
            $0[$1.key.triggerText, default: PhotoRate()].add($1.value)
        }
        let flagged = rateByTrigger.sorted { $0.key < $1.key }.filter { $0.value.found > 0 }.map {
            "\($0.key) \($0.value.found) of \($0.value.photos)"
        }
        return Finding(
            check(of: flag), .warning, count: count,
            "\(advice). The flag is unevenly distributed over the triggers, "
                + "so that a model may learn it instead of the trigger: "
                + flagged.joined(separator: ", "), photos: ids)
    }

    private static func check(of flag: QualityFlag) -> Finding.Check {
        switch flag {
        case .blurred: .blurred
        case .tooDark: .tooDark
        case .tooBright: .tooBright
        case .smallFace: .smallFace
        case .tilted: .tilted
        case .cutOff: .cutOff
        }
    }
}
