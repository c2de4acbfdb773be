import Auditing
import Catalog
import Core
import Foundation
import Intake
import Reports
import Versions

/// Reports the composition and the problems of the catalog or of a version.
public struct AuditDataset: Workflow {
    public struct Request {
        /// `NAME` or `NAME@V`; nil is the whole catalog.
        public var version: String?
        /// The lowest severity with which a finding makes the audit fail.
        public var failsOn: FailureLimit
        /// The HTML page to write. It must not exist, and it must be outside the workspace.
        public var page: URL?
        /// Whether ``Result/markdown`` is made.
        public var makesMarkdown: Bool

        public init(
            version: String? = nil, failsOn: FailureLimit = .error, page: URL? = nil, makesMarkdown: Bool = false
        ) {
            self.version = version
            self.failsOn = failsOn
            self.page = page
            self.makesMarkdown = makesMarkdown
        }
    }

    /// The lowest severity with which a finding makes an audit fail. The raw values are values of `--fail-on`.
    public enum FailureLimit: String, CaseIterable, Sendable {
        case warning, error

        fileprivate var severity: Finding.Severity {
            switch self {
            case .warning: .warning
            case .error: .error
            }
        }
    }

    public struct Result: WorkflowResult {
        public struct ReportedFinding: Encodable {
            public let check: String
            public let severity: String
            public let count: Int
            public let detail: String
            /// Photos to review; absent if the finding is not about single photos.
            public let photos: [String]?
            /// Names the finding for `--accept` and `--reopen`; see ``Finding/key``.
            public let key: String
            /// Why a person accepted the finding; absent for an open finding.
            public let accepted: ReportedAcceptance?

            /// The score of each photo, in the order of `photos`; null for a photo without a score. Absent if the check has
            /// no score.
            public let scores: [Double?]?
            /// Photos that belong together; absent without pairs.
            public let pairs: [[String]]?

            init(_ finding: Finding) {
                check = finding.check.rawValue
                severity = finding.severity.rawValue
                count = finding.count
                detail = finding.detail
                photos = finding.photos.isEmpty ? nil : finding.photos.map(\.hex)
                scores = finding.scores.isEmpty ? nil : finding.photos.map { finding.scores[$0] }
                pairs = finding.pairs.isEmpty ? nil : finding.pairs.map { [$0.first.hex, $0.second.hex] }
                key = finding.key
                accepted = finding.acceptance.map(ReportedAcceptance.init)
            }
        }

        public struct Composition: Encodable {
            /// The numbers of photos by volunteer. The following members have the numbers by kind, trigger, location,
            /// session and role.
            public let volunteers: [String: Int]
            public let kinds: [String: Int]
            public let triggers: [String: Int]
            public let locations: [String: Int]
            public let sessions: [String: Int]
            public let roles: [String: Int]
            /// The numbers of photos by all dimensions together.
            public let table: [CompositionRow]
            public let gaps: [ReportedGap]
        }

        public struct FaceRate: Encodable {
            public let found: Int
            public let photos: Int
        }

        public struct ProbableFace: Encodable {
            public let photo: String
            public let box: [Int]
        }

        public let findings: [ReportedFinding]
        public let composition: Composition
        /// Photos with a found face, by role and trigger. The role is `all` in an audit of the catalog.
        public let faces: [String: [String: FaceRate]]
        /// The probable position of the face in photos without a found face.
        public let likelyFaces: [ProbableFace]
        /// Absent if the images are not face crops, or if nobody has bare and triggered photos with a face.
        public let crop: CropReport?
        /// Absent if nothing can be compared: there are no triggered photos of volunteers.
        public let confounders: ConfounderMatrix?
        /// Whether no finding that nobody has accepted has the severity ``Request/failsOn`` or a higher one.
        public let passes: Bool
        /// The page that was written; absent if there is none.
        public let page: String?
        /// The report as Markdown; nil if the request does not require it. Not a part of the JSON.
        public let markdown: String?

        private enum CodingKeys: CodingKey {
            case findings, composition, faces, likelyFaces, crop, confounders, passes, page
        }

