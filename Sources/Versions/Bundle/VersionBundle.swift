import Core
import Documents
import Foundation
import Storage

/// A version in one file for a colleague: the version's folder, the versions that it extends, its images or its
/// original photos, a README, and the digests of all files.
///
/// A bundle is an uncompressed tar archive. Two bundles of the same version with the same parts are identical, byte for
/// byte. The paths in a bundle are those of a workspace. Nothing of the catalog is in a bundle.
public struct VersionBundle {
    /// What a bundle contains in addition to the version.
    public enum Part: String, CaseIterable, Sendable {
        /// The images of all entries, which have no metadata.
        case images
        /// The original photos, unchanged, with the metadata of the camera.
        case originals
    }

    /// A version and its folder.
    public typealias StoredVersion = (version: Version, folder: URL)

    /// What was written.
    public struct Summary: Sendable {
        /// The number of files in the bundle.
        public let files: Int
        /// The size of the bundle.
        public let bytes: Int
        /// SHA-256 of the bundle.
        public let digest: FileDigest
    }

    private enum Content {
        case bytes([UInt8])
        case file(URL)
    }

    private let contents: [(path: String, content: Content, digest: FileDigest)]

    /// Prepares a bundle: reads all files once for their digests.
    ///
    /// - Parameters:
    ///   - bases: the versions that `version` extends, directly and indirectly.
    ///   - image: returns the file of an entry's image.
    ///   - original: returns the original file of a photo.
    /// - Throws: ``CurareError`` (66) when a file is missing, (65) when an original does not have the digest in its name.
    public init(
        _ version: StoredVersion, bases: [StoredVersion], parts: Set<Part>, image: (Entry) -> URL,
        original: (PhotoID) throws -> URL, progress: (Int, Int) -> Void
    ) throws {
        let description = BundleDescription(version.version, bases: bases.map(\.version), parts: parts)
        var files: [String: Content] = [
            BundleLayout.description: .bytes(Array(description.json.canonical.utf8)),
            BundleLayout.readme: .bytes(Array(BundleReadme(version.version, description).text.utf8)),
        ]
        for (version, folder) in [version] + bases {
            for (path, file) in BundleLayout.versionFiles(version, in: folder) { files[path] = .file(file) }
        }
        let entries = version.version.entries.list
        let profile = version.version.manifest.recipe.profile
        if parts.contains(.images) {
            for entry in entries { files[BundleLayout.image(entry, profile)] = .file(image(entry)) }
        }
        if parts.contains(.originals) {
            for photo in version.version.photos.map(\.photo) {
                let file = try original(photo)
                files[BundleLayout.original(photo, suffix: file.pathExtension)] = .file(file)
            }
        }
        var done = 0
        contents = try files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { path, content in
            let digest =
                switch content {
                case .bytes(let bytes): FileDigest.sha256(of: bytes)
                case .file(let file): try ChunkedFileReader.digest(of: file)
                }
            if let photo = BundleLayout.photo(ofOriginal: path), photo.hex != digest.hex {
                throw CurareError(
                    .badInput, "the original of photo \(photo.short) was changed", at: path,
                    next: "run curare check --deep for details; import the photo's session again")
            }
            done += 1
            progress(done, files.count)
            return (path, content, digest)
        }
    }

    /// Writes the bundle. The file is complete or absent.
    ///
    /// - Throws: ``CurareError`` (74) when the bundle cannot be written, (65) when `file` exists or a file changes at the
    ///   same time.
    public func write(to file: URL, progress: (Int, Int) -> Void) throws -> Summary {
        let list = contents.map { BundleDigestList.line($0.path, $0.digest) }.joined()
        guard list.utf8.count <= BundleDigestList.limit else {
            throw CurareError(
                .badInput, "the version has too many files for a bundle", at: file.path,
                next: "bundle the images and the originals separately, or make versions with fewer photos")
        }
        let summary = try TarWriter.write(to: file, replaces: false) { archive in
            try archive.add(BundleLayout.digests, Array(list.utf8))
            for (index, (path, content, digest)) in contents.enumerated() {
                switch content {
                case .bytes(let bytes): try archive.add(path, bytes)
                case .file(let source):
                    guard try archive.add(path, from: source) == digest else {
                        throw CurareError(
                            .badInput, "the file changed while it was read", at: source.path,
                            next: "run the command again")
                    }
                }
                progress(index + 1, contents.count)
            }
        }
        return Summary(files: contents.count + 1, bytes: summary.bytes, digest: summary.digest)
    }
}

