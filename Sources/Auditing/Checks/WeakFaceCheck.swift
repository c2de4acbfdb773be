import Core
import Versions

/// Faces that the detector found with a low score, or that look to the side. `curare show` prints the same rule.
struct WeakFaceCheck: AuditCheck {
    static let definition = CheckDefinition(
        .weakFace, title: "Faces that are turned aside or partly hidden",
        definition: """
            Lists photos whose detected face is weak: the detector's score is below 0, or the eyes are so close together \
            that the person looks to the side. The box of such a face can be wrong, and then the crop is wrong too. A \
            face that a person has marked is not weak. Versions that do not use faces have no such finding. The check \
            compares the rates of bare and triggered photos with a face: of volunteers in a catalog, of training photos \
            in a version.
            """,
        threshold: """
            A score below 0, or a distance of the eyes below a fifth of the box's width. A warning needs rates that \
            differ by more than \(AuditChecks.maximumGap) percentage points between bare and triggered photos.
            """,
        severity: """
            Info with the number of photos, because most weak boxes are on the face. Warning if weak faces are unevenly \
            distributed, because a model may learn the crop instead of the trigger.
            """,
        source: "All 86 weak boxes of the real photos were checked by eye: docs/faces.md, Wrong detections.",
        score: "The detector's score. A clear face has a score above 0; a lower score is a weaker face.")

    func findings(in subject: AuditSubject) -> [Finding] {
        if let version = subject.version, !version.manifest.recipe.usesFaces { return [] }
        var photos: [PhotoID] = []
        var scores: [PhotoID: Double] = [:]
        for fact in subject.facts where fact.face.isWeak || fact.face.isTurnedAside {
            photos.append(fact.photo)
            scores[fact.photo] = fact.face.record?.confidence.map { Double($0) / 1000 }
        }
        guard !photos.isEmpty else { return [] }
        let advice =
            "\(photos.count) faces are turned aside or partly hidden, or were found with a low score; view them with: "
            + "curare sheet --finding weak-face --out weak-face.html, "
            + "and mark a wrong face with: curare label PHOTO --face-box BOX"
        guard let uneven = Self.rates(subject, Set(photos)).unevenText else {
            return [Finding(.weakFace, .info, count: photos.count, advice, photos: photos, scores: scores)]
        }
        let finding = Finding(
            .weakFace, .warning, count: photos.count,
            "\(advice). Such faces are unevenly distributed over the triggers, "
                + "so a model may learn the crop instead of the trigger: \(uneven)", photos: photos, scores: scores
        )
        return [finding]
    }

    /// The rates of weak faces among the faces of the compared photos.
    private static func rates(_ subject: AuditSubject, _ weak: Set<PhotoID>) -> RatesByTrigger {
        var rates = RatesByTrigger()
        if let version = subject.version {
            for entry in version.entries.list
            where entry.role.isTraining && subject.fact(of: entry.photo)?.face.face != nil {
                rates.count(weak.contains(entry.photo), entry.triggerState)
            }
        } else {
            for fact in subject.facts where fact.kind == .volunteer && fact.face.face != nil {
                rates.count(weak.contains(fact.photo), fact.label?.triggerState ?? .bare)
            }
        }
        return rates
    }
}
