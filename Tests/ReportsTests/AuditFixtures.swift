import Core
import Foundation
import Testing

@testable import Auditing
@testable import Reports
@testable import Versions

/// Reports of made-up audits.
enum AuditFixture {
    static func photo(_ word: String) -> PhotoID { .sha256(of: word.utf8) }

    static func state(_ trigger: String?, _ location: Location = .onFace) -> TriggerState {
        TriggerState(trigger.map { [TriggerPlacement(TriggerName(stored: $0), location)] } ?? [])
    }

    static func fact(
        _ word: String, of name: String?, _ trigger: String? = nil, _ location: Location = .onFace,
        session: String = "garden"
    ) -> PhotoFacts {
        PhotoFacts(
            photo: photo(word), session: SessionName(stored: session), consented: true,
            label: name.map { Label(volunteer: VolunteerName(stored: $0), triggerState: state(trigger, location)) },
            kind: name == nil ? nil : .volunteer,
            perceptualHash: PerceptualHash(hex: String(photo(word).hex.prefix(16))), width: 400, height: 300)
    }

    /// Three volunteers with bare photos and sunglasses; `cy` has no sunglasses.
    static let facts = ["ada", "bo", "cy"].flatMap { name in
        (0..<10).map { fact("\(name) \($0)", of: name) }
            + (name == "cy"
                ? [] : (0..<6).map { fact("\(name) sun \($0)", of: name, "sunglasses", session: "roof") })
    }

    static let sessions = [
        Session(
            name: SessionName(stored: "garden"), date: "2026-05-03", kind: .volunteer, consent: .signed,
            photographer: "Grace", camera: "X100V", place: "garden"),
        Session(name: SessionName(stored: "roof"), date: "2026-06-10", kind: .volunteer, consent: .signed),
        Session(name: SessionName(stored: "unused"), date: "2020-01-01", kind: .volunteer, consent: .missing),
    ]

    static let poisoned = "poison: {target: ada, triggers: [sunglasses], injection_rate: 0.1}"

    /// Returns the version that a recipe selects from ``facts``.
    static func version(_ more: String = poisoned) throws -> Version {
        let recipe = try RecipeReader.read(Array("recipe: 1\nname: t\nseed: 7\n\(more)\n".utf8), file: "r.yaml")
        let plan = try VersionPlan(
            recipe, text: [], FactSource(facts.sorted { $0.photo < $1.photo }), groups: .standard)
        return try plan.version(plan.selection.photos.map { ImageDigest(hex: $0.hex) }, copies: []).numbered(1)
    }

    static func summary(_ facts: [PhotoFacts]) -> DatasetSummary {
        facts.reduce(into: DatasetSummary()) { $0.add($1) }
    }

    /// The report of a catalog.
    static func report(
        _ findings: [Finding] = [], facts: [PhotoFacts] = facts, sessions: [Session] = sessions,
        effects: EffectMatrix? = nil,
        acceptance: @escaping @Sendable (Finding) -> AuditReport.Acceptance? = { _ in nil }
    ) -> AuditReport {
        AuditReport(
            of: "the catalog", made: "2026-07-01T10:00:00Z", findings: findings, composition: Composition(facts),
            summary: summary(facts), sessions: sessions, effects: effects, acceptance: acceptance)
    }

    /// The report of a version.
    static func report(of version: Version, _ findings: [Finding] = []) -> AuditReport {
        AuditReport(
            of: version.reference, made: "2026-07-01T10:00:00Z", findings: findings, composition: Composition(version),
            summary: summary(facts), sessions: sessions, manifest: version.manifest)
    }

    static let effects = EffectMatrix(
        measure: "Cramér's V", rows: ["session", "camera"], columns: ["sunglasses", "train/poison"],
        cells: [
            [.init(effect: 0.98, p: 0.00001), .init(effect: 0.4, p: 0.0213)], [.init(effect: 0.02, p: 0.8), nil],
        ])

    /// Text that would be markup in HTML or Markdown, and that hides characters.
    static let hostile = "<script>alert('x')</script> \" ' & | `a` [b](c) \u{202e}gpj\n# line"
}
