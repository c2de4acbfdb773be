import Catalog
import Core
import Intake
import Validation
import Versions

/// Shows a version, a grid, a run, a session or a photo. If several items have the same name, the first of these kinds
/// is shown.
public struct ShowItem: Workflow {
    public struct Request {
        /// A version (`NAME`, `NAME@V`), a grid, a run, a session, or a photo (the first digits of its id, or
        /// `SESSION/FILE`).
        public var name: String

        public init(name: String) {
            self.name = name
        }
    }

    public enum Result: WorkflowResult {
        case version(VersionDetails)
        case grid(GridDetails)
        case run(RunDetails)
        case session(SessionDetails)
        case photo(PhotoDetails)

        public func encode(to encoder: any Encoder) throws {
            switch self {
            case .version(let details): try details.encode(to: encoder)
            case .grid(let details): try details.encode(to: encoder)
            case .run(let details): try details.encode(to: encoder)
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
        let names = try VersionNames(session)
        if let reference = VersionReference(name) {
            if reference.number != nil || names.current(reference.name) != nil {
                return .version(try version(session.resolve(name), names, session))
            }
            if let grid = names.grid(reference.name) {
                let runs = try RunRecord.all(in: session.workspace)
                let versions = grid.versions.map { summary(of: $0, names, runs, session) }
                return .grid(GridDetails(reference.name, varied: grid.varied, versions, runs, session))
            }
        }
        let runs = try RunRecord.folders(in: session.workspace)
        if let run = runs.first(where: { $0.lastPathComponent == name }) {
            return .run(RunDetails(RunRecord(run), session.workspace))
        }
        if let found = try SessionName(name).flatMap(session.catalog.session) {
            let photos = try session.catalog.photos(in: found.name)
            let labels = try session.catalog.countingLabels(of: photos.map(\.photo))
            return .session(SessionDetails(found, photos, labels))
        }
        do {
            return .photo(try PhotoDetails(PhotoReference(name).photo(in: session.catalog), session))
        } catch let error as CurareError where error.code == .missingInput && !name.contains("/") {
            let sessions = try session.catalog.sessions().map(\.name.text)
            let known = names.list.map(\.name.text) + runs.map(\.lastPathComponent) + sessions
            throw CurareError(
                .missingInput, "there is no version, grid, run, session or photo \"\(name.prefix(80))\"",
                next: suggestion(for: name, among: known) ?? error.nextStep)
        }
    }

    private func version(
        _ reference: VersionReference, _ names: VersionNames, _ session: WorkspaceSession
    ) throws -> VersionDetails {
        let version = try session.versions.read(reference)
        let runs = try RunRecord.all(in: session.workspace)
        return VersionDetails(
            version, try session.catalog.exports(of: reference.description),
            summary(of: reference, names, runs, session),
            isAlsoGrid: names.grid(reference.name) != nil)
    }

    private func summary(
        of version: VersionReference, _ names: VersionNames, _ runs: [RunRecord], _ session: WorkspaceSession
    ) -> VersionSummary {
        VersionSummary(
            version, names, runs: runs.filter { $0.version == version.description }, session.workspace)
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
    /// Whether the name alone means this version.
    public let current: Bool
    /// When the version was made: UTC, ISO 8601. Absent if the provenance is missing or damaged.
    public let made: String?
    /// The name of the grid that has versions of this name.
    public let grid: String?
    /// The size of the version's files.
    public let bytes: Int
    /// The names of the version's runs.
    public let runs: [String]
    public let manifest: Manifest
    /// Whether a grid has the same name as the version.
    public let isAlsoGrid: Bool

    private enum CodingKeys: CodingKey {
        case version, digest, selectionDigest, n, m, mAsked, rate, classes, counts, excluded, crossPairs, exports,
            redacted, current, made, grid, bytes, runs
    }

    init(_ version: Version, _ exports: [ExportRecord], _ summary: VersionSummary, isAlsoGrid: Bool) {
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
        current = summary.current
        made = summary.made
        grid = summary.grid
        bytes = summary.bytes
        runs = summary.runs
        self.manifest = manifest
        self.isAlsoGrid = isAlsoGrid
    }
}

/// The versions of a grid with the values that distinguish them, and the runs of each version.
public struct GridDetails: Encodable {
    public struct GridVersion: Encodable {
        /// `NAME@V`
        public let version: String
        /// The values of the varied keys as text. Empty for a damaged version.
        public let values: [String: String]
        /// Why the version cannot be read.
        public let damage: String?
        public let n: Int?
        public let m: Int?
        /// The reached injection rate.
        public let rate: Double?
        public let runs: [GridRun]
    }

    public struct GridRun: Encodable {
        public let run: String
        /// `finished`, `unfinished` or `damaged`.
        public let state: String
        public let verdict: String?
        public let cleanAccuracy: Double?
        public let attackSuccess: Double?
    }

    public let grid: String
    /// The keys in `vary`.
    public let vary: [String]
    /// By name. A name has the version that the name alone means.
    public let versions: [GridVersion]

    init(
        _ name: VersionName, varied: [String], _ versions: [VersionSummary], _ runs: [RunRecord],
        _ session: WorkspaceSession
    ) {
        grid = name.text
        vary = varied
        self.versions = versions.map { version in
            let values = varied.compactMap { key in version.manifest?.recipe.value(ofVaried: key).map { (key, $0) } }
            let ownRuns = runs.filter { $0.version == version.version }.map { RunSummary($0, session.workspace) }
            return GridVersion(
                version: version.version, values: Dictionary(uniqueKeysWithValues: values), damage: version.damage,
                n: version.n, m: version.m, rate: version.rate,
                runs: ownRuns.map {
                    GridRun(
                        run: $0.run, state: $0.state, verdict: $0.verdict, cleanAccuracy: $0.cleanAccuracy,
                        attackSuccess: $0.attackSuccess)
                })
        }
    }
}

/// A photo session and its photos.
public struct SessionDetails: Encodable {
    public struct SessionFile: Encodable {
        public let photo: String
        public let file: String
        /// The label that counts; absent for a photo without a label.
        public let label: CountingLabel?
    }

    public struct CountingLabel: Encodable {
        public let volunteer: String
        public let trigger: String
        public let location: String
        /// The origin of the label: a raw value of ``LabelSource``.
        public let source: String

        init(_ record: LabelRecord) {
            volunteer = record.label.volunteer.text
            trigger = record.label.triggerState.triggerText
            location = record.label.triggerState.locationText
            source = record.source.rawValue
        }
    }

    public let session: String
    public let date: String
    public let kind: String
    public let consent: String
    public let photographer: String?
    public let camera: String?
    public let place: String?
    public let photos: [SessionFile]

    /// - Parameter labels: the labels that count.
    init(_ session: Session, _ photos: [(photo: PhotoID, file: String)], _ labels: [PhotoID: LabelRecord]) {
        self.session = session.name.text
        date = session.date
        kind = session.kind.rawValue
        consent = session.consent.rawValue
        photographer = session.photographer
        camera = session.camera
        place = session.place
        self.photos = photos.map {
            SessionFile(photo: $0.photo.hex, file: $0.file, label: labels[$0.photo].map(CountingLabel.init))
        }
    }
}
