import Catalog
import Core
import Foundation
import Imaging
import Storage
import Versions

/// Writes a version with its images or its original photos to one file for a colleague.
public struct BundleVersion: Workflow {
    public struct Request {
        /// `NAME` or `NAME@V`.
        public var version: String
        /// The file to write. It must not exist, and it must be outside the workspace.
        public var file: URL
        public var parts: Set<VersionBundle.Part>
        /// Also writes originals that contain metadata about a place, a device or a person.
        public var allowsMetadata: Bool

        public init(
            version: String, file: URL, parts: Set<VersionBundle.Part> = [.images], allowsMetadata: Bool = false
        ) {
            self.version = version
            self.file = file
            self.parts = parts
            self.allowsMetadata = allowsMetadata
        }
    }

    public struct Result: WorkflowResult {
        public let version: String
        public let digest: String
        /// `images`, `originals`
        public let parts: [String]
        /// The versions in the bundle that the version extends.
        public let bases: [String]
        public let path: String
        public let files: Int
        public let bytes: Int
        /// SHA-256 of the bundle.
        public let sha256: String
        /// The number of originals with each kind of metadata that Curare found: `position`, `serial_number` and so on.
        /// Empty for a bundle without originals.
        public let metadata: [String: Int]
        public let warnings: [String]
        public let seconds: Double
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65) if the file exists or is inside the workspace, if the version may not be used, or if
    ///   originals have metadata that was not allowed; (66) if there is no such version or an original is missing; (74) if
    ///   the file cannot be written. No file remains after an error.
    public func run(_ request: Request) throws -> Result {
        let start = ContinuousClock.now
        let session = try WorkspaceSession.writing(context)
        let target = request.file.standardizedFileURL
        try UserFile.requireOutside(session.workspace, target, name: "a bundle")
        try UserFile.requireAbsent(target, next: "name a file that does not exist yet")
        let (version, folder, versionWarnings) = try session.versionForUse(request.version)
        var warnings = versionWarnings
        let bases = try bases(of: version, session, &warnings)
        let profile = version.manifest.recipe.profile
        if request.parts.contains(.images) {
            try session.imageMaker(context)
                .ensureImages(of: version, in: folder, profile, progress: context.progress(.checkingImages))
            context.report(.ended(.checkingImages))
        }
        let originals = try request.parts.contains(.originals) ? originals(of: version, session) : [:]
        let metadata = try metadata(originals, isAllowed: request.allowsMetadata)
        let bundle = try VersionBundle(
            (version, folder), bases: bases, parts: request.parts,
            image: { session.workspace.imageFile(of: $0, profile) },
            original: { photo in
                try originals[photo].orThrow(
                    CurareError(
                        .missingInput, "the original of photo \(photo.short) is missing",
                        next: "run curare verify \(version.reference) for details"))
            }, progress: context.progress(.checkingFiles))
        context.report(.ended(.checkingFiles))
        try AtomicFile.removeAbandoned(of: [target])
        // Recorded before the first byte is written, so that a withdrawal also names the remains of a killed command.
        // A base version can contain people who are not in the version, so that each of them has a record.
        let made = context.timestamp
        try session.catalog.record(
            ([version] + bases.map(\.version)).map {
                ExportRecord(
                    version: $0.reference, digest: $0.manifest.digest, format: ExportRecord.bundle, isAnonymous: false,
                    path: target.path, made: made)
            })
        let summary = try bundle.write(to: target, progress: context.progress(.copyingFiles))
        context.report(.ended(.copyingFiles))
        return Result(
            version: version.reference, digest: version.manifest.digest.hex,
            parts: VersionBundle.Part.allCases.filter(request.parts.contains).map(\.rawValue),
            bases: bases.map(\.version.reference), path: target.path, files: summary.files, bytes: summary.bytes,
            sha256: summary.digest.hex, metadata: metadata, warnings: warnings,
            seconds: (ContinuousClock.now - start).seconds)
    }

    /// Returns the versions that `version` extends, directly and indirectly. The first that may not be used, and those
    /// that it extends, are left out with a warning: a base version can contain photos of a person who has withdrawn.
    private func bases(of version: Version, _ session: WorkspaceSession, _ warnings: inout [String]) throws
        -> [VersionBundle.StoredVersion]
    {
        var bases: [VersionBundle.StoredVersion] = []
        var current = version
        while let reference = current.manifest.recipe.extends {
            do {
                let folder = try session.versions.folder(reference)
                let base = try VersionStore.read(folder)
                _ = try session.verify(base, in: folder).validateForUse(base)
                bases.append((base, folder))
                current = base
            } catch let error as CurareError where error.code == .badInput || error.code == .missingInput {
                warnings.append(
                    "\(reference) is not in the bundle: \(error.message). A colleague cannot check the selection of "
                        + "\(current.reference), which extends it")
                return bases
            }
        }
        return bases
    }

    /// Returns the original files of the version's photos.
    private func originals(of version: Version, _ session: WorkspaceSession) throws -> [PhotoID: URL] {
        let photos = Set(version.photos.map(\.photo))
        var files: [PhotoID: URL] = [:]
        try session.catalog.forEachPhoto(nil, Catalog.FetchOptions(landmarks: .none, quality: false)) { fact in
            guard photos.contains(fact.photo) else { return }
            files[fact.photo] = session.workspace.photoFile(fact.photo, format: fact.format)
        }
        return files
    }

    /// Counts the originals with each kind of metadata.
    ///
    /// - Throws: ``CurareError`` (65) if there are some and the user has not allowed them.
    private func metadata(_ originals: [PhotoID: URL], isAllowed: Bool) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        var found: [CurareError.Problem] = []
        for (photo, file) in originals.sorted(by: { $0.key < $1.key }) {
            let bytes = try RegularFile(file, missing: .missingInput).bytes(limit: .max - 1)
            let kinds = IdentifyingMetadata.kinds(in: bytes)
            guard !kinds.isEmpty else { continue }
            for kind in kinds { counts[kind.rawValue, default: 0] += 1 }
            found.append(CurareError.Problem("photo \(photo.short)", kinds.map(\.description).joined(separator: ", ")))
        }
        guard found.isEmpty || isAllowed else {
            throw CurareError(
                .badInput,
                "\(found.count) of \(originals.count) originals contain metadata about a place, a device or a person",
                next: "bundle the images, which have no metadata; or confirm that these data may leave the study, with "
                    + "--with-metadata",
                problems: found)
        }
        return counts
    }
}
