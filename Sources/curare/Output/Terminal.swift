import Core
import Foundation

/// Standard error, to which the program writes everything except a command's result.
enum Terminal {
    static var isInteractive: Bool {
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Whether a person can type an answer.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Writes text and a line feed. Hidden characters are escaped.
    static func writeLine(_ line: String) {
        write(line.printable(keepingLines: true) + "\n")
    }

    /// Writes text as it is. The text must not contain text from outside. An interrupted command writes nothing more.
    static func write(_ text: String) {
        guard !Interruption.hasBegun else { return }
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Shows what a command would do, and asks the user to type a word.
    ///
    /// - Throws: ``Confirmation/withoutTerminal`` if there is no terminal; ``CurareError`` (64) if the user types something
    ///   else.
    static func confirm(_ confirmation: Confirmation) throws {
        guard canAsk else { throw confirmation.withoutTerminal }
        writeLine(confirmation.question)
        write("\(confirmation.warning)Type \(confirmation.word) to go on: ")
        let answer = Interruption.asking(confirmation.nothingDone) { readLine() }
        guard answer == confirmation.word else {
            throw CurareError(
                .usage, "not confirmed; nothing was done", next: "run the command again, and type \(confirmation.word)")
        }
    }
}

/// What a user must confirm before a command goes on.
struct Confirmation {
    /// The text above the prompt.
    let question: String
    /// The sentence before the prompt, with a space at its end; empty for a command that can be undone.
    var warning = "This cannot be undone. "
    /// What is true before the user confirms.
    var nothingDone: String { warning.isEmpty ? "nothing was changed" : "nothing was removed" }
    /// The word that the user types to confirm.
    let word: String
    /// The error when nobody can type an answer.
    let withoutTerminal: CurareError
}
