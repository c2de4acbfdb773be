import Core
import Foundation
import SystemPackage

/// A name in a folder, and the kind of the entry with this name. A name is bytes, which need not be UTF-8.
package struct FolderEntry: Hashable, Sendable {
    package enum Kind: Sendable {
        case file, folder, link, other

        /// - Parameter type: the `d_type` of a folder's entry.
        init(_ type: Int32) {
            switch type {
            case Int32(DT_DIR): self = .folder
            case Int32(DT_REG): self = .file
            case Int32(DT_LNK): self = .link
            default: self = .other
            }
        }
    }

    package let path: RelativePath
    package let kind: Kind
    /// The name. Nil when it is not UTF-8.
    package let name: String?

    /// Whether the entry is an unfinished file or folder of a process that ended.
    package var isPartial: Bool { name.map(AtomicFile.isPartial) == true }
}

extension FolderListing {
    /// Returns everything in the folder at `path` below `root`, sorted by name. A missing folder, and anything that is not
    /// a folder, is empty.
    ///
    /// - Throws: ``CurareError`` (74) if the folder cannot be read.
    package static func entries(_ path: RelativePath, below root: URL) throws -> [FolderEntry] {
        var entries: [FolderEntry] = []
        let folder = String(decoding: path.bytes(below: root), as: UTF8.self)
        guard isFolder(at: folder) else { return [] }
        try forEachEntry(in: folder) { name, kind in
            entries.append(
                FolderEntry(
                    path: path.appending(name), kind: kind, name: String(validating: name, as: UTF8.self)))
        }
        return entries.sorted { $0.path < $1.path }
    }

    /// Returns the bytes of each file below a folder, by its path relative to the folder. Symbolic links are not followed
    /// and not counted. A file that another process removes meanwhile is left out.
    ///
    /// - Throws: ``CurareError`` (74) if a folder cannot be read, or if a file cannot be examined.
    package static func sizes(below folder: URL) throws -> [String: Int] {
        var sizes: [String: Int] = [:]
        for path in try paths(below: folder) { sizes[path] = try FolderSize.bytes(of: folder.appending(path: path)) }
        return sizes
    }
}

/// The path of a file or folder relative to another folder, as bytes.
package struct RelativePath: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    package init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The path of `url` below `root`. Nil when `url` is not below `root`.
    package init?(_ url: URL, below root: URL) {
        let prefix = root.path + "/"
        guard url.path.hasPrefix(prefix) else { return nil }
        self.init(String(url.path.dropFirst(prefix.count)))
    }

    /// The other folder itself.
    package static let root = RelativePath(bytes: [])

    package func appending(_ name: some Collection<UInt8>) -> RelativePath {
        RelativePath(bytes: bytes.isEmpty ? Array(name) : bytes + [UInt8(ascii: "/")] + name)
    }

    package func bytes(below root: URL) -> [UInt8] { Array("\(root.path)/".utf8) + bytes }

    /// The path as text for a terminal: bytes that are not UTF-8 are written as `\xff`, and hidden characters as
    /// `printable()` writes them.
    package var description: String {
        var text = ""
        var rest = bytes[...]
        while let first = rest.first {
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            guard let character = String(validating: rest.prefix(length), as: UTF8.self) else {
                // Bytes below 0x80 are valid UTF-8, so that the number has two digits.
                text += "\\x" + String(first, radix: 16)
                rest = rest.dropFirst()
                continue
            }
            text += character.printable()
            rest = rest.dropFirst(length)
        }
        return text
    }

    package static func < (left: Self, right: Self) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

/// The removal of files and folders, whatever their names are.
package enum FileRemoval {
    /// Removes a file, a symbolic link or a folder with everything in it. Links are not followed. A file that does not
    /// exist counts as removed.
    ///
    /// - Throws: ``CurareError`` (74) with the path of the file or folder that cannot be removed.
    package static func remove(_ path: RelativePath, below root: URL) throws {
        try remove(path.bytes(below: root))
    }

    /// Removes the file, link or folder at `url`, as ``remove(_:below:)`` does.
    package static func remove(_ url: URL) throws { try remove(Array(url.path.utf8)) }

    /// Removes a folder if it is empty. A folder with files, and a missing folder, stay as they are.
    ///
    /// - Throws: ``CurareError`` (74) when the empty folder cannot be removed.
    package static func removeIfEmpty(_ url: URL) throws {
        guard rmdir(url.path) != 0 else { return }
        let cause = Errno(rawValue: errno)
        guard [.directoryNotEmpty, .fileExists, .noSuchFileOrDirectory, .notDirectory].contains(cause) else {
            throw error(cause, Array(url.path.utf8))
        }
    }

    /// Returns whether something is at the path: a file, a folder or a symbolic link, which is not followed.
    package static func exists(_ path: RelativePath, below root: URL) -> Bool {
        var status = stat()
        return lstat(cString(path.bytes(below: root)), &status) == 0
    }

    private static func remove(_ path: [UInt8]) throws {
        if unlink(cString(path)) == 0 || errno == ENOENT || errno == ENOTDIR { return }
        let cause = Errno(rawValue: errno)
        // Linux reports EISDIR for a folder, POSIX permits EPERM.
        guard cause == .isDirectory || cause == .notPermitted, let folder = opendir(cString(path)) else {
            throw error(cause, path)
        }
        var names: [[UInt8]] = []
        while let entry = readdir(folder) {
            withUnsafeBytes(of: &entry.pointee.d_name) { bytes in names.append(Array(bytes.prefix { $0 != 0 })) }
        }
        closedir(folder)
        for name in names where name != Array(".".utf8) && name != Array("..".utf8) {
            try remove(path + [UInt8(ascii: "/")] + name)
        }
        guard rmdir(cString(path)) == 0 || errno == ENOENT else { throw error(Errno(rawValue: errno), path) }
    }

    private static func cString(_ path: [UInt8]) -> [CChar] { (path + [0]).map { CChar(bitPattern: $0) } }

    private static func error(_ cause: Errno, _ path: [UInt8]) -> CurareError {
        CurareError(
            .inputOutput, "could not be removed: \(cause)",
            at: RelativePath(String(decoding: path, as: UTF8.self)).description,
            next: "make the folder writable, then run the command again")
    }
}
