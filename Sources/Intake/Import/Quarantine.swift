import Core
import Foundation
import Storage

/// The quarantine of one session: files that could not be imported, and the reasons.
///
/// `quarantine/SESSION/KEY.json` is the note of a file. `KEY.bytes` is a copy of the file, when the file could be read.
/// KEY is the SHA-256 of the file's path in the session, so that no file name can lead outside the quarantine.
struct Quarantine {
    /// Larger files are recorded without a copy.
    static let maximumCopiedBytes = 200_000_000

    let session: SessionName
    private let folder: URL

    init(_ workspace: Workspace, _ session: SessionName) {
        self.session = session
        folder = workspace.quarantineFolder(session)
    }

    /// The content of `KEY.json`.
    struct Note: Codable {
        var format = "curare-quarantine-1"
        let session: String
        let file: String
        let reason: String
        /// The people whom the sheet names for this file.
        let people: [String]?
    }

    /// Stores a note and a copy of a file.
    ///
    /// - Parameters:
    ///   - file: the path of the file, relative to the session folder.
    ///   - people: all people whom the session names for this file.
    /// - Throws: ``CurareError`` (74) when the quarantine cannot be written.
    func add(_ file: String, in session: SessionFolder, people: [VolunteerName], reason: String) throws {
        let files = QuarantineFiles(folder, path: file)
        if let bytes = Self.readableBytes(of: session.url(file)) {
            try AtomicFile.write(bytes, to: files.copy)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let note = Note(session: self.session.text, file: file, reason: reason, people: people.map(\.text))
        try AtomicFile.write(encoder.encode(note), to: files.note)
    }

    /// Removes the note and the copy of a file that was imported later, and the session's folder once it is empty.
    ///
    /// - Throws: ``CurareError`` (74) when a file cannot be removed.
    func remove(_ file: String) throws {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        let files = QuarantineFiles(folder, path: file)
        for url in [files.copy, files.note] {
            guard unlink(url.path) == 0 || errno == ENOENT else {
                throw CurareError(
                    .inputOutput,
                    "could not remove the imported file from quarantine: \(String(cString: strerror(errno)))",
                    at: url.path, next: "make the folder writable, then import the session again")
            }
        }
        rmdir(folder.path)
    }

    /// Returns the bytes of a file, or nil when the file is unreadable or too large to copy. The note then exists
    /// without a copy.
    private static func readableBytes(of file: URL) -> [UInt8]? {
        do {
            return try RegularFile(file).bytes(limit: maximumCopiedBytes)
        } catch {
            return nil
        }
    }
}

/// A file in quarantine.
public struct QuarantinedFile: Sendable {
    /// The name of the session.
    public let session: String
    /// The people whom the sheet names for this file; nil when the note is damaged or missing.
    public let people: [String]?
    /// The paths of the note and of the copy, as far as they exist, relative to the workspace.
    public let paths: [String]
    /// SHA-256 of the copy; nil without a copy.
    public let digest: PhotoID?

    /// Returns all files in quarantine, sorted by session and key.
    ///
    /// - Throws: ``CurareError`` (74) when a copy cannot be read.
    public static func all(in workspace: Workspace) throws -> [QuarantinedFile] {
        try FolderListing.visibleFolders(in: workspace.quarantine).flatMap { session in
            let names = try FolderListing.visibleNames(in: workspace.quarantine.appending(path: session))
            let keys = Set(names.map { String($0.prefix { $0 != "." }) })
            return try keys.sorted().map { try QuarantinedFile(session, key: $0, in: workspace) }
        }
    }

    private init(_ session: String, key: String, in workspace: Workspace) throws {
        self.session = session
        let folder = workspace.quarantine.appending(path: session)
        let files = QuarantineFiles(folder, key: key)
        let note = files.note
        let copy = files.copy
        people = try Self.note(note)?.people
        let existing = [note, copy].filter { FileManager.default.fileExists(atPath: $0.path) }
        paths = existing.map { "\(workspace.quarantine.lastPathComponent)/\(session)/\($0.lastPathComponent)" }
        digest = existing.contains(copy) ? try RegularFile(copy).sha256() : nil
    }

    /// Returns the note, or nil when the note is damaged or missing. A withdrawal then treats the file as one that
    /// names nobody.
    ///
    /// - Throws: ``CurareError`` (74) when the note exists and cannot be read.
    private static func note(_ file: URL) throws -> Quarantine.Note? {
        guard let bytes = try RegularFile.contentsIfPresent(file) else { return nil }
        do {
            return try JSONDecoder().decode(Quarantine.Note.self, from: Data(bytes))
        } catch {
            return nil
        }
    }
}
