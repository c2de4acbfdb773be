import Core
import Workflows

/// The text output of `curare labels import` and `curare labels agreement`.
enum AgreementText {
    static func text(_ result: ImportLabels.Result) -> String {
        let counts = [
            "\(result.added) new", result.replaced > 0 ? "\(result.replaced) replaced" : nil,
            result.unchanged > 0 ? "\(result.unchanged) unchanged" : nil,
        ].compactMap(\.self).joined(separator: ", ")
        let verb = result.dryRun ? "would store" : "stored"
        var lines = ["\(verb) the labels of \(result.author) for \(photos(result.rows)): \(counts)"]
        if result.skipped > 0 {
            lines.append("\(counted(result.skipped, "row without a label was", "rows without a label were")) skipped")
        }
        if result.different > 0 {
            lines.append(
                "\(photos(result.different)) \(result.different == 1 ? "has" : "have") another label that counts; "
                    + "list them with: curare labels agreement")
        }
        return lines.joined(separator: "\n")
    }

    static func text(_ result: MeasureAgreement.Result) -> String {
        guard !result.annotators.isEmpty else {
            return "there is no second annotator; read labels with: curare labels import FILE --author NAME"
        }
        var table = Table("first", "second", "field", "photos", "equal", "by chance", "kappa", "95% interval")
        for row in result.agreement {
            let interval = row.interval.map { "\(decimals($0[0], 2)) to \(decimals($0[1], 2))" }
            table.add(
                row.first, row.second, row.field, "\(row.photos)", share(row.observed), share(row.expected),
                row.kappa.map { decimals($0, 2) } ?? "–", interval ?? "–")
        }
        let annotators = result.annotators.map { "\($0.author) (\(photos($0.photos)))" }.joined(separator: ", ")
        let caveats = Set(result.agreement.compactMap(\.caveat)).sorted().map(caveat)
        return
            ([["annotators: \(annotators)"], [table.text], caveats].filter { !$0.isEmpty }.map {
                $0.joined(separator: "\n")
            } + [disagreements(result)]).joined(separator: "\n\n")
    }

    private static func disagreements(_ result: MeasureAgreement.Result) -> String {
        guard !result.disagreements.isEmpty else { return "no photo has different labels" }
        let decided = result.disagreements.count { $0.decided }
        let open = result.disagreements.filter { !$0.decided }
        var lines = ["different labels: \(photos(result.disagreements.count)), \(decided) of them decided"]
        lines += Table.firstItems(
            open.map { photo in
                let labels = photo.labels.map { "\($0.author): \($0.volunteer), \($0.trigger) \($0.location)" }
                return "\(photo.name)  \(photo.photo.prefix(12))  \(labels.joined(separator: "; "))"
            })
        return lines.joined(separator: "\n")
    }

    private static func caveat(_ word: String) -> String {
        switch word {
        case "no-photos": "kappa is not defined where no photo has a label of both annotators"
        case "one-class": "kappa is not defined where both annotators gave all photos the same class"
        case "one-class-of-one-annotator":
            "kappa is always 0 where one annotator gave all photos one class; compare the equal labels instead"
        default: word
        }
    }

    private static func share(_ value: Double?) -> String { value.map { "\(decimals(100 * $0, 1))%" } ?? "–" }

    private static func photos(_ count: Int) -> String { counted(count, "photo") }
}
