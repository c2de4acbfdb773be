import Core
import Foundation
import Versions

/// What a catalog, or one version of it, is made of, and what is wrong with it. The checks are pure; whether a file is there is asked of the caller.
public struct Audit: Sendable {
    /// Worst first, then by check.
    public let findings: [Finding]
    public let composition: Composition
    /// Photos without a face in which other photos of the sitting say where to look for it.
    public let likelyFaces: [PhotoID: Box]

    /// Whether nothing was found that makes the data unfit to use.
    public var passes: Bool { !findings.contains { $0.severity == .error } }

    /// Audits the whole catalog.
    ///
    /// - Parameter hasImage: whether the photo's image under the default profile is in its place.
    public init(catalog facts: [PhotoFacts], groups distance: GroupDistance, hasImage: (PhotoID) -> Bool) {
        composition = Composition(facts)
        likelyFaces = LikelyFace.boxes(facts)
        let eligible = Eligibility(facts, groups: distance, admitting: { _ in true }).photos
        findings = Self.sorted(
            [
                Checks.unconsented(facts), Checks.unlabelled(facts), Checks.imbalance(bare: facts),
                Checks.oneGroup(eligible),
                Checks.missingImages(facts.map(\.photo), hasImage), Checks.suggested(facts), Checks.contradicted(facts),
            ] + Checks.quality(facts))
    }

    /// Audits a version against today's catalog.
    ///
    /// - Parameter hasImage: whether an entry's image is in its place.
    public init(version: Version, catalog facts: [PhotoFacts], hasImage: (Entry) -> Bool) {
        let entries = version.entries.list
        let faces = Dictionary(uniqueKeysWithValues: facts.map { ($0.photo, $0.face) })
        composition = Composition(entries, faces)
        let photos = Set(entries.map(\.photo))
        let used = facts.filter { photos.contains($0.photo) }
        likelyFaces = LikelyFace.boxes(facts).filter { photos.contains($0.key) }
        findings = Self.sorted(
            [
                Checks.consent(entries, today: facts), Checks.leakage(entries), Checks.imbalance(training: entries),
                Checks.noCleanTest(version), Checks.oneGroup(version.eligiblePhotos),
                Checks.unlabelled(entries, today: facts), Checks.cropShortcut(version, faces),
                Checks.missingImages(of: entries, hasImage),
                Checks.suggested(used), Checks.contradicted(used),
            ] + Checks.quality(entries, version.manifest.recipe.profile.crop, today: facts))
    }

    private static func sorted(_ findings: [Finding?]) -> [Finding] {
        findings.compactMap(\.self).sorted { ($1.severity, $0.check.rawValue) < ($0.severity, $1.check.rawValue) }
    }
}
