import Core
import Foundation
import Storage

/// The folder of an unpacked bundle.
public struct BundleFolder: Sendable {
    public let folder: URL
    /// `NAME@V`
    public let version: String
    /// The digest of the version, as the bundle states it.
    public let digest: FileDigest
    /// What the folder contains in addition to the version.
    public let parts: [VersionBundle.Part]
    private let description: BundleDescription
    private var layout: Workspace { Workspace(root: folder) }

    /// Returns whether the folder is an unpacked bundle.
    public static func isBundle(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: BundleLayout.description).path)
    }

    /// - Throws: ``CurareError`` (65) when `bundle.json` is damaged or not a regular file, (66) when it is missing.
    public init(_ folder: URL) throws {
        self.folder = folder
        let file = folder.appending(path: BundleLayout.description)
        description = try BundleDescription(
            RegularFile(file, missing: .missingInput, irregular: .badInput).bytes(limit: Self.descriptionLimit),
            file: file.path)
        version = description.version.description
        digest = description.digest
        parts = description.parts
    }

    /// The largest `bundle.json`, in bytes.
    fileprivate static let descriptionLimit = 1 << 16

    /// The folder of the version.
    public var versionFolder: URL { folder.appending(path: BundleLayout.versionFolder(description.version)) }
    /// The folder of the images, in the layout of a workspace.
    public var images: URL { layout.images }
    public var photos: URL { layout.photos }

    /// Returns the file of an entry's image.
    public func imageFile(of entry: Entry, _ profile: Profile) -> URL { layout.imageFile(of: entry, profile) }

    /// Compares all files with `SHA256SUMS`, the list with the version, and the list with the files in the folder.
    ///
    /// - Throws: ``CurareError`` (65, 66) when the list or a base version cannot be read, (65) when a file is not a regular
    ///   file, (74) when a file exists and cannot be read.
    public func problems(_ version: Version) throws -> [Verification.Mismatch] {
        let listFile = folder.appending(path: BundleLayout.digests)
        let list = try BundleDigestList(
            RegularFile(listFile, missing: .missingInput, irregular: .badInput).bytes(limit: BundleDigestList.limit),
            file: listFile.path)
        var problems = try contradictions(list, version)
        for (path, digest) in list.files {
            do {
                let file = folder.appending(path: path)
                let actual: FileDigest = try RegularFile(file, missing: .missingInput, irregular: .badInput).sha256()
                if actual != digest { problems.append(mismatch("\(path) does not have the digest in SHA256SUMS")) }
            } catch let error as CurareError where error.code == .missingInput {
                problems.append(mismatch("\(path) is missing"))
            }
        }
        return try problems + unlisted(list).map { mismatch("\($0) is in the folder and not in SHA256SUMS") }
    }

    /// Returns the paths of all files and links in the folder that the list does not name, sorted.
    private func unlisted(_ list: BundleDigestList) throws -> [String] {
        let listed = Set(list.files.map(\.path) + [BundleLayout.digests])
        var found: [String] = []
        func search(_ path: RelativePath) throws {
            for entry in try FolderListing.entries(path, below: folder) {
                if entry.kind == .folder {
                    try search(entry.path)
                } else if !listed.contains(entry.path.description) {
                    found.append(entry.path.description)
                }
            }
        }
        try search(.root)
        return found.sorted()
    }

    /// Compares the paths of the bundle's files with the paths that its versions and parts require.
    ///
    /// - Throws: ``CurareError`` (65, 66) when a base version cannot be read.
    fileprivate func contradictions(_ list: BundleDigestList, _ version: Version) throws -> [Verification.Mismatch] {
        var problems: [Verification.Mismatch] = []
        if version.reference != self.version || version.manifest.digest != digest {
            problems.append(
                mismatch(
                    "the version is \(version.reference) with the digest \(version.manifest.digest), but bundle.json "
                        + "names \(self.version) with the digest \(digest)"))
        }
        var expected: Set = [BundleLayout.readme, BundleLayout.description]
        func insert(_ version: Version) {
            expected.formUnion(BundleLayout.versionFiles(version, in: folder).map(\.path))
        }
        insert(version)
        for base in description.bases {
            let stored = try VersionStore.read(folder.appending(path: BundleLayout.versionFolder(base)))
            insert(stored)
        }
        if parts.contains(.images) {
            let profile = version.manifest.recipe.profile
            expected.formUnion(version.entries.list.map { BundleLayout.image($0, profile) })
        }
        var photos = Set(parts.contains(.originals) ? version.photos.map(\.photo) : [])
        for (path, _) in list.files where expected.remove(path) == nil {
            if let photo = BundleLayout.photo(ofOriginal: path), photos.remove(photo) != nil { continue }
            problems.append(mismatch("\(path) does not belong to the version"))
        }
        problems += expected.sorted().map { mismatch("\($0) is not in SHA256SUMS") }
        problems += photos.sorted().map {
            Verification.Mismatch(.files, .missing, $0, "the original of this photo is not in SHA256SUMS")
        }
        return problems
    }

    private func mismatch(_ detail: String) -> Verification.Mismatch {
        Verification.Mismatch(.files, .changedFile, nil, detail)
    }
}

