import Core
import Foundation
import Imaging
import Intake
import Versions

/// Compares a version with its digests, its recipe and the current catalog.
public struct VerifyVersion: Workflow {
    public struct Request {
        /// `NAME` or `NAME@V`.
        public var version: String
        /// Also makes every image again and compares the pixels.
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

        public let ok: Bool
        /// Whether each layer has no problem: `files`, `selection`, `catalog`.
        public let layers: [String: Bool]
        public let problems: [Mismatch]
        @ExplicitNull public var redacted: Redacted?

        init(_ verification: Verification) {
            ok = verification.ok
            layers = Dictionary(
                uniqueKeysWithValues: Verification.Layer.allCases.map { ($0.rawValue, verification.holds($0)) })
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

    /// - Throws: ``CurareError`` (65, 66) if there is no such version or if its files cannot be read.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        let folder = try session.versions.folder(VersionReference.parse(request.version))
        let version = try VersionStore.read(folder)
        var verification = try session.verify(version, in: folder)
        if request.remakesImages { try remakeImages(of: version, in: folder, session, &verification) }
        return Result(verification)
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
