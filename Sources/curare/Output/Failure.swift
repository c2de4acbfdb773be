import ArgumentParser
import Core
import Foundation
import Workflows

/// The only type that turns an error into text and an exit code.
struct Failure {
    /// Completed with a negative result.
    static let negativeResult = ExitCode(3)

    private let error: any Error

    init(_ error: any Error) {
        self.error = error
    }

    /// Writes the error to standard error, and with `json` also as an object to standard output, and ends the process.
    func end(json: Bool) -> Never {
        Interruption.end()
        guard let reportable else { endWithParserMessage() }
        Terminal.writeLine(Self.text(of: reportable))
        if json { Self.printJSON(reportable) }
        Curare.exit(withError: ExitCode(reportable.exitCode.rawValue))
    }

    /// Prints the message of the argument parser, which can contain an argument as the user passed it.
    private func endWithParserMessage() -> Never {
        let code = Curare.exitCode(for: error)
        let message = Curare.fullMessage(for: error).printable(keepingLines: true)
        if !message.isEmpty {
            if code.isSuccess { print(message) } else { Terminal.writeLine(message) }
        }
        Curare.exit(withError: code)
    }

    /// Nil for errors that the argument parser describes.
    private var reportable: (any ReportableError)? {
        switch error {
        case let error as any ReportableError: error
        case is ExitCode, is ValidationError, is CleanExit: nil
        default:
            Curare.exitCode(for: error) == .failure
                ? CurareError(.bug, "unexpected error: \(error)", next: "please report this") : nil
        }
    }

    /// The number of different problems that are printed. JSON output has all problems.
    static let printedProblems = 50

    /// A line with the message, a line with the location, the summary of the problems, and a line with the next step.
    /// Hidden characters are escaped.
    static func text(of error: any ReportableError) -> String {
        var lines = ["curare: \(error.message.printable())"]
        if let location = error.location { lines.append("  at: \(location.printable())") }
        lines += ProblemSummary(error.problems).lines(limit: printedProblems).map {
            ($0.isContinuation ? "    " : "  - ") + $0.text.printable()
        }
        if let next = error.nextStep { lines.append("  do: \(next.printable())") }
        return lines.joined(separator: "\n")
    }

    private static func printJSON(_ error: any ReportableError) {
        do {
            print(try ResultJSON.text(of: ErrorResult(error)))
        } catch {
            Terminal.writeLine("curare: the error could not be written as JSON: \(error)")
        }
    }
}
