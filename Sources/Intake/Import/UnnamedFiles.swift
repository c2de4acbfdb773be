import Core

/// The files of a session that no row of `session.csv` names, and the search for the one that a row with a missing file
/// probably means.
///
/// A row and its file are one problem, because one mistake caused both: another case, another suffix, a mistyped name.
struct UnnamedFiles {
    /// The number of missing files for which a similar name is searched. Each search compares all names.
    private static let maximumSearches = 100

    /// The files that are not paired with a row, in the order of the folder.
    var files: [String] { all.filter(unpaired.contains) }

    private let all: [String]
    private var unpaired: Set<String>
    /// The files by their name in lower case, the last of the folder first.
    private var byLowerCase: [String: [String]] = [:]
    private var searches = 0

    init(_ files: [String]) {
        all = files
        unpaired = Set(files)
        for file in files.reversed() { byLowerCase[file.lowercased(), default: []].append(file) }
    }

    /// Returns the problem of a row that names `file`, which does not exist. The file that the row probably means leaves
    /// ``files``.
    mutating func problem(ofMissing file: String) -> String {
        while let meant = byLowerCase[file.lowercased()]?.popLast() {
            // A file can be paired with a similar name before.
            guard unpaired.remove(meant) != nil else { continue }
            return "the row names \(file), but the file is \(meant); write \(meant)"
        }
        searches += 1
        guard searches <= Self.maximumSearches, let meant = closestMatch(to: file, among: unpaired) else {
            return "there is no file \(file)"
        }
        unpaired.remove(meant)
        return "there is no file \(file), and \(meant) has no row; \(question(meant))"
    }
}
