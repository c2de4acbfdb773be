import Catalog
import Core
import Foundation
import Storage

/// Creates the workspace of a new study.
public struct InitWorkspace: Workflow {
    public struct Request {
        public var folder: URL
        /// Triggers in addition to the seven of the reference study.
        public var triggers: [String]
        /// The profile of the images that an import makes.
        public var profile: Profile
        /// The largest number of different bits between two near-duplicates.
        public var groupDistance: GroupDistance
        /// The detector with which photos are searched for faces. Nil for the network if its weights are installed,
        /// else for the HOG detector.
        public var faceDetector: FaceDetectorKind?

        public init(
            folder: URL, triggers: [String] = [], profile: Profile = .standard,
            groupDistance: GroupDistance = .standard, faceDetector: FaceDetectorKind? = nil
        ) {
            self.faceDetector = faceDetector
            self.folder = folder
            self.triggers = triggers
            self.profile = profile
            self.groupDistance = groupDistance
        }
    }

    public struct Result: WorkflowResult {
        public let workspace: String
        public let profile: String
        public let triggers: [String]
        public let groupDistance: Int
        /// A raw value of ``FaceDetectorKind``.
        public let faceDetector: String
    }

    public init(_ context: WorkflowContext) {}

    /// - Throws: ``CurareError`` (65) if the folder is a workspace already or has other files, if a trigger's name breaks the rule, or if the
    ///   weights of the detector `cnn` are damaged; (66) if these weights are requested and missing.
    public func run(_ request: Request) throws -> Result {
        let workspace = Workspace(root: request.folder)
        let detector = request.faceDetector ?? (InstalledFaceDetector.isInstalled ? .cnn : .hog)
        // Without this check the first import would fail.
        if detector == .cnn { _ = try InstalledFaceDetector.network() }
        let catalog = try Catalog.create(
            in: workspace, profile: request.profile, triggers: TriggerName.all(userInput: request.triggers),
            groups: request.groupDistance, detector: detector)
        return Result(
            workspace: workspace.root.path, profile: request.profile.name,
            triggers: try catalog.triggers().map(\.text), groupDistance: request.groupDistance.bits,
            faceDetector: detector.rawValue)
    }
}
