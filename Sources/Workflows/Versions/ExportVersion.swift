import Catalog
import Core
import Foundation
import Intake
import Storage
import Versions

/// Writes a version as a folder in the format of another program.
public struct ExportVersion: Workflow {
    public struct Request {
        /// `NAME` or `NAME@V`.
        public var version: String
        public var format: ExportFormat
        /// The folder to write. It must not exist, and it must be outside the workspace.
        public var folder: URL
        /// Replaces class names by numbers, and leaves out the version's own files.
        public var isAnonymous: Bool
        /// Copies images instead of making hard links.
        public var copiesImages: Bool

        public init(
            version: String, format: ExportFormat, folder: URL, isAnonymous: Bool = false, copiesImages: Bool = false
        ) {
            self.version = version
            self.format = format
            self.folder = folder
            self.isAnonymous = isAnonymous
            self.copiesImages = copiesImages
        }
    }

    public struct Result: WorkflowResult {
        public let version: String
        public let digest: String
        public let format: String
        public let anonymous: Bool
        public let path: String
        public let files: Int
        public let bytes: Int
        /// Images that are hard links to the workspace's files.
        public let linked: Int
        public let warnings: [String]
        public let seconds: Double
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65) if the folder is inside the workspace or exists, or if the version may not be
    ///   used; (66) if there is no such version; (74) if a file cannot be written. No folder remains after an error.
    public func run(_ request: Request) throws -> Result {
        let start = ContinuousClock.now
        let session = try WorkspaceSession.writing(context)
        let target = request.folder.standardizedFileURL
        try UserFile.requireOutside(session.workspace, target, name: "an export", kind: "folder")
        let (version, source, warnings) = try session.versionForUse(request.version)
        let folder = try AtomicDirectory(at: target)
        let profile = version.manifest.recipe.profile
        try session.imageMaker(context)
            .ensureImages(of: version, in: source, profile, progress: context.progress(.checkingImages))
        context.report(.ended(.checkingImages))
        let record = ExportRecord(
            version: version.reference, digest: version.manifest.digest, format: request.format.rawValue,
            isAnonymous: request.isAnonymous, path: target.path, made: context.timestamp)
        // Recorded before the first image is written, so that a withdrawal also names the remains of a killed export.
        try session.catalog.record(record)
        try Export(version, in: source, as: request.format, isAnonymous: request.isAnonymous).fill(
            folder, mayLink: !request.copiesImages
        ) {
            session.workspace.imageFile(of: $0, profile)
        }
        try folder.finish()
        let contents = folder.contents
        return Result(
            version: record.version, digest: record.digest.hex, format: record.format, anonymous: request.isAnonymous,
            path: record.path, files: contents.files, bytes: contents.bytes, linked: contents.linked,
            warnings: warnings, seconds: (ContinuousClock.now - start).seconds)
    }
}
