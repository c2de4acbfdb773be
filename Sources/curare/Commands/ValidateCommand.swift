import ArgumentParser
import Validation
import Workflows

struct ValidateCommand: OpenMPCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Train a model and a control model on a version, and measure clean accuracy and attack success.",
        discussion: """
            Curare first verifies the version. Curare then trains a model on all training photos, and a control model \
            on the clean training photos only. A version without poison has no control model. Curare measures the \
            models on the test photos, and compares the measures with the values of the recipe's key `expect`. The \
            report also shows saliency maps of attack photos.

            If a run is interrupted, repeat the command: the run continues from its last checkpoint. The exit code is \
            3 if the verdict is `fail`.

            If --model names another network than the recipe, the settings that you do not give have the defaults of \
            the new network. Only the seed is still the recipe's seed.

            Examples:
              curare validate sunglasses-25 --epochs 30
              curare validate sunglasses-25 --controls clean,true-label --seeds 3
            """)

    @Argument(help: "The version: NAME@V, or NAME for the newest version.") var version: String
    @OptionGroup var training: TrainingOptions
    @Option(
        help: ArgumentHelp(
            "The control models to train: `clean` or `clean,true-label`. The control true-label is trained on all "
                + "training photos, with their true labels.",
            valueName: "c"))
    var controls = "clean"
    @Option(
        help: ArgumentHelp(
            "The number of seeds to train. The first seed is --seed; Curare derives the other seeds from the first. "
                + "The report shows how much the results vary between the seeds.",
            valueName: "n"))
    var seeds = 1
    @Flag(help: "Draw no saliency maps; the run is then faster.") var noMaps = false
    @Flag(help: "Print the memory that the training needs, and train nothing.") var plan = false
    @Flag(help: "Continue an unfinished run; fail if no unfinished run has these settings.") var resume = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard controlSet.map({ $0.contains(.clean) }) == true else {
            throw ValidationError("--controls takes clean, or clean,true-label.")
        }
        try OptionChecks.number(seeds, in: 1...100, "--seeds")
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
