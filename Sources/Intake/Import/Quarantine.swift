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
        var format = Note.currentFormat
        let session: String
        let file: String
        let reason: String
        /// The people whom `session.csv` or the folder names give for this file. Curare always writes the list, which
        /// may be empty.
        let people: [String]?

        /// Returns whether the note describes these files and this session.
        fileprivate func describes(_ files: QuarantineFiles, session: String) -> Bool {
            format == Note.currentFormat && self.session == session && people != nil
                && QuarantineFiles(files.folder, path: file) == files
        }

        private static let currentFormat = "curare-quarantine-1"
    }

    /// Stores a note and a copy of a file.
    ///
    /// - Parameters:
    ///   - file: the path of the file, relative to the session folder.
    ///   - people: all people whom the session names for this file.
    /// - Throws: ``CurareError`` (74) when the quarantine cannot be written.
    func add(_ file: String, in session: SessionFolder, people: [VolunteerName], reason: String) throws {
        let files = QuarantineFiles(folder, path: file)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let note = Note(session: self.session.text, file: file, reason: reason, people: people.map(\.text))
        // The note comes first: a copy without its note would be a file of unknown people.
        try AtomicFile.write(encoder.encode(note), to: files.note)
        if let bytes = Self.readableBytes(of: session.url(file)) {
            try AtomicFile.write(bytes, to: files.copy)
        }
    }

    /// Removes the note and the copy of a file that was imported later, and the session's folder once it is empty.
    ///
    /// - Throws: ``CurareError`` (74) when a file cannot be removed.
    func remove(_ file: String) throws {
        guard FileManager.default.fileExists(atPath: folder.path) else { return }
        let files = QuarantineFiles(folder, path: file)
        for url in [files.copy, files.note] { try FileRemoval.remove(url) }
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
    /// The path of the file in its session; nil when the note is damaged or missing.
    public let file: String?
    /// The people whom `session.csv` or the folder names give for this file; nil when the note is damaged or missing.
    public let people: [String]?
    /// Whether the note is missing, cannot be decoded, or describes another file. Its people are then not reliable.
    public let isDamaged: Bool
    /// The paths of the note, of the copy and of all other files with the same key, relative to the workspace.
    public let paths: [String]
    /// SHA-256 of the copy; nil without a copy.
    public let digest: PhotoID?

    /// Returns all files in quarantine, sorted by session and key.
    ///
    /// - Throws: ``CurareError`` (74) when a note or a copy cannot be read.
    public static func all(in workspace: Workspace) throws -> [QuarantinedFile] {
        try FolderListing.visibleFoldersIfFolder(workspace.quarantine).flatMap { session in
            let names = try FolderListing.visibleNames(in: workspace.quarantine.appending(path: session))
            let namesByKey = Dictionary(grouping: names) { String($0.prefix { $0 != "." }) }
            return try namesByKey.sorted { $0.key < $1.key }.map {
                try QuarantinedFile(session, key: $0.key, names: $0.value, in: workspace)
            }
        }
    }

    /// - Parameter names: the names of all files with this key.
    private init(_ session: String, key: String, names: [String], in workspace: Workspace) throws {
        self.session = session
        let folder = workspace.quarantine.appending(path: session)
        let files = QuarantineFiles(folder, key: key)
        let hasCopy = names.contains(files.copy.lastPathComponent)
        let note = try Self.note(files.note)
        file = note?.file
        people = note?.people
        digest = hasCopy ? try Self.digest(files.copy) : nil
        let isNoteWrong = note.map { !$0.describes(files, session: session) } ?? true
        isDamaged = isNoteWrong || (hasCopy && digest == nil)
        // The note first, then the copy.
        let isNote = { (name: String) in name == files.note.lastPathComponent }
        paths = (names.filter(isNote) + names.filter { !isNote($0) }.sorted()).map {
            "\(workspace.quarantine.lastPathComponent)/\(session)/\($0)"
        }
    }

    /// Returns the SHA-256 of the copy. Nil when a folder or a pipe has the name of the copy.
    ///
    /// - Throws: ``CurareError`` (74) when the copy cannot be read.
    private static func digest(_ copy: URL) throws -> PhotoID? {
        do {
            return try RegularFile(copy, irregular: .badInput).sha256()
        } catch let error as CurareError where error.code == .badInput {
            return nil
        }
    }

    /// Returns the note, or nil when the note is damaged or missing.
    ///
    /// - Throws: ``CurareError`` (74) when the note exists and cannot be read.
    private static func note(_ file: URL) throws -> Quarantine.Note? {
        let bytes: [UInt8]
        do {
            bytes = try RegularFile(file, missing: .missingInput, irregular: .badInput).bytes(limit: 1 << 20)
        } catch let error as CurareError where error.code == .missingInput || error.code == .badInput {
            return nil
        }
        do {
            return try JSONDecoder().decode(Quarantine.Note.self, from: Data(bytes))
        } catch {
            // The result has no note, so that the file counts as damaged.
            return nil
        }
    }
}
