import ArgumentParser
import Core

/// A word in the place of a command that names no command. The argument parser calls such a word an unexpected argument.
struct UnknownCommand {
    /// The commands before the word: empty, or `trigger`.
    private let parents: [String]
    private let word: String
    /// The command that was probably meant, with the commands before it. Nil if no command is similar.
    private let meant: String?
    /// The command whose help lists the commands.
    private let list: String

    /// Commands that users of other programs expect, and the commands that do this here.
    private static let synonyms = [
        "delete": "remove", "list": "versions", "ls": "versions", "rm": "remove", "test": "validate",
        "train": "validate",
    ]

    /// Finds the word in arguments that the argument parser rejects. Nil if the commands are known: then something else
    /// is wrong.
    init?(_ arguments: [String], of root: any ParsableCommand.Type) {
        var command = root
        var parents: [String] = []
        for word in arguments {
            let subcommands = command.configuration.subcommands
            guard !word.hasPrefix("-") else { return nil }
            guard !subcommands.isEmpty else {
                guard parents.count == 1, let plural = Self.plural(of: parents[0], with: word, in: root) else {
                    return nil
                }
                self.word = word
                self.parents = parents
                meant = "\(plural) \(word)"
                list = "curare \(plural)"
                return
            }
            if let next = subcommands.first(where: { Self.names(of: $0).contains(word) }) {
                command = next
                parents.append(word)
            } else if word == "help" {
                return nil
            } else {
                let known = subcommands.flatMap(Self.names)
                let synonyms = parents.isEmpty ? Self.synonyms : [:]
                let meant =
                    closestMatch(to: word, among: known) ?? Self.swapped(word, among: known) ?? synonyms[word]
                    ?? Self.swapped(word, among: synonyms.keys.sorted()).flatMap { synonyms[$0] }
                self.word = word
                self.parents = parents
                self.meant = meant.map { (parents + [$0]).joined(separator: " ") }
                list = (["curare"] + parents).joined(separator: " ")
                return
            }
        }
        return nil
    }

    /// Returns the command whose name is the plural of `command`, if it has the subcommand `word`: `labels` for
    /// `label export`.
    private static func plural(of command: String, with word: String, in root: any ParsableCommand.Type) -> String? {
        let plural = command + "s"
        let subcommands = root.configuration.subcommands.first { names(of: $0).contains(plural) }?.configuration
            .subcommands
        return subcommands?.contains { names(of: $0).contains(word) } == true ? plural : nil
    }

    var error: CurareError {
        let place = parents.isEmpty ? "" : " after \((["curare"] + parents).joined(separator: " "))"
        let help = "list the commands with: \(list) --help"
        return CurareError(
            .usage, "unknown command \"\(word.prefix(80))\"\(place)",
            next: meant.map { "\(question("curare \($0)")) If not, \(help)" } ?? help)
    }

    /// Returns the first name whose beginning has the letters of the word in another order: `label` for `lable`. Nil if
    /// there is none.
    private static func swapped(_ word: String, among names: [String]) -> String? {
        guard word.count >= 4 else { return nil }
        return names.sorted().first { $0.first == word.first && $0.prefix(word.count).sorted() == word.sorted() }
    }

    /// Returns the names by which users call a command.
    private static func names(of command: any ParsableCommand.Type) -> [String] {
        [command._commandName] + command.configuration.aliases
    }
}
