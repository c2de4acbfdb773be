import Catalog
import Core
import Foundation
import Intake

/// Reads the labels of a further annotator from a CSV file. The labels that count do not change.
public struct ImportLabels: Workflow {
    public struct Request {
        /// A CSV file with the columns of `session.csv`.
        public var file: URL
        /// The annotator.
        public var author: String
        /// The session whose file names the column `file` contains; nil if the column contains ids or `SESSION/FILE`.
        public var session: String?
        /// Counts what would change, and stores nothing.
        public var dryRun: Bool

        public init(file: URL, author: String, session: String? = nil, dryRun: Bool = false) {
            self.file = file
            self.author = author
            self.session = session
            self.dryRun = dryRun
        }
    }

    public struct Result: WorkflowResult {
        public let author: String
        /// The number of rows with a label.
        public let rows: Int
        /// The number of photos that the annotator had not labelled before.
        public let added: Int
        /// The number of photos with another label from the same annotator than before.
        public let replaced: Int
        /// The number of photos with the same label from the same annotator as before.
        public let unchanged: Int
        /// The number of rows that the annotator left open.
        public let skipped: Int
        /// The number of photos whose label that counts differs from the row.
        public let different: Int
        public let dryRun: Bool
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (64) if the author is not a valid name; (65) with all problems of the file; (66) if there
    ///   is no such file or session. Nothing is stored then.
    public func run(_ request: Request) throws -> Result {
        guard let author = try Author.parsing(request.author), author.text != Annotation.countingAnnotator else {
            throw CurareError(
                .usage, "no annotator can have the name \"\(Annotation.countingAnnotator)\"",
                next: "the name means the labels that count; write the name of the annotator")
        }
        let session = try WorkspaceSession.open(context, dryRun: request.dryRun)
        let catalog = session.catalog
        let name = try request.session.map { try session.sessionName($0) }
        let sheet = try AnnotationSheet(request.file, session: name, in: catalog)
        let changes =
            request.dryRun
            ? try catalog.changes(ofAnnotations: sheet.labels, by: author)
            : try catalog.store(annotations: sheet.labels, by: author, made: context.timestamp)
        let counting = try catalog.countingLabels(of: sheet.labels.map(\.photo))
        return Result(
            author: author.text, rows: sheet.labels.count, added: changes.added, replaced: changes.replaced,
            unchanged: changes.unchanged, skipped: sheet.skipped,
            different: sheet.labels.count { photo, label in counting[photo].map { $0.label != label } ?? false },
            dryRun: request.dryRun)
    }
}

extension WorkspaceSession {
    /// Returns the session that a user named.
    ///
    /// - Throws: ``CurareError`` (66) if there is no such session.
    func sessionName(_ text: String) throws -> SessionName {
        if let name = SessionName(text), try catalog.session(name) != nil { return name }
        let known = try catalog.sessions().map(\.name.text)
        throw CurareError(
            .missingInput, "there is no session \"\(text.prefix(80))\"",
            next: suggestion(for: text, among: known) ?? "sessions: \(known.prefix(40).joined(separator: ", "))")
    }
}
