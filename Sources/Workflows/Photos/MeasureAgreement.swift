import Auditing
import Catalog
import Core

/// Measures how much the annotators agree, with Cohen's kappa, and lists the photos about which they disagree.
public struct MeasureAgreement: Workflow {
    public struct Request {
        /// The session whose photos are compared; nil for all photos.
        public var session: String?

        public init(session: String? = nil) {
            self.session = session
        }
    }

    public struct Result: WorkflowResult {
        public struct Annotator: Encodable {
            /// The author of annotations, or `label` for the labels that count.
            public let author: String
            /// The number of the annotated photos with a label of this annotator.
            public let photos: Int
        }

        public struct Agreement: Encodable {
            public let first: String
            public let second: String
            /// `volunteer`, `trigger` or `location`.
            public let field: String
            /// The number of photos with a label of both annotators.
            public let photos: Int
            public let agreed: Int
            /// The share of photos with equal labels; null without photos.
            @ExplicitNull public var observed: Double?
            /// The agreement by chance; null without photos.
            @ExplicitNull public var expected: Double?
            /// Null if kappa is not defined; ``caveat`` gives the reason.
            @ExplicitNull public var kappa: Double?
            /// The 95% interval of kappa; null if kappa is not defined or has no standard error.
            @ExplicitNull public var interval: [Double]?
            /// A raw value of ``CohenKappa/Caveat``; absent for a plain kappa.
            public let caveat: String?

            init(_ pair: AnnotatorAgreement.Pair) {
                first = pair.first
                second = pair.second
                field = pair.field.rawValue
                photos = pair.kappa.photos
                agreed = pair.kappa.agreed
                _observed = ExplicitNull(wrappedValue: pair.kappa.observed)
                _expected = ExplicitNull(wrappedValue: pair.kappa.expected)
                _kappa = ExplicitNull(wrappedValue: pair.kappa.value)
                _interval = ExplicitNull(
                    wrappedValue: pair.kappa.interval.map { [$0.lowerBound, $0.upperBound] })
                caveat = pair.kappa.caveat?.rawValue
            }
        }

        /// Absent for all photos.
        public let session: String?
        public let annotators: [Annotator]
        public let agreement: [Agreement]
        /// In the order of photo ids, decided differences included.
        public let disagreements: [PhotoDisagreement]
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if there is no such session.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        let name = try request.session.map { try session.sessionName($0) }
        let agreement = try AnnotatorAgreement(session.catalog, in: name)
        return Result(
            session: name?.text,
            annotators: agreement.annotators.map { Result.Annotator(author: $0.name, photos: $0.photos) },
            agreement: agreement.pairs.map(Result.Agreement.init),
            disagreements: try PhotoDisagreement.list(agreement.disagreements, in: session.catalog))
    }
}

extension AnnotatorAgreement {
    /// Compares the annotators of a catalog.
    ///
    /// - Parameter session: the session whose photos are compared; nil for all photos.
    init(_ catalog: Catalog, in session: SessionName?) throws {
        let photos = try session.map { Set(try catalog.photos(in: $0).map(\.photo)) }
        let annotations = try catalog.annotations().filter { photos?.contains($0.photo) ?? true }
        let annotated = Set(annotations.map(\.photo)).sorted()
        self.init(counting: try catalog.countingLabels(of: annotated), annotations: annotations)
    }
}
