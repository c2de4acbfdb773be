import Core
import Workflows

/// The text output of `curare remove` and `curare prune`.
enum RemovalText {
    static func text(_ summary: RemovalSummary) -> String { text(summary, isDone: !summary.dryRun) }

    static func confirmation(_ summary: RemovalSummary) -> Confirmation {
        Confirmation(
            question: text(summary, isDone: false), word: "yes",
            withoutTerminal: CurareError(
                .usage, "cannot ask for confirmation to remove files without a terminal; nothing was removed",
                next: "see what would be removed with --dry-run, then confirm with --yes"))
    }

    private static func text(_ summary: RemovalSummary, isDone: Bool) -> String {
        guard !summary.items.isEmpty else {
            return (["nothing to remove"] + rest(summary)).joined(separator: "\n")
        }
        let total = "\(counted(summary.files, "file")), \(fileSize(summary.bytes))"
        var lines = [isDone ? "removed \(total)" : "would be removed: \(total)"]
        // A bundle can contain several of the versions.
        var exports: Set<String> = []
        for item in summary.items {
            let what = item.kind == "models" ? "the models of run \(item.name)" : "\(item.kind) \(item.name)"
            lines.append("  \(what): \(counted(item.files, "file")), \(fileSize(item.bytes))")
            lines += item.exports.filter { exports.insert($0.path).inserted }.map {
                "    the export \($0.path) (\($0.format)) stays; delete it yourself"
            }
            if !item.startedRuns.isEmpty {
                lines.append(
                    "    started from its weights: \(item.startedRuns.joined(separator: ", ")); "
                        + "without these weights, their models cannot be made again")
            }
        }
        lines += (summary.names ?? []).map { name in
            guard let means = name.means else { return "after this, the short name \(name.name) is free" }
            return "\(name.name) without a number \(isDone ? "now means" : "would then mean") \(means)"
        }
        lines += rest(summary)
        let models = summary.items.filter { $0.kind == "models" }
        if isDone, let first = models.first {
            lines.append("to make the models again: curare validate --remake \(first.name)")
        }
        return lines.map { $0.printable() }.joined(separator: "\n")
    }

    private static func rest(_ summary: RemovalSummary) -> [String] {
        let kept = (summary.kept ?? []).isEmpty ? [] : ["kept: \((summary.kept ?? []).joined(separator: ", "))"]
        return kept + (summary.skipped ?? []).map { "kept: \($0.run): \($0.reason)" }
    }
}
