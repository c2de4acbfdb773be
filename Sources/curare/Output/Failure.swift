import ArgumentParser
import Catalog
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
    private var refusal: Refusal? {
        switch error {
        case let refusal as Refusal: refusal
        case let error as ImagingError: Refusal(error.code == .failed ? .bug : .badInput, error.what, next: error.next)
        case let error as LearningError: Refusal(Self.isOurs(error) ? .bug : .badInput, error.what, next: error.next)
        case is ExitCode, is ValidationError, is CleanExit: nil
        default:
            Curare.exitCode(for: error) == .failure
                ? Refusal(.bug, "unexpected: \(error)", next: "please report this") : nil
        }
    }

    /// Whether the trainer failed where the input cannot be the reason: a thread too few, or oneDNN itself.
    private static func isOurs(_ error: LearningError) -> Bool { error.code == .threads || error.code == .library }

    /// One line what, one line where, a line for each problem, one line what to do.
    static func words(_ refusal: Refusal) -> String {
        var lines = ["curare: \(refusal.what)"]
        if let place = refusal.place { lines.append("  at: \(place)") }
        lines += refusal.problems.map { "  - \($0)" }
        if let next = refusal.next { lines.append("  do: \(next)") }
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

        init(_ refusal: Refusal) {
            error = Body(
                code: refusal.code.rawValue, what: refusal.what, place: refusal.place, next: refusal.next,
                problems: refusal.problems.map { Problem(place: $0.place, what: $0.what) })
        }
    }
}
