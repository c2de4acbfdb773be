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
            /// Gives photos the label of an annotator, also when they have this label already. The annotator `label` keeps
            /// the present labels. Decides about differences between annotators.
            case resolve(PhotoChoice, annotator: String)
            /// Lists the labels of photos; changes nothing.
            case history(PhotoChoice)
        }

        public var task: Task
        /// Counts what would change, and stores nothing.
        public var dryRun: Bool
        /// Who makes the change; nil if the person is not named.
        public var author: String?

        public init(_ task: Task, dryRun: Bool = false, author: String? = nil) {
            self.task = task
            self.dryRun = dryRun
            self.author = author
        }
    }

    public struct Result: WorkflowResult {
        /// The labels of a photo and the changes of its boxes, the oldest first.
        public struct History: Encodable {
            public let photo: String
            /// `SESSION/FILE`, or the name that the user gave.
            public let name: String
            public let labels: [PhotoDetails.RecordedLabel]
            public let boxes: [PhotoDetails.RecordedBox]
        }

        /// A label in a change.
        public struct ChangedLabel: Encodable {
            public let volunteer: String
            public let trigger: String
            public let location: String
            /// Whether a rule suggested the label.
            public let suggested: Bool

            init(_ label: Label, suggested: Bool = false) {
                volunteer = label.volunteer.text
                trigger = label.triggerState.triggerText
                location = label.triggerState.locationText
                self.suggested = suggested
            }
        }

        /// A photo that gets another label.
        public struct Change: Encodable {
            public let photo: String
            /// `SESSION/FILE`, or the name that the user gave.
            public let name: String
            /// Nil if the photo had no label.
            @ExplicitNull public var old: ChangedLabel?
            public let new: ChangedLabel

            init(_ difference: LabelDifference) {
                photo = difference.photo.hex
                name = difference.name.printable()
                _old = ExplicitNull(
                    wrappedValue: difference.old.map { ChangedLabel($0, suggested: difference.wasSuggested) })
                new = ChangedLabel(difference.new)
            }
        }

        /// The number of photos that were named or selected.
        public var photos = 0
        /// The number of photos with a new label.
        public var labelled = 0
        /// The number of boxes that were set or removed.
        public var boxes = 0
        /// The number of photos that have the new values already.
        public var unchanged = 0
        /// The labels before and after the change, in the order of the photos.
        public var changes: [Change] = []
        /// How to remove boxes by hand, if an undo leaves such boxes; nil otherwise.
        public var hint: String?
        /// Warnings about changes that were possible, such as a person who has no other photo in a session.
        public var warnings: [String] = []
        public var dryRun = false
        /// Nil unless the request was for histories.
        public var history: [History]?
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (64) if the author is not a valid name; (65, 66) if a photo, a value or a line of the CSV file is wrong, or if no photo matches
    ///   a selection. In this case nothing is stored. After a face box is stored, the image is made from the original: (66)
    ///   if the original is missing, (65) if it is damaged. The box then stays stored.
    public func run(_ request: Request) throws -> Result {
        switch request.task {
        case .history(let choice): try history(of: choice)
        case .change(let choice, let change): try edit(request) { try $0.edits(of: choice, change) }
        case .sheet(let file): try edit(request) { try $0.edits(sheet: file) }
        case .undo(let choice): try edit(request) { try $0.undo(choice) }
        case .resolve(let choice, let annotator): try edit(request) { try $0.resolve(choice, annotator: annotator) }
        }
    }

    /// Makes edits, and stores them unless the request is a dry run.
    private func edit(_ request: Request, _ make: (LabelEditor) throws -> LabelEdits) throws -> Result {
        let author = try Author.parsing(request.author)
        let session = try WorkspaceSession.open(context, dryRun: request.dryRun)
        let editor = LabelEditor(session.catalog, made: context.timestamp, author: author)
        let edits = try make(editor)
        if !request.dryRun {
            try editor.store(edits)
            try remakeImages(of: edits.photosWithFaceBox, session)
        }
        return Result(
            photos: edits.photos, labelled: edits.labelled, boxes: edits.boxes, unchanged: edits.unchanged,
            changes: edits.differences.map(Result.Change.init), hint: LabelEditor.undoHint(edits.keptBoxes),
            warnings: edits.warnings, dryRun: request.dryRun)
    }

    private func remakeImages(of photos: [PhotoID], _ session: WorkspaceSession) throws {
        guard !photos.isEmpty else { return }
        try session.imageMaker(context).remakeFaceCrops(of: photos, progress: context.progress(.makingImages))
        context.report(.ended(.makingImages))
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
                }, boxes: try catalog.boxHistory(of: photo).map(PhotoDetails.RecordedBox.init))
        }
        return Result(photos: histories.count, history: histories)
    }
}
