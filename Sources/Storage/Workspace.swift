import Core
import Foundation
import SystemPackage

/// The folder of one study, and the paths of all files in it.
public struct Workspace: Sendable {
    public let root: URL

    /// Creates a value for the folder at `root`, which need not exist.
    public init(root: URL) {
        self.root = root.standardizedFileURL
    }

    public var catalogFile: URL { root.appending(path: "curare.sqlite") }
    /// The WAL file of the catalog. It exists while a process uses the catalog, and after such a process was killed.
    public var catalogLog: URL { root.appending(path: "curare.sqlite-wal") }
    public var photos: URL { root.appending(path: "photos") }
    public var images: URL { root.appending(path: "images") }
    public var versions: URL { root.appending(path: "versions") }
    public var runs: URL { root.appending(path: "runs") }
    public var quarantine: URL { root.appending(path: "quarantine") }
    /// The folder for pretrained weights.
    public var weights: URL { root.appending(path: "weights") }
    /// The folder for features that several runs share.
    public var features: URL { runs.appending(path: ".features") }

    /// Returns the path of a file of this workspace, relative to the workspace.
    public func path(of file: URL) -> String { String(file.path.dropFirst(root.path.count + 1)) }

    /// Returns the original file of `photo`: `photos/ab/PHOTO.SUFFIX`.
    public func photoFile(_ photo: PhotoID, format: String) -> URL {
        Self.file(photo.hex, Self.suffix(of: format), below: photos)
    }

    /// Returns the suffix of an original file with this format: `jpg` for `jpeg`, otherwise the name of the format.
    public static func suffix(of format: String) -> String { format == "jpeg" ? "jpg" : format }

    /// Returns the folder of all images under a profile.
    public func imageFolder(_ profile: Profile) -> URL { images.appending(path: profile.name) }

    /// Returns the image of `photo` under a profile: `images/PROFILE/ab/PHOTO.png`.
    public func imageFile(_ photo: PhotoID, _ profile: Profile) -> URL {
        Self.file(photo.hex, "png", below: imageFolder(profile))
    }

    /// Returns the folder of all images with a drawn trigger under a profile.
    public func overlaidImageFolder(_ profile: Profile) -> URL {
        imageFolder(profile).appending(path: Self.overlaidImageFolderName)
    }

    /// The name of the folder of images with drawn triggers, in the folder of a profile.
    public static let overlaidImageFolderName = "drawn"

    /// Returns an image with a drawn trigger, named by its own digest: `images/PROFILE/drawn/ab/DIGEST.png`.
    public func overlaidImageFile(_ image: ImageDigest, _ profile: Profile) -> URL {
        Self.file(image.hex, "png", below: overlaidImageFolder(profile))
    }

