import Core
import Versions
import Workflows

/// Text about versions: lists, grids, and results for several versions.
enum VersionText {
    /// The help of an argument for one or more versions.
    static let help = "The versions: NAME@V, NAME, the name of a grid, or a quoted pattern such as 'sweep-*'."

    /// A part of the help of the commands for several versions.
    static let severalHelp = """
        NAME is the version that your last split of this recipe made or found. For a grid or a pattern, each name of \
        a version has the same meaning. Curare works on the versions one after another. If a version fails, Curare goes on with \
        the next version. The exit code is the highest exit code of all versions. With --json, a grid, a pattern or \
        several versions give an object with the list `results`.
        """

    /// Returns a line for each version that a user may not expect.
    static func notes(_ choices: [VersionChoice]) -> String {
        let lines = choices.flatMap { choice -> [String] in
            let name = choice.version.name
            var lines: [String] = []
            if let missing = choice.missing {
                lines.append(
                    """
                    \(name) means \(choice.version), the highest number; \(missing), which the last split of \(name) \
                    returned, does not exist any more
                    """)
            }
            if choice.version.number != choice.highest {
                lines.append(
                    """
                    \(name) means \(choice.version), which the last split of \(name) returned; the highest number is \
                    \(name)@\(choice.highest)
                    """)
            }
            if choice.relabelled > 0 {
                lines.append(
                    """
                    \(name) means \(choice.version); the labels of \(choice.relabelled) photos have changed since \
                    \(choice.version) was made. For a version with the new labels: curare split RECIPE.yaml
                    """)
            }
            return lines
        }
        return (lines.prefix(20) + (lines.count > 20 ? ["and \(lines.count - 20) more such versions"] : []))
            .joined(separator: "\n")
    }

    /// Returns the text of a result for one version, or the texts of several versions with headings and a summary.
    static func text<Task>(_ result: EachVersion<Task>.Result, _ text: (Task.Result) -> String) -> String {
        switch result {
        case .one(let result): return text(result)
        case .several(let results):
            let parts = results.map { result in
                switch result.outcome {
                case .done(let value): "\(result.version):\n\(indented(text(value)))"
                case .failed(let error): "\(result.version): failed: \(error.message)"
                }
            }
            let failed = results.count { $0.failure != nil }
            let negative = results.count { $0.failure == nil && $0.isNegative }
            let summary =
                ([
                    counted(results.count, "version"),
                    negative > 0 ? "\(negative) with a negative result" : nil,
                    failed > 0 ? "\(failed) failed" : nil,
                ] as [String?]).compactMap(\.self).joined(separator: ", ")
            return (parts + [summary]).joined(separator: "\n")
        }
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  \($0)" }
            .joined(separator: "\n")
    }

    /// The table of `curare versions`. An asterisk marks the version that a name alone means, if there are several.
    static func list(_ versions: [VersionSummary]) -> String {
        guard !versions.isEmpty else { return "no versions; make one with: curare split RECIPE.yaml" }
        var table = Table(
            ["version", "target", "triggers", "rate", "hold-out", "seed", "n", "m", "photos", "made", "runs"]
                + ["verdict", "size"])
        let isMarked = versions.contains { !$0.current }
        for version in versions {
            let mark = isMarked && version.current ? " *" : ""
            let values =
                version.recipe.map { recipe in
                    [recipe.target ?? "–", triggers(recipe), recipe.injectionRate ?? "–", recipe.holdOut ?? "–"]
                        + ["\(recipe.seed)"]
                } ?? ["damaged", "", "", "", ""]
            let counts = [version.n, version.m, version.photos].map { $0.map(String.init) ?? "" }
            table.add(
                [version.version + mark] + values + counts
                    + [day(version.made), "\(version.runs.count)", version.verdict ?? "–", fileSize(version.bytes)])
        }
        let damaged = versions.compactMap { version in version.damage.map { "\(version.version): \($0)" } }
        let legend = isMarked ? ["* the name alone means this version"] : []
        return ([table.text] + legend + damaged).joined(separator: "\n")
    }

    /// `sunglasses`, `sunglasses on-face`, `dots (drawn)`
    private static func triggers(_ recipe: RecipeSummary) -> String {
        guard let triggers = recipe.triggers else { return "–" }
        if recipe.source == "digital" { return "\(triggers) (drawn)" }
        let locations = recipe.locations ?? ""
        return locations.contains(",") ? triggers : "\(triggers) \(locations)"
    }

    /// The table of a grid: a column for each varied key, and a row for each run of a version.
    static func grid(_ grid: GridDetails) -> String {
        var table = Table(
            ["version"] + grid.vary + ["n", "m", "reached", "run", "verdict", "clean accuracy", "attack success"])
        for version in grid.versions {
            let counts = [version.n, version.m].map { $0.map(String.init) ?? "" }
            let facts =
                version.damage == nil ? counts + [version.rate.map { decimals($0, 6) } ?? ""] : ["", "", "damaged"]
            let first = [version.version] + grid.vary.map { version.values[$0] ?? "" } + facts
            let runs = version.runs.map { run in
                [run.run, run.verdict ?? run.state] + [run.cleanAccuracy, run.attackSuccess].map(RunText.rate)
            }
            for (index, run) in (runs.isEmpty ? [["–", "–", "–", "–"]] : runs).enumerated() {
                table.add((index == 0 ? first : first.map { _ in "" }) + run)
            }
        }
        let count = grid.versions.count
        return "grid \(grid.grid): \(count) versions, varied: \(grid.vary.joined(separator: ", "))\n\(table.text)"
    }

    /// Returns the day of a time in UTC, ISO 8601.
    static func day(_ time: String?) -> String { time.map { String($0.prefix(10)) } ?? "–" }
}
