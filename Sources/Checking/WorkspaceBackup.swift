import Catalog
import Core
import Foundation
import Storage

/// Copies a workspace: a folder that is a workspace itself.
///
/// The catalog is copied with SQLite's backup function, so that the copy has all changes and no WAL file. Other files
/// are never changed in place, so that hard links to them keep their content. Unfinished files and files that Curare
/// did not create are left out.
public struct WorkspaceBackup {
    /// What a backup contains.
    public struct Summary: Sendable {
        public let files: Int
        public let bytes: Int
        /// The number of files that are hard links to files of the workspace.
        public let linked: Int
        /// Files that were left out, because Curare did not create them.
        public let skipped: [String]
    }

    private let workspace: Workspace
    private let catalog: Catalog

    public init(_ workspace: Workspace, _ catalog: Catalog) {
        self.workspace = workspace
        self.catalog = catalog
    }

    /// Writes the backup. The caller keeps other processes from changing the workspace.
    ///
    /// - Parameters:
    ///   - folder: must not exist, and must not be inside the workspace.
    ///   - mayLink: creates hard links if the file system allows it.
    /// - Throws: ``CurareError`` (65) if the folder exists or is inside the workspace; (74) if a file cannot be read or
    ///   written. There is no folder then.
    public func write(to folder: URL, mayLink: Bool, progress: (_ done: Int, _ total: Int) -> Void) throws -> Summary {
        guard !workspace.holds(folder) else {
            throw CurareError(
                .badInput, "a backup must be outside the workspace", at: folder.path,
                next: "name a folder that is not in \(workspace.root.path)")
        }
        var failure: CurareError?
        let entries = workspace.entries { failure = failure ?? $0 }
        if let failure { throw failure }
        let files = entries.filter(Self.isCopied)
        let skipped = entries.filter { entry in
            entry.item == .unknown || (entry.kind == .other && entry.item != .leftover)
        }.map(\.path)
        let directory = try AtomicDirectory(at: folder)
        for folder in workspace.folders { try directory.addFolder(folder.lastPathComponent) }
        try directory.addFile(at: workspace.catalogFile.lastPathComponent) { file in try catalog.copy(to: file) }
        for (index, entry) in files.enumerated() {
            do {
                try directory.add(workspace.root.appending(path: entry.path), at: entry.path, mayLink: mayLink)
            } catch let error as CurareError where error.code == .missingInput && isCheckpoint(entry) {
                // A training that ended meanwhile has removed its checkpoints.
            }
            progress(index + 1, files.count)
        }
        try directory.finish()
        let contents = directory.contents
        return Summary(files: contents.files, bytes: contents.bytes, linked: contents.linked, skipped: skipped)
    }

    private func isCheckpoint(_ entry: WorkspaceEntry) -> Bool {
        guard case .runFile = entry.item else { return false }
        return RunFiles.isTemporary(String(entry.path.split(separator: "/").last ?? ""))
    }

    private static func isCopied(_ entry: WorkspaceEntry) -> Bool {
        guard entry.kind == .file else { return false }
        return switch entry.item {
        case .original, .image, .overlaidImage, .versionFile, .features, .quarantine, .weights, .replacedVersion: true
        case .runFile: !entry.path.hasSuffix("/\(FolderLock.fileName)")
        case .catalog, .catalogLog, .lock, .folder, .leftover, .unknown: false
        }
    }
}
