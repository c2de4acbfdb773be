import Core
import Foundation
import SystemPackage

/// Atomic writes: at any time a file is complete or absent. Only the owner of these files and folders can access them.
///
/// A new file has the temporary name `.NAME.UUID.partial`, and is locked while it has this name. After all bytes are
/// written, the file gets its final name. A process that is killed leaves the partial file. In a workspace, commands that
/// change the workspace remove such files; elsewhere, ``removeAbandoned(of:)`` removes them. A process that is interrupted
/// removes them itself, with ``UnfinishedWrites/removeAll()``.
public enum AtomicFile {
    /// Writes a file, and creates missing folders.
    ///
    /// - Parameters:
    ///   - mode: 0600, or 0400 for a file that is never changed.
    ///   - replaces: replaces an existing file. Otherwise an existing file, also one that another process writes
    ///     meanwhile, is an error and stays unchanged.
    ///   - isOneOfMany: does not wait until the file is on the disk. After many files, call ``flushAll(below:)`` once,
    ///     and only then record that the files exist.
    /// - Throws: ``CurareError`` (74) with the path of the file; (65) if the file exists and is not replaced.
    public static func write(
        _ bytes: some ContiguousBytes, to file: URL, mode: UInt32 = 0o600, replaces: Bool = true,
        isOneOfMany: Bool = false
    ) throws {
        try write(to: file, mode: mode, replaces: replaces, isOneOfMany: isOneOfMany) { write in
            try bytes.withUnsafeBytes(write)
        }
    }

