import Core
import Foundation
import Storage

/// The folder of a photo session on disk: the regular files in it that may be photos.
struct SessionFolder {
    static let sheetName = "session.csv"
    static let descriptionName = "session.yaml"

    let root: URL
    /// Paths relative to `root`, sorted by their UTF-8 bytes. The sheet, the description, sidecars and hidden files are
    /// left out.
    let files: [String]
    /// Sidecars: files without a photo that phones and cameras store next to photos. The import skips sidecars. Sorted
    /// by their UTF-8 bytes.
    let sidecars: [String]
    /// Entries of the folder that an import cannot read: links to files outside the folder, pipes, devices.
    let problems: [CurareError.Problem]

    /// Lists the files below `root`.
    ///
    /// - Throws: ``CurareError`` (66) when the folder does not exist.
    init(_ root: URL) throws {
        self.root = root.standardizedFileURL
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: self.root.path, isDirectory: &isFolder), isFolder.boolValue,
            let paths = FileManager.default.enumerator(atPath: self.root.path)
        else {
            throw CurareError(
                .missingInput, "the session folder does not exist", at: self.root.path,
                next: "name the folder that contains the photos and \(Self.descriptionName)")
        }
        var files: [String] = []
        var problems: [CurareError.Problem] = []
        for case let path as String in paths where Self.isVisible(path) {
            guard path != Self.sheetName, path != Self.descriptionName else { continue }
            switch Self.entryKind(of: path, in: self.root) {
            case .file: files.append(path)
            case .folder: break
            case .unreadable(let reason):
                problems.append(CurareError.Problem("\(self.root.lastPathComponent)/\(path)", reason))
            }
        }
        sidecars = files.filter(Self.isSidecar).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        files.removeAll(where: Self.isSidecar)
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
        self.problems = problems
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

    func url(_ path: String) -> URL { root.appending(path: path) }

    /// Returns the bytes of the sheet or of the description, or nil when the folder does not contain the file.
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

    /// Files that file browsers create.
    private static let fileBrowserNames: Set<String> = ["thumbs.db", "desktop.ini"]

    private static func isVisible(_ path: String) -> Bool {
        let components = path.split(separator: "/")
        guard let name = components.last else { return false }
        return !components.contains { $0.hasPrefix(".") } && !fileBrowserNames.contains(name.lowercased())
    }

    /// Suffixes of video clips and live photos, sound recordings, camera thumbnails and proxies, edits and metadata.
    private static let sidecarSuffixes: Set<String> = [
        "mov", "mp4", "m4v", "3gp", "avi", "mts", "lrv", "insv", "wav", "m4a", "thm", "aae", "xmp", "json", "xml",
        "gpx", "pp3", "dop",
    ]

    private static func isSidecar(_ path: String) -> Bool {
        guard let name = path.split(separator: "/").last, let dot = name.lastIndex(of: ".") else { return false }
        return sidecarSuffixes.contains(name[name.index(after: dot)...].lowercased())
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
