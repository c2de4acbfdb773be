import Core
import Foundation
import Imaging
import Intake
import Storage
import Versions

/// Compares a version with its digests, its recipe and the current catalog. A version outside of a workspace is compared
/// with its digests and its recipe only.
public struct VerifyVersion: Workflow {
    public struct Request {
        /// `NAME` or `NAME@V`; or the folder of a version or of an unpacked bundle. See ``ReceivedVersion``.
        public var version: String
        /// Also makes every image again and compares the pixels. The images of a bundle are compared in any case.
        public var remakesImages: Bool

        public init(version: String, remakesImages: Bool = false) {
            self.version = version
            self.remakesImages = remakesImages
        }
    }

    public struct Result: WorkflowResult {
        public struct Mismatch: Encodable {
            public let layer: String
            public let kind: String
            @ExplicitNull public var photo: String?
            public let detail: String
        }

        public struct Redacted: Encodable {
            public let photos: Int
            /// The version's digests before each redaction.
            public let digests: [String]
        }

        /// A layer that was not checked.
        public struct NotChecked: Encodable {
            public let layer: String
            public let reason: String
            /// What the user can do.
            public let next: String
        }

        public let ok: Bool
        /// `NAME@V`
        public let version: String
        public let digest: String
        /// The version's folder, when it was named instead of a version of the workspace.
        @ExplicitNull public var folder: String?
        /// Whether each layer that was checked has no problem: `files`, `selection`, `catalog`.
        public let layers: [String: Bool]
        public let notChecked: [NotChecked]
        public let problems: [Mismatch]
        @ExplicitNull public var redacted: Redacted?

        init(_ version: Version, _ verification: Verification, folder: URL? = nil) {
            ok = verification.ok
            self.version = version.reference
            digest = version.manifest.digest.hex
            _folder = ExplicitNull(wrappedValue: folder?.path)
            layers = Dictionary(
                uniqueKeysWithValues: Verification.Layer.allCases.filter(verification.checks).map {
                    ($0.rawValue, verification.holds($0))
                })
            notChecked = verification.unchecked.map {
                NotChecked(layer: $0.layer.rawValue, reason: $0.reason, next: $0.nextStep)
            }
            problems = verification.problems.map {
                Mismatch(
                    layer: $0.layer.rawValue, kind: $0.kind.rawValue, photo: $0.photo?.hex,
                    detail: $0.detail.printable())
            }
            _redacted = ExplicitNull(
                wrappedValue: verification.redacted.map { Redacted(photos: $0.photos, digests: $0.digests.map(\.hex)) })
        }

        public var isNegative: Bool { !ok }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65, 66) if there is no such version or if its files cannot be read; (64) if the images
    ///   of a version outside of a workspace cannot be checked.
    public func run(_ request: Request) throws -> Result {
        if ReceivedVersion.isPath(request.version) {
            return try verify(ReceivedVersion(URL(filePath: request.version)), checksImages: request.remakesImages)
        }
        let session: WorkspaceSession
        let folder: URL
        do {
            session = try WorkspaceSession.reading(context)
            folder = try session.versions.folder(session.resolve(request.version))
        } catch let error as CurareError where error.code == .missingInput || error.code == .badInput {
            let url = URL(filePath: request.version)
            let isFile = FileManager.default.fileExists(atPath: url.path) && !FolderListing.isFolder(at: url.path)
            guard !isFile else { throw ReceivedVersion.noVersion(at: url) }
            guard error.code == .missingInput, let received = try ReceivedVersion(ifAt: url) else { throw error }
            return try verify(received, checksImages: request.remakesImages)
        }
        let version = try VersionStore.read(folder)
        var verification = try session.verify(version, in: folder)
        if request.remakesImages { try remakeImages(of: version, in: folder, session, &verification) }
        return Result(version, verification)
    }

    /// Verifies a version outside of a workspace. The images of a bundle are always compared: SHA256SUMS has digests of
    /// files, which need not be those of the version's images.
    private func verify(_ received: ReceivedVersion, checksImages: Bool) throws -> Result {
        let version = received.version
        var verification = try Verification(withoutCatalog: version, in: received.folder)
        if let bundle = received.bundle { verification.add(try bundle.problems(version)) }
        if let bundle = received.bundle, bundle.parts.contains(.images) {
            verification.add(try bundle.changedImages(of: version, context))
        } else if checksImages {
            throw CurareError(
                .usage, "--images needs a workspace, or a bundle with images", at: received.folder.path,
                next: "make the images from the photos, with: curare rebuild DIR --photos DIR --to DIR")
        }
        return Result(version, verification, folder: received.folder)
    }

    /// Makes all images that may still be made, and adds the images with other pixels to `verification`.
    private func remakeImages(
        of version: Version, in folder: URL, _ session: WorkspaceSession, _ verification: inout Verification
    ) throws {
        let maker = session.imageMaker(context)
        let recipe = version.manifest.recipe
        let withdrawn = try session.catalog.withdrawnPhotos()
        let photos = version.photos.filter { !$0.isRedacted }.map(\.photo).filter { !withdrawn.contains($0) }
        let unmeasured = try maker.unmeasured(of: photos, recipe.profile)
        if !unmeasured.isEmpty {
            _ = try session.locked {
                try maker.measure(unmeasured, faces: true, progress: context.progress(.measuringPhotos))
            }
            context.report(.ended(.measuringPhotos))
        }
        let copies = try version.copies()
        let remade = try maker.remake(
            photos, copies: copies.filter { !withdrawn.contains($0.copy.photo) }, version.overlayImages(in: folder),
            recipe.profile, progress: context.progress(.remakingImages))
        context.report(.ended(.remakingImages))
        let byEntry = Dictionary(copies.map { (EntryKey(photo: $0.copy.photo, image: $0.image), $0.copy) }) {
            first, _ in first
        }
        verification.check(version, madeBy: Provenance.libraries(in: folder), today: ImagingLibraries.versions) {
            entry in
            entry.overlay == nil
                ? remade.photos[entry.photo]
                : byEntry[EntryKey(photo: entry.photo, image: entry.image)].flatMap { remade.copies[$0] }
        }
    }

    /// Identifies an entry that has a drawn trigger.
    private struct EntryKey: Hashable {
        let photo: PhotoID
        let image: ImageDigest
    }
}
