import Core
import Foundation
import Versions

/// The composition of a catalog or of a version, and the findings of all checks.
///
/// An audit is a pure function. The caller supplies whether image files exist.
public struct Audit: Sendable {
    /// The findings, most severe first, then by check. Accepted findings are the last.
    public internal(set) var findings: [Finding]
    public let composition: Composition
    /// For each photo without a face: the box in which the other photos of the same shoot have the face.
    public let likelyFaces: [PhotoID: Box]
    /// The geometry of the face crops. Nil if nobody has bare and triggered photos with a face, or if the images are not
    /// face crops.
    public let crop: CropGeometry?
    /// The associations of photo properties with triggers and poison.
    public let confounders: ConfounderMatrix

    /// Whether no finding is an error that nobody has accepted.
    public var passes: Bool { passes(failingOn: .error) }

    /// Returns whether no finding that nobody has accepted has this severity or a higher one.
    public func passes(failingOn severity: Finding.Severity) -> Bool {
        !openFindings.contains { $0.severity >= severity }
    }

    /// Audits the whole catalog.
    ///
    /// - Parameters:
    ///   - distance: the perceptual-hash distance within which photos are near-duplicates.
    ///   - profile: the default profile.
    ///   - sessions: the records of all sessions.
    ///   - embeddings: face embeddings by photo; empty if the face network is not installed.
    ///   - hasImage: whether the photo's image file under the default profile exists.
    public init(
        catalog facts: [PhotoFacts], groups distance: GroupDistance, profile: Profile = .standard,
        sessions: [SessionName: AuditSubject.SessionRecord] = [:], embeddings: [PhotoID: FaceEmbedding] = [:],
        hasImage: @escaping @Sendable (PhotoID) -> Bool
    ) {
        composition = Composition(facts)
        likelyFaces = FaceBoxSuggestion.boxes(facts)
        let subject = AuditSubject(
            catalog: facts, profile: profile, distance: distance, sessions: sessions, embeddings: embeddings,
            hasImage: hasImage)
        crop = subject.crop
        findings = Self.findings(in: subject)
        confounders = subject.confounders
    }

    /// Audits a version. Labels, consent, faces and quality come from the current catalog.
    ///
    /// - Parameters:
    ///   - facts: the photos of the catalog; with all landmarks if the version has copies with drawn triggers.
    ///   - sessions: the records of all sessions.
    ///   - embeddings: face embeddings by photo; empty if the face network is not installed.
    ///   - names: the earlier names of people and triggers.
    ///   - hasImage: whether the entry's image file exists.
    public init(
        version: Version, catalog facts: [PhotoFacts], sessions: [SessionName: AuditSubject.SessionRecord] = [:],
        embeddings: [PhotoID: FaceEmbedding] = [:], names: EarlierNames = EarlierNames(),
        hasImage: @escaping @Sendable (Entry) -> Bool
    ) {
        let faces = Dictionary(uniqueKeysWithValues: facts.map { ($0.photo, $0.face) })
        composition = Composition(version.entries.list, faces, poison: version.manifest.recipe.poison)
        let subject = AuditSubject(
            catalog: facts, version: version, distance: version.manifest.grouping.distance, sessions: sessions,
            embeddings: embeddings, names: names, hasImageOfEntry: hasImage)
        likelyFaces = FaceBoxSuggestion.boxes(facts).filter { subject.fact(of: $0.key) != nil }
        crop = subject.crop
        findings = Self.findings(in: subject)
        confounders = subject.confounders
    }

    /// Runs the checks in parallel, and returns their findings, most severe first, then by check.
    private static func findings(in subject: AuditSubject) -> [Finding] {
        let checks = AuditChecklist.all.filter { $0.definition.scope.includes(subject) }
        let found = ThreadBudget.shared.map(checks) { check in check.init().findings(in: subject) }
        return found.joined().sorted { ($1.severity, $0.check.rawValue) < ($0.severity, $1.check.rawValue) }
    }
}

/// What several checks have in common.
enum AuditChecks {
    /// The allowed difference between bare and triggered photos, in percentage points. The limit applies to the rate of
    /// photos with a face, and to the rate of photos with a quality flag.
    static let maximumGap = 10

    /// Returns the first eight names of a list as text.
    static func list(_ names: [some CustomStringConvertible]) -> String {
        names.prefix(8).map(\.description).joined(separator: ", ")
            + (names.count > 8 ? " and \(names.count - 8) more" : "")
    }
}

/// The rates of photos with a property, by trigger state. The checks of faces and quality compare bare with triggered
/// photos.
struct RatesByTrigger {
    private var bare = PhotoRate()
    private var triggered = PhotoRate()
    private var rates: [TriggerState: PhotoRate] = [:]

    mutating func count(_ isFound: Bool, _ state: TriggerState) {
        if state.isBare { bare.count(isFound) } else { triggered.count(isFound) }
        rates[state, default: PhotoRate()].count(isFound)
    }

    /// The rates as text, `dots 2 of 10, none 1 of 20, tattoo 0 of 8`. Nil unless the rates of bare and triggered photos differ
    /// by more than ``AuditChecks/maximumGap``.
    var unevenText: String? {
        guard bare.differs(from: triggered, byMoreThan: AuditChecks.maximumGap) else { return nil }
        let byTrigger = rates.reduce(into: [String: PhotoRate]()) {
            $0[$1.key.triggerText, default: PhotoRate()].add($1.value)
        }
        return byTrigger.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.found) of \($0.value.photos)" }
            .joined(separator: ", ")
    }
}
