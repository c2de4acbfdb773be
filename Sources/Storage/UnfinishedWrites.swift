import Core
import Foundation
import Synchronization
import SystemPackage

/// The files and folders that a process writes now, by their temporary paths.
///
/// A process that is interrupted calls ``removeAll()`` before it ends.
package final class UnfinishedWrites: Sendable {
    /// The files and folders of ``AtomicFile`` and ``AtomicDirectory``.
    package static let ofProcess = UnfinishedWrites()

    private struct State {
        var paths: Set<String> = []
        var isEnded = false
    }

    private let state = Mutex(State())

    package init() {}

    /// Adds a path, and runs `create`, which creates the file or folder. After an error of `create`, the path is not added.
    ///
    /// - Throws: ``CurareError`` (74) after ``removeAll()``; the errors of `create`.
    package func add<Result: Sendable>(_ path: String, _ create: () throws -> Result) throws -> Result {
        try state.withLock { state in
            guard !state.isEnded else { throw Self.interrupted(path) }
            let result = try create()
            state.paths.insert(path)
            return result
        }
    }

    /// Runs `rename`, which gives the file or folder its final name, and removes the path. After an error of `rename`, the
    /// path stays.
    ///
    /// - Throws: ``CurareError`` (74) after ``removeAll()``; the errors of `rename`.
    package func finish(_ path: String, _ rename: () throws -> Void) throws {
        // The lock makes removeAll() wait for the rename, so that nothing gets its final name afterwards.
        try state.withLock { state in
            guard state.paths.contains(path) else { throw Self.interrupted(path) }
            try rename()
            state.paths.remove(path)
        }
    }

    /// Removes the path of a file or folder that the caller removes.
    package func forget(_ path: String) {
        state.withLock { _ = $0.paths.remove(path) }
    }

    /// Removes all unfinished files and folders, because the process ends afterwards. Threads that still write get errors,
    /// and no file or folder gets its final name any more.
    ///
    /// Errors are ignored: a later command removes what is left.
    package func removeAll() {
        let paths = state.withLock { state in
            state.isEnded = true
            defer { state.paths = [] }
            return state.paths
        }
        for path in paths {
            if FolderListing.isFolder(at: path) {
                // A file that another thread writes at this moment can stop one attempt.
                for _ in 0..<10 where FolderListing.isFolder(at: path) {
                    try? FileManager.default.removeItem(atPath: path)
                }
            } else {
                try? FileSystem.removeFile(path)
            }
        }
    }

    private static func interrupted(_ path: String) -> CurareError {
        CurareError(.inputOutput, "the command was interrupted", at: path, next: "run the command again")
    }
}
