import Core
import Foundation
import Workflows

/// Standard error, to which the program writes everything except a command's result.
enum Terminal {
    static var isInteractive: Bool {
        isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Whether a person can type an answer.
    static var canAsk: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    static func writeLine(_ line: String) {
        write(line + "\n")
    }

    static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Shows what a withdrawal removes, and asks the user to type the name of the volunteer or session.
    ///
    /// - Throws: ``CurareError`` (64) if there is no terminal or the user types something else.
    static func confirm(_ summary: WithdrawalSummary) throws {
        guard canAsk else {
            throw CurareError(
                .usage,
                """
                cannot ask for confirmation to withdraw \(WithdrawalText.subject(summary)) without a terminal; nothing \
                was done
                """,
                next: "see what would be removed with --dry-run, then confirm with --yes")
        }
        writeLine(WithdrawalText.question(summary))
        write("This cannot be undone. Type \(summary.name) to go on: ")
        guard readLine() == summary.name else {
            throw CurareError(
                .usage, "not confirmed; nothing was done", next: "run the command again, and type \(summary.name)")
        }
    }
}
