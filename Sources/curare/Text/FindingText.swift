import Core
import Workflows

/// The text of findings in the output of `curare audit`.
enum FindingText {
    /// Returns the finding with its key and, in a second line, the acceptance.
    static func line(_ finding: AuditDataset.Result.ReportedFinding) -> String {
        let line = "\(finding.severity): \(finding.check): \(finding.detail) (key \(finding.key))".printable()
        return finding.accepted.map { "\(line)\n  \(text($0))" } ?? line
    }

    /// Returns who accepted a finding, when and why. The reason comes from outside, and stays in one line.
    static func text(_ acceptance: ReportedAcceptance) -> String {
        let author = acceptance.author.map { " by \($0)" } ?? ""
        return "accepted\(author) on \(acceptance.made.prefix(10)): \(acceptance.reason)".printable()
    }

    static func text(_ result: AcceptFinding.Result) -> String {
        guard let accepted = result.accepted else { return "\(result.check) \(result.key): open again" }
        return "\(result.check) \(result.key): \(result.detail ?? "")\n  \(text(accepted))"
    }
}
