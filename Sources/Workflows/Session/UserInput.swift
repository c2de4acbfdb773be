import Core
import Foundation
import Versions

/// Files that a user named on the command line.
enum UserFile {
    /// Checks that nothing exists at `file` yet.
    ///
    /// - Throws: ``CurareError`` (65) if something exists there.
    static func requireAbsent(_ file: URL, next nextStep: String) throws {
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw CurareError(
                .badInput, "there is something here already", at: file.path, next: nextStep)
        }
    }
}

extension TriggerName {
    /// Parses the names of new triggers as a user typed them.
    ///
    /// - Throws: ``CurareError`` (65) for a name that breaks the rule.
    static func all(userInput texts: [String]) throws -> [TriggerName] {
        try texts.map { text in
            guard text != TriggerState.bareText, let name = TriggerName(text) else {
                throw CurareError(
                    .badInput, "\"\(text.prefix(80))\" cannot name a trigger",
                    next: "\(TriggerName.rule); \"\(TriggerState.bareText)\" is reserved")
            }
            return name
        }
    }
}
