import Core
import Foundation
import SystemPackage

extension Workspace {
    /// Creates the folders of a new workspace. `fill` writes the catalog.
    ///
    /// The workspace is built under a temporary name and then renamed. A workspace is therefore complete or absent,
    /// also when the disk is full or the process is killed. In a folder that exists already, only the catalog is built
    /// under a temporary name: a process that is killed there can leave empty folders, which are not a workspace.
    ///
    /// - Parameter fill: writes `catalogFile` of the given workspace, and no other file.
    /// - Throws: ``CurareError`` (65) if there is a workspace here already, or a workspace without its catalog, or if
    ///   the folder has other files; (75) if another process creates it; (74) if a file cannot be written; the errors of
    ///   `fill`.
    public func create(_ fill: (Workspace) throws -> Void) throws {
        if FolderListing.isFolder(at: root.path) {
            try createInExistingFolder(fill)
        } else {
            let directory = try AtomicDirectory(at: root)
            let new = Workspace(root: directory.partial)
            try new.makeFolders()
            try fill(new)
            try directory.finish()
        }
    }

    private func createInExistingFolder(_ fill: (Workspace) throws -> Void) throws {
        if try hasFiles {
            throw CurareError(
                .badInput, "this folder has the files of a workspace, but no catalog (curare.sqlite)", at: root.path,
                next: "restore curare.sqlite from a backup, or choose another folder; "
                    + "a new catalog would not know the withdrawn photos")
        }
        try requireNoOtherFiles()
        let directory = try AtomicDirectory(at: catalogFile)
        let new = Workspace(root: directory.partial)
        try fill(new)
        let missing = folders.filter { !FileManager.default.fileExists(atPath: $0.path) }
        do {
            for folder in missing { try AtomicFile.makeFolder(folder) }
            try AtomicFile.flushAll(below: root)
            // The catalog makes the folder a workspace, so that it comes last.
            try AtomicFile.attempt("could not rename the finished catalog", catalogFile) { () throws(Errno) in
                try FileSystem.rename(new.catalogFile.path, to: catalogFile.path)
            }
        } catch {
            // Removes only the empty folders that were made above. The first error is the one to report.
            for folder in missing { rmdir(folder.path) }
            throw error
        }
        try AtomicFile.flushAll(below: root)
    }

    /// Checks that the folder is empty, or has only what a killed creation can leave.
    private func requireNoOtherFiles() throws {
        let own = Set((folders + [AtomicDirectory.partialFolder(of: catalogFile)]).map(\.lastPathComponent))
        guard try FolderListing.names(in: root).contains(where: { !own.contains($0) }) else { return }
        throw CurareError(
            .badInput, "the folder is not empty", at: root.path,
            next: "make a new folder with: curare init \(ShellWord.quoted(root.appending(path: "study").path))")
    }
}
