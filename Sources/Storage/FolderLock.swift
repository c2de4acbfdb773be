import Core
import Foundation
import Synchronization
import SystemPackage

/// An exclusive lock on a folder. Only one process at a time has the lock. The system releases the lock when the
/// process ends.
///
/// The lock file names the process that has the lock. Another process that waits without success shows this name.
public final class FolderLock: Sendable {
    /// The name of the lock file in the folder.
    package static let fileName = ".lock"

    private let descriptor: FileDescriptor
    /// Nil for a folder that is not a workspace, and after ``releaseLabels()``.
    private let labels = Mutex<LabelLock?>(nil)

    /// Locks a workspace: its catalog with all labels, its photos, images and versions.
    ///
    /// - Parameter wait: how long to wait for another process.
    /// - Throws: ``CurareError`` (75) if another process has the lock.
    public convenience init(_ workspace: Workspace, wait: Duration = .zero) throws {
        try self.init(workspace.root, "workspace", wait: wait)
        // A process without this lock has the labels for moments only.
        let labelLock = try LabelLock(workspace, wait: max(wait, .seconds(5)))
        labels.withLock { $0 = labelLock }
    }

    /// Lets other processes change labels and trigger boxes from now on. An import does so before it stores photos: its
    /// transactions keep the corrections that people make meanwhile.
    public func releaseLabels() {
        labels.withLock { $0 = nil }
    }

    /// Locks a folder.
    ///
    /// - Parameters:
    ///   - name: the kind of folder, for messages.
    ///   - wait: how long to wait for another process.
    /// - Throws: ``CurareError`` (75) if another process has the lock; (74) if the lock file cannot be opened.
    public init(_ folder: URL, _ name: String, wait: Duration = .zero) throws {
        let file = folder.appending(path: Self.fileName)
        // The property is set at last: after it is set, an error would run the deinitializer, which truncates the file of
        // the other process and closes the descriptor again.
        let opened: FileDescriptor
        do throws(Errno) {
            opened = try FileDescriptor.opening(
                file.path, .readWrite, options: [.create, .closeOnExec], permissions: [.ownerReadWrite])
        } catch {
            throw CurareError(
                .inputOutput, "could not open the lock file of the \(name): \(error)", at: file.path,
                next: "check that you may write there")
        }
        do throws(Errno) {
            try opened.lockExclusively(wait: wait)
        } catch {
            try? opened.close()
            throw CurareError(
                .busy, "\(try Self.owner(in: file) ?? "another process") is using this \(name)", at: folder.path,
                next: "wait until it ends, then run the command again")
        }
        // The text is for messages only. The lock holds without it, for example on a full disk.
        let owner = Array("\(getpid()) \(Self.command)\n".utf8)
        try? opened.resize(to: 0)
        _ = try? opened.writeAll(toAbsoluteOffset: 0, owner)
        descriptor = opened
    }

    deinit {
        try? descriptor.resize(to: 0)
        // Closing the descriptor releases the lock.
        try? descriptor.close()
    }

    /// The program and its first argument: `curare import`. Further arguments can name people.
    private static var command: String {
        let arguments = ProcessInfo.processInfo.arguments
        let program = arguments.first.map { URL(filePath: $0).lastPathComponent } ?? "curare"
        let words = [program] + arguments.dropFirst().prefix(1)
        return words.filter { !$0.isEmpty && $0.utf8.allSatisfy(isPlain) }.joined(separator: " ")
    }

    /// Returns the process that the lock file names: `process 4711 (curare import)`. Nil if the file names none, or one
    /// that has ended.
    fileprivate static func owner(in file: URL) throws -> String? {
        let text = String(decoding: try RegularFile(file).bytes(limit: 1 << 12), as: UTF8.self)
        let words = text.split(whereSeparator: \.isWhitespace).prefix(3)
        guard let pid = words.first.flatMap({ Int32($0) }), pid > 0, kill(pid, 0) == 0 || errno == EPERM else {
            return nil
        }
        let command = words.dropFirst().filter { $0.utf8.allSatisfy(isPlain) }.joined(separator: " ")
        return "process \(pid)" + (command.isEmpty ? "" : " (\(command.prefix(80)))")
    }

    /// Whether a byte needs no escaping in a message.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "-")...UInt8(ascii: "z")).contains(byte) && byte != UInt8(ascii: "\\")
    }
}

/// An exclusive lock on the labels and trigger boxes of a workspace: a lock on the folder itself, without a file.
///
/// A process that changes a workspace has this lock together with the ``FolderLock``, so that labels do not change while it
/// decides what to do. Two processes have only one of the locks: an import while it stores photos has the ``FolderLock``,
/// and a review page has the label lock for each change. People can therefore review while an import runs.
public final class LabelLock: Sendable {
    private let descriptor: FileDescriptor

    /// - Parameter wait: how long to wait for another process.
    /// - Throws: ``CurareError`` (75) if another process has the lock; (74) if the folder cannot be opened.
    public init(_ workspace: Workspace, wait: Duration = .zero) throws {
        let opened: FileDescriptor
        do throws(Errno) {
            opened = try FileDescriptor.opening(workspace.root.path, .readOnly, options: [.directory, .closeOnExec])
        } catch {
            throw CurareError(
                .inputOutput, "could not open the folder of the workspace: \(error)", at: workspace.root.path,
                next: "check that you may read and write there")
        }
        do throws(Errno) {
            try opened.lockExclusively(wait: wait)
        } catch {
            try? opened.close()
            let file = workspace.root.appending(path: FolderLock.fileName)
            // A workspace that was only reviewed has no lock file yet.
            let owner = FileManager.default.fileExists(atPath: file.path) ? try FolderLock.owner(in: file) : nil
            throw CurareError(
                .busy, "\(owner ?? "another process") is using this workspace",
                at: workspace.root.path, next: "wait until it ends, then try again")
        }
        descriptor = opened
    }

    deinit {
        // Closing the descriptor releases the lock.
        try? descriptor.close()
    }
}

extension FileDescriptor {
    /// Takes an exclusive lock, and tries again for at most `wait`.
    ///
    /// - Throws: `Errno.wouldBlock` if another process has the lock all the time.
    fileprivate func lockExclusively(wait: Duration) throws(Errno) {
        let end = ContinuousClock.now + wait
        while true {
            do throws(Errno) {
                return try lockExclusively()
            } catch {
                guard error == .wouldBlock, ContinuousClock.now < end else { throw error }
            }
            Thread.sleep(forTimeInterval: 0.05)
        }
    }
}
