import ArgumentParser
import Validation
import Workflows

struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove old runs, or only their models.",
        discussion: """
            Removes finished runs, except those that you keep: --keep N keeps the newest N runs of each version, and \
            --keep-verdict keeps the runs with a verdict. With both options, a run stays if one of them keeps it. \
            Lists what goes, with sizes, and asks for confirmation. Runs that are not finished, and runs with a damaged \
            report, stay.

            --models removes only the model files (.safetensors) of these runs. The reports and predictions stay, and \
            `curare validate --remake RUN` trains the same models again.

            Examples:
              curare prune --keep 1 --models --dry-run
              curare prune --keep 2 --keep-verdict pass
            """)

    @Option(help: ArgumentHelp("Keep the newest N finished runs of each version.", valueName: "n")) var keep: Int?
    @Option(help: ArgumentHelp("Keep the runs with this verdict: pass, fail or none.", valueName: "verdict"))
    var keepVerdict: String?
    @Flag(help: "Remove only the models; keep the reports.") var models = false
    @Flag(name: .shortAndLong, help: "Do not ask for confirmation.") var yes = false
    @Flag(help: "List what would be removed; remove nothing.") var dryRun = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        try OptionChecks.number(keep, in: 0...1_000_000, "--keep")
        guard keep != nil || keepVerdict != nil else {
            throw ValidationError("Give --keep N, --keep-verdict, or both: they decide which runs stay.")
        }
        guard keepVerdict == nil || verdict != nil else {
            throw ValidationError("--keep-verdict takes pass, fail or none.")
        }
        guard !dryRun || !yes else { throw ValidationError("--dry-run excludes --yes: it removes nothing.") }
    }

    private var verdict: Verdict.Outcome? { keepVerdict.flatMap(Verdict.Outcome.init(rawValue:)) }

    func run() throws {
        let summary = try options.run(
            PruneRuns.self,
            PruneRuns.Request(
                newest: keep ?? 0, verdict: verdict, removesOnlyModels: models, dryRun: dryRun,
                confirm: { if !yes { try Terminal.confirm(RemovalText.confirmation($0)) } }))
        try options.output(result: summary, RemovalText.text(summary))
    }
}