    /// Returns whether the name has the form of a subfolder for files whose digests have the same first byte.
    public static func isSubfolder(_ name: String) -> Bool {
        name.utf8.count == 2 && name.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    /// The first two hex digits name the subfolder.
    private static func file(_ hex: String, _ suffix: String, below folder: URL) -> URL {
        folder.appending(path: hex.prefix(2)).appending(path: "\(hex).\(suffix)")
    }

    /// Returns the folder of version `number` of `name`, which need not exist.
    public func versionFolder(_ name: String, _ number: Int) -> URL {
        versions.appending(path: name).appending(path: String(number))
    }

    /// Returns the folder in which version `number` of `name` is written before the folder gets its final name.
    public func partialVersionFolder(_ name: String, _ number: Int) -> URL {
        versions.appending(path: name).appending(path: ".\(number).partial")
    }

    /// Returns the temporary name of the old folder while a redacted version replaces it.
    public func replacedVersionFolder(_ name: String, _ number: Int) -> URL {
        versions.appending(path: name).appending(path: ".\(number).replaced")
    }

    /// Returns the version number V if `name` is the name of a ``replacedVersionFolder(_:_:)``. Otherwise returns nil.
    public static func numberOfReplacedVersion(_ name: String) -> Int? {
        guard name.hasPrefix("."), name.hasSuffix(".replaced") else { return nil }
        return versionNumber(String(name.dropFirst().dropLast(".replaced".count)))
    }

    /// Returns the version number V if `name` is the name of a ``versionFolder(_:_:)``. Otherwise returns nil.
    public static func versionNumber(_ name: String) -> Int? {
        Int(name).flatMap { $0 > 0 && String($0) == name ? $0 : nil }
    }

    /// Returns the folder of the run `id`, which need not exist.
    public func runFolder(_ id: String) -> URL { runs.appending(path: id) }

    /// Returns a new name for the folder in which the run `id` is made before the folder gets its final name.
    public func partialRunFolder(_ id: String) -> URL {
        runs.appending(path: ".\(id).\(UUID().uuidString).partial")
    }

    /// Returns the folders of all runs, sorted by name. Files, symbolic links and hidden folders are not runs.
    ///
    /// - Throws: ``CurareError`` (74) if the folder of runs cannot be read.
    public func runFolders() throws -> [URL] {
        try FolderListing.visibleFolders(in: runs).map(runFolder)
    }

    /// Returns the folder for those files of a session that could not be imported.
    public func quarantineFolder(_ session: SessionName) -> URL { quarantine.appending(path: session.text) }

    /// Returns the workspace of a command: `explicit`, otherwise `$CURARE_WORKSPACE`, otherwise the nearest workspace
    /// that contains `folder`.
    ///
    /// - Throws: ``CurareError`` (66) if there is none.
    public static func find(explicit: String?, environment: [String: String], from folder: URL) throws -> Workspace {
        if let path = explicit ?? environment["CURARE_WORKSPACE"], !path.isEmpty {
            let workspace = Workspace(root: URL(filePath: path, relativeTo: folder))
            // The path of an option belongs to the current folder. The variable also counts in other folders.
            let isRelative = explicit == nil && !path.hasPrefix("/")
            try workspace.requireCatalog(
                orInit: path,
                next: isRelative ? "CURARE_WORKSPACE is the relative path \(path); use an absolute path" : nil)
            return workspace
        }
        var candidate = Workspace(root: folder)
        while !candidate.exists {
            let parent = candidate.root.deletingLastPathComponent().standardizedFileURL
            guard parent.path != candidate.root.path else {
                throw CurareError(
                    .missingInput, "there is no workspace in this folder or above it", at: folder.path,
                    next: "make one with: curare init DIR, or name one with --workspace DIR")
            }
            candidate = Workspace(root: parent)
        }
        return candidate
    }

    /// - Parameters:
    ///   - path: the workspace as the user named it.
    ///   - nextStep: what to do if the folder is not a workspace. Nil for the creation of one.
    /// - Throws: ``CurareError`` (74) if the folder cannot be read; (66) if the catalog is missing.
    private func requireCatalog(orInit path: String, next nextStep: String?) throws {
        var status = stat()
        if stat(catalogFile.path, &status) == 0 { return }
        let cause = Errno(rawValue: errno)
        guard cause == .noSuchFileOrDirectory || cause == .notDirectory else {
            throw CurareError(
                .inputOutput, "the workspace cannot be opened: \(cause)", at: root.path,
                next: "ask the owner of the folder for permission to read it")
        }
        guard try !hasFiles else {
            throw CurareError(
                .missingInput, "the catalog (curare.sqlite) of this workspace is missing", at: root.path,
                next: "restore curare.sqlite from a backup")
        }
        throw CurareError(
            .missingInput, "this folder is not a workspace: it has no curare.sqlite", at: root.path,
            next: nextStep ?? MissingPath.suggestion(for: path) ?? "make one with: curare init \(path)")
    }

    /// Whether one of ``folders`` exists and is not empty.
    ///
    /// - Throws: ``CurareError`` (74) if a folder cannot be read.
    var hasFiles: Bool {
        get throws { try folders.contains { try !FolderListing.namesIfFolder($0).isEmpty } }
    }

    /// Returns whether `url` is inside this folder after symbolic links are resolved. The file at `url` need not exist.
    public func holds(_ url: URL) -> Bool {
        var ancestor = url.standardizedFileURL
        while ancestor.path != "/", !FileManager.default.fileExists(atPath: ancestor.path) {
            ancestor.deleteLastPathComponent()
        }
        let own = root.resolvingSymlinksInPath().path
        let real = ancestor.resolvingSymlinksInPath().path
        return real == own || real.hasPrefix(own + "/")
    }

    /// Returns the workspace that `url` is inside of, after symbolic links are resolved; the workspace's own folder is
    /// inside. Nil if there is none. The file at `url` need not exist.
    public static func enclosing(_ url: URL) -> Workspace? {
        var folder = url.standardizedFileURL
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.path) {
            folder.deleteLastPathComponent()
        }
        folder = folder.resolvingSymlinksInPath()
        while true {
            let workspace = Workspace(root: folder)
            if workspace.exists { return workspace }
            if folder.path == "/" { return nil }
            folder.deleteLastPathComponent()
        }
    }

