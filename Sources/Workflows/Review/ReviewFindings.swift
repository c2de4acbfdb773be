import Auditing
import Catalog
import Core
import Foundation

/// The findings of the audit as the review page shows them.
public struct ReviewFindings: Encodable {
    public struct ReviewFinding: Encodable {
        public struct AcceptedFinding: Encodable {
            public let reason: String
            @ExplicitNull public var author: String?
            /// UTC, ISO 8601.
            public let made: String
        }

        public let check: String
        /// Names the finding together with `check`; see ``Finding/key``.
        public let key: String
        public let severity: String
        public let title: String
        public let detail: String
        public let count: Int
        public let photos: [String]
        @ExplicitNull public var accepted: AcceptedFinding?

        init(_ finding: Finding) {
            check = finding.check.rawValue
            key = finding.key
            severity = finding.severity.rawValue
            title =
                AuditChecklist.all.first { $0.definition.check == finding.check }?.definition.title
                ?? finding.check.rawValue
            detail = finding.detail
            count = finding.count
            photos = finding.photos.map(\.hex)
            let accepted = finding.acceptance.map { acceptance in
                AcceptedFinding(
                    reason: acceptance.reason, author: acceptance.author?.text, made: acceptance.made)
            }
            _accepted = ExplicitNull(wrappedValue: accepted)
        }
    }

    public let findings: [ReviewFinding]
    /// Whether an audit of the present photos is running. ``findings`` are then those of an earlier audit, or empty.
    public let running: Bool
}

/// The last audit of the catalog, and the thread that makes the next one.
final class ReviewAudit: @unchecked Sendable {
    struct Audited: Sendable {
        var findings: [Finding]
        /// The number of changes of the photos before the audit.
        let generation: Int
        let found: FoundPhotos

        init(_ findings: [Finding], generation: Int) {
            self.findings = findings
            self.generation = generation
            var found = FoundPhotos()
            for finding in findings {
                for photo in finding.photos { found.checks[photo, default: []].append(finding.check.rawValue) }
            }
            found.checks = found.checks.mapValues { Set($0).sorted() }
            self.found = found
        }
    }

    // One condition protects all properties.
    private let condition = NSCondition()
    private var audited: Audited?
    private var failure: (any Error)?
    private var isRunning = false

    private static let stackSize = 8 << 20

    /// - Throws: ``CurareError`` (66) if the audit has no such check.
    static func requireCheck(_ name: String) throws {
        let names = Finding.Check.allCases.map(\.rawValue)
        guard !names.contains(name) else { return }
        throw CurareError(
            .missingInput, "the audit has no check \"\(name.prefix(80))\"", next: suggestion(for: name, among: names))
    }

    /// The last audit; nil before the first is complete.
    var last: Audited? {
        condition.withLock { audited }
    }

    /// Returns the last audit and whether a newer one is running. Starts an audit if the photos have changed since the
    /// last one.
    ///
    /// - Parameters:
    ///   - waits: whether the function waits for the first audit.
    ///   - audit: makes an audit of the present photos.
    /// - Throws: The error of the last audit.
    func audited(
        generation: Int, waits: Bool = false, _ audit: @escaping @Sendable () throws -> [Finding]
    ) throws -> (audited: Audited?, isRunning: Bool) {
        condition.lock()
        defer { condition.unlock() }
        if let failure {
            self.failure = nil
            throw failure
        }
        if audited?.generation != generation, !isRunning {
            isRunning = true
            let thread = Thread { self.finish(Result { Audited(try audit(), generation: generation) }) }
            thread.stackSize = Self.stackSize
            thread.start()
        }
        while waits, audited == nil, isRunning { condition.wait() }
        if let failure, audited == nil {
            self.failure = nil
            throw failure
        }
        return (audited, isRunning)
    }

    private func finish(_ result: Result<Audited, any Error>) {
        condition.lock()
        defer { condition.unlock() }
        switch result {
        case .success(let audited): self.audited = audited
        case .failure(let error): failure = error
        }
        isRunning = false
        condition.broadcast()
    }

