import Core
import Foundation
import Workflows

/// The text output of `curare sheet`.
enum SheetText {
    static func text(_ result: MakeContactSheets.Result) -> String {
        guard result.photos > 0 else { return "No photos match these conditions; nothing was written." }
        let count = counted(result.photos, "photo")
        var lines: [String] = []
        if !result.files.isEmpty { lines.append("drew \(count) on \(names(result.files))") }
        if let table = result.table { lines.append("listed \(count) in \(names([table]))") }
        lines.append(
            """
            Curare does not record where these files are. Delete the files yourself when a person in the photos withdraws.
            """)
        return lines.joined(separator: "\n")
    }

    /// Writes a list to standard output. Hidden characters are escaped for a terminal only, so that a program receives
    /// the file names unchanged.
    static func write(csv: String) {
        let text = isatty(STDOUT_FILENO) == 1 ? csv.printable(keepingLines: true) : csv
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private static func names(_ paths: [String]) -> String {
        paths.map { URL(filePath: $0).lastPathComponent }.joined(separator: ", ")
    }
}
