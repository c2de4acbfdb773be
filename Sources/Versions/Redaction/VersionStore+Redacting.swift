import Core
import Documents
import Foundation
import Storage

/// The one change that a version's folder ever sees, and only when a person who withdraws asks for it.
extension VersionStore {
    /// Puts the version without what it says of withdrawn photos in the place of the one that is there. Whole at any instant: a process that was killed
    /// leaves the old version or the new one, and what it left beside is cleared away by the next call.
    ///
    /// - Returns: whether there was anything to redact.
    /// - Throws: ``CurareError`` (65) where the version cannot be read, (74) where nothing can be written.
    @discardableResult
    public func redact(_ reference: VersionReference, photos: Set<PhotoID>, _ subject: WithdrawalSubject) throws
        -> Bool
    {
        guard let number = reference.number else { return false }
        let folder = workspace.versionFolder(reference.name.text, number)
        let parent = folder.deletingLastPathComponent()
        let beside = parent.appending(path: ".\(number).partial")
        let old = parent.appending(path: ".\(number).replaced")
        try Self.recover(folder, old)
        // Somebody has deleted the version by hand.
        guard FileManager.default.fileExists(atPath: folder.path) else { return false }
        guard let redacted = try Redaction(Self.read(folder), photos: photos, subject).redacted else { return false }
        try? FileManager.default.removeItem(at: beside)
        try Self.write(redacted, from: folder, to: beside)
        try AtomicFile.moveFolder(folder, to: old)
        try AtomicFile.moveFolder(beside, to: folder)
        try Self.remove(old)
        return true
    }

    private static func recover(_ folder: URL, _ old: URL) throws {
        guard FileManager.default.fileExists(atPath: old.path) else { return }
        if FileManager.default.fileExists(atPath: folder.path) {
            try remove(old)
        } else {
            try AtomicFile.moveFolder(old, to: folder)
        }
    }

    private static func remove(_ folder: URL) throws {
        do { try FileManager.default.removeItem(at: folder) } catch {
            throw CurareError(
                .inputOutput, "the version as it was could not be removed: \(error.localizedDescription)",
                at: folder.path, next: "see that you may write there, then run any command again")
        }
    }

    private static func write(_ version: Version, from folder: URL, to beside: URL) throws {
        let recipe = Array(version.manifest.recipe.yaml("Redacted: someone in this version has withdrawn.").utf8)
        var provenance = try JSONReader.read(bytes(of: folder.appending(path: "provenance.json"))).object ?? [:]
        provenance["digest"] = .text(version.manifest.digest.hex)
        provenance["recipe_digest"] = .text(FileDigest.sha256(of: recipe).hex)
        let files: [(String, [UInt8])] = [
            ("entries.jsonl", version.entries.file), ("recipe.yaml", recipe),
            ("provenance.json", Array(JSONValue.object(provenance).canonical.utf8)),
            ("manifest.json", Array(version.manifest.canonical.utf8)),
        ]
        for trigger in version.pictures.keys {
            // One that is gone is gone after it, too: verify says so of both.
            guard let png = FileManager.default.contents(atPath: pictureFile(trigger, in: folder).path) else {
                continue
            }
            try AtomicFile.write(png, to: pictureFile(trigger, in: beside), mode: 0o400)
        }
        for (name, bytes) in files { try AtomicFile.write(Data(bytes), to: beside.appending(path: name), mode: 0o400) }
    }
}