    /// Marks the accepted findings of the last audit.
    func mark(_ accepted: [AcceptedFinding]) {
        condition.lock()
        defer { condition.unlock() }
        guard var marked = audited else { return }
        marked.findings = marked.findings.map { finding in
            var finding = finding
            finding.acceptance =
                accepted.first { $0.check == finding.check.rawValue && $0.key == finding.key }?.acceptance
            return finding
        }
        audited = marked
    }
}

extension ReviewStudy {
    /// Returns the findings of the audit of the catalog. An audit of the present photos runs in the background.
    public func findings() throws -> ReviewFindings {
        let (audited, isRunning) = try audited(current().generation)
        return ReviewFindings(
            findings: (audited?.findings ?? []).map(ReviewFindings.ReviewFinding.init), running: isRunning)
    }

    /// Accepts a finding of the last audit, and returns the finding.
    ///
    /// - Throws: ``CurareError`` (64, 65) if the reason is empty or too long; (66) if the last audit has no such finding;
    ///   (75) if another process holds the workspace.
    public func accept(check: String, key: String, reason: String) throws -> ReviewFindings.ReviewFinding {
        let known = (audit.last?.findings ?? []).map(AuditDataset.Result.ReportedFinding.init)
        let request = AcceptFinding.Request(
            .accept(key: key, reason: reason), check: check, author: author, known: known)
        return try decide(request, check: check, key: key)
    }

    /// Opens an accepted finding again, and returns the finding.
    ///
    /// - Throws: ``CurareError`` (66) if there is no such finding; (75) if another process holds the workspace.
    public func reopen(check: String, key: String) throws -> ReviewFindings.ReviewFinding {
        try decide(AcceptFinding.Request(.reopen(key: key), check: check), check: check, key: key)
    }

    private func decide(_ request: AcceptFinding.Request, check: String, key: String) throws
        -> ReviewFindings.ReviewFinding
    {
        _ = try AcceptFinding(context).run(request)
        audit.mark(try catalog.acceptedFindings())
        let finding = audit.last?.findings.first { $0.check.rawValue == check && $0.key == key }
        guard let finding else {
            throw CurareError(.missingInput, "the last audit has no such finding", next: "load the findings again")
        }
        return ReviewFindings.ReviewFinding(finding)
    }

    /// Returns the photos that the last audit lists.
    ///
    /// - Parameter waits: whether the function waits for the first audit.
    func found(_ generation: Int, waits: Bool = false) throws -> FoundPhotos {
        guard waits else { return audit.last?.found ?? FoundPhotos() }
        return try audited(generation, waits: true).audited?.found ?? FoundPhotos()
    }

    private func audited(_ generation: Int, waits: Bool = false) throws
        -> (audited: ReviewAudit.Audited?, isRunning: Bool)
    {
        try audit.audited(generation: generation, waits: waits) { [self] in
            let session = try WorkspaceSession.reading(context)
            return try AuditDataset.audit(nil, session).findings
        }
    }

    // MARK: - Other people's opinions

    /// The photos about which annotators disagree and nobody has decided.
    public struct Disagreements: Encodable {
        public struct DisagreedPhoto: Encodable {
            public let photo: ReviewPhoto
            public let labels: [PhotoDisagreement.AnnotatorLabel]
        }

        public let photos: [DisagreedPhoto]
    }

    public func disagreements() throws -> Disagreements {
        let result = try LabelDisagreements(context).run(LabelDisagreements.Request())
        let (index, generation) = try current()
        let found = try found(generation)
        return Disagreements(
            photos: result.photos.compactMap { disagreement in
                PhotoID(hex: disagreement.photo).flatMap { index[$0] }.map { photo in
                    Disagreements.DisagreedPhoto(
                        photo: index.reviewPhoto(photo, found), labels: disagreement.labels)
                }
            })
    }
}
