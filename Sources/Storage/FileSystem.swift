import CLinux
import Core
import Foundation
import SystemPackage

/// System calls that swift-system does not offer. Their errors are values of swift-system's ``Errno``.
enum FileSystem {
    static func rename(_ old: String, to new: String) throws(Errno) {
        try check(Foundation.rename(old, new))
    }

    /// Renames a file to a name that does not exist yet.
    ///
    /// - Throws: `Errno.fileExists` if something has the new name.
    static func rename(_ old: String, toNew new: String) throws(Errno) {
        let noReplace: UInt32 = 1
        do {
            try check(renameat2(AT_FDCWD, old, AT_FDCWD, new, noReplace))
        } catch .invalidArgument, .noFunction {
            // Some file systems, such as NFS, do not know this rename. A hard link does not replace a file either.
            try link(old, to: new)
            // The file has its final name. A later command removes a name that is left.
            try? removeFile(old)
        }
    }

    static func link(_ file: String, to new: String) throws(Errno) {
        try check(Foundation.link(file, new))
    }

    /// Removes a file. A missing file is not an error.
    static func removeFile(_ file: String) throws(Errno) {
        do {
            try check(unlink(file))
        } catch .noSuchFileOrDirectory {
            return
        }
    }

    fileprivate static func check(_ result: Int32) throws(Errno) {
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    /// Returns an error for a file that could not be written.
    static func writeError(_ message: String, _ error: Errno, _ file: URL) -> CurareError {
        CurareError(
            .inputOutput, "\(message): \(error)", at: file.path,
            next: "check that the disk has free space and that you may write there, then run the command again")
    }
}

extension FileDescriptor {
    /// Waits until the file is on the disk (`fsync`).
    func synchronize() throws(Errno) {
        try FileSystem.check(fsync(rawValue))
    }

    /// Waits until all files of the file system are on the disk (`syncfs`).
    func synchronizeFileSystem() throws(Errno) {
        try FileSystem.check(syncfs(rawValue))
    }

    /// Starts to write a part of the file to the disk and does not wait. A count of 0 means the whole file.
    ///
    /// An error of this call is ignored: ``synchronize()`` or ``synchronizeFileSystem()`` reports it later.
    func startWriteback(offset: Int = 0, count: Int = 0) {
        let syncFileRangeWrite: UInt32 = 2
        _ = sync_file_range(rawValue, Int64(offset), Int64(count), syncFileRangeWrite)
    }

    /// Takes an exclusive lock (`flock`) without waiting.
    ///
    /// - Throws: `Errno.wouldBlock` if another process has the lock.
    func lockExclusively() throws(Errno) {
        try FileSystem.check(flock(rawValue, LOCK_EX | LOCK_NB))
    }
}

/// The names in a folder.
package enum FolderListing {
    /// Returns the sorted names in a folder. Names that start with a dot are left out. A missing folder has no names.
    ///
    /// - Throws: ``CurareError`` (74) if the folder cannot be read.
    package static func visibleNames(in folder: URL) throws -> [String] {
        try names(in: folder).filter { !$0.hasPrefix(".") }
    }

    /// Returns all names in a folder, sorted. A missing folder has no names.
    ///
    /// - Throws: ``CurareError`` (74) if the folder cannot be read.
    package static func names(in folder: URL) throws -> [String] {
        var names: [String] = []
        try forEachEntry(in: folder.path) { name, _ in names.append(String(decoding: name, as: UTF8.self)) }
        return names.sorted()
    }

    /// Returns all names in a folder, sorted. A missing folder, and anything that is not a folder, has no names.
    ///
    /// - Throws: ``CurareError`` (74) if the folder cannot be read.
    package static func namesIfFolder(_ url: URL) throws -> [String] {
        guard isFolder(at: url.path) else { return [] }
        return try names(in: url)
    }

    /// Returns whether a folder, or a symbolic link to a folder, is at `path`.
    package static func isFolder(at path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Returns the sorted names of the folders in a folder. Names that start with a dot are left out. A symbolic link
    /// is not a folder.
    ///
    /// - Throws: ``CurareError`` (74) if the folder cannot be read.
    package static func visibleFolders(in folder: URL) throws -> [String] {
        var names: [String] = []
        try forEachEntry(in: folder.path) { name, kind in
            if kind == .folder, name.first != UInt8(ascii: ".") { names.append(String(decoding: name, as: UTF8.self)) }
        }
        return names.sorted()
    }

    /// Returns the names of ``visibleFolders(in:)``. Anything that is not a folder has no folders.
    ///
    /// - Throws: ``CurareError`` (74) if the folder cannot be read.
    package static func visibleFoldersIfFolder(_ url: URL) throws -> [String] {
        guard isFolder(at: url.path) else { return [] }
        return try visibleFolders(in: url)
    }

    /// Returns the paths of everything below a folder, relative to the folder and sorted by their UTF-8 bytes. Symbolic
    /// links are not followed. If `folder` is not a folder, there are no paths.
    ///
    /// - Throws: ``CurareError`` (74) if a folder cannot be read.
    package static func paths(below folder: URL) throws -> [String] {
        guard isFolder(at: folder.path) else { return [] }
        var paths: [String] = []
        func list(_ relative: String) throws {
            var folders: [String] = []
            let path = relative.isEmpty ? folder.path : "\(folder.path)/\(relative)"
            try forEachEntry(in: path) { name, kind in
                let text = String(decoding: name, as: UTF8.self)
                let entry = relative.isEmpty ? text : "\(relative)/\(text)"
                paths.append(entry)
                if kind == .folder { folders.append(entry) }
            }
            for entry in folders { try list(entry) }
        }
        try list("")
        return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Calls `body` with the bytes of each name and the kind of the entry. A missing folder has no names.
    ///
    /// - Throws: ``CurareError`` (74) if the folder cannot be read; the errors of `body`.
    package static func forEachEntry(
        in path: String, _ body: (_ name: UnsafeRawBufferPointer, _ kind: FolderEntry.Kind) throws -> Void
    ) throws {
        guard let folder = opendir(path) else {
            let error = Errno(rawValue: errno)
            if error == .noSuchFileOrDirectory { return }
            throw readError(error, path)
        }
        defer { closedir(folder) }
        while true {
            // `readdir` returns nil both at the end and after an error; only an error sets `errno`.
            errno = 0
            guard let entry = readdir(folder) else {
                let error = errno
                if error == 0 { return }
                throw readError(Errno(rawValue: error), path)
            }
            let type = Int32(entry.pointee.d_type)
            try withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                let name = UnsafeRawBufferPointer(rebasing: bytes.prefix { $0 != 0 })
                let text = name.count <= 2 ? String(decoding: name, as: UTF8.self) : ""
                if text == "." || text == ".." { return }
                // Some file systems do not record the type.
                let kind =
                    type == Int32(DT_UNKNOWN)
                    ? try kind(of: "\(path)/\(String(decoding: name, as: UTF8.self))") : FolderEntry.Kind(type)
                try body(name, kind)
            }
        }
    }

    private static func kind(of path: String) throws -> FolderEntry.Kind {
        do {
            let type = try FilePath(path).stat(followTargetSymlink: false).type
            switch type {
            case .directory: return .folder
            case .regular: return .file
            case .symbolicLink: return .link
            default: return .other
            }
        } catch {
            throw readError(error, path)
        }
    }

    private static func readError(_ error: Errno, _ path: String) -> CurareError {
        CurareError(
            .inputOutput, "the folder cannot be read: \(error)", at: path, next: "check that you may read the folder")
    }
}
