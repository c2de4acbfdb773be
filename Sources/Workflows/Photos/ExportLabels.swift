import Core
import Foundation
import Intake
import Storage

/// Writes the labels of a session as a session sheet, with all corrections.
public struct ExportLabels: Workflow {
    public struct Request {
        public var session: String
        /// The sheet to write.
        public var file: URL
        /// A sheet of the session that gives the form of the new sheet. Nil for the file that is replaced, if there is
        /// one.
        public var form: URL?
        /// Replaces an existing file.
        public var replaces: Bool

        public init(session: String, file: URL, form: URL? = nil, replaces: Bool = false) {
            self.session = session
            self.file = file
            self.form = form
            self.replaces = replaces
        }
    }

    public struct Result: WorkflowResult {
        public let session: String
        /// The sheet that was written.
        public let path: String
        /// The sheet that gave the form; absent for the standard form.
        public let form: String?
        public let rows: Int
        /// The number of rows whose location is left open, because the location is a suggestion.
        public let suggested: Int
        /// The number of rows of files that are not in the study, such as files in quarantine.
        public let kept: Int
        /// The number of rows that were left out, because the photos were withdrawn.
        public let dropped: Int
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if there is no such session or no sheet `form`; (65) if the file exists and is not
    ///   replaced, if the file is inside the workspace, or if a sheet cannot contain the labels; (74) if the file cannot
    ///   be written. An existing file is then unchanged.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        let name = try session.sessionName(request.session)
        let file = request.file.standardizedFileURL
        try UserFile.requireOutside(session.workspace, file, name: "a sheet")
        if !request.replaces {
            try UserFile.requireAbsent(file, next: "replace the file with --force, or name another file")
        }
        let exists = FileManager.default.fileExists(atPath: file.path)
        let form = request.form?.standardizedFileURL ?? (exists ? file : nil)
        let export = try SessionSheetExport(name, like: form, in: session.workspace, session.catalog)
        try AtomicFile.removeAbandoned(of: [file])
        try AtomicFile.write(export.bytes, to: file, replaces: request.replaces)
        return Result(
            session: name.text, path: file.path, form: form?.path, rows: export.rows, suggested: export.suggested,
            kept: export.kept, dropped: export.dropped)
    }
}
