import Auditing
import Catalog
import Core
import Intake
import Versions

/// Reports the composition and the problems of the catalog or of a version.
public struct AuditDataset: Workflow {
    public struct Request {
        /// `NAME` or `NAME@V`; nil is the whole catalog.
        public var version: String?

        public init(version: String? = nil) {
            self.version = version
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
        /// Whether no finding has the severity `error`.
        public let passes: Bool

        init(_ audit: Audit) {
            findings = audit.findings.map {
                ReportedFinding(
                    check: $0.check.rawValue, severity: $0.severity.rawValue, count: $0.count, detail: $0.detail,
                    photos: $0.photos.isEmpty ? nil : $0.photos.map(\.hex))
            }
            let all = audit.composition
            composition = Composition(
                volunteers: all.volunteers, kinds: all.kinds, triggers: all.triggers, locations: all.locations,
                sessions: all.sessions, roles: all.roles)
            faces = all.faces.mapValues { $0.mapValues { FaceRate(found: $0.found, photos: $0.photos) } }
            likelyFaces = audit.likelyFaces.sorted { $0.key < $1.key }.map {
                ProbableFace(photo: $0.key.hex, box: $0.value.numbers)
            }
            crop = audit.crop.map(CropReport.init)
            passes = audit.passes
        }

        public var isNegative: Bool { !passes }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65, 66) if there is no such version.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        try session.reportIncompleteWithdrawals(context)
        let version = try request.version.map { try session.versions.read(session.resolve($0)) }
        return Result(try Self.audit(version, session))
    }

    /// Audits a version or, if `version` is nil, the catalog.
    static func audit(_ version: Version?, _ session: WorkspaceSession) throws -> Audit {
        let facts = try session.catalog.facts(Catalog.FetchOptions(landmarks: .photosWithTriggerBox))
        guard let version else {
            let profile = try session.catalog.defaultProfile()
            let files = try session.imageFiles(profile)
            return Audit(catalog: facts, groups: try session.catalog.groupDistance(), profile: profile) {
                files.holds($0, "png")
            }
        }
        let profile = version.manifest.recipe.profile
        let files = try session.imageFiles(profile)
        return Audit(version: version, catalog: facts) { [workspace = session.workspace] entry in
            entry.overlay == nil
                ? files.holds(entry.photo, "png")
                : ImageFile(at: workspace.overlaidImageFile(entry.image, profile)).exists
        }
    }
}
