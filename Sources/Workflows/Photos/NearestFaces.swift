import Core
import Intake
import Learning

/// The people whose photos have the nearest faces to a photo.
public struct NearestFaces: Workflow {
    public struct Request {
        /// An id or its beginning, or `SESSION/FILE`.
        public var photo: String

        public init(photo: String) {
            self.photo = photo
        }
    }

    public struct Result: WorkflowResult {
        public struct Person: Encodable {
            public let volunteer: String
            /// The Euclidean distance of the embeddings. dlib treats clear faces below 0.6 as one person.
            public let distance: Double
            /// The person's photo with the nearest face.
            public let photo: String
        }

        public let photo: String
        /// Whether the weights of the face network are installed. Otherwise there are no people.
        public let installed: Bool
        /// At most five, the nearest first. Empty if the photo has no face.
        public let people: [Person]
    }

    /// The number of people.
    static let people = 5

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// Compares the photo with the stored embeddings of other photos. The embedding of the photo itself is computed if it
    /// is missing.
    ///
    /// - Throws: ``CurareError`` (65, 66) if there is no such photo.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        let photo = try PhotoReference(request.photo).photo(in: session.catalog)
        guard let network = try InstalledFaceNetwork.network(in: context.weights) else {
            return Result(photo: photo.hex, installed: false, people: [])
        }
        var stored = try session.catalog.embeddings(weights: network.digest)
        if stored[photo] == nil, try session.catalog.faces(of: [photo])[photo]?.face != nil {
            let computed = try EmbeddedFaces(session, context).compute([photo], with: network)
            stored.merge(computed.embeddings) { $1 }
        }
        guard let own = stored[photo] else { return Result(photo: photo.hex, installed: true, people: []) }
        var labels: [PhotoID: VolunteerName] = [:]
        try session.catalog.forEachPhoto(nil, .init(landmarks: .none, quality: false)) {
            labels[$0.photo] = $0.label?.volunteer
        }
        return Result(
            photo: photo.hex, installed: true,
            people: Self.nearestPeople(near: own, of: photo, among: stored, labels))
    }

    /// Returns the nearest photo of each of the nearest people, the nearest first. Equal distances are in the order of
    /// names, and of photo ids for one person.
    static func nearestPeople(
        near own: FaceEmbedding, of photo: PhotoID, among embeddings: [PhotoID: FaceEmbedding],
        _ labels: [PhotoID: VolunteerName]
    ) -> [Result.Person] {
        var nearest: [VolunteerName: (distance: Float, photo: PhotoID)] = [:]
        for (other, embedding) in embeddings where other != photo {
            guard let volunteer = labels[other] else { continue }
            let distance = own.distance(to: embedding)
            if let before = nearest[volunteer], (before.distance, before.photo) < (distance, other) { continue }
            nearest[volunteer] = (distance, other)
        }
        return nearest.sorted { ($0.value.distance, $0.key) < ($1.value.distance, $1.key) }.prefix(people).map {
            Result.Person(volunteer: $0.key.text, distance: Double($0.value.distance), photo: $0.value.photo.hex)
        }
    }
}