/// `bundle.json`: the version of a bundle and the bundle's parts.
struct BundleDescription: Hashable, Sendable {
    static let format = "curare-bundle-1"

    /// With its number.
    let version: VersionReference
    let digest: FileDigest
    /// The versions that the version extends, the direct base first.
    let bases: [VersionReference]
    /// In the order of ``VersionBundle/Part``.
    let parts: [VersionBundle.Part]

    init(_ version: Version, bases: [Version], parts: Set<VersionBundle.Part>) {
        self.version = VersionReference(name: version.manifest.name, number: version.manifest.version)
        digest = version.manifest.digest
        self.bases = bases.map { VersionReference(name: $0.manifest.name, number: $0.manifest.version) }
        self.parts = VersionBundle.Part.allCases.filter(parts.contains)
    }

    var json: JSONValue {
        .object([
            "format": .text(Self.format), "version": .text(version.description), "digest": .text(digest.hex),
            "bases": .array(bases.map { .text($0.description) }), "parts": .array(parts.map { .text($0.rawValue) }),
        ])
    }

    /// Reads the bytes of `bundle.json`.
    ///
    /// - Throws: ``CurareError`` (65) when the bytes are not those that ``json`` gives for any bundle.
    init(_ bytes: [UInt8], file: String) throws {
        let json = try JSONReader.read(bytes)
        func reference(_ value: JSONValue?) -> VersionReference? {
            value?.text.flatMap { VersionReference($0) }.flatMap { $0.number == nil ? nil : $0 }
        }
        let baseTexts = json["bases"]?.array ?? []
        let partTexts = json["parts"]?.array ?? []
        guard let version = reference(json["version"]), let digest = json["digest"]?.text.flatMap(FileDigest.init(hex:))
        else { throw Self.unreadable(file) }
        self.version = version
        self.digest = digest
        bases = baseTexts.compactMap { reference($0) }
        parts = partTexts.compactMap { $0.text.flatMap(VersionBundle.Part.init(rawValue:)) }
        let isUnique = Set([version] + bases).count == bases.count + 1 && Set(parts).count == parts.count
        guard isUnique, Array(self.json.canonical.utf8) == bytes else { throw Self.unreadable(file) }
    }

    private static func unreadable(_ file: String) -> CurareError {
        CurareError(
            .badInput, "this is not the description of a bundle in the format \(format)", at: file,
            next: "use the version of Curare that wrote the bundle, or copy the bundle again")
    }
}

/// The paths of the files in a bundle. Versions, images and originals have the paths that they have in a workspace.
enum BundleLayout {
    static let digests = "SHA256SUMS"
    static let readme = "README.md"
    static let description = "bundle.json"

    private static let workspace = Workspace(root: URL(filePath: "/bundle"))

    /// Returns the path of a version's folder.
    static func versionFolder(_ reference: VersionReference) -> String {
        workspace.path(of: workspace.versionFolder(reference.name.text, reference.number ?? 0))
    }

    /// Returns the files of a version by their paths in a bundle.
    ///
    /// - Parameter folder: the version's folder on disk.
    static func versionFiles(_ version: Version, in folder: URL) -> [(path: String, file: URL)] {
        let path = versionFolder(VersionReference(name: version.manifest.name, number: version.manifest.version))
        let files = VersionFiles(folder)
        return files.all.map { ("\(path)/\($0.lastPathComponent)", $0) }
            + version.pictures.keys.sorted().map {
                ("\(path)/\(VersionFiles.overlayPath($0))", files.overlayPicture($0))
            }
    }

