import ArgumentParser
import Workflows

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Report the composition and the problems of the catalog or of versions.",
        discussion: """
            The exit code is 3 if a finding has the severity `error`. Do not use data that has such a finding.

            \(VersionText.severalHelp)

            Examples:
              curare audit
              curare audit sunglasses-25
            """)

    @Argument(help: ArgumentHelp(VersionText.help + " Default: the whole catalog.")) var versions: [String] = []
    @OptionGroup var options: GlobalOptions

    func run() throws {
        guard !versions.isEmpty else {
            let result = try options.run(AuditDataset.self, AuditDataset.Request())
            return try options.output(result: result, text(result))
        }
        let result = try options.run(
            EachVersion<AuditDataset>.self, .init(versions) { AuditDataset.Request(version: $0.text) })
        try options.output(result: result, VersionText.text(result, text))
    }

    private func text(_ result: AuditDataset.Result) -> String {
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
        let findings = result.findings.map { "\($0.severity): \($0.check): \($0.detail)" }
        parts.append(findings.isEmpty ? "no findings" : findings.joined(separator: "\n"))
        return parts.joined(separator: "\n\n")
    }

    private func faces(_ result: AuditDataset.Result) -> String {
        var table = Table("role", "trigger", "faces found", "of")
        for (role, triggers) in result.faces.sorted(by: { $0.key < $1.key }) {
            for (trigger, rate) in triggers.sorted(by: { $0.key < $1.key }) where rate.photos > 0 {
                table.add(role, trigger, "\(rate.found)", "\(rate.photos)")
            }
        }
        return table.text
    }
}
