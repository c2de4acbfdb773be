import Catalog
import Core
import Validation
import Versions

/// Counts what a workspace contains.
public struct WorkspaceStatus: Workflow {
    public struct Request {
        public init() {}
    }

    public struct Result: WorkflowResult {
        public let workspace: String
        public let photos: Int
        public let images: Int
        public let volunteers: Int
        public let sessions: Int
        public let triggers: Int
        public let versions: Int
        public let runs: Int
        /// Labels that a rule suggested and that no person has confirmed.
        public let suggestions: Int
        /// The detector with which photos are searched for faces: a raw value of ``FaceDetectorKind``.
        public let faceDetector: String
        /// All versions as `NAME@V`, by name and number.
        public let versionList: [String]
        /// The names of all runs, by version and number.
        public let runList: [String]
        /// The names of sessions, people and triggers, sorted.
        public let sessionList: [String]
        public let volunteerList: [String]
        public let triggerList: [String]
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    public func run(_ request: Request = Request()) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        try session.reportIncompleteWithdrawals(context)
        let counts = try session.catalog.counts()
        let versions = try session.versions.list()
        let runs = try RunRecord.folders(in: session.workspace)
        return Result(
            workspace: session.workspace.root.path, photos: counts.photos, images: counts.images,
            volunteers: counts.volunteers, sessions: counts.sessions, triggers: counts.triggers,
            versions: versions.count, runs: runs.count, suggestions: counts.suggestions,
            faceDetector: try session.catalog.faceDetector().rawValue, versionList: versions.map(\.description),
            runList: runs.map(\.lastPathComponent), sessionList: try session.catalog.sessions().map(\.name.text),
            volunteerList: try session.catalog.volunteers().map(\.name.text),
            triggerList: try session.catalog.triggers().map(\.text))
    }
}