    static func image(_ entry: Entry, _ profile: Profile) -> String {
        workspace.path(of: workspace.imageFile(of: entry, profile))
    }

    static func original(_ photo: PhotoID, suffix: String) -> String {
        workspace.path(of: workspace.photoFile(photo, format: suffix))
    }

    /// Returns the photo whose original has this path. Nil for all other files.
    static func photo(ofOriginal path: String) -> PhotoID? {
        guard case .original(let photo, let suffix) = WorkspaceItem(path: path, isFolder: false),
            !suffix.isEmpty, suffix.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) }),
            original(photo, suffix: suffix) == path
        else { return nil }
        return photo
    }

    /// Returns whether a bundle can contain a file with this path.
    static func allows(_ path: String) -> Bool {
        if [readme, description].contains(path) { return true }
        switch WorkspaceItem(path: path, isFolder: false) {
        case .original: return photo(ofOriginal: path) != nil
        case .image(let photo, let profile): return workspace.path(of: workspace.imageFile(photo, profile)) == path
        case .overlaidImage(let image, let profile):
            return workspace.path(of: workspace.overlaidImageFile(image, profile)) == path
        case .versionFile: return isVersionFile(path)
        default: return false
        }
    }

    private static func isVersionFile(_ path: String) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 4, let name = VersionName(parts[1]), let number = Workspace.versionNumber(parts[2]) else {
            return false
        }
        let folder = versionFolder(VersionReference(name: name, number: number))
        let trigger = TriggerName(String((parts.last ?? "").dropLast(".png".count)))
        let picture = trigger.map { "\(folder)/\(VersionFiles.overlayPath($0))" }
        return path == picture || VersionFiles.names.contains { path == "\(folder)/\($0)" }
    }
}

/// `SHA256SUMS`: one line for each file of a bundle, sorted by path, in the form that `sha256sum -c` reads.
struct BundleDigestList {
    /// In ascending order of the paths' bytes, without duplicates.
    let files: [(path: String, digest: FileDigest)]

    /// The largest list, in bytes: lines for about 1.5 million files.
    static let limit = 1 << 28

    static func line(_ path: String, _ digest: FileDigest) -> String { "\(digest)  \(path)\n" }

    /// Reads the bytes of `SHA256SUMS`.
    ///
    /// - Throws: ``CurareError`` (65) when a line has another form, when the lines are not sorted, or when a bundle cannot
    ///   contain the file.
    init(_ bytes: [UInt8], file: String) throws {
        var files: [(path: String, digest: FileDigest)] = []
        var start = 0
        var number = 0
        // Line by line, so that the first wrong line ends the reading of a list with many short lines.
        while start < bytes.count {
            let line = bytes[start...].prefix { $0 != UInt8(ascii: "\n") }
            start = line.endIndex + 1
            number += 1
            let path = String(decoding: line.dropFirst(66), as: UTF8.self)
            guard let digest = FileDigest(hex: String(decoding: line.prefix(64), as: UTF8.self)),
                Array(Self.line(path, digest).utf8.dropLast()) == Array(line), BundleLayout.allows(path),
                files.last.map({ $0.path.utf8.lexicographicallyPrecedes(path.utf8) }) ?? true
            else {
                throw CurareError(
                    .badInput,
                    "this line does not name a file that a bundle can contain, after the file of the line "
                        + "above", at: "\(file):\(number)", next: "copy the bundle again")
            }
            if let photo = BundleLayout.photo(ofOriginal: path), photo.hex != digest.hex {
                throw CurareError(
                    .badInput, "the digest of an original is not the id of its photo", at: "\(file):\(number)",
                    next: "copy the bundle again")
            }
            files.append((path, digest))
        }
        self.files = files
        let text = files.map { Self.line($0.path, $0.digest) }.joined()
        guard Array(text.utf8) == bytes else {
            throw CurareError(
                .badInput, "the list has lines that Curare does not write", at: file, next: "copy the bundle again")
        }
    }
}
