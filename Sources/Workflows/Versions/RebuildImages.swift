import Core
import Foundation
import Intake
import Versions

/// Makes a version's images again from its folder and a folder of photos, without a workspace.
public struct RebuildImages: Workflow {
    public struct Request {
        /// The version's folder, with `manifest.json` and `entries.jsonl`.
        public var version: URL
        /// The folder with the photos, under any names.
        public var photos: URL
        /// The folder for the images.
        public var output: URL

        public init(version: URL, photos: URL, output: URL) {
            self.version = version
            self.photos = photos
            self.output = output
        }
    }

    public struct Result: WorkflowResult {
        public struct PhotoWithoutImage: Encodable {
            public let photo: String
            public let volunteer: String
            public let role: String
            /// The drawn trigger; absent for a photo without a drawn trigger.
            public let overlay: String?
            public let reason: String?
        }

        public let version: String
        public let digest: String
        public let images: String
        public let made: Int
        public let missing: [PhotoWithoutImage]
        public let differing: [PhotoWithoutImage]
        public let failed: [PhotoWithoutImage]
        /// The number of images in the version.
        public let total: Int
        public let outcome: ImageRebuilder.Outcome

        private enum CodingKeys: CodingKey {
            case version, digest, images, made, missing, differing, failed
        }

        init(_ version: Version, _ outcome: ImageRebuilder.Outcome, _ folder: URL) throws {
            // A photo and its copies with drawn triggers have different images.
            let entries = Dictionary(version.entries.list.map { ([$0.photo.hex, $0.image.hex], $0) }) { first, _ in
                first
            }
            func photo(_ wanted: ImageRebuilder.ExpectedImage, _ reason: String? = nil) throws -> PhotoWithoutImage {
                guard let entry = entries[[wanted.photo.hex, wanted.image.hex]] else {
                    throw CurareError(.bug, "image \(wanted.image.hex) has no entry", next: "please report this")
                }
                return PhotoWithoutImage(
                    photo: wanted.photo.hex, volunteer: entry.volunteer.name.text, role: entry.role.rawValue,
                    overlay: entry.overlay?.text, reason: reason)
            }
            self.version = version.reference
            digest = version.manifest.digest.hex
            images = folder.appending(path: version.manifest.recipe.profile.name).path
            made = outcome.made.count
            missing = try outcome.missing.map { try photo($0) }
            differing = try outcome.differing.map { try photo($0) }
            failed = try outcome.failed.map { try photo($0.expected, $0.reason) }
            total = version.entries.list.count
            self.outcome = outcome
        }

        public var isNegative: Bool { !outcome.isComplete }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65) if the version's files do not have their digests; (66) if a folder is missing;
    ///   (74) if an image cannot be written.
    public func run(_ request: Request) throws -> Result {
        let version = try VersionStore.read(request.version)
        let problems = try Verification.files(request.version, version)
        guard problems.isEmpty else {
            throw CurareError(
                .badInput, "the version's files do not have the digests in its manifest", at: request.version.path,
                next: "restore the files from a copy", problems: problems.map { CurareError.Problem("", $0.detail) })
        }
        let recipe = version.manifest.recipe
        let wanted = try version.entries.list.map {
            ImageRebuilder.ExpectedImage(photo: $0.photo, image: $0.image, face: $0.face, copy: try $0.copy(in: recipe))
        }
        let overlays = try version.overlayImages(in: request.version)
        let rebuilder = ImageRebuilder(recipe.profile, overlays, threads: context.threadBudget)
        let outcome = try rebuilder.rebuild(
            wanted, from: request.photos, to: request.output, searching: context.progress(.searchingPhotos),
            making: context.progress(.rebuildingImages))
        context.report(.ended(.rebuildingImages))
        return try Result(version, outcome, request.output)
    }
}