    public var exists: Bool { FileManager.default.fileExists(atPath: catalogFile.path) }

    /// The folders that every workspace has.
    public var folders: [URL] { [photos, images, versions, runs, quarantine] }

    /// Creates the folders of a new workspace, with mode 0700.
    public func makeFolders() throws {
        for folder in [root] + folders { try AtomicFile.makeFolder(folder) }
    }

    /// Removes unfinished files among the photos, the images and the files in quarantine. The caller must have the lock
    /// of the workspace.
    ///
    /// - Throws: ``CurareError`` (74) if a folder cannot be read or a file cannot be removed.
    public func removePartialFiles() throws {
        for folder in [photos, images, quarantine] { try Self.removePartialFiles(below: folder) }
    }

    private static func removePartialFiles(below folder: URL) throws {
        var partial: [String] = []
        var folders: [String] = []
        try FolderListing.forEachEntry(in: folder.path) { bytes, kind in
            let isFolder = kind == .folder
            let isCandidate = isFolder || bytes.first == UInt8(ascii: ".")
            guard isCandidate else { return }
            let name = String(decoding: bytes, as: UTF8.self)
            if AtomicFile.isPartial(name) { partial.append(name) } else if isFolder { folders.append(name) }
        }
        for name in partial { try FileRemoval.remove(folder.appending(path: name)) }
        for name in folders { try removePartialFiles(below: folder.appending(path: name)) }
    }
}

/// The files in the folder of a version. The folder may also be outside a workspace, for example in a copy.
public struct VersionFiles: Hashable, Sendable {
    public let folder: URL

    public init(_ folder: URL) {
        self.folder = folder
    }

    public var manifest: URL { folder.appending(path: "manifest.json") }
    public var entries: URL { folder.appending(path: "entries.jsonl") }
    public var recipe: URL { folder.appending(path: "recipe.yaml") }
    public var provenance: URL { folder.appending(path: "provenance.json") }
    /// The four files that every version has.
    public var all: [URL] { [manifest, entries, recipe, provenance] }
    /// The names of the four files.
    public static let names = Set(VersionFiles(URL(filePath: "/")).all.map(\.lastPathComponent))
    /// The name of the folder with the pictures of drawn triggers.
    public static let overlayFolder = "overlays"

    /// Returns the URL of the picture that is drawn for a trigger.
    public func overlayPicture(_ trigger: TriggerName) -> URL { folder.appending(path: Self.overlayPath(trigger)) }

    /// Returns the path of the picture that is drawn for a trigger, relative to the version's folder.
    public static func overlayPath(_ trigger: TriggerName) -> String { "\(overlayFolder)/\(trigger).png" }
}

/// The files in the folder of a run.
public struct RunFiles: Hashable, Sendable {
    public let folder: URL

    public init(_ folder: URL) {
        self.folder = folder
    }

