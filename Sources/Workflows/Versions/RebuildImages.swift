import Core
import Foundation
import Intake
import Storage
import Versions

/// Makes a version's images again from its folder and a folder of photos, without a workspace. Writes the images, or an
/// export.
public struct RebuildImages: Workflow {
    public struct Request {
        /// The folder of the version, with `manifest.json` and `entries.jsonl`, or the folder of an unpacked bundle.
        public var version: URL
        /// The folder with the photos, under any names. Nil uses the photos or images of the bundle.
        public var photos: URL?
        /// The folder for the images or for the export. The folder for an export must not exist. The folder for images
        /// must be empty, or contain only images of an earlier rebuild.
        public var output: URL
        /// The digest that the version must have. Nil accepts any digest.
        public var digest: FileDigest?
        /// The format of an export. Nil writes the images only.
        public var format: ExportFormat?
        /// Writes an export even if images are missing.
        public var allowsMissing: Bool

        public init(
            version: URL, photos: URL?, output: URL, digest: FileDigest? = nil, format: ExportFormat? = nil,
            allowsMissing: Bool = false
        ) {
            self.version = version
            self.photos = photos
            self.output = output
            self.digest = digest
            self.format = format
            self.allowsMissing = allowsMissing
        }
    }

    public struct Result: WorkflowResult {
        public struct PhotoWithoutImage: Encodable {
            public let photo: String
            public let volunteer: String
            public let session: String
            public let role: String
            /// The drawn trigger; absent for a photo without a drawn trigger.
            public let overlay: String?
            public let reason: String?
        }

        /// The numbers of missing photos. A photo counts once, with all its copies.
        public struct MissingPhotos: Encodable {
            public let sessions: [String: Int]
            public let volunteers: [String: Int]

            init(_ missing: [PhotoWithoutImage]) {
                let photos = Dictionary(missing.map { ($0.photo, $0) }) { first, _ in first }.values
                sessions = photos.reduce(into: [:]) { $0[$1.session, default: 0] += 1 }
                volunteers = photos.reduce(into: [:]) { $0[$1.volunteer, default: 0] += 1 }
            }
        }

        public struct Exported: Encodable {
            public let format: String
            public let files: Int
            public let bytes: Int
            /// The number of the version's images that the export lacks.
            public let omitted: Int
        }

        public let version: String
        public let digest: String
        /// The digest that the user gave.
        @ExplicitNull public var expectedDigest: String?
        /// Whether the version has, or had before a redaction, the digest that the user gave. Nil without such a digest.
        @ExplicitNull public var digestMatches: Bool?
        /// The folder of the images, or of the export.
        public let images: String
        public let made: Int
        public let missing: [PhotoWithoutImage]
        public let missingBy: MissingPhotos
        public let differing: [PhotoWithoutImage]
        public let failed: [PhotoWithoutImage]
        /// Nil when no export was requested, or when the export was not written because images are missing.
        @ExplicitNull public var export: Exported?
        /// The number of images in the version.
        public let total: Int
        /// Whether an export was requested and not written.
        public let isExportRefused: Bool
        public let outcome: ImageRebuilder.Outcome

        private enum CodingKeys: CodingKey {
            case version, digest, expectedDigest, digestMatches, images, made, missing, missingBy, differing, failed,
                export
        }

        fileprivate init(
            _ version: Version, _ outcome: ImageRebuilder.Outcome, _ request: Request, _ export: Exported? = nil
        ) throws {
            // A photo and its copies with drawn triggers have different images.
            let entries = Dictionary(version.entries.list.map { ([$0.photo.hex, $0.image.hex], $0) }) { first, _ in
                first
            }
            func photo(_ wanted: ImageRebuilder.ExpectedImage, _ reason: String? = nil) throws -> PhotoWithoutImage {
                guard let entry = entries[[wanted.photo.hex, wanted.image.hex]] else {
                    throw CurareError(.bug, "image \(wanted.image.hex) has no entry", next: "please report this")
                }
                return PhotoWithoutImage(
                    photo: wanted.photo.hex, volunteer: entry.volunteer.name.text, session: entry.session.text,
                    role: entry.role.rawValue, overlay: entry.overlay?.text, reason: reason)
            }
            let profile = version.manifest.recipe.profile.name
            self.version = version.reference
            digest = version.manifest.digest.hex
            _expectedDigest = ExplicitNull(wrappedValue: request.digest?.hex)
            _digestMatches = ExplicitNull(wrappedValue: request.digest.map { version.manifest.isIdentified(by: $0) })
            images = (request.format == nil ? request.output.appending(path: profile) : request.output).path
            made = outcome.made.count
            missing = try outcome.missing.map { try photo($0) }
            missingBy = MissingPhotos(missing)
            differing = try outcome.differing.map { try photo($0) }
            failed = try outcome.failed.map { try photo($0.expected, $0.reason) }
            _export = ExplicitNull(wrappedValue: export)
            isExportRefused = request.format != nil && export == nil
            total = version.entries.list.count
            self.outcome = outcome
        }

