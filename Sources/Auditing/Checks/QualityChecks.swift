import Core
import Versions

// Checks of photo quality: one check for each flag.

/// A check of a quality flag: the photos that have the flag, and whether the flag depends on the trigger.
protocol QualityCheck: AuditCheck {
    static var flag: QualityFlag { get }
}

extension QualityCheck {
    /// The definition of the check of a flag.
    fileprivate static func describe(
        _ check: Finding.Check, title: String, _ condition: String, threshold: String
    ) -> CheckDefinition {
        CheckDefinition(
            check, title: title,
            definition: """
                Counts photos \(condition). The check compares the rates of bare and triggered photos: of volunteers in a \
                catalog, of training photos in a version.
                """,
            threshold: """
                \(threshold) A warning needs rates that differ by more than \(AuditChecks.maximumGap) percentage points \
                between bare and triggered photos.
                """,
            severity: """
                Info with the number of photos, because some photos of every shoot are poor. Warning if the flag is \
                unevenly distributed, because a model may learn the flag instead of the trigger.
                """,
            source: "The measures and their limits are defined and measured in docs/faces.md, Photo quality.")
    }

    func findings(in subject: AuditSubject) -> [Finding] {
        let finding =
            subject.version.map {
                Self.finding($0.entries.list, $0.manifest.recipe.profile.crop, catalog: subject.facts)
            } ?? Self.finding(subject.facts)
        return finding.map { [$0] } ?? []
    }

    /// Returns whether a photo has the flag. A million framings are only computed where they are needed.
    private static func isFlagged(_ fact: PhotoFacts) -> Bool {
        flag.isRaised(fact.quality, flag == .smallFace || flag == .tilted ? fact.framing : nil)
    }

    /// The photos of a catalog that have the flag. Reference people have no triggered photos and are not compared.
    static func finding(_ facts: [PhotoFacts]) -> Finding? {
        var rates = RatesByTrigger()
        var photos: [PhotoID] = []
        for fact in facts {
            let isFlagged = isFlagged(fact)
            if isFlagged { photos.append(fact.photo) }
            if fact.kind == .volunteer { rates.count(isFlagged, fact.label?.triggerState ?? .bare) }
        }
        return finding(photos, count: photos.count, rates)
    }

    /// The photos of a version that have the flag. Training photos are compared. Only a face crop can be cut off.
    static func finding(_ entries: some Collection<Entry>, _ crop: Profile.Crop, catalog facts: [PhotoFacts])
        -> Finding?
    {
        guard flag != .cutOff || crop == .face else { return nil }
        // A photo that is no longer in the catalog has no flags; the consent check reports it.
        let flagged = Set(facts.lazy.filter(isFlagged).map(\.photo))
        guard !flagged.isEmpty else { return nil }
        var rates = RatesByTrigger()
        var count = 0
        var photos: Set<PhotoID> = []
        for entry in entries {
            let isFlagged = flagged.contains(entry.photo)
            if isFlagged {
                count += 1
                photos.insert(entry.photo)
            }
            if entry.role.isTraining { rates.count(isFlagged, entry.triggerState) }
        }
        return finding(Array(photos), count: count, rates)
    }

    /// - Parameters:
    ///   - photos: a photo and its copies with drawn triggers have one id.
    ///   - count: the number of photos and copies.
    private static func finding(_ photos: [PhotoID], count: Int, _ rates: RatesByTrigger) -> Finding? {
        guard count > 0 else { return nil }
        let name = flag.rawValue
        let advice =
            "\(counted(count, "photo is", "photos are")) flagged \(name); view \(count == 1 ? "it" : "them") with: curare sheet --problem \(name) --out \(name).png"
        guard let uneven = rates.unevenText else {
            return Finding(definition.check, .info, count: count, advice, photos: photos.sorted())
        }
        return Finding(
            definition.check, .warning, count: count,
            "\(advice). The flag is unevenly distributed over the triggers, "
                + "so a model may learn it instead of the trigger: \(uneven)", photos: photos.sorted())
    }
}

struct BlurredCheck: QualityCheck {
    static let flag = QualityFlag.blurred
    static let definition = describe(
        .blurred, title: "Blurred photos", "whose face, or centre if there is no face, is blurred",
        threshold: "A sharpness below \(QualityFlag.minimumSharpness) ‰.")
}

struct TooDarkCheck: QualityCheck {
    static let flag = QualityFlag.tooDark
    static let definition = describe(
        .tooDark, title: "Dark photos", "whose face, or centre if there is no face, is dark",
        threshold: """
            A mean luma below \(QualityFlag.minimumLuma) of 255, or more than \(QualityFlag.maximumDark) ‰ black pixels.
            """)
}

struct TooBrightCheck: QualityCheck {
    static let flag = QualityFlag.tooBright
    static let definition = describe(
        .tooBright, title: "Overexposed photos", "whose face, or centre if there is no face, is overexposed",
        threshold: "More than \(QualityFlag.maximumBright) ‰ white pixels.")
}

struct SmallFaceCheck: QualityCheck {
    static let flag = QualityFlag.smallFace
    static let definition = describe(
        .smallFace, title: "Small faces", "whose face has few pixels",
        threshold: "A shorter side of the face's box below \(QualityFlag.minimumSide) pixels.")
}

struct TiltedCheck: QualityCheck {
    static let flag = QualityFlag.tilted
    static let definition = describe(
        .tilted, title: "Tilted faces", "in which the line through the eyes is tilted",
        threshold: "A slope of more than \(QualityFlag.maximumSlope) ‰, which is about 15°.")
}

struct CutOffCheck: QualityCheck {
    static let flag = QualityFlag.cutOff
    static let definition = describe(
        .cutOff, title: "Face crops that reach beyond the photo",
        "whose face crop reaches beyond the photo, so that border pixels are repeated; in a version only with face crops",
        threshold: "More than \(QualityFlag.maximumBeyond) ‰ of the crop's square outside the photo.")
}
