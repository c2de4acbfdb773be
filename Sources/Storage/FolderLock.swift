import Core
import Foundation

/// The right to change a folder: one process at a time holds it, and the system takes it back however the process ends.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    /// The right to change a workspace's catalog, photos, images and versions.
    ///
    /// - Throws: ``CurareError`` (75) where another process holds it.
    public convenience init(_ workspace: Workspace) throws {
        try self.init(workspace.root, "workspace")
    }

    /// - Parameter what: what messages call the folder.
    /// - Throws: ``CurareError`` (75) where another process holds it.
    public init(_ folder: URL, _ what: String) throws {
        let file = folder.appending(path: ".lock")
        descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CurareError(
                .inputOutput, "could not open the \(what)'s lock: \(String(cString: strerror(errno)))", at: file.path,
                next: "see that you may write there")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CurareError(
                .busy, "another process is at work in this \(what)", at: folder.path,
                next: "wait for it to end, then run the command again")
        }
    }

    deinit {
        close(descriptor)
    }
}
