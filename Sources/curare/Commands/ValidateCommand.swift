import ArgumentParser
import Validation
import Workflows

struct ValidateCommand: OpenMPCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Train a model and a control model on each version, and measure clean accuracy and attack success.",
        discussion: """
            Curare first verifies the version. Curare then trains a model on all training photos, and a control model \
            on the clean training photos only. A version without poison has no control model. Curare measures the \
            models on the test photos, and compares the measures with the values of the recipe's key `expect`. The \
            report also shows saliency maps of attack photos, if the images are large enough for the network.

            If a run is interrupted, repeat the command: the run continues from its last checkpoint. The exit code is \
            3 if the verdict is `fail`.

            If --model names another network than the recipe, the settings that you do not give have the defaults of \
            the new network. Only the seed is still the recipe's seed.

            \(VersionText.severalHelp)

            --remake trains the models of a finished run again, for example after `curare prune --models`. Curare uses \
            the settings of the run and compares the digests of the weights with the report. Models with other weights \
            are not written, and the exit code is 3. The weights are the same for the same version, settings, threads, \
            processor and build.

            Examples:
              curare validate sunglasses-25 --epochs 30
              curare validate 'sweep-*' --controls clean,true-label --seeds 3
              curare validate --remake sunglasses-25-1-1
            """)

    @Argument(help: ArgumentHelp(VersionText.help)) var versions: [String]
    @OptionGroup var training: TrainingOptions
    @Option(
        help: ArgumentHelp(
            "The control models to train: `clean` or `clean,true-label`. The control true-label is trained on all "
                + "training photos, with their true labels.", valueName: "c"))
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
    @Flag(help: "Train the missing models of a finished run again, with the run's settings.") var remake = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        let isDefault = training.overrides == TrainingRequest.Overrides() && controls == "clean" && seeds == 1
        guard !remake || (isDefault && !noMaps && !plan && !resume) else {
            throw ValidationError("--remake takes no other option of the training: the run has its settings.")
        }
        guard !remake || versions.count == 1 else { throw ValidationError("--remake takes one run.") }
        guard TrainingOptions.controls(controls)?.contains(.clean) == true else {
            throw ValidationError("--controls takes clean, or clean,true-label.")
        }
        try OptionChecks.number(seeds, in: 1...100, "--seeds")
    }

    func run() throws {
        if remake {
            let result = try options.run(RemakeModels.self, RemakeModels.Request(run: versions[0]))
            return try options.output(result: result, ValidationText.text(result))
        }
        let result = try options.run(
            EachVersion<ValidateVersion>.self,
            .init(versions) {
                ValidateVersion.Request(
                    version: $0.text, overrides: training.overrides,
                    controls: TrainingOptions.controls(controls) ?? [.clean], seeds: seeds, drawsMaps: !noMaps,
                    plansOnly: plan, mustResume: resume)
            })
        try options.output(result: result, VersionText.text(result, ValidationText.text))
    }
}
