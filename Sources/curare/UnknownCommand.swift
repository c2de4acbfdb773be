import ArgumentParser
import Core

/// A word in the place of a command that names no command. The argument parser calls such a word an unexpected argument.
struct UnknownCommand {
    /// The commands before the word: empty, or `trigger`.
    private let parents: [String]
    private let word: String
    private let known: [String]

    /// Finds the word in arguments that the argument parser rejects. Nil if the commands are known: then something else
    /// is wrong.
    init?(_ arguments: [String], of root: any ParsableCommand.Type) {
        var command = root
        var parents: [String] = []
        for word in arguments {
            let subcommands = command.configuration.subcommands
            guard !subcommands.isEmpty, !word.hasPrefix("-") else { return nil }
            if let next = subcommands.first(where: { Self.names(of: $0).contains(word) }) {
                command = next
                parents.append(word)
            } else if word == "help" {
                return nil
            } else {
                self.word = word
                self.parents = parents
                known = subcommands.flatMap(Self.names)
                return
            }
        }
        return nil
    }

    var error: CurareError {
        let prefix = (["curare"] + parents).joined(separator: " ")
        let help = "list the commands with: \(prefix) --help"
        let meant = closestMatch(to: word, among: known).map { "\(question("\(prefix) \($0)")) " }
        return CurareError(
            .usage, "unknown command \"\(word.prefix(80))\"\(parents.isEmpty ? "" : " after \(prefix)")",
            next: (meant ?? "") + (meant == nil ? help : "If not, \(help)"))
    }

    /// Returns the names by which users call a command.
    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command._commandName] + command.configuration.aliases
    }
}
