import Core
import Demo
import Foundation
import Storage

/// Draws a made-up study: session folders with photos of drawn volunteers, and recipes.
public struct DrawDemo: Workflow {
    public struct Request {
        /// The folder to write; it must not exist.
        public var folder: URL
        /// The same seed gives the same photos.
        public var seed: Int

        public init(folder: URL, seed: Int = 1) {
            self.folder = folder
            self.seed = seed
        }
    }

    public struct Result: WorkflowResult {
        public let dir: String
        /// Folders of sessions.
        public let sessions: [String]
        /// Recipe files.
        public let recipes: [String]
        public let photos: Int
        /// The number of different photo sessions.
        public let sessionCount: Int

        private enum CodingKeys: CodingKey {
            case dir, sessions, recipes, photos
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65) if the folder exists; (74) if it cannot be written.
    public func run(_ request: Request) throws -> Result {
        let folder = request.folder
        let directory = try AtomicDirectory(at: folder)
        let summary: DemoStudy.Summary
        do {
            summary = try DemoStudy(seed: request.seed).write(
                to: directory.partial, progress: context.progress(.drawingDemo))
        } catch let error as CocoaError {
            throw CurareError(
                .inputOutput, "the study could not be written: \(error.localizedDescription)", at: folder.path,
                next: "check that the disk has space and that you may write there")
        }
        try directory.finish()
        context.report(.ended(.drawingDemo))
        func finished(_ file: URL) -> String { folder.path + file.path.dropFirst(directory.partial.path.count) }
        return Result(
            dir: folder.path, sessions: summary.sessionFolders.map(finished), recipes: summary.recipes.map(finished),
            photos: summary.photos, sessionCount: summary.sessions)
    }
}
