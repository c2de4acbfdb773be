/// The path of a photo as a person writes it in a CSV file.
///
/// Windows writes `\` between folders, and programs that list files write `./` before each path.
enum SheetPath {
    /// The longest accepted path in bytes.
    private static let maximumBytes = 1024

    /// Returns the path with `/` between folders and without `./` at its start.
    static func normalized(_ path: String) -> String {
        var path = Substring(path.contains("\\") ? String(path.map { $0 == "\\" ? "/" : $0 }) : path)
        while path.hasPrefix("./") { path = path.dropFirst(2) }
        return String(path)
    }

    /// Returns why `path` is not a valid path below the session folder, or nil when the path is valid.
    static func problem(of path: String) -> String? {
        if path.isEmpty { return "the row names no file; write the photo's path in the column file" }
        let parts = normalized(path).split(separator: "/", omittingEmptySubsequences: false)
        let isBelow = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
        guard isBelow, !hasDrive(path), path.utf8.count <= maximumBytes else {
            return "\"\(path.prefix(80))\" is not a path below the session folder, such as day1/img_1.jpg"
        }
        return nil
    }

    /// Whether the path starts with a drive of Windows, such as `C:\photos`.
    private static func hasDrive(_ path: String) -> Bool {
        let first = path.prefix { $0 != "\\" }
        return path.contains("\\") && first.count == 2 && first.last == ":"
    }
}
