import Catalog
import Core
import Intake
import Versions

/// Shows a photo, a version or a session.
public struct ShowItem: Workflow {
    public struct Request {
        /// A version (`NAME`, `NAME@V`), a session, or a photo (the first digits of its id, or `SESSION/FILE`).
        public var name: String

        public init(name: String) {
            self.name = name
        }
    }

    public enum Result: WorkflowResult {
        case version(VersionDetails)
        case session(SessionDetails)
        case photo(PhotoDetails)

        public func encode(to encoder: any Encoder) throws {
            switch self {
            case .version(let details): try details.encode(to: encoder)
            case .session(let details): try details.encode(to: encoder)
            case .photo(let details): try details.encode(to: encoder)
            }
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if nothing has that name.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        let name = request.name
        if let reference = VersionReference(name),
            try name.contains("@") || !session.versions.numbers(of: reference.name).isEmpty
        {
            let version = try session.versions.read(reference)
            return .version(VersionDetails(version, try session.catalog.exports(of: version.reference)))
        }
        if let found = try SessionName(name).flatMap(session.catalog.session) {
            return .session(SessionDetails(found, try session.catalog.photos(in: found.name)))
        }
        return .photo(try PhotoDetails(PhotoReference(name).photo(in: session.catalog), session))
    }
}

/// A dataset version and its exports.
public struct VersionDetails: Encodable {
    public struct Exported: Encodable {
        public let format: String
        public let path: String
        public let made: String
        public let anonymous: Bool
    }

    public let version: String
    public let digest: String
    public let selectionDigest: String
    public let n: Int
    public let m: Int
    public let mAsked: Int
    public let rate: Double
    public let classes: [String]
    public let counts: [String: Int]
    public let excluded: [String: Int]
    public let crossPairs: Int
    public let exports: [Exported]
    /// The digests before each redaction; null if the version was not redacted.
    @ExplicitNull public var redacted: [String]?
    public let manifest: Manifest

    private enum CodingKeys: CodingKey {
        case version, digest, selectionDigest, n, m, mAsked, rate, classes, counts, excluded, crossPairs, exports,
            redacted
    }

    init(_ version: Version, _ exports: [ExportRecord]) {
        let manifest = version.manifest
        self.version = version.reference
        digest = manifest.digest.hex
        selectionDigest = manifest.selectionDigest.hex
        n = manifest.clean
        m = manifest.poison
        mAsked = manifest.poisonAsked
        rate = manifest.rateReached.double
        classes = manifest.classes.map(\.name.text)
        counts = manifest.counts.byRole
        excluded = manifest.excluded
        crossPairs = manifest.crossPairs
        self.exports = exports.map {
            Exported(format: $0.format, path: $0.path, made: $0.made, anonymous: $0.isAnonymous)
        }
        _redacted = ExplicitNull(wrappedValue: manifest.redacted?.digests.map(\.hex))
        self.manifest = manifest
    }
}

/// A photo session and its photos.
public struct SessionDetails: Encodable {
    public struct SessionFile: Encodable {
        public let photo: String
        public let file: String
    }

    public let session: String
    public let date: String
    public let kind: String
    public let consent: String
    public let photographer: String?
    public let camera: String?
    public let place: String?
    public let photos: [SessionFile]

    init(_ session: Session, _ photos: [(photo: PhotoID, file: String)]) {
        self.session = session.name.text
        date = session.date
        kind = session.kind.rawValue
        consent = session.consent.rawValue
        photographer = session.photographer
        camera = session.camera
        place = session.place
        self.photos = photos.map { SessionFile(photo: $0.photo.hex, file: $0.file) }
    }
}
