import Foundation

/// The right to change a workspace: one process at a time holds it, and the system takes it back however the process ends.
public final class WorkspaceLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``Refusal`` (75) where another process holds the workspace.
    public init(_ workspace: Workspace) throws {
        let file = workspace.root.appending(path: ".lock")
        descriptor = open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Refusal(.inputOutput, "could not open the workspace's lock: \(String(cString: strerror(errno)))", at: file.path,
                          next: "see that you may write in the workspace")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Refusal(.busy, "another process is changing this workspace", at: workspace.root.path, next: "wait for it to end, then run the command again")
        }
    }

    deinit {
        close(descriptor)
    }
}
