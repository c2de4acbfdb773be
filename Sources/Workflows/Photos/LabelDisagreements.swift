import Auditing
import Catalog
import Core

/// Lists the photos about which annotators disagree and nobody has decided.
public struct LabelDisagreements: Workflow {
    public struct Request {
        /// The session whose photos are listed; nil for all photos.
        public var session: String?

        public init(session: String? = nil) {
            self.session = session
        }
    }

    public struct Result: WorkflowResult {
        /// In the order of photo ids.
        public let photos: [PhotoDisagreement]
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if there is no such session.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        let name = try request.session.map { try session.sessionName($0) }
        let open = try AnnotatorAgreement(session.catalog, in: name).disagreements.filter { !$0.isDecided }
        return Result(photos: try PhotoDisagreement.list(open, in: session.catalog))
    }
}

/// A photo that has different labels from its annotators.
public struct PhotoDisagreement: Encodable, Sendable {
    public struct AnnotatorLabel: Encodable, Sendable {
        /// The author of an annotation, or `label` for the label that counts.
        public let author: String
        public let volunteer: String
        public let trigger: String
        public let location: String
    }

    public let photo: String
    /// `SESSION/FILE`.
    public let name: String
    /// The label that counts first, if the photo has one, then the annotations by author.
    public let labels: [AnnotatorLabel]
    /// Whether a person gave the label that counts by hand after the last annotation.
    public let decided: Bool

    static func list(_ disagreements: [AnnotatorAgreement.Disagreement], in catalog: Catalog) throws
        -> [PhotoDisagreement]
    {
        let names = disagreements.isEmpty ? [:] : try catalog.sessionPhotos()
        return disagreements.map { disagreement in
            PhotoDisagreement(
                photo: disagreement.photo.hex,
                name: names[disagreement.photo].map { "\($0.session)/\($0.file)" } ?? disagreement.photo.short,
                labels: disagreement.labels.map {
                    AnnotatorLabel(
                        author: $0.annotator, volunteer: $0.label.volunteer.text,
                        trigger: $0.label.triggerState.triggerText, location: $0.label.triggerState.locationText)
                }, decided: disagreement.isDecided)
        }
    }
}
