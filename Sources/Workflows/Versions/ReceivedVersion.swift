import Core
import Foundation
import Intake
import Storage
import Versions

/// A version outside of a workspace, as a colleague has it: the folder of a version, an export, or an unpacked bundle.
struct ReceivedVersion {
    let version: Version
    /// The folder with the version's files.
    let folder: URL
    /// Nil for a folder that is no bundle.
    let bundle: BundleFolder?

    /// Reads the version in a folder.
    ///
    /// - Throws: ``CurareError`` (66) when there is no version in the folder, (65) when the version is damaged.
    init(_ url: URL) throws {
        guard let received = try ReceivedVersion(ifAt: url) else { throw Self.noVersion(at: url) }
        self = received
    }

    /// Returns the error (66) for a path without a version.
    static func noVersion(at url: URL) -> CurareError {
        let next = "name the folder that contains manifest.json, or the folder of an unpacked bundle"
        guard FileManager.default.fileExists(atPath: url.path) else {
            return MissingPath.error("the folder does not exist", at: url.path, next: next)
        }
        guard FolderListing.isFolder(at: url.path) else {
            return CurareError(
                .missingInput, "this is a file, not the folder of a version", at: url.path,
                next: "unpack a bundle with: curare unbundle \(ShellWord.quoted(url.relativePath)) --to DIR")
        }
        return CurareError(
            .missingInput, "this folder contains no version: it has no manifest, and it is no unpacked bundle",
            at: url.path, next: next)
    }

    /// Reads the version in a folder. Nil when there is no version in the folder.
    ///
    /// - Throws: ``CurareError`` (65) when the version is damaged or one of its files is not a regular file, (66) when
    ///   one of its files is missing.
    init?(ifAt url: URL) throws {
        let url = url.standardizedFileURL
        bundle = BundleFolder.isBundle(url) ? try BundleFolder(url) : nil
        folder = bundle?.versionFolder ?? url
        guard bundle != nil || VersionStore.hasManifest(folder) else { return nil }
        try Self.requireRegularFiles(of: folder)
        version = try VersionStore.read(folder)
        if let base = version.manifest.recipe.extends {
            try Self.requireRegularFiles(of: VersionStore.baseFolder(base, of: folder))
        }
        if let bundle {
            let versions = Workspace(root: bundle.folder).versions
            for path in try FolderListing.paths(below: versions) {
                let file = versions.appending(path: path)
                if !FolderListing.isFolder(at: file.path) { try RegularFile.requireRegular(file) }
            }
        }
    }

    /// Checks that no file of a version is a pipe, a device or a folder. The folder comes from another person.
    private static func requireRegularFiles(of folder: URL) throws {
        let overlays = folder.appending(path: VersionFiles.overlayFolder)
        let pictures = try FolderListing.namesIfFolder(overlays).map { overlays.appending(path: $0) }
        for file in VersionFiles(folder).all + pictures { try RegularFile.requireRegular(file) }
    }

    /// Returns whether a user's text for a version is a path: a text with a slash, or the name of a folder that cannot
    /// name a version.
    static func isPath(_ text: String) -> Bool {
        text.contains("/") || (VersionReference(text) == nil && FolderListing.isFolder(at: text))
    }

    /// Checks that a user's text for a version is not a folder. Only a workspace has the facts that the command needs.
    ///
    /// - Throws: ``CurareError`` (65) for a path; (66) for the name of a folder where there is no workspace.
    static func requireNoFolder(_ text: String, _ context: WorkflowContext) throws {
        let isPath = isPath(text)
        guard isPath || FolderListing.isFolder(at: text) else { return }
        if !isPath {
            do {
                _ = try context.location.find()
                return
            } catch let error as CurareError where error.code == .missingInput {}
        }
        throw CurareError(
            isPath ? .badInput : .missingInput, "\"\(text.prefix(80))\" is a folder, and not a version of a workspace",
            next: "audit and validate need the workspace of the study; verify and rebuild read a folder without it")
    }
}

extension BundleFolder {
    /// Compares the pixels of the images in a bundle with the digests in the version's entries. An image that is larger
    /// than the version's profile allows has other pixels; it is not decoded.
    ///
    /// - Throws: ``CurareError`` (65) when an image is not a regular file, (74) when an image exists and cannot be read.
    func changedImages(of version: Version, _ context: WorkflowContext) throws -> [Verification.Mismatch] {
        let profile = version.manifest.recipe.profile
        let entries = version.entries.list.map { (entry: $0, file: imageFile(of: $0, profile)) }
        let changed = try ImageInspection(threads: context.threadBudget).changed(
            entries.map { ($0.file, $0.entry.image) }, receivedWith: profile,
            progress: context.progress(.checkingImages))
        context.report(.ended(.checkingImages))
        return entries.filter { changed.contains($0.file) }.map {
            Verification.Mismatch(
                .files, .changedPixels, $0.entry.photo, "the image file has other pixels than the version records")
        }
    }
}
