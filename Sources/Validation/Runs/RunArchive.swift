import Core
import Foundation
import Storage

/// The folder of an existing run, finished or not, perhaps damaged: its version, and the files that show or name
/// people.
public struct RunArchive {
    public let files: RunFiles
    public var id: String { files.folder.lastPathComponent }
    /// `NAME@V`, as the request or the report states. Nil when neither the request nor the report can be decoded.
    public let version: String?
    /// The version that the run trained, and the version's digest. Nil without proof: when the request is missing or
    /// damaged, or when an existing report is damaged or states another version.
    public let trained: (version: String, digest: FileDigest)?

    /// - Parameter url: a folder, which need not contain a run.
    public init(_ url: URL) {
        files = RunFiles(url)
        let request = Self.read(files.request).flatMap { Self.decode(RequestedVersion.self, from: $0) }
        let report = Self.read(files.report).flatMap { Self.decode(ReportedVersion.self, from: $0) }
        version = request?.version ?? report?.version
        let isReportConsistent =
            !FileManager.default.fileExists(atPath: files.report.path)
            || (report?.version == request?.version && report?.versionDigest == request?.digest)
        if let request, let digest = FileDigest(hex: request.digest), isReportConsistent {
            trained = (request.version, digest)
        } else {
            trained = nil
        }
    }

    private struct RequestedVersion: Decodable {
        let version: String
        let digest: String
    }

    private struct ReportedVersion: Decodable {
        let version: String
        let versionDigest: String
    }

    /// Returns nil for damaged JSON, so that the run has no proof of its version.
    private static func decode<Value: Decodable>(_ type: Value.Type, from json: [UInt8]) -> Value? {
        do { return try RunFolder.decoder.decode(type, from: Data(json)) } catch { return nil }
    }

    /// Returns the bytes of a file of the run. Nil when the file is missing or cannot be read, so that the run has no
    /// proof of its version.
    private static func read(_ file: URL) -> [UInt8]? {
        do { return try RegularFile.contentsIfPresent(file) } catch { return nil }
    }

    /// Locks the run: no process trains in the folder while the lock is held. Nil when the lock file is a folder, so
    /// that no process can lock the run.
    ///
    /// - Throws: ``CurareError`` with code 75 when a process trains in the folder.
    public func lock() throws -> FolderLock? {
        let isLockable = try !entries.contains { $0.path == path(files.lock) && $0.kind == .folder }
        return isLockable ? try FolderLock(files.folder, "run") : nil
    }

    /// Whether the run has a report, which is the last file of a run.
    public var isFinished: Bool { get throws { try isFile(files.report) } }

    private var entries: [FolderEntry] {
        get throws { try FolderListing.entries(RelativePath(id), below: files.folder.deletingLastPathComponent()) }
    }

    private func path(_ file: URL) -> RelativePath { RelativePath("\(id)/\(file.lastPathComponent)") }

    private func remove(_ entry: FolderEntry) throws {
        try FileRemoval.remove(entry.path, below: files.folder.deletingLastPathComponent())
    }

    /// The names of the model files and checkpoints.
    public var models: [String] {
        get throws { try entries.compactMap(\.name).filter(RunFiles.hasWeights) }
    }

    /// The files and folders that Curare does not write into a run, such as `model.safetensors.bak`, by their printable
    /// names.
    public var otherFiles: [String] {
        get throws { try otherEntries.map { String($0.path.description.dropFirst(id.count + 1)) } }
    }

    private var otherEntries: [FolderEntry] { get throws { try entries.filter { !Self.isKnown($0) } } }

    private static func isKnown(_ entry: FolderEntry) -> Bool {
        entry.isPartial || (entry.kind == .file && entry.name.map(RunFiles.isKnown) == true)
    }

    /// Returns whether the predictions mention one of `photos`. Damaged lines are searched too. If the predictions
    /// cannot be read, returns true.
    public func tested(_ photos: Set<PhotoID>) -> Bool {
        let bytes: [UInt8]?
        do { bytes = try RegularFile.contentsIfPresent(files.predictions) } catch { return true }
        guard let bytes else { return false }
        return bytes.withUnsafeBytes { bytes in
            var digits = 0
            for (index, byte) in bytes.enumerated() {
                let isDigit = (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
                digits = isDigit ? digits + 1 : 0
                guard digits >= 64 else { continue }
                let id = PhotoID(hexDigits: UnsafeRawBufferPointer(rebasing: bytes[(index - 63)...index]))
                if let id, photos.contains(id) { return true }
            }
            return false
        }
    }

    /// Whether the run's page contains pictures of photos, or may contain them because it is damaged.
    public var hasPictures: Bool {
        get throws { try contents(files.page).map { RunPage.pictures(in: $0) != .none } ?? false }
    }

    private func isFile(_ file: URL) throws -> Bool {
        let path = path(file)
        return try entries.contains { $0.path == path && $0.kind == .file }
    }

    /// Returns the bytes of one of the run's files. Nil when the file does not exist. A folder or a link in its place
    /// has no bytes; it is one of the ``otherFiles``.
    ///
    /// - Throws: ``CurareError`` with code 74 when the file exists and cannot be read.
    func contents(_ file: URL) throws -> [UInt8]? {
        try isFile(file) ? try RegularFile.contentsIfPresent(file) : nil
    }

    /// Removes the models of a finished run, and everything else in its folder that is not a record. Removes the whole
    /// folder of an unfinished run, which can no longer continue.
    public func removeModels() throws {
        guard try isFinished else { return try FileRemoval.remove(files.folder) }
        for entry in try entries where entry.kind != .file || entry.name.map(RunFiles.isRecord) != true {
            try remove(entry)
        }
    }

    /// Removes the files that Curare does not write, except files whose names look like names of models.
    public func removeOtherFiles() throws {
        for entry in try otherEntries where !Self.looksLikeModel(entry) { try remove(entry) }
    }

    /// Returns whether the file counts as a model that a user may want to keep.
    private static func looksLikeModel(_ entry: FolderEntry) -> Bool {
        entry.kind == .file && entry.name?.contains(".safetensors") == true
    }

    /// Whether a withdrawal has nothing left to remove here.
    ///
    /// - Parameter keepsModels: whether models of finished runs stay.
    public func isCleared(keepsModels: Bool) throws -> Bool {
        if try hasPictures { return false }
        guard try keepsModels && isFinished else { return try isFinished && models.isEmpty && otherEntries.isEmpty }
        return try otherEntries.allSatisfy(Self.looksLikeModel)
    }

    /// Removes all pictures from the run's page. The numbers stay. A damaged page, in which not all pictures can be
    /// found, is removed.
    public func removePictures() throws {
        guard let page = try contents(files.page) else { return }
        switch RunPage.pictures(in: page) {
        case .none: return
        case .at(let ranges): try AtomicFile.write(RunPage.page(page, without: ranges), to: files.page)
        case .uncertain: try FileRemoval.remove(files.page)
        }
    }
}
