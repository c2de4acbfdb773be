import Core
import Foundation
import Imaging
import Intake
import Storage
import Versions

/// Files and folders that a user named on the command line.
enum UserFile {
    /// Checks that `file` is not inside the workspace, whose files only Curare writes.
    ///
    /// - Parameters:
    ///   - name: what the file is, such as `a sheet`.
    ///   - kind: `file` or `folder`.
    /// - Throws: ``CurareError`` (65) if the file is inside the workspace.
    static func requireOutside(_ workspace: Workspace, _ file: URL, name: String, kind: String = "file") throws {
        guard !workspace.holds(file) else {
            throw CurareError(
                .badInput, "\(name) must be outside the workspace", at: file.path,
                next: "name a \(kind) that is not in \(workspace.root.path)")
        }
    }

    /// Checks that nothing exists at `file` yet.
    ///
    /// - Throws: ``CurareError`` (65) if something exists there.
    static func requireAbsent(_ file: URL, next nextStep: String) throws {
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw CurareError(
                .badInput, "there is something here already", at: file.path, next: nextStep)
        }
    }

    /// Checks that a folder to write is not inside a workspace, where only Curare's own files belong.
    ///
    /// - Throws: ``CurareError`` (65) if the folder is inside a workspace.
    static func requireOutsideWorkspaces(_ folder: URL) throws {
        guard let workspace = Workspace.enclosing(folder) else { return }
        throw CurareError(
            .badInput, "the folder would be inside a workspace", at: folder.path,
            next: "name a folder that is not in \(workspace.root.path)")
    }
}

extension TriggerName {
    /// Parses the names of new triggers as a user typed them.
    ///
    /// - Throws: ``CurareError`` (65) for a name that breaks the rule.
    static func all(userInput texts: [String]) throws -> [TriggerName] { try texts.map(new) }

    /// Parses the name of a new trigger.
    ///
    /// - Throws: ``CurareError`` (65) for a name that breaks the rule.
    static func new(_ text: String) throws -> TriggerName {
        guard text != TriggerState.bareText, let name = TriggerName(text) else {
            throw CurareError(
                .badInput, "\"\(text.prefix(80))\" cannot name a trigger",
                next: "\(TriggerName.rule); \"\(TriggerState.bareText)\" is reserved")
        }
        return name
    }
}

extension WorkspaceSession {
    /// Reads a photo that a user named by the path of a file, by the first digits of its id, or by `SESSION/FILE`.
    ///
    /// - Returns: the bytes of the file, and the facts of the photo; nil if the file is no photo of the catalog.
    /// - Throws: ``CurareError`` (66) if there is no such photo; (65) if a consent is missing.
    func photo(named name: String) throws -> (bytes: [UInt8], facts: PhotoFacts?) {
        let bytes: [UInt8]
        let photo: PhotoID
        if FileManager.default.fileExists(atPath: name) {
            bytes = try RegularFile.contents(ofNamedFile: name, limit: DecodingLimits().bytes)
            photo = PhotoID.sha256(of: bytes)
        } else {
            photo = try PhotoReference(name).photo(in: catalog)
            guard let format = try catalog.formats(of: [photo])[photo] else {
                throw CurareError(.missingInput, "the catalog has no photo \(photo.short)", at: name)
            }
            bytes = try RegularFile.contents(
                ofNamedFile: workspace.photoFile(photo, format: format).path, limit: .max)
        }
        let facts = try catalog.facts(of: [photo]).first
        guard facts?.consented != false else {
            throw CurareError(
                .badInput, "photo \(photo.short) may not be used: a consent is missing", at: name,
                next: "name another photo")
        }
        return (bytes, facts)
    }
}