        public var isNegative: Bool { !outcome.isComplete || digestMatches == false }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65) if the version's files do not have their digests, if the folder for an export
    ///   exists, if the folder for images has other files, or if the folder is inside a workspace; (66) if a folder is
    ///   missing, or if it has no photo of the version; (64) if no folder of photos is given; (74) if a file cannot be
    ///   written.
    public func run(_ request: Request) throws -> Result {
        try UserFile.requireOutsideWorkspaces(request.output)
        let received = try ReceivedVersion(request.version)
        let version = received.version
        if let digest = request.digest, !version.manifest.isIdentified(by: digest) {
            return try Result(version, ImageRebuilder.Outcome(), request)
        }
        let problems = try Verification.files(received.folder, version)
        guard problems.isEmpty else {
            throw CurareError(
                .badInput, "the version's files do not have the digests in its manifest", at: request.version.path,
                next: "restore the files from a copy", problems: problems.map { CurareError.Problem("", $0.detail) })
        }
        guard let format = request.format else {
            try Self.requireEmpty(request.output, except: version.manifest.recipe.profile)
            return try Result(version, rebuild(received, request, to: request.output), request)
        }
        return try export(received, request, format)
    }

    /// Checks that the folder for images is empty, or has only the images that an earlier rebuild made. These images are
    /// kept, so that a rebuild can continue.
    private static func requireEmpty(_ folder: URL, except profile: Profile) throws {
        guard try FolderListing.namesIfFolder(folder).contains(where: { $0 != profile.name }) else { return }
        throw CurareError(
            .badInput, "the folder for the images is not empty", at: folder.path,
            next: "name a new or an empty folder with --to")
    }

    /// Makes the images below `folder`, in the layout of a workspace's `images` folder.
    private func rebuild(_ received: ReceivedVersion, _ request: Request, to folder: URL) throws
        -> ImageRebuilder.Outcome
    {
        let version = received.version
        let recipe = version.manifest.recipe
        let wanted = try version.entries.list.map {
            ImageRebuilder.ExpectedImage(photo: $0.photo, image: $0.image, face: $0.face, copy: try $0.copy(in: recipe))
        }
        let overlays = try version.overlayImages(in: received.folder)
        let rebuilder = ImageRebuilder(recipe.profile, overlays, threads: context.threadBudget)
        defer { context.report(.ended(.rebuildingImages)) }
        if request.photos == nil, let bundle = received.bundle, bundle.parts.contains(.images) {
            return try rebuilder.copy(
                wanted, from: bundle.images, to: folder, making: context.progress(.rebuildingImages))
        }
        let inBundle = received.bundle.flatMap { $0.parts.contains(.originals) ? $0.photos : nil }
        guard let photos = request.photos ?? inBundle else {
            throw CurareError(
                .usage, "there are no photos in the folder of the version", at: request.version.path,
                next: "name the folder of the photos with --photos DIR")
        }
        return try rebuilder.rebuild(
            wanted, from: photos, to: folder, searching: context.progress(.searchingPhotos),
            making: context.progress(.rebuildingImages))
    }

    /// Makes the images in a temporary folder next to the export, and writes the export from them. Its files have the
    /// same bytes as those of an export from the workspace.
    private func export(_ received: ReceivedVersion, _ request: Request, _ format: ExportFormat) throws -> Result {
        let version = received.version
        let output = request.output.standardizedFileURL
        let folder = try AtomicDirectory(at: output)
        let images = try AtomicDirectory(
            at: output.deletingLastPathComponent().appending(path: ".\(output.lastPathComponent).images"))
        // The temporary folder exists until this value is destroyed.
        return try withExtendedLifetime(images) {
            let layout = Workspace(root: images.partial)
            let outcome = try rebuild(received, request, to: layout.images)
            guard outcome.isComplete || request.allowsMissing else { return try Result(version, outcome, request) }
            let made = Set(outcome.made.map { SampleImage(photo: $0.photo, image: $0.image, isCopy: $0.copy != nil) })
            let export = try Export(version, in: received.folder, as: format) { entry in
                made.contains(
                    SampleImage(photo: entry.photo, image: entry.image, isCopy: entry.overlay != nil))
            }
            let profile = version.manifest.recipe.profile
            try export.fill(folder, mayLink: true) { layout.imageFile(of: $0, profile) }
            try folder.finish()
            let contents = folder.contents
            return try Result(
                version, outcome, request,
                Result.Exported(
                    format: format.rawValue, files: contents.files, bytes: contents.bytes, omitted: export.omitted))
        }
    }

    /// Identifies the image of an entry.
    private struct SampleImage: Hashable {
        let photo: PhotoID
        let image: ImageDigest
        let isCopy: Bool
    }
}
