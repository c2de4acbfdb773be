import Workflows

/// The text output of `curare audit`, and the document about its checks.
enum AuditText {
    static func text(_ result: AuditDataset.Result) -> String {
        let all = result.composition
        let counts = [
            ("volunteer", all.volunteers), ("kind", all.kinds), ("trigger", all.triggers), ("location", all.locations),
            ("session", all.sessions), ("role", all.roles),
        ]
        var parts = counts.filter { !$0.1.isEmpty }.map { name, counts in
            var table = Table(name, "photos")
            for (key, count) in counts.sorted(by: { $0.key < $1.key }) { table.add(key, "\(count)") }
            return table.text
        }
        if result.faces.values.contains(where: { $0.values.contains { $0.photos > 0 } }) {
            parts.append(faces(result))
        }
        if let crop = result.crop { parts.append(crop.text) }
        if !all.gaps.isEmpty { parts.append(CompositionText.gaps(all.gaps).joined(separator: "\n")) }
        if all.table.isEmpty, all.roles.isEmpty {
            parts.append("the catalog has no photos; import sessions first with: curare import SESSION_DIR")
        }
        let findings = result.findings.map(FindingText.line)
        parts.append(findings.isEmpty ? "no findings" : findings.joined(separator: "\n"))
        if let page = result.page { parts.append(CompositionText.written(page)) }
        return parts.joined(separator: "\n\n")
    }

    private static func faces(_ result: AuditDataset.Result) -> String {
        var table = Table("role", "trigger", "faces found", "of")
        for (role, triggers) in result.faces.sorted(by: { $0.key < $1.key }) {
            for (trigger, rate) in triggers.sorted(by: { $0.key < $1.key }) where rate.photos > 0 {
                table.add(role, trigger, "\(rate.found)", "\(rate.photos)")
            }
        }
        return table.text
    }

    /// The table of `curare audit --list`.
    static func list(_ result: ListAuditChecks.Result) -> String {
        var table = Table("check", "scope", "severity", "reports")
        for check in result.checks {
            table.add(check.check, check.scope, check.severities.joined(separator: ", "), check.title)
        }
        return table.text
    }

    /// The text of `docs/audit.md`: a table of all checks, and a section for each check.
    static func document(_ result: ListAuditChecks.Result) -> String {
        let rows = result.checks.map { check in
            "| [\(check.check)](#\(check.check)) | \(check.scope) | \(check.severities.joined(separator: ", ")) | "
                + "\(check.title) |"
        }
        let sections = result.checks.map { check in
            let score = check.score.map { "\n\n**Score of a photo.** \($0)" } ?? ""
            return """
                ### \(check.check)
                \(check.title). Scope: \(scope(check.scope)).

                \(check.definition)

                **Threshold.** \(check.threshold)

                **Severity.** \(check.severity)\(score)

                **Source.** \(check.source)
                """
        }
        return """
            # Audit checks
            This document is generated from the definitions in `Sources/Auditing`. `curare audit --list` prints the same \
            list, and `curare audit --list --json` all of its text.

            `curare audit` runs all checks on the catalog or on a version. A finding has one of three severities:

            - `error`: do not use the data. The exit code is 3.
            - `warning`: look at the photos, and decide. With `--fail-on warning` the exit code is 3.
            - `info`: a property that a reader of the results must know.

            In the JSON output a finding has the ids of its `photos`, the `scores` of these photos in the same order if \
            the check has a score, and `pairs` of photos that belong together. `curare sheet --finding CHECK` draws the \
            photos of a finding.

            | check | scope | severity | reports |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            ## Definitions
            \(sections.joined(separator: "\n\n"))

            """
    }

    private static func scope(_ scope: String) -> String {
        scope == "both" ? "the catalog and versions" : scope == "catalog" ? "the catalog" : "versions"
    }
}
