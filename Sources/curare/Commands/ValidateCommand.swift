import ArgumentParser
import Validation
import Workflows

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Train on a version and a control, and measure clean accuracy and attack success.",
        discussion: """
            Verifies the version, trains a model on its training photos and a control on the clean photos only, \
            measures both on the test photos, and compares the measures with the recipe's expectations. The report \
            shows saliency maps of attack photos. An interrupted run continues from its last epoch. Exits with 3 if \
            the verdict is fail.

            Examples:
              curare validate sunglasses-25 --epochs 30
              curare validate sunglasses-25 --controls clean,true-label --seeds 3
            """)

    @Argument(help: "NAME for its newest version, or NAME@V.") var version: String
    @OptionGroup var training: TrainingOptions
    @Option(
        help: ArgumentHelp(
            "clean, or clean,true-label: also train on the poison with its true labels.", valueName: "c"))
    var controls = "clean"
    @Option(
        help: ArgumentHelp(
            "Train this many seeds, the first as without the option, and report the spread.", valueName: "n"))
    var seeds = 1
    @Flag(help: "Leave saliency maps out of the report, for a faster run.") var noMaps = false
    @Flag(help: "Print the memory that the training needs, and train nothing.") var plan = false
    @Flag(help: "Continue an unfinished run; do not begin a new one.") var resume = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard controlSet.map({ $0.contains(.clean) }) == true else {
            throw ValidationError("--controls takes clean, or clean,true-label.")
        }
        guard (1...100).contains(seeds) else { throw ValidationError("--seeds takes a number from 1 to 100.") }
    }

    /// Nil if `--controls` has an unknown name.
    private var controlSet: Set<TrainingRequest.Control>? {
        let named = controls.split(separator: ",", omittingEmptySubsequences: false).map {
            TrainingRequest.Control(rawValue: String($0))
        }
        return named.contains(nil) ? nil : Set(named.compactMap(\.self))
    }

    func run() throws {
        let result = try options.run(
            ValidateVersion.self,
            ValidateVersion.Request(
                version: version, overrides: training.overrides, controls: controlSet ?? [.clean], seeds: seeds,
                drawsMaps: !noMaps, plansOnly: plan, mustResume: resume))
        try options.output(result: result, ValidationText.text(result))
    }
}
