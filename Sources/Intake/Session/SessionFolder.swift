import Core
import Foundation
import Imaging
import Storage

/// The folder of a photo session on disk: the regular files in it that may be photos.
struct SessionFolder {
    static let sheetName = "session.csv"
    static let descriptionName = "session.yaml"

    let root: URL
    /// Paths relative to `root`, sorted by their UTF-8 bytes. `session.csv`, `session.yaml`, sidecars and hidden files
    /// are left out.
    let files: [String]
    /// The files that the import skips; see ``SidecarFile``. Sorted by their UTF-8 bytes.
    let sidecars: [String]
    /// Entries of the folder that an import cannot read: links to files outside the folder, pipes, devices, and names
    /// that `session.csv` cannot contain.
    let problems: [CurareError.Problem]

    /// One text for each file whose name contains control characters, such as a line feed.
    var warnings: [String] {
        files.filter { $0.unicodeScalars.contains(where: \.isControl) }.map {
            "\(root.lastPathComponent)/\($0.printable()): the name contains control characters, shown here as escapes"
        }
    }

    /// Lists the files below `root`. A symbolic link as `root` is followed.
    ///
    /// - Throws: ``CurareError`` (66) when the folder does not exist, or a file is in its place; (74) when a folder cannot
    ///   be read.
    init(_ root: URL) throws {
        self.root = root.standardizedFileURL
        guard FolderListing.isFolder(at: self.root.path) else { throw Self.missingFolder(self.root) }
        let walk = try SessionFolderWalk(self.root)
        var files: [String] = []
        var problems = walk.problems
        for path in walk.paths where path != Self.sheetName && path != Self.descriptionName {
            switch Self.entryKind(of: path, in: self.root) {
            case .file: files.append(path)
            case .folder: break
            case .unreadable(let reason):
                problems.append(CurareError.Problem("\(self.root.lastPathComponent)/\(path)", reason))
            }
        }
        sidecars = walk.sidecars.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        // Swift compares strings by canonical equivalence. Two files whose names differ only in code points are
        // therefore equal as strings, and no sheet can distinguish them.
        let folder = self.root.lastPathComponent
        var names: Set<String> = []
        self.files = files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.filter { file in
            if names.insert(file).inserted { return true }
            problems.append(
                CurareError.Problem(
                    "\(folder)/\(file)",
                    "another file has the same name in different Unicode code points; rename one of the two files"))
            return false
        }
        self.problems = problems.sorted { $0.location.utf8.lexicographicallyPrecedes($1.location.utf8) }
    }

    private static func missingFolder(_ root: URL) -> CurareError {
        let next = "name the folder that contains the photos and \(descriptionName)"
        guard FileManager.default.fileExists(atPath: root.path) else {
            return MissingPath.error("the session folder does not exist", at: root.path, next: next)
        }
        // The file is probably in the session folder if it is a photo, or if the folder has a description.
        let parent = root.deletingLastPathComponent()
        let isPhoto = DecodedPhoto.Format.allCases.contains {
            $0.suffixes.contains(root.pathExtension.lowercased())
        }
        let isSession =
            isPhoto || FileManager.default.fileExists(atPath: parent.appending(path: descriptionName).path)
        return CurareError(
            .missingInput, "this is a file, and not a session folder", at: root.path,
            next: isSession ? "name the folder that holds the file: \(parent.path)" : next)
    }

    /// Checks that the folder still exists. A memory card or a network share can disappear during an import.
    ///
    /// - Throws: ``CurareError`` (74) when the folder no longer exists.
    func requireExistence() throws {
        guard access(root.path, F_OK) != 0 else { return }
        throw CurareError(
            .inputOutput, "the session folder disappeared during the import", at: root.path,
            next: "make the folder available and run the command again; imported photos are kept")
    }

    /// Returns the file at the top of the folder that a person probably meant as `name`: another suffix for the same
    /// format, another case, a second suffix, or a mistyped name. Nil when there is none.
    ///
    /// - Parameter suffixes: the suffixes of the format and of files from which it is saved, in lower case.
    func fileMeant(as name: String, suffixes: Set<String>) -> String? {
        let stem = String(name.prefix { $0 != "." })
        return (files + sidecars).first { file in
            let lower = file.lowercased()
            guard !lower.contains("/"), !lower.hasPrefix("~"), let dot = lower.firstIndex(of: ".") else { return false }
            let suffix = lower[dot...].dropFirst()
            let isOfFormat = suffixes.contains(String(suffix.hasSuffix(".txt") ? suffix.dropLast(4) : suffix))
            return isOfFormat && closestMatch(to: String(lower[..<dot]), among: [stem]) != nil
        }
    }

    func url(_ path: String) -> URL { root.appending(path: path) }

    /// Returns the bytes of `session.csv` or `session.yaml`, or nil when the folder does not contain the file.
    ///
    /// - Throws: ``CurareError`` (65) when the entry is not a regular file or has more than `limit` bytes.
    func contents(of name: String, limit: Int) throws -> [UInt8]? {
        let file = url(name)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        guard case .file = Self.entryKind(of: name, in: root) else {
            throw CurareError(
                .badInput, "\(name) is not a regular file of the session folder", at: file.path,
                next: "copy the file itself into the session folder")
        }
        return try RegularFile(file).bytes(limit: limit)
    }

    private enum EntryKind {
        case file
        case folder
        case unreadable(reason: String)
    }

    /// Returns the kind of an entry. A symbolic link counts as the file that the link refers to, when that file is in
    /// the folder.
    private static func entryKind(of path: String, in root: URL) -> EntryKind {
        let file = root.appending(path: path)
        var status = stat()
        guard lstat(file.path, &status) == 0 else {
            return .unreadable(reason: "the file cannot be read: \(String(cString: strerror(errno)))")
        }
        if status.st_mode & S_IFMT == S_IFLNK {
            let realRoot = root.resolvingSymlinksInPath().path
            let target = file.resolvingSymlinksInPath().path
            guard target.hasPrefix(realRoot + "/") else {
                return .unreadable(
                    reason: "symbolic link to a file outside the session folder; copy the file itself into the folder")
            }
            guard stat(file.path, &status) == 0 else {
                return .unreadable(reason: "symbolic link to a file that does not exist; delete the link")
            }
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .unreadable(reason: "not a regular file; remove it from the session folder")
        }
    }
}
