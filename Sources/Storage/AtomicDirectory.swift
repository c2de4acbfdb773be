import Core
import Foundation

/// A folder that comes to be whole or not at all: filled beside its place as `.NAME.partial`, and renamed when it is finished.
///
/// A process that is killed leaves nothing under the name; the next that fills the same place clears away what it left.
public final class AtomicDirectory {
    /// What was laid into a folder.
    public struct Contents: Hashable, Sendable {
        public internal(set) var files = 0
        public internal(set) var bytes = 0
        /// Those of the files that are hard links.
        public internal(set) var linked = 0
    }

    /// Where the folder will stand.
    public let place: URL
    public private(set) var contents = Contents()
    private let beside: URL
    private let descriptor: Int32
    private var isFinished = false

    /// Begins a folder that is to stand at `place`, and makes missing folders above it.
    ///
    /// - Throws: ``CurareError`` (65) where something stands there already, (75) where another process is filling it, (74) where nothing can be written.
    public init(at place: URL) throws {
        self.place = place.standardizedFileURL
        beside = self.place.deletingLastPathComponent().appending(path: ".\(self.place.lastPathComponent).partial")
        try Self.refuseWhatStands(at: self.place)
        try AtomicFile.makeFolder(beside)
        descriptor = open(beside.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw AtomicFile.failure("could not open the folder", beside) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // What another process fills is not for this one to clear away.
            isFinished = true
            throw CurareError(
                .busy, "another process is writing this folder", at: self.place.path,
                next: "wait for it to end, or name another folder")
        }
        // Whoever held the lock until now may have finished.
        try Self.refuseWhatStands(at: self.place)
        try empty(beside)
    }

    deinit {
        if !isFinished { try? FileManager.default.removeItem(at: beside) }
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes a file; `path` leads from the folder, its folders are made.
    public func write(_ data: Data, to path: String) throws {
        try AtomicFile.write(data, to: beside.appending(path: path), isOneOfMany: true)
        contents.files += 1
        contents.bytes += data.count
    }

    /// Lays a file from elsewhere at `path`.
    ///
    /// - Parameter mayLink: makes a hard link where the file system allows one; otherwise, and elsewhere, a copy.
    /// - Throws: ``CurareError`` (66) where the file is not there.
    public func lay(_ file: URL, at path: String, mayLink: Bool) throws {
        let target = beside.appending(path: path)
        try AtomicFile.makeFolder(target.deletingLastPathComponent())
        if mayLink, link(file.path, target.path) == 0 {
            contents.files += 1
            contents.linked += 1
            contents.bytes += (try? FileManager.default.attributesOfItem(atPath: target.path))?[.size] as? Int ?? 0
        } else {
            guard let data = FileManager.default.contents(atPath: file.path) else {
                throw CurareError(.missingInput, "the file is missing or cannot be read", at: file.path)
            }
            try write(data, to: path)
        }
    }

    /// Flushes everything and puts the folder in its place; the last thing done with it.
    public func finish() throws {
        try AtomicFile.flushAll(below: beside)
        try AtomicFile.moveFolder(beside, to: place)
        isFinished = true
    }

    /// Takes away what a killed process left in `folder`.
    private func empty(_ folder: URL) throws {
        do {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                try FileManager.default.removeItem(at: folder.appending(path: name))
            }
        } catch {
            throw CurareError(
                .inputOutput, "what was left of another attempt could not be removed: \(error.localizedDescription)",
                at: folder.path, next: "remove it, then run the command again")
        }
    }

    private static func refuseWhatStands(at place: URL) throws {
        var status = stat()
        guard lstat(place.path, &status) == 0 else { return }
        throw CurareError(
            .badInput, "there is something here already", at: place.path, next: "name a folder that does not exist yet")
    }
}
