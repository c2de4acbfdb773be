import Core
import Foundation
import SystemPackage

/// A folder that at any time is complete or absent. The process fills a folder with the name `.NAME.partial`, and then
/// renames this folder.
///
/// If the process ends before that, the next process that writes the same folder removes the unfinished folder. A process
/// that is interrupted calls ``UnfinishedWrites/removeAll()`` before.
public final class AtomicDirectory {
    /// The number and the size of the files that were added.
    public struct Contents: Hashable, Sendable {
        public internal(set) var files = 0
        public internal(set) var bytes = 0
        /// The number of added files that are hard links.
        public internal(set) var linked = 0
    }

    /// The location of the finished folder.
    public let url: URL
    public private(set) var contents = Contents()
    /// The folder with the temporary name.
    package let partial: URL
    private let descriptor: FileDescriptor
    private var isFinished = false

    /// Returns the folder that is filled and then renamed to `folder`.
    public static func partialFolder(of folder: URL) -> URL {
        folder.deletingLastPathComponent().appending(path: ".\(folder.lastPathComponent).partial")
    }

    /// Creates the unfinished folder, and missing folders above it.
    ///
    /// - Throws: ``CurareError`` (65) if a file or folder with this name exists; (75) if another process is writing
    ///   this folder; (74) if nothing can be written.
    public init(at url: URL) throws {
        self.url = url.standardizedFileURL
        partial = Self.partialFolder(of: self.url)
        try Self.checkAbsence(of: self.url)
        try AtomicFile.makeFolder(partial)
        let path = partial.path
        descriptor = try AtomicFile.attempt("could not open the folder", partial) { () throws(Errno) in
            try FileDescriptor.opening(path, .readOnly, options: [.directory, .noFollow, .closeOnExec])
        }
        do {
            try descriptor.lockExclusively()
        } catch {
            // Another process is filling the folder, so this one must not remove it.
            isFinished = true
            throw CurareError(
                .busy, "another process is writing this folder", at: self.url.path,
                next: "wait until it ends, or name another folder")
        }
        // The previous owner of the lock may have finished the folder in the meantime.
        try Self.checkAbsence(of: self.url)
        try UnfinishedWrites.ofProcess.add(path) {}
        try removeContents(of: partial)
    }

    deinit {
        // A deinitializer cannot report errors. The next process that writes the same folder removes the remains.
        if !isFinished {
            UnfinishedWrites.ofProcess.forget(partial.path)
            try? FileManager.default.removeItem(at: partial)
        }
        try? descriptor.close()
    }

    /// Writes a file at a path relative to the folder. Missing folders are created.
    public func write(_ data: Data, to path: String) throws {
        try AtomicFile.write(data, to: partial.appending(path: path), isOneOfMany: true)
        contents.files += 1
        contents.bytes += data.count
    }

    /// Writes a file from the pieces that the closure passes on. Missing folders are created.
    ///
    /// - Throws: ``CurareError`` (74) if the file cannot be written; the errors of `pieces`.
    public func write(
        to path: String, pieces: (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        let file = partial.appending(path: path)
        try AtomicFile.write(to: file, isOneOfMany: true, pieces: pieces)
        contents.files += 1
        contents.bytes += try RegularFile(file).size
    }

    /// Creates an empty folder at a path relative to the folder.
    public func addFolder(_ path: String) throws {
        try AtomicFile.makeFolder(partial.appending(path: path))
    }

    /// Adds a file that `write` fills. When `write` is called, the file exists and is empty, and only its owner can
    /// access it.
    public func addFile(at path: String, _ write: (URL) throws -> Void) throws {
        let file = partial.appending(path: path)
        try AtomicFile.write(Data(), to: file, isOneOfMany: true)
        try write(file)
        contents.files += 1
        contents.bytes += try RegularFile(file).size
    }

    /// Adds an existing file at a path relative to the folder.
    ///
    /// - Parameter mayLink: creates a hard link if the file system allows it. Otherwise the file is copied.
    /// - Throws: ``CurareError`` (66) if the file does not exist or cannot be read.
    public func add(_ file: URL, at path: String, mayLink: Bool) throws {
        let target = partial.appending(path: path)
        try AtomicFile.makeFolder(target.deletingLastPathComponent())
        let source = try RegularFile(file, missing: .missingInput, unreadable: .missingInput)
        if mayLink, isLinked(file, at: target) {
            contents.files += 1
            contents.linked += 1
            contents.bytes += source.size
        } else {
            try write(Data(source.bytes(limit: .max)), to: path)
        }
    }

    /// Creates a hard link, and returns false if this is not possible, for example on another file system.
    private func isLinked(_ file: URL, at target: URL) -> Bool {
        do {
            try FileSystem.link(file.path, to: target.path)
            return true
        } catch {
            return false
        }
    }

    /// Waits until all files are on the disk, and gives the folder its name. No other method may be called afterwards.
    public func finish() throws {
        try AtomicFile.flushAll(below: partial)
        try UnfinishedWrites.ofProcess.finish(partial.path) { try AtomicFile.moveFolder(partial, to: url) }
        isFinished = true
    }

    private func removeContents(of folder: URL) throws {
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                try FileManager.default.removeItem(at: folder.appending(path: name))
            }
        } catch {
            throw CurareError(
                .inputOutput, "could not remove the remains of an earlier attempt: \(error.localizedDescription)",
                at: folder.path, next: "remove the folder, then run the command again")
        }
    }

    private static func checkAbsence(of url: URL) throws {
        do throws(Errno) {
            _ = try FilePath(url.path).stat(followTargetSymlink: false)
        } catch {
            // Only an existing file or folder is a problem here. Another error appears when the folder is created.
            return
        }
        throw CurareError(
            .badInput, "a file or folder with this name exists already", at: url.path,
            next: "name a folder that does not exist yet")
    }
}
