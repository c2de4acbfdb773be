import Core
import Foundation
import Storage

/// Files that could not be imported, kept with the reason beside them: `quarantine/SESSION/KEY.json`, and the bytes as `KEY.bytes`
/// where they could be read. KEY is the SHA-256 of the file's path in the session, so that no name of a file leads anywhere.
struct Quarantine {
    /// Larger files are named, not copied.
    static let copyLimit = 200_000_000

    let folder: URL

    init(_ workspace: Workspace, _ session: SessionName) {
        folder = workspace.quarantine.appending(path: session.text)
    }

    struct Note: Codable {
        var format = "curare-quarantine-1"
        let session, file, reason: String
        /// Whom the sheet names in the file; nil in notes of an earlier version.
        let people: [String]?
    }

    /// - Parameter people: everyone whom the session says to be in the file.
    func take(_ file: String, in session: SessionFolder, _ name: SessionName, people: [VolunteerName], reason: String)
        throws
    {
        let key = FileDigest.sha256(of: file.utf8).hex
        if let bytes = try? RegularFile(session.url(file)).bytes(limit: Self.copyLimit) {
            try AtomicFile.write(bytes, to: folder.appending(path: "\(key).bytes"))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write(
            encoder.encode(Note(session: name.text, file: file, reason: reason, people: people.map(\.text))),
            to: folder.appending(path: "\(key).json"))
    }

    /// Lets go of a file that was imported after all.
    func release(_ file: String) {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        let key = FileDigest.sha256(of: file.utf8).hex
        for suffix in ["bytes", "json"] { unlink(folder.appending(path: "\(key).\(suffix)").path) }
        rmdir(folder.path)
    }
}