    public var request: URL { folder.appending(path: "request.json") }
    public var report: URL { folder.appending(path: "report.json") }
    public var page: URL { folder.appending(path: "report.html") }
    public var predictions: URL { folder.appending(path: "predictions.jsonl") }
    /// The file that a process locks while it trains in the folder.
    public var lock: URL { folder.appending(path: FolderLock.fileName) }
    /// Whether the run is finished. The report is the last file of a run.
    public var isFinished: Bool { FileManager.default.fileExists(atPath: report.path) }

    private static let modelSuffix = ".safetensors"
    private static let checkpointSuffix = ".checkpoint"
    private static let outcomeSuffix = ".outcome"

    /// Returns whether a file with this name contains weights: a model or a checkpoint.
    public static func hasWeights(_ name: String) -> Bool {
        name.hasSuffix(modelSuffix) || name.hasSuffix(checkpointSuffix)
    }

    /// Returns whether only an unfinished run needs a file with this name.
    public static func isTemporary(_ name: String) -> Bool {
        name.hasSuffix(checkpointSuffix) || name.hasSuffix(outcomeSuffix) || AtomicFile.isPartial(name)
    }

    /// Returns whether Curare writes a trained model under this name.
    public static func isModel(_ name: String) -> Bool { isKnown(name) && name.hasSuffix(modelSuffix) }

    /// Returns whether a file with this name is a record of the run. Records stay when the models are removed.
    public static func isRecord(_ name: String) -> Bool {
        let files = RunFiles(URL(filePath: "/"))
        return [files.request, files.report, files.page, files.predictions, files.lock]
            .contains { $0.lastPathComponent == name }
    }

    /// Returns whether Curare writes files with this name into the folder of a run.
    public static func isKnown(_ name: String) -> Bool {
        let isModelFile = /(model|control|true-label)(-([2-9]|[1-9][0-9]+))?\.(safetensors|checkpoint)/
        let isOutcome = /seed-[1-9][0-9]*\.outcome/
        return isRecord(name) || name.wholeMatch(of: isModelFile) != nil || name.wholeMatch(of: isOutcome) != nil
    }

    /// Returns the URL of the file with the weights of a trained model.
    ///
    /// - Parameters:
    ///   - name: `model`, `control` or `true-label`.
    ///   - seed: the index of the seed in the run, from 1.
    public func model(_ name: String, seed: Int) -> URL { file(name, seed, Self.modelSuffix) }

    /// Returns the URL of the checkpoint of an unfinished training.
    public func checkpoint(_ name: String, seed: Int) -> URL { file(name, seed, Self.checkpointSuffix) }

    /// Returns the URL of the file with the results of a finished seed. Only an unfinished run needs this file.
    public func outcome(seed: Int) -> URL { folder.appending(path: "seed-\(seed)\(Self.outcomeSuffix)") }

    /// The files of the first seed have no number.
    private func file(_ name: String, _ seed: Int, _ suffix: String) -> URL {
        folder.appending(path: name + (seed == 1 ? "" : "-\(seed)") + suffix)
    }
}

/// The two files for one file in quarantine: the note with the reason, and the copy.
public struct QuarantineFiles: Hashable, Sendable {
    /// The folder of the session.
    public let folder: URL
    /// The SHA-256 of the file's path in the session, so that no file name can lead outside the folder.
    public let key: String

    public init(_ folder: URL, key: String) {
        self.folder = folder
        self.key = key
    }

    /// - Parameter path: the path of the file in the session's folder.
    public init(_ folder: URL, path: String) {
        self.init(folder, key: FileDigest.sha256(of: path.utf8).hex)
    }

    public var note: URL { folder.appending(path: "\(key).json") }
    public var copy: URL { folder.appending(path: "\(key).bytes") }

    /// Returns whether a note or a copy can have the name.
    public static func isValid(_ name: String) -> Bool {
        let files = QuarantineFiles(URL(filePath: "/"), key: String(name.prefix(64)))
        return FileDigest(hex: files.key) != nil
            && [files.note, files.copy].contains { $0.lastPathComponent == name }
    }
}
