/// Recognizes the files without a photo that phones, cameras, file browsers, photo managers, network storage and
/// spreadsheets store next to photos. The import skips these files and counts them.
enum SidecarFile {
    /// Suffixes of video clips and live photos, sound recordings, camera thumbnails and proxies, edits and metadata.
    private static let suffixes: Set<String> = [
        "mov", "mp4", "m4v", "mp", "3gp", "avi", "mts", "lrv", "insv", "wav", "m4a", "thm", "aae", "xmp", "json", "xml",
        "gpx", "pp3", "dop",
    ]

    /// Names of files that file browsers and photo managers create, in lower case.
    private static let names: Set<String> = [
        "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "picasa.ini", "icon\r",
    ]

    /// Names of folders that network storage, file browsers and archive programs create, in lower case.
    private static let folders: Set<String> = [
        "@eadir", "@recycle", "#recycle", "#snapshot", "$recycle.bin", "system volume information", "__macosx",
        "lost+found",
    ]

    /// Suffixes of the workbook from which a person exported `session.csv`, and of the backup copies that a text editor
    /// writes.
    private static let sheetSuffixes: Set<String> = ["xlsx", "xls", "ods", "numbers", "csv~", "yaml~"]

    /// Returns whether the file with this name is skipped.
    ///
    /// - Parameter name: the last component of a path.
    static func isSkipped(_ name: String) -> Bool {
        let name = name.lowercased()
        // A spreadsheet program locks an open workbook with a file of this name.
        if names.contains(name) || name.hasPrefix("~$") { return true }
        guard let dot = name.lastIndex(of: ".") else { return false }
        let suffix = name[name.index(after: dot)...]
        if name[..<dot] == "session", sheetSuffixes.contains(String(suffix)) { return true }
        return suffixes.contains(withoutCopyNumber(suffix))
    }

    /// Returns whether all files of the folder with this name are skipped.
    static func isSkippedFolder(_ name: String) -> Bool { folders.contains(name.lowercased()) }

    /// Returns a suffix without the number of a copy: `mp` for the clip `PXL_20260503.MP~2`.
    private static func withoutCopyNumber(_ suffix: Substring) -> String {
        guard let tilde = suffix.lastIndex(of: "~") else { return String(suffix) }
        let number = suffix[suffix.index(after: tilde)...]
        let isNumber = !number.isEmpty && number.utf8.allSatisfy { (48...57).contains($0) }
        return String(isNumber ? suffix[..<tilde] : suffix)
    }
}
