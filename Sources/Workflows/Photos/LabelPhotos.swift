import Core
import Foundation
import Intake

/// Corrects the labels and boxes of photos, or shows the label history of photos.
public struct LabelPhotos: Workflow {
    public struct Request {
        public enum Task {
            /// Gives photos new values. The values that the change leaves out stay.
            case change(PhotoChoice, LabelChange)
            /// Gives photos the labels of a CSV file with the columns `file,volunteer,trigger,location`.
            case sheet(URL)
            /// Gives photos back the label before their present label.
            case undo(PhotoChoice)
            /// Lists the labels of photos; changes nothing.
            case history(PhotoChoice)
        }

        public var task: Task
        /// Counts what would change, and stores nothing.
        public var dryRun: Bool

        public init(_ task: Task, dryRun: Bool = false) {
            self.task = task
            self.dryRun = dryRun
        }
    }

    public struct Result: WorkflowResult {
        /// The labels of a photo, the oldest first.
        public struct History: Encodable {
            public let photo: String
            /// `SESSION/FILE`, or the name that the user gave.
            public let name: String
            public let labels: [PhotoDetails.RecordedLabel]
        }

        /// The number of photos that were named or selected.
        public var photos = 0
        /// The number of photos with a new label.
        public var labelled = 0
        /// The number of boxes that were set or removed.
        public var boxes = 0
        /// The number of photos that have the new values already.
        public var unchanged = 0
        public var dryRun = false
        /// Nil unless the request was for histories.
        public var history: [History]?
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65, 66) if a photo, a value or a line of the CSV file is wrong, or if no photo matches
    ///   a selection. In this case nothing is stored.
    public func run(_ request: Request) throws -> Result {
        switch request.task {
        case .history(let choice): try history(of: choice)
        case .change(let choice, let change): try edit(request.dryRun) { try $0.edits(of: choice, change) }
        case .sheet(let file): try edit(request.dryRun) { try $0.edits(sheet: file) }
        case .undo(let choice): try edit(request.dryRun) { try $0.undo(choice) }
        }
    }

    /// Makes edits, and stores them unless `dryRun` is true.
    private func edit(_ dryRun: Bool, _ make: (LabelEditor) throws -> LabelEdits) throws -> Result {
        let session = try WorkspaceSession.open(context, dryRun: dryRun)
        let editor = LabelEditor(session.catalog, made: context.timestamp)
        let edits = try make(editor)
        if !dryRun { try editor.store(edits) }
        return Result(
            photos: edits.photos, labelled: edits.labelled, boxes: edits.boxes, unchanged: edits.unchanged,
            dryRun: dryRun)
    }

    private func history(of choice: PhotoChoice) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        let catalog = session.catalog
        let histories = try choice.photos(in: catalog).map { photo, name in
            let counting = try catalog.label(of: photo)
            return Result.History(
                photo: photo.hex, name: name.printable(),
                labels: try catalog.labels(of: photo).map {
                    PhotoDetails.RecordedLabel($0, counts: $0.id == counting?.id)
                })
        }
        return Result(photos: histories.count, history: histories)
    }
}
