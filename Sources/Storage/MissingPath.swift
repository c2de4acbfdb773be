import Core
import Foundation

/// Errors for paths that a user named and that do not exist.
package enum MissingPath {
    /// Returns an error (66). When a folder has an entry of nearly the same name, the next step names this entry.
    ///
    /// - Parameters:
    ///   - path: the path that does not exist.
    ///   - others: further paths where the file was searched.
    ///   - nextStep: what the user can do when there is no such entry.
    package static func error(
        _ message: String, at path: String, or others: [String] = [], next nextStep: String?
    ) -> CurareError {
        let suggestion = ([path] + others).lazy.compactMap(suggestion(for:)).first
        return CurareError(.missingInput, message, at: path, next: suggestion ?? nextStep)
    }

    /// Returns the question whether the user meant another path: one in which the name of the first missing file or
    /// folder is replaced by a name that ``confusableFileName(_:among:)`` finds. Nil if there is no such path, or if
    /// `path` exists.
    package static func suggestion(for path: String) -> String? {
        guard !exists(path) else { return nil }
        var parent = path
        var below = ""
        while let name = parent.split(separator: "/").last {
            while parent.hasSuffix("/") { parent.removeLast() }
            parent.removeLast(name.count)
            let folder = parent.isEmpty ? "." : parent
            if FolderListing.isFolder(at: folder) {
                guard let meant = confusableFileName(String(name), among: names(in: folder)) else { return nil }
                let whole = parent + meant + below
                return question(exists(whole) ? whole : parent + meant)
            }
            below = "/\(name)\(below)"
        }
        return nil
    }

    private static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Returns the names in a folder. A folder that cannot be read gives no suggestion: the missing path is the error to
    /// report.
    private static func names(in folder: String) -> [String] {
        do { return try FolderListing.names(in: URL(filePath: folder)) } catch { return [] }
    }
}
