import Core
import Foundation
import Storage
import Versions

/// Unpacks a bundle into a new folder and checks all its digests. Needs no workspace.
public struct UnbundleVersion: Workflow {
    public struct Request {
        /// The bundle.
        public var file: URL
        /// The folder to create. It must not exist.
        public var folder: URL

        public init(file: URL, folder: URL) {
            self.file = file
            self.folder = folder
        }
    }

    public struct Result: WorkflowResult {
        public let version: String
        public let digest: String
        /// `images`, `originals`
        public let parts: [String]
        public let path: String
        public let files: Int
        public let bytes: Int
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65) if the file is not a bundle or is damaged, or if the folder exists or is inside a workspace; (66) if there is
    ///   no such file; (74) if a file cannot be written. No folder remains after an error.
    public func run(_ request: Request) throws -> Result {
        try UserFile.requireOutsideWorkspaces(request.folder)
        let folder = try AtomicDirectory(at: request.folder)
        let unpacked = try UnpackedBundle(request.file, into: folder, progress: context.progress(.copyingFiles))
        context.report(.ended(.copyingFiles))
        let bundle = unpacked.bundle
        if bundle.parts.contains(.images),
            let first = try bundle.changedImages(of: unpacked.version, context).first
        {
            throw CurareError(
                .badInput, "the bundle is damaged: photo \(first.photo?.short ?? ""): \(first.detail)",
                at: request.file.path, next: "ask the sender for a new bundle")
        }
        try folder.finish()
        return Result(
            version: bundle.version, digest: bundle.digest.hex, parts: bundle.parts.map(\.rawValue),
            path: folder.url.path, files: folder.contents.files, bytes: folder.contents.bytes)
    }
}
