import Core
import Foundation
import Storage

/// A session's folder as it lies on disk: the regular files in it that may be photos.
struct SessionFolder {
    static let sheetName = "session.csv"
    static let descriptionName = "session.yaml"

    let root: URL
    /// Paths relative to `root`, in the order of their bytes; the sheet, the description and hidden files are left out.
    let files: [String]
    /// Files that phones and cameras lay beside photos, and that hold none: passed over. In the order of their bytes.
    let sidecars: [String]
    /// Things in the folder that no import touches: links that lead out of it, pipes, devices.
    let problems: [CurareError.Problem]

    /// - Throws: ``CurareError`` (66) where there is no such folder.
    init(_ root: URL) throws {
        self.root = root.standardizedFileURL
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: self.root.path, isDirectory: &isFolder), isFolder.boolValue,
            let paths = FileManager.default.enumerator(atPath: self.root.path)
        else {
            throw CurareError(
                .missingInput, "there is no session folder here", at: self.root.path,
                next: "name the folder that holds the photos and session.yaml")
        }
        var files: [String] = []
        var problems: [CurareError.Problem] = []
        for case let path as String in paths {
            let isHidden =
                path.split(separator: "/").contains { $0.hasPrefix(".") }
                || Self.clutter.contains(path.split(separator: "/").last?.lowercased() ?? "")
            guard !isHidden, path != Self.sheetName, path != Self.descriptionName else { continue }
            switch Self.sort(of: path, in: self.root) {
            case .file: files.append(path)
            case .folder: break
            case .other(let what): problems.append(CurareError.Problem("\(self.root.lastPathComponent)/\(path)", what))
            }
        }
        sidecars = files.filter(Self.isSidecar).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        files.removeAll(where: Self.isSidecar)
        // Two files may have names of the same letters in other code points, which no sheet can tell apart.
        let folder = self.root.lastPathComponent
        var names: Set<String> = []
        self.files = files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.filter { file in
            if names.insert(file).inserted { return true }
            problems.append(
                CurareError.Problem(
                    "\(folder)/\(file)", "another file has the same name in other code points; rename one of them"))
            return false
        }
        self.problems = problems
    }

    /// - Throws: ``CurareError`` (74) where the folder has gone since it was looked at: a card taken out, a share that is not there any more.
    func requireThere() throws {
        guard access(root.path, F_OK) != 0 else { return }
        throw CurareError(
            .inputOutput, "the session's folder went away while it was being imported", at: root.path,
            next: "bring it back and run the command again; what was imported is kept")
    }

    /// What file browsers leave behind.
    private static let clutter: Set<String> = ["thumbs.db", "desktop.ini"]

    /// Moving parts of live photos and clips, sounds, cameras' thumbnails and proxies, edits and other notes beside a photo.
    private static let sidecarSuffixes: Set<String> = [
        "mov", "mp4", "m4v", "3gp", "avi", "mts", "lrv", "insv", "wav", "m4a", "thm", "aae", "xmp", "json", "xml",
        "gpx", "pp3", "dop",
    ]

    private static func isSidecar(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return false }
        return sidecarSuffixes.contains(name[name.index(after: dot)...].lowercased())
    }

    func url(_ path: String) -> URL { root.appending(path: path) }

    /// The bytes of the sheet or the description; nil where there is none.
    func contents(of name: String, limit: Int) throws -> [UInt8]? {
        let file = url(name)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        guard case .file = Self.sort(of: name, in: root) else {
            throw CurareError(.badInput, "this is not a regular file of the session", at: file.path)
        }
        return try RegularFile(file).bytes(limit: limit)
    }

    private enum Sort {
        case file, folder
        case other(String)
    }

    /// A link counts as what it leads to, as long as that lies in the folder itself.
    private static func sort(of path: String, in root: URL) -> Sort {
        let file = root.appending(path: path)
        var status = stat()
        guard lstat(file.path, &status) == 0 else {
            return .other("it cannot be read: \(String(cString: strerror(errno)))")
        }
        if status.st_mode & S_IFMT == S_IFLNK {
            let home = root.resolvingSymlinksInPath().path
            let target = file.resolvingSymlinksInPath().path
            guard target.hasPrefix(home + "/") else {
                return .other("it is a link that leads out of the session's folder; copy the file itself there")
            }
            guard stat(file.path, &status) == 0 else { return .other("it is a link to nothing") }
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other("it is no regular file")
        }
    }
}
