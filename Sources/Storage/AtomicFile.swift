import Core
import Foundation
import SystemPackage

/// Atomic writes: at any time a file is complete or absent. Only the owner of these files and folders can access them.
///
/// A new file has a temporary name. After all bytes are written, the file gets its final name.
public enum AtomicFile {
    /// Writes a file. Replaces an existing file, and creates missing folders.
    ///
    /// - Parameters:
    ///   - mode: 0600, or 0400 for a file that is never changed.
    ///   - isOneOfMany: does not wait until the file is on the disk. After many files, call ``flushAll(below:)`` once,
    ///     and only then record that the files exist.
    /// - Throws: ``CurareError`` (74) with the path of the file.
    public static func write(
        _ bytes: some ContiguousBytes, to file: URL, mode: UInt32 = 0o600, isOneOfMany: Bool = false
    ) throws {
        try write(to: file, mode: mode, isOneOfMany: isOneOfMany) { write in try bytes.withUnsafeBytes(write) }
    }

    /// Writes a file from the pieces that the closure passes on. In all other respects, works as
    /// ``write(_:to:mode:isOneOfMany:)``. Use this function for files that do not fit into memory.
    ///
    /// - Throws: ``CurareError`` (74) with the path of the file; the errors of `pieces`. After an error, `file` is
    ///   unchanged.
    public static func write(
        to file: URL, mode: UInt32 = 0o600, isOneOfMany: Bool = false,
        pieces: (_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        let folder = file.deletingLastPathComponent()
        try makeFolder(folder)
        let partial = folder.appending(path: ".\(file.lastPathComponent).\(UUID().uuidString).partial")
        do {
            try write(to: partial, mode: mode, flush: !isOneOfMany, pieces)
            try attempt("could not rename the finished file", file) { () throws(Errno) in
                try FileSystem.rename(partial.path, to: file.path)
            }
            if !isOneOfMany { try flushFolder(folder) }
        } catch {
            // The first error is more useful than an error of the removal. A later command removes partial files.
            try? FileSystem.removeFile(partial.path)
            throw error
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
        name.hasPrefix(".") && name.hasSuffix(".partial")
    }

    private static func write(
        to file: URL, mode: UInt32, flush: Bool, _ pieces: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        let descriptor = try attempt("could not create the file", file) { () throws(Errno) in
            try FileDescriptor.opening(
                file.path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: FilePermissions(rawValue: mode))
        }
        // A write error is reported by the wait for the disk, not by `close`.
        defer { try? descriptor.close() }
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
