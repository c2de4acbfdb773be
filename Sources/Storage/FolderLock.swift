import Core
import Foundation
import SystemPackage

/// An exclusive lock on a folder. One process at a time has it; the system releases it when the process ends.
public final class FolderLock: Sendable {
    /// The name of the file in the folder that is locked.
    static let fileName = ".lock"

    private let descriptor: FileDescriptor

    /// Locks a workspace: its catalog, photos, images and versions.
    ///
    /// - Throws: ``CurareError`` (75) if another process has the lock.
    public convenience init(_ workspace: Workspace) throws {
        try self.init(workspace.root, "workspace")
    }

    /// Locks a folder.
    ///
    /// - Parameter name: the kind of folder, for messages.
    /// - Throws: ``CurareError`` (75) if another process has the lock; (74) if the lock file cannot be opened.
    public init(_ folder: URL, _ name: String) throws {
        let file = folder.appending(path: Self.fileName)
        do throws(Errno) {
            descriptor = try FileDescriptor.opening(
                file.path, .readWrite, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
        } catch {
            throw CurareError(
                .inputOutput, "could not open the lock file of the \(name): \(error)", at: file.path,
                next: "check that you may write there")
        }
        do {
            try descriptor.lockExclusively()
        } catch {
            try? descriptor.close()
            throw CurareError(
                .busy, "another process is using this \(name)", at: folder.path,
                next: "wait until it ends, then run the command again")
        }
    }

    deinit {
        // Closing the descriptor releases the lock. Nothing was written to the file.
        try? descriptor.close()
    }
}
