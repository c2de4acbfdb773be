import ArgumentParser
import Core
import Foundation
import Imaging
import Learning

/// The one place where an error becomes words and an exit code.
struct Failure {
    /// Done, and the answer is no.
    static let answerIsNo = ExitCode(3)

    private let error: any Error

    init(_ error: any Error) {
        self.error = error
    }

    /// Says what went wrong on standard error, with `json` as an object on standard output too, and ends the process.
    func end(json: Bool) -> Never {
        guard let refusal else { Curare.exit(withError: error) }
        Terminal.say(Self.words(refusal))
        if json { printJSON(ErrorObject(refusal)) }
        Curare.exit(withError: ExitCode(refusal.code.rawValue))
    }

    /// Nil for what the argument parser says in its own words.
    private var refusal: CurareError? {
        switch error {
        case let refusal as CurareError: refusal
        case let error as ImagingError: CurareError(error.code == .failed ? .bug : .badInput, error.message, next: error.nextStep)
        case let error as LearningError: CurareError(Self.isOurs(error) ? .bug : .badInput, error.message, next: error.nextStep)
        case is ExitCode, is ValidationError, is CleanExit: nil
        default:
            Curare.exitCode(for: error) == .failure
                ? CurareError(.bug, "unexpected: \(error)", next: "please report this") : nil
        }
    }

    /// Whether the trainer failed where the input cannot be the reason: a thread too few, or oneDNN itself.
    private static func isOurs(_ error: LearningError) -> Bool { error.code == .threads || error.code == .library }

    /// One line what, one line where, a line for each problem, one line what to do.
    static func words(_ refusal: CurareError) -> String {
        var lines = ["curare: \(refusal.message)"]
        if let place = refusal.location { lines.append("  at: \(place)") }
        lines += refusal.problems.map { "  - \($0)" }
        if let next = refusal.nextStep { lines.append("  do: \(next)") }
        return lines.joined(separator: "\n")
    }

    private struct ErrorObject: Encodable {
        struct Body: Encodable {
            let code: Int32
            let what: String
            let place: String?
            let next: String?
            let problems: [Problem]
        }

        struct Problem: Encodable {
            let place, what: String
        }

        let error: Body

        init(_ refusal: CurareError) {
            error = Body(
                code: refusal.code.rawValue, what: refusal.message, place: refusal.location, next: refusal.nextStep,
                problems: refusal.problems.map { Problem(place: $0.location, what: $0.message) })
        }
    }
}
