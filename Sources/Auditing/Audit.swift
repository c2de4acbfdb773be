import Core
import Foundation
import Versions

/// The composition of a catalog or of a version, and the findings of all checks.
///
/// An audit is a pure function. The caller supplies whether image files exist.
public struct Audit: Sendable {
    /// The findings, most severe first, then by check.
    public let findings: [Finding]
    public let composition: Composition
    /// For each photo without a face: the box in which the other photos of the same shoot have the face.
    public let likelyFaces: [PhotoID: Box]
    /// The geometry of the face crops. Nil if nobody has bare and triggered photos with a face, or if the images are not
    /// face crops.
    public let crop: CropGeometry?

    /// Whether no finding is an error.
    public var passes: Bool { !findings.contains { $0.severity == .error } }

    /// Audits the whole catalog.
    ///
    /// - Parameters:
    ///   - distance: the perceptual-hash distance within which photos are near-duplicates.
    ///   - profile: the default profile.
    ///   - hasImage: whether the photo's image file under the default profile exists.
    public init(
        catalog facts: [PhotoFacts], groups distance: GroupDistance, profile: Profile = .standard,
        hasImage: @escaping @Sendable (PhotoID) -> Bool
    ) {
        composition = Composition(facts)
        likelyFaces = FaceBoxSuggestion.boxes(facts)
        let crop = CropGeometry(facts, profile)
        self.crop = crop
        let eligible = Eligibility(facts, groups: distance, admitting: { _ in true }).photos
        let checks: [@Sendable () -> Finding?] = [
            { AuditChecks.consent(facts) },
            { AuditChecks.unlabelled(facts) },
            { AuditChecks.suggestedLabels(facts) },
            { AuditChecks.locationContradicted(facts) },
            { AuditChecks.imbalance(ofBarePhotos: facts) },
            { AuditChecks.oneGroup(eligible) },
            { AuditChecks.cropScale(crop) },
            { AuditChecks.missingImage(facts.map(\.photo), hasImage) },
            { AuditChecks.lookAlike(facts, within: distance) },
        ]
        findings = Self.findings(of: checks, AuditChecks.quality(facts))
    }

    /// Audits a version. Labels, consent, faces and quality come from the current catalog.
    ///
    /// - Parameter hasImage: whether the entry's image file exists.
    public init(version: Version, catalog facts: [PhotoFacts], hasImage: @escaping @Sendable (Entry) -> Bool) {
        let entries = version.entries.list
        let faces = Dictionary(uniqueKeysWithValues: facts.map { ($0.photo, $0.face) })
        composition = Composition(entries, faces)
        let photos = Set(entries.map(\.photo))
        let crop = CropGeometry(version)
        self.crop = crop
        let ownFacts = facts.filter { photos.contains($0.photo) }
        likelyFaces = FaceBoxSuggestion.boxes(facts).filter { photos.contains($0.key) }
        let checks: [@Sendable () -> Finding?] = [
            { AuditChecks.consent(entries, catalog: facts) },
            { AuditChecks.unlabelled(entries, catalog: facts) },
            { AuditChecks.suggestedLabels(ownFacts) },
            { AuditChecks.locationContradicted(ownFacts) },
            { AuditChecks.leakage(entries) },
            { AuditChecks.imbalance(ofTrainingPhotos: entries) },
            { AuditChecks.noCleanTest(version) },
            { AuditChecks.oneGroup(version.eligiblePhotos) },
            { AuditChecks.cropShortcut(version, faces) },
            { AuditChecks.cropScale(crop) },
            { AuditChecks.missingImage(of: entries, hasImage) },
            { AuditChecks.lookAlike(ownFacts, within: version.manifest.grouping.distance) },
        ]
        let quality = AuditChecks.quality(entries, version.manifest.recipe.profile.crop, catalog: facts)
        findings = Self.findings(of: checks, quality)
    }

    /// Runs the checks in parallel, and returns their findings and `more` in the order of ``findings``.
    private static func findings(of checks: [@Sendable () -> Finding?], _ more: [Finding]) -> [Finding] {
        let found = ThreadBudget.shared.map(checks) { check in check() }.compactMap(\.self)
        return (found + more).sorted { ($1.severity, $0.check.rawValue) < ($0.severity, $1.check.rawValue) }
    }
}

/// The checks of an audit: pure functions from photos or entries to a finding, or to nil when there is nothing to
/// report.
///
/// A check has the name of its ``Finding/Check``. `LabelChecks.swift` contains the checks of consent and labels.
/// `SplitChecks.swift` contains the checks of classes and roles. `ImageChecks.swift` contains the checks of images,
/// faces and quality.
enum AuditChecks {
    /// Returns the first eight names of a list as text.
    static func list(_ names: [some CustomStringConvertible]) -> String {
        names.prefix(8).map(\.description).joined(separator: ", ")
            + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
}
