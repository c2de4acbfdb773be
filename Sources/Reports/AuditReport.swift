import Auditing
import Core
import Versions

/// All values of an audit's report. ``AuditPage`` and ``AuditMarkdown`` print them.
public struct AuditReport: Sendable {
    /// Why a person accepted a finding.
    public struct Acceptance: Hashable, Sendable {
        public let reason: String
        public let author: String?
        /// UTC, ISO 8601.
        public let made: String

        public init(reason: String, author: String?, made: String) {
            self.reason = reason
            self.author = author
            self.made = made
        }

        /// The acceptance in one sentence, without a full stop.
        var text: String {
            "accepted\(author.map { " by \($0)" } ?? "") on \(made.prefix(10)): \(reason)"
        }
    }

    /// `the catalog`, or `NAME@V`.
    public let subject: String
    /// UTC, ISO 8601.
    public let made: String
    /// Worst first, as the audit sorts them.
    public let findings: [Finding]
    public let composition: Composition
    public let summary: DatasetSummary
    /// The sessions of the photos, sorted by name.
    public let sessions: [Session]
    /// Nil for the catalog.
    public let manifest: Manifest?
    /// How strongly properties of the photos depend on triggers and roles. Nil if nothing was computed.
    public let effects: EffectMatrix?
    private let acceptanceOf: @Sendable (Finding) -> Acceptance?

    /// - Parameters:
    ///   - subject: `the catalog`, or `NAME@V`.
    ///   - made: the time of the audit: UTC, ISO 8601.
    ///   - sessions: sessions without a photo in `composition` are left out.
    ///   - acceptance: returns why a person accepted a finding; nil for a finding that nobody accepted.
    public init(
        of subject: String, made: String, findings: [Finding], composition: Composition, summary: DatasetSummary,
        sessions: [Session], manifest: Manifest? = nil, effects: EffectMatrix? = nil,
        acceptance: @escaping @Sendable (Finding) -> Acceptance? = { _ in nil }
    ) {
        self.subject = subject
        self.made = made
        self.findings = findings
        self.composition = composition
        self.summary = summary
        self.sessions = sessions.filter { composition.sessions[$0.name.text] != nil }.sorted { $0.name < $1.name }
        self.manifest = manifest
        self.effects = effects
        acceptanceOf = acceptance
    }

    /// Returns why a person accepted `finding`; nil for a finding that nobody accepted.
    func acceptance(of finding: Finding) -> Acceptance? { acceptanceOf(finding) }

    var title: String { "Audit of \(subject)" }

    /// The numbers of findings: `1 error, 2 warnings, 1 accepted`.
    var verdict: String {
        let open = findings.filter { acceptance(of: $0) == nil }
        let severities: [(Finding.Severity, String, String)] = [
            (.error, "error", "errors"), (.warning, "warning", "warnings"), (.info, "note", "notes"),
        ]
        var parts = severities.compactMap { severity, one, many -> String? in
            let count = open.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(count == 1 ? one : many)"
        }
        if open.count < findings.count { parts.append("\(findings.count - open.count) accepted") }
        return parts.isEmpty ? "no findings" : parts.joined(separator: ", ")
    }

    /// The most serious finding that nobody accepted.
    var worst: Finding.Severity? { findings.lazy.filter { acceptance(of: $0) == nil }.map(\.severity).max() }

    /// Returns the command that shows all photos of a finding.
    func command(showing finding: Finding) -> String {
        let version = manifest.map { "--in-version \($0.name)@\($0.version) " } ?? ""
        return "curare sheet \(version)--finding \(finding.check.rawValue) --out \(finding.check.rawValue).html"
    }

    /// The explanation of a finding's check; nil if the check has none.
    static func definition(of finding: Finding) -> CheckDefinition? {
        AuditChecklist.all.lazy.map { $0.definition }.first { $0.check == finding.check }
    }

    /// The properties by which photos are counted, each with the number of photos of each value.
    var margins: [(property: String, counts: [(value: String, photos: Int)])] {
        let all = [
            ("volunteer", composition.volunteers), ("kind", composition.kinds), ("trigger", composition.triggers),
            ("location", composition.locations), ("session", composition.sessions), ("role", composition.roles),
        ]
        return all.filter { !$0.1.isEmpty }.map { property, counts in
            (property, counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
    }
}

/// How strongly properties of the photos, such as the session or the brightness, depend on triggers and roles.
public struct EffectMatrix: Hashable, Sendable {
    public struct Cell: Hashable, Sendable {
        /// The effect size: 0 if the property does not depend on the trigger, 1 if it determines the trigger.
        public let effect: Double
        /// The p-value after the correction for all tests.
        public let p: Double

        public init(effect: Double, p: Double) {
            self.effect = effect
            self.p = p
        }
    }

    /// The name of the effect size, such as `Cramér's V`.
    public let measure: String
    /// Properties of photos.
    public let rows: [String]
    /// Triggers, or roles.
    public let columns: [String]
    /// A list for each row with a cell for each column. Nil where nothing can be computed.
    public let cells: [[Cell?]]

    public init(measure: String, rows: [String], columns: [String], cells: [[Cell?]]) {
        self.measure = measure
        self.rows = rows
        self.columns = columns
        self.cells = cells
    }
}
