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
        guard let reportable else { Curare.exit(withError: error) }
        Terminal.writeLine(Self.text(of: reportable))
        if json { Self.printJSON(reportable) }
        Curare.exit(withError: ExitCode(reportable.exitCode.rawValue))
    }

    /// Nil for errors that the argument parser prints.
    private var reportable: (any ReportableError)? {
        switch error {
        case let error as any ReportableError: error
        case is ExitCode, is ValidationError, is CleanExit: nil
        default:
            Curare.exitCode(for: error) == .failure
                ? CurareError(.bug, "unexpected error: \(error)", next: "please report this") : nil
        }
    }

    /// One line with the message, one with the location, one for each problem, and one with the next step.
    static func text(of error: any ReportableError) -> String {
        var lines = ["curare: \(error.message)"]
        if let location = error.location { lines.append("  at: \(location)") }
        lines += error.problems.map { "  - \($0)" }
        if let next = error.nextStep { lines.append("  do: \(next)") }
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
