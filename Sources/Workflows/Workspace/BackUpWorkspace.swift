import Checking
import Core
import Foundation
import Storage

/// Writes a copy of a workspace, or verifies such a copy.
public struct BackUpWorkspace: Workflow {
    public struct Request {
        /// The folder of the backup.
        public var folder: URL
        /// Verifies the backup in the folder instead of writing a backup.
        public var verifies: Bool
        /// Creates hard links where the file system allows them.
        public var mayLink: Bool

        public init(folder: URL, verifies: Bool = false, mayLink: Bool = true) {
            self.folder = folder
            self.verifies = verifies
            self.mayLink = mayLink
        }
    }

    public struct Result: WorkflowResult {
        public let backup: String
        public let ok: Bool
        /// Nil when a backup was verified.
        public let files: Int?
        public let bytes: Int?
        public let linked: Int?
        public let skipped: [String]
        /// The faults of a backup that was verified.
        public let problems: [ReportedFault]

        public var isNegative: Bool { !ok }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65) if the folder exists or is inside the workspace; (66) if there is no workspace or
    ///   no backup; (74) if a file cannot be read or written.
    public func run(_ request: Request) throws -> Result {
        let folder = request.folder.standardizedFileURL
        guard !request.verifies else { return try verify(folder) }
        let session = try sessionForCopy()
        let summary = try WorkspaceBackup(session.workspace, session.catalog).write(
            to: folder, mayLink: request.mayLink, progress: context.progress(.copyingFiles))
        context.report(.ended(.copyingFiles))
        withExtendedLifetime(session) {}
        return Result(
            backup: folder.path, ok: true, files: summary.files, bytes: summary.bytes, linked: summary.linked,
            skipped: summary.skipped, problems: [])
    }

    /// Locks the workspace, so that all files belong to the same state. Where nothing can be written, the workspace is
    /// only read.
    private func sessionForCopy() throws -> WorkspaceSession {
        do {
            return try WorkspaceSession.writing(context)
        } catch let error as CurareError where error.code == .inputOutput {
            return try WorkspaceSession.reading(context)
        }
    }

    private func verify(_ folder: URL) throws -> Result {
        let report = try context.check(Workspace(root: folder), isDeep: true)
        return Result(
            backup: folder.path, ok: report.ok, files: nil, bytes: nil, linked: nil, skipped: [],
            problems: report.problems.map(ReportedFault.init))
    }
}
