import ArgumentParser
import Workflows

struct AgreementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement",
        abstract: "Measure how much the annotators agree, and list the photos with different labels.",
        discussion: """
            The annotator `label` stands for the labels that count. The other annotators come from curare labels import. \
            For each two annotators, the table has the photos with a label of both, the share of equal labels, the share \
            that is expected by chance, and Cohen's kappa with its 95% interval, for volunteer, trigger and location. \
            Kappa is 1 for equal labels, and 0 for agreement by chance.

            Decide about a photo with curare labels resolve, or give the photo a new label with curare label.

            Examples:
              curare labels agreement
              curare labels agreement --session 2026-05-03 --json
            """)

    @Option(help: ArgumentHelp("Compare only the photos of this session.", valueName: "name")) var session: String?
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(MeasureAgreement.self, MeasureAgreement.Request(session: session))
        try options.output(result: result, AgreementText.text(result))
    }
}