        init(_ audit: Audit, failingOn limit: FailureLimit, page: URL? = nil, markdown: String? = nil) {
            findings = audit.findings.map(ReportedFinding.init)
            self.page = page?.path
            self.markdown = markdown
            let all = audit.composition
            composition = Composition(
                volunteers: all.volunteers, kinds: all.kinds, triggers: all.triggers, locations: all.locations,
                sessions: all.sessions, roles: all.roles, table: all.table.map(CompositionRow.init),
                gaps: all.gaps.map(ReportedGap.init))
            faces = all.faces.mapValues { $0.mapValues { FaceRate(found: $0.found, photos: $0.photos) } }
            likelyFaces = audit.likelyFaces.sorted { $0.key < $1.key }.map {
                ProbableFace(photo: $0.key.hex, box: $0.value.numbers)
            }
            crop = audit.crop.map(CropReport.init)
            passes = audit.passes(failingOn: limit.severity)
            confounders = audit.confounders.columns.isEmpty ? nil : audit.confounders
        }

        public var isNegative: Bool { !passes }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65, 66) if there is no such version; (65) if the page exists or is inside the workspace;
    ///   (74) if the page cannot be written.
    public func run(_ request: Request) throws -> Result {
        try request.version.map { try ReceivedVersion.requireNoFolder($0, context) }
        let session = try WorkspaceSession.reading(context)
        let reporter = AuditReporter(session: session, context: context)
        if let page = request.page { try reporter.check(page) }
        try session.reportIncompleteWithdrawals(context)
        let version = try request.version.map { try session.versions.read(session.resolve($0)) }
        let audit = try Self.audit(version, session) { try EmbeddedFaces(session, context).forAudit($0) }
        guard request.page != nil || request.makesMarkdown else {
            return Result(audit, failingOn: request.failsOn)
        }
        let report = try reporter.report(audit, of: version)
        if let page = request.page { try reporter.write(report, of: version, to: page) }
        return Result(
            audit, failingOn: request.failsOn, page: request.page,
            markdown: request.makesMarkdown ? AuditMarkdown(report).text : nil)
    }

    /// Audits a version or, if `version` is nil, the catalog, and marks the accepted findings.
    ///
    /// - Parameter embeddings: returns the face embeddings of photos; nil for those that are stored.
    static func audit(
        _ version: Version?, _ session: WorkspaceSession,
        embeddings: (([PhotoFacts]) throws -> [PhotoID: FaceEmbedding])? = nil
    ) throws -> Audit {
        try findings(version, session, embeddings).respecting(session.catalog.acceptedFindings())
    }

    private static func findings(
        _ version: Version?, _ session: WorkspaceSession,
        _ embeddings: (([PhotoFacts]) throws -> [PhotoID: FaceEmbedding])?
    ) throws -> Audit {
        // The position of a drawn trigger depends on the landmarks of a face.
        let landmarks: Catalog.LandmarkSelection = version?.hasCopies == true ? .all : .photosWithTriggerBox
        let facts = try session.catalog.facts(Catalog.FetchOptions(landmarks: landmarks, origin: true))
        let sessions = try sessionRecords(session.catalog)
        let embeddings = try embeddings?(facts) ?? session.catalog.embeddings(limit: EmbeddedFaces.auditLimit)
        guard let version else {
            let profile = try session.catalog.defaultProfile()
            let files = try session.imageFiles(profile)
            return Audit(
                catalog: facts, groups: try session.catalog.groupDistance(), profile: profile, sessions: sessions,
                embeddings: embeddings
            ) {
                files.holds($0, "png")
            }
        }
        let profile = version.manifest.recipe.profile
        let files = try session.imageFiles(profile)
        let names = try session.catalog.earlierNames()
        return Audit(
            version: version, catalog: facts, sessions: sessions, embeddings: embeddings, names: names
        ) {
            [workspace = session.workspace] entry in
            entry.overlay == nil
                ? files.holds(entry.photo, "png")
                : ImageFile(at: workspace.overlaidImageFile(entry.image, profile)).exists
        }
    }

    /// Returns what the session folders state about all photo shoots.
    private static func sessionRecords(_ catalog: Catalog) throws -> [SessionName: AuditSubject.SessionRecord] {
        Dictionary(
            uniqueKeysWithValues: try catalog.sessions().map {
                ($0.name, .init(date: $0.date, photographer: $0.photographer, camera: $0.camera, place: $0.place))
            })
    }
}
