import Core
import Workflows

/// The text output of `curare label`.
enum LabelText {
    static func text(_ result: LabelPhotos.Result) -> String {
        if let history = result.history { return history.map(text).joined(separator: "\n") }
        let changes = [
            result.labelled > 0 ? "the label of \(count(result.labelled, "photo"))" : nil,
            result.boxes > 0 ? count(result.boxes, "box", "boxes") : nil,
        ].compactMap(\.self).joined(separator: " and ")
        guard !changes.isEmpty else {
            let verb = result.photos == 1 ? "has" : "have"
            return "nothing to change: \(count(result.photos, "photo")) \(verb) these values already"
        }
        var line = "\(result.dryRun ? "would change" : "changed") \(changes)"
        if result.unchanged > 0 { line += "; \(count(result.unchanged, "photo")) had these values already" }
        if result.labelled > 0, !result.dryRun {
            line += "; existing versions are unchanged, run curare split to make a new one"
        }
        return line
    }

    private static func text(_ history: LabelPhotos.Result.History) -> String {
        let labels = history.labels.isEmpty ? ["  no label"] : history.labels.map(ShowText.label)
        return (["\(history.name)  \(history.photo.prefix(12))"] + labels).map { $0.printable() }.joined(
            separator: "\n")
    }

    private static func count(_ number: Int, _ one: String, _ several: String? = nil) -> String {
        "\(number) \(number == 1 ? one : several ?? one + "s")"
    }
}
