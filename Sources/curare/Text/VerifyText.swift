import Core
import Versions
import Workflows

/// The text output of `curare verify`.
enum VerifyText {
    static func text(_ result: VerifyVersion.Result) -> String {
        var lines = result.folder.map { ["\(result.version) in \($0)", "digest \(result.digest)"] } ?? []
        lines += Verification.Layer.allCases.map { layer in
            if let unchecked = result.notChecked.first(where: { $0.layer == layer.rawValue }) {
                return "\(layer.rawValue): not checked, because \(unchecked.reason); \(unchecked.next)"
            }
            guard result.layers[layer.rawValue] == true else { return "\(layer.rawValue): DIFFERS" }
            return "\(layer.rawValue): \(layer == .selection && result.redacted != nil ? "redacted" : "agrees")"
        }
        if let redacted = result.redacted {
            lines.append(
                """
                \(redacted.photos) photos of this version were withdrawn, and their ids are replaced by numbers; the \
                digest before was \(redacted.digests[0])
                """)
        }
        lines += result.problems.prefix(50).map { problem in
            let photo = problem.photo.map { " \($0.prefix(12))" } ?? ""
            return "  \(problem.layer) \(problem.kind)\(photo): \(problem.detail)".printable()
        }
        if result.problems.count > 50 {
            lines.append("  and \(result.problems.count - 50) more; --json lists all")
        }
        return lines.joined(separator: "\n")
    }
}
