import Core
import Foundation
import Intake

/// Adds labels to photos: the volunteer in a photo, the triggers and their locations.
public struct LabelPhotos: Workflow {
    public enum Request {
        /// One label for some photos. A `volunteer` of nil keeps the volunteer of each photo.
        case photos([String], volunteer: String?, trigger: String, location: String)
        /// A CSV file with the columns `file,volunteer,trigger,location`.
        case sheet(URL)
    }

    public struct Result: WorkflowResult {
        public let labelled: Int
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65, 66) if a photo, a trigger or a line of the CSV file is wrong. In this case no
    ///   label is stored.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.writing(context)
        let labelling = LabelEditor(session.catalog, made: context.timestamp)
        switch request {
        case .sheet(let file):
            return Result(labelled: try labelling.label(sheet: file))
        case .photos(let photos, let volunteer, let trigger, let location):
            return Result(
                labelled: try labelling.label(
                    photos.map(PhotoReference.init), volunteer: volunteer, trigger: trigger, location: location))
        }
    }
}
