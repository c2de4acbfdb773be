import Core
import Workflows

/// The text output of `curare label`.
enum LabelText {
    static func text(_ result: LabelPhotos.Result) -> String {
        if let history = result.history { return history.map(text).joined(separator: "\n") }
        let changes = [
            result.labelled > 0 ? "the label of \(counted(result.labelled, "photo"))" : nil,
            result.boxes > 0 ? counted(result.boxes, "box", "boxes") : nil,
        ].compactMap(\.self).joined(separator: " and ")
        guard !changes.isEmpty else {
            let verb = result.photos == 1 ? "has" : "have"
            return "nothing to change: \(counted(result.photos, "photo")) \(verb) these values already"
        }
        let lines = [summary(result, changes)] + differences(result.changes) + [result.hint].compactMap(\.self)
        return (lines + result.warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }

    private static func summary(_ result: LabelPhotos.Result, _ changes: String) -> String {
        var line = "\(result.dryRun ? "would change" : "changed") \(changes)"
        if result.unchanged > 0 { line += "; \(counted(result.unchanged, "photo")) had these values already" }
        if result.labelled > 0, !result.dryRun {
            line += "; existing versions are unchanged, run curare split to make a new one"
        }
        return line
    }

    private static let maximumChanges = 8

    /// Returns a line with the old and the new label of each of the first photos.
    private static func differences(_ changes: [LabelPhotos.Result.Change]) -> [String] {
        let lines = changes.prefix(maximumChanges).map { change in
            let new = state(change.new)
            guard let old = change.old else {
                return "  \(change.name)  no label -> \(change.new.volunteer): \(new)"
            }
            let isSamePerson = old.volunteer == change.new.volunteer
            return "  \(change.name)  \(old.volunteer): \(state(old))\(old.suggested ? " (suggested)" : "") -> "
                + (isSamePerson ? new : "\(change.new.volunteer): \(new)")
        }
        let more = changes.count - maximumChanges
        return lines + (more > 0 ? ["  and \(more) more; --json lists all"] : [])
    }

    private static func state(_ label: LabelPhotos.Result.ChangedLabel) -> String {
        label.trigger == label.location ? label.trigger : "\(label.trigger) \(label.location)"
    }

    private static func text(_ history: LabelPhotos.Result.History) -> String {
        let labels = history.labels.isEmpty ? ["  no label"] : history.labels.map(ShowText.label)
        let lines = ["\(history.name)  \(history.photo.prefix(12))"] + labels + history.boxes.map(ShowText.box)
        return lines.map { $0.printable() }.joined(separator: "\n")
    }
}
