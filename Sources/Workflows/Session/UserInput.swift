import Core
import Foundation
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
