import Core
import Foundation
import Imaging
import Intake

/// Draws contact sheets: many small images on a page, for review.
public struct MakeContactSheets: Workflow {
    public struct Request {
        /// Filters. Nil accepts every photo.
        public var session: String?
        public var volunteer: String?
        public var trigger: String?
        public var problem: PhotoFlag?
        /// The first PNG file to write.
        public var file: URL
        /// The longer side of an image, in pixels: 48 to 256.
        public var size: Int
        /// Images in a row: 1 to 40.
        public var columns: Int

        public init(
            session: String? = nil, volunteer: String? = nil, trigger: String? = nil, problem: PhotoFlag? = nil,
            file: URL, size: Int = 128, columns: Int = 20
        ) {
            self.session = session
            self.volunteer = volunteer
            self.trigger = trigger
            self.problem = problem
            self.file = file
            self.size = size
            self.columns = columns
        }
    }

    public struct Result: WorkflowResult {
        public let files: [String]
        public let photos: Int
        public let sheets: Int
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) for an unknown session, volunteer or trigger; (65) if a file exists already.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        let choice = try ContactSheetFilter(
            session: request.session, volunteer: request.volunteer, trigger: request.trigger, problem: request.problem,
            in: session.catalog)
        let made = try ContactSheetMaker(session.workspace, session.catalog, threads: context.threadBudget).make(
            choice, ContactSheet(size: request.size, columns: request.columns), to: request.file,
            progress: context.progress(.drawingSheet))
        context.report(.ended(.drawingSheet))
        return Result(files: made.files.map(\.path), photos: made.photos, sheets: made.files.count)
    }
}
