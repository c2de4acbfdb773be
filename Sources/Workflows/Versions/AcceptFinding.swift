import Auditing
import Catalog
import Core

/// Accepts a finding of an audit with a reason, or opens an accepted finding again.
public struct AcceptFinding: Workflow {
    public struct Request {
        public enum Task {
            /// The key of a finding that the audit reports today.
            case accept(key: String, reason: String)
            /// The key of an accepted finding. The audit need not report the finding any more.
            case reopen(key: String)
        }

        public var task: Task
        /// The name of the finding's check. Only needed when two checks have a finding with the same key; nil otherwise.
        public var check: String?
        /// `NAME` or `NAME@V`; nil is the whole catalog.
        public var version: String?
        /// Who accepts the finding; nil if the person is not named.
        public var author: String?
        /// The findings of an audit that the caller has made already. Nil makes the audit again.
        public var known: [AuditDataset.Result.ReportedFinding]?

        public init(
            _ task: Task, check: String? = nil, version: String? = nil, author: String? = nil,
            known: [AuditDataset.Result.ReportedFinding]? = nil
        ) {
            self.task = task
            self.check = check
            self.version = version
            self.author = author
            self.known = known
        }
    }

    public struct Result: WorkflowResult {
        public let check: String
        public let key: String
        /// The text of the finding; absent after a reopening.
        public let detail: String?
        /// Absent after a reopening.
        public let accepted: ReportedAcceptance?
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (64) if the reason is empty or the author is not a valid name; (65) if the reason is too
    ///   long; (66) if there is no such finding, accepted finding or version. Nothing is stored then.
    public func run(_ request: Request) throws -> Result {
        switch request.task {
        case .accept(let key, let reason): try accept(key, reason, request)
        case .reopen(let key): try reopen(key, request)
        }
    }

    private func accept(_ key: String, _ reason: String, _ request: Request) throws -> Result {
        let acceptance = try Acceptance(
            reason: reason, author: Author.parsing(request.author), made: context.timestamp)
        // The audit can take long, and must not keep other commands from changing the workspace.
        let findings = try request.known ?? findings(of: request.version)
        guard let finding = findings.first(where: { $0.key == key && [nil, $0.check].contains(request.check) }) else {
            throw Self.unknown("finding", key, findings.filter { $0.accepted == nil }.map { ($0.key, $0.check) })
        }
        let session = try WorkspaceSession.writing(context)
        try session.catalog.store(AcceptedFinding(check: finding.check, key: key, acceptance))
        return Result(
            check: finding.check, key: key, detail: finding.detail, accepted: ReportedAcceptance(acceptance))
    }

    private func findings(of version: String?) throws -> [AuditDataset.Result.ReportedFinding] {
        let session = try WorkspaceSession.reading(context)
        let version = try version.map { try session.versions.read(session.resolve($0)) }
        return try AuditDataset.audit(version, session).findings.map(AuditDataset.Result.ReportedFinding.init)
    }

    private func reopen(_ key: String, _ request: Request) throws -> Result {
        let session = try WorkspaceSession.writing(context)
        let accepted = try session.catalog.acceptedFindings()
        guard let finding = accepted.first(where: { $0.key == key && [nil, $0.check].contains(request.check) }) else {
            throw Self.unknown("accepted finding", key, accepted.map { ($0.key, $0.check) })
        }
        try session.catalog.reopen(finding)
        return Result(check: finding.check, key: key, detail: nil, accepted: nil)
    }

    private static func unknown(_ what: String, _ key: String, _ known: [(key: String, check: String)]) -> CurareError {
        let maximum = 40
        let list = known.prefix(maximum).map { "\($0.key) (\($0.check))" }.joined(separator: ", ")
        let more = known.count > maximum ? " and \(known.count - maximum) more" : ""
        return CurareError(
            .missingInput, "there is no \(what) with the key \"\(key.prefix(40).printable())\"",
            next: known.isEmpty ? "there is no \(what)" : "keys: \(list)\(more)")
    }
}

/// Why a person accepted a finding.
public struct ReportedAcceptance: Encodable, Sendable {
    public let reason: String
    /// Absent if the person is not named.
    public let author: String?
    /// UTC, ISO 8601.
    public let made: String

    init(_ acceptance: Acceptance) {
        reason = acceptance.reason
        author = acceptance.author?.text
        made = acceptance.made
    }
}