    /// Writes a file from the pieces that the closure passes on. In all other respects, works as
    /// ``write(_:to:mode:replaces:isOneOfMany:)``. Use this function for files that do not fit into memory.
    ///
    /// - Throws: ``CurareError`` (74) with the path of the file; (65) if the file exists and is not replaced; the errors of
    ///   `pieces`. After an error, `file` is unchanged.
    public static func write(
        to file: URL, mode: UInt32 = 0o600, replaces: Bool = true, isOneOfMany: Bool = false,
        pieces: (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        let folder = file.deletingLastPathComponent()
        try makeFolder(folder)
        let (partial, descriptor) = try createPartial(of: file, mode: mode)
        // The file is closed, and so unlocked, after it has its final name. A write error is reported by the wait for the
        // disk, not by `close`.
        defer { try? descriptor.close() }
        do {
            try write(to: descriptor, of: partial, flush: !isOneOfMany, pieces)
            try UnfinishedWrites.ofProcess.finish(partial.path) { try rename(partial, to: file, replaces: replaces) }
            if !isOneOfMany { try flushFolder(folder) }
        } catch {
            // The first error is more useful than an error of the removal. A later command removes partial files.
            try? FileSystem.removeFile(partial.path)
            UnfinishedWrites.ofProcess.forget(partial.path)
            throw error
        }
    }

    private static func rename(_ partial: URL, to file: URL, replaces: Bool) throws {
        do throws(Errno) {
            if replaces {
                try FileSystem.rename(partial.path, to: file.path)
            } else {
                try FileSystem.rename(partial.path, toNew: file.path)
            }
        } catch {
            guard !replaces, error == .fileExists else {
                throw FileSystem.writeError("could not rename the finished file", error, file)
            }
            throw CurareError(
                .badInput, "a file or folder with this name exists already", at: file.path,
                next: "name a file that does not exist yet")
        }
    }

    /// Waits until all files on the file system of `folder` are on the disk.
    ///
    /// For many files this is one wait. A wait for each file would be two waits: for the file and for its folder.
    public static func flushAll(below folder: URL) throws {
        try withFolder(folder) { descriptor throws(Errno) in try descriptor.synchronizeFileSystem() }
    }

    /// Creates a folder and the missing folders above it, with mode 0700. Nobody else can read a new folder at any time.
    ///
    /// - Throws: ``CurareError`` (74).
    public static func makeFolder(_ folder: URL) throws {
        if mkdir(folder.path, 0o700) == 0 { return }
        var cause = Errno(rawValue: errno)
        let above = folder.deletingLastPathComponent()
        if cause == .noSuchFileOrDirectory, above.path != folder.path {
            try makeFolder(above)
            if mkdir(folder.path, 0o700) == 0 { return }
            cause = Errno(rawValue: errno)
        }
        if cause == .fileExists, FolderListing.isFolder(at: folder.path) { return }
        throw CurareError(
            .inputOutput, "could not create the folder: \(cause)", at: folder.path,
            next: "check that the disk has space and that you may write there, then run the command again")
    }

    /// Renames a finished folder to a name that does not exist yet, and waits until the new name is on the disk.
    public static func moveFolder(_ old: URL, to new: URL) throws {
        try flushFolder(old)
        try makeFolder(new.deletingLastPathComponent())
        try attempt("could not rename the finished folder", new) { () throws(Errno) in
            try FileSystem.rename(old.path, to: new.path)
        }
        try flushFolder(new.deletingLastPathComponent())
    }

    /// Returns whether `name` is the temporary name of an unfinished file or folder.
    public static func isPartial(_ name: String) -> Bool {
        name.hasPrefix(".") && name.hasSuffix(partialSuffix)
    }

    private static let partialSuffix = ".partial"

    /// Creates an empty file with a new temporary name, and locks the file.
    private static func createPartial(of file: URL, mode: UInt32) throws -> (file: URL, descriptor: FileDescriptor) {
        while true {
            let partial = file.deletingLastPathComponent().appending(
                path: ".\(file.lastPathComponent).\(UUID().uuidString)\(partialSuffix)")
            let descriptor = try UnfinishedWrites.ofProcess.add(partial.path) {
                try attempt("could not create the file", partial) { () throws(Errno) in
                    try FileDescriptor.opening(
                        partial.path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                        permissions: FilePermissions(rawValue: mode))
                }
            }
            if isLocked(descriptor) { return (partial, descriptor) }
            // The file is not used.
            UnfinishedWrites.ofProcess.forget(partial.path)
            try? descriptor.close()
        }
    }

    /// Locks a new partial file. Returns false when another process has locked the file first, in order to remove the
    /// file.
    private static func isLocked(_ descriptor: FileDescriptor) -> Bool {
        do throws(Errno) {
            try descriptor.lockExclusively()
            return try descriptor.stat().linkCount > 0
        } catch {
            // Without locks on this file system, no process removes the file.
            return error != .wouldBlock
        }
    }

    /// Removes the partial files of `files` that a process left when it was killed. A file that a running process writes,
    /// or that cannot be locked, stays.
    ///
    /// - Throws: ``CurareError`` (74) if a folder cannot be read or a file cannot be removed.
    public static func removeAbandoned(of files: [URL]) throws {
        for (folder, files) in Dictionary(grouping: files, by: { $0.deletingLastPathComponent() }) {
            let targets = Set(files.map(\.lastPathComponent))
            for name in try FolderListing.namesIfFolder(folder) {
                guard let target = target(ofPartial: name), targets.contains(target) else { continue }
                try removeIfAbandoned(folder.appending(path: name))
            }
        }
    }

    /// Returns the partial files of `file`, of running processes and of processes that were killed.
    ///
    /// - Throws: ``CurareError`` (74) if the folder cannot be read.
    package static func partialFiles(of file: URL) throws -> [URL] {
        let folder = file.deletingLastPathComponent()
        return try FolderListing.namesIfFolder(folder).filter { target(ofPartial: $0) == file.lastPathComponent }.map {
            folder.appending(path: $0)
        }
    }

    /// Returns NAME for the temporary name `.NAME.UUID.partial` of a file; nil for any other name.
    private static func target(ofPartial name: String) -> String? {
        guard isPartial(name) else { return nil }
        let inner = name.dropFirst().dropLast(partialSuffix.count)
        guard let dot = inner.lastIndex(of: "."), UUID(uuidString: String(inner[inner.index(after: dot)...])) != nil
        else {
            return nil
        }
        return String(inner[..<dot])
    }

    private static func removeIfAbandoned(_ partial: URL) throws {
        let descriptor: FileDescriptor
        do throws(Errno) {
            descriptor = try FileDescriptor.opening(
                partial.path, .readWrite, options: [.noFollow, .nonBlocking, .closeOnExec])
        } catch {
            // The file has its final name now, or belongs to somebody else.
            return
        }
        // The file is not changed.
        defer { try? descriptor.close() }
        do throws(Errno) { try descriptor.lockExclusively() } catch { return }
        // The process that locked the file has ended.
        try attempt("could not remove the remains of an earlier attempt", partial) { () throws(Errno) in
            try FileSystem.removeFile(partial.path)
        }
    }

    private static func write(
        to descriptor: FileDescriptor, of file: URL, flush: Bool,
        _ pieces: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        var end = 0
        var started = 0
        try pieces { bytes in
            try attempt("could not write the file", file) { () throws(Errno) in try descriptor.writeEvery(bytes) }
            end += bytes.count
            if flush, end - started >= writebackSize {
                descriptor.startWriteback(offset: started, count: end - started)
                started = end
            }
        }
        if flush {
            try attempt("could not write the file to the disk", file) { () throws(Errno) in
                try descriptor.synchronize()
            }
        } else {
            // The disk starts now, so that flushAll(below:) waits for less.
            descriptor.startWriteback()
        }
    }

    /// The number of bytes after which the disk starts to write, while the program prepares the next bytes.
    private static let writebackSize = 8 << 20

    private static func flushFolder(_ folder: URL) throws {
        try withFolder(folder) { descriptor throws(Errno) in try descriptor.synchronize() }
    }

    private static func withFolder(_ folder: URL, _ body: (FileDescriptor) throws(Errno) -> Void) throws {
        let descriptor = try attempt("could not open the folder", folder) { () throws(Errno) in
            try FileDescriptor.opening(folder.path, .readOnly, options: [.directory, .closeOnExec])
        }
        // The folder is only read.
        defer { try? descriptor.close() }
        try attempt("could not write the folder to the disk", folder) { () throws(Errno) in try body(descriptor) }
    }

    /// Runs `body`, and throws its error as ``CurareError`` with the path of the file.
    static func attempt<Result>(
        _ message: String, _ file: URL, _ body: () throws(Errno) -> Result
    ) throws -> Result {
        do { return try body() } catch { throw FileSystem.writeError(message, error, file) }
    }
}

extension FileDescriptor {
    /// Opens a file. Unlike swift-system's `open`, the function declares that all its errors are ``Errno``.
    static func opening(
        _ path: String, _ mode: AccessMode, options: OpenOptions, permissions: FilePermissions? = nil
    ) throws(Errno) -> FileDescriptor {
        do {
            return try open(FilePath(path), mode, options: options, permissions: permissions)
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    fileprivate func writeEvery(_ bytes: UnsafeRawBufferPointer) throws(Errno) {
        do { _ = try writeAll(bytes) } catch { throw error as? Errno ?? .ioError }
    }
}