/// A bundle that was written into a folder without its final name.
public struct UnpackedBundle {
    public let bundle: BundleFolder
    public let version: Version

    /// Writes all files of a bundle into `folder`, and checks the digests of all files and of the version. The caller
    /// checks the pixels of the images, and then finishes the folder.
    ///
    /// A file of the bundle gets its path from `SHA256SUMS`, which can only name files that a bundle has. No path can
    /// therefore lead outside the folder.
    ///
    /// - Throws: ``CurareError`` (66) when the bundle does not exist, (65) when it is damaged or not a bundle, (74) when a
    ///   file cannot be written.
    public init(_ file: URL, into folder: AtomicDirectory, progress: (Int, Int) -> Void) throws {
        let archive = try TarReader(file)
        guard try archive.nextEntry()?.path == BundleLayout.digests else { throw Self.isNoBundle(file) }
        let listBytes = try archive.bytes(limit: BundleDigestList.limit)
        let list = try BundleDigestList(listBytes, file: "\(file.path), \(BundleLayout.digests)")
        try folder.write(Data(listBytes), to: BundleLayout.digests)
        for (index, (path, digest)) in list.files.enumerated() {
            guard try archive.nextEntry()?.path == path else {
                throw Self.damaged("\(path) is missing or in another place", file)
            }
            var hash = SHA256Hasher()
            try folder.write(to: path) { write in
                try archive.forEachPiece { piece in
                    hash.update(piece)
                    try write(piece)
                }
            }
            guard hash.finalize() == digest else {
                throw Self.damaged("\(path) does not have the digest in SHA256SUMS", file)
            }
            progress(index + 1, list.files.count)
        }
        guard try archive.nextEntry() == nil else { throw Self.damaged("it has more files than SHA256SUMS", file) }
        guard BundleFolder.isBundle(folder.partial) else { throw Self.isNoBundle(file) }
        bundle = try BundleFolder(folder.partial)
        version = try VersionStore.read(bundle.versionFolder)
        let problems = try bundle.contradictions(list, version) + Verification.files(bundle.versionFolder, version)
        if let first = problems.first {
            throw CurareError(
                .badInput, "the files of the bundle contradict each other: \(first.detail)", at: file.path,
                next: "ask the sender for a new bundle")
        }
    }

    private static func isNoBundle(_ file: URL) -> CurareError {
        CurareError(
            .badInput, "this file is not a bundle of curare bundle", at: file.path,
            next: "if another program packed the files, unpack them with that program, then run curare verify DIR")
    }

    private static func damaged(_ reason: String, _ file: URL) -> CurareError {
        CurareError(
            .badInput, "the bundle is damaged: \(reason)", at: file.path,
            next: "copy the bundle again, and compare its SHA-256 with the one that its sender has")
    }
}
