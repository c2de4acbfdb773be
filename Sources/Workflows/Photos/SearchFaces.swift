import Core
import Intake
import Storage

/// Searches all photos of the workspace for faces again, with a detector that the workspace then keeps.
public struct SearchFaces: Workflow {
    public struct Request {
        /// The detector.
        public var detector: FaceDetectorKind

        public init(detector: FaceDetectorKind) {
            self.detector = detector
        }
    }

    public struct Result: WorkflowResult {
        /// A raw value of ``FaceDetectorKind``.
        public let detector: String
        /// The detector before the search.
        public let detectorBefore: String
        public let photos: Int
        public let facesFound: Int
        /// The number of photos with a detected face before the search.
        public let facesFoundBefore: Int
        public let severalFaces: Int
        /// Photos without a face that have probably lost their orientation.
        public let orientationSuspects: Int
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if the weights of the detector or an original are missing, (65) if an original is
    ///   damaged. Nothing is changed then. If the program is killed after the search, the next command that needs an
    ///   image makes the image, and `curare check --repair` removes images without a record.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.writing(context)
        let detectorBefore = try session.catalog.faceDetector()
        let maker = session.imageMaker(context)
        let faces = try maker.searchFaces(with: request.detector, progress: context.progress(.searchingFaces))
        context.report(.ended(.searchingFaces))
        // These images show the crops of the earlier search, and have no records any more.
        for name in try FolderListing.visibleFoldersIfFolder(session.workspace.images) {
            guard let profile = Profile(name: name), profile.crop == .face else { continue }
            try FileRemoval.remove(session.workspace.imageFolder(profile))
        }
        // An import makes the images of the default profile, so they exist after a search too.
        let profile = try session.catalog.defaultProfile()
        _ = try maker.images(of: faces.after.keys.sorted(), profile, progress: context.progress(.makingImages))
        context.report(.ended(.makingImages))
        let records = faces.after.values.compactMap(\.face)
        return Result(
            detector: request.detector.rawValue, detectorBefore: detectorBefore.rawValue, photos: faces.after.count,
            facesFound: records.count { $0.face != nil },
            facesFoundBefore: faces.before.values.count { $0.record?.face != nil },
            severalFaces: records.count { $0.found == .several },
            orientationSuspects: records.count { $0.suspectedRotation != nil })
    }
}
