import ArgumentParser
import Workflows

struct WithdrawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Remove a volunteer who has withdrawn consent.",
        discussion: """
            Removes all photos that show the volunteer, including photos of other volunteers, and their images, \
            measures, notes and quarantined files. Removes the models and all pictures of runs that used these photos. \
            Overwrites the freed pages of the catalog. The pseudonym and the digests of the files stay, so that no \
            later import adds the photos again.

            Versions that contain the photos keep pseudonym and digests, but cannot be trained or exported any more. \
            --redact removes pseudonym and digests from versions and runs too. Exports, contact sheets and pages \
            outside the workspace are not changed: delete them yourself; the command lists the exports. See \
            docs/privacy.md.

            What cannot be proved to be unrelated counts as affected: the models and pictures of a run are removed when \
            its version is missing or damaged. When files are left that may show the volunteer and that cannot be \
            cleaned, such as a damaged version, the command lists them, and exits with 3: the withdrawal is \
            incomplete. Restore or delete these files and run the command again, or run it with \
            --force-remove-unreadable.

            If the command is interrupted, the next command completes the withdrawal. It cannot be undone.

            Example: curare withdraw an2i --dry-run
            """)

    @Argument(help: "The volunteer's pseudonym.") var volunteer: String
    @Flag(name: .shortAndLong, help: "Do not ask for confirmation.") var yes = false
    @Flag(help: "Report what would be removed; remove nothing.") var dryRun = false
    @Flag(help: "Keep the models of finished runs, and list them.") var keepModels = false
    @Flag(help: "Also remove pseudonym and digests from versions and runs.") var redact = false
    @Flag(help: "Also remove the listed files that may show the volunteer, but cannot be read or are unknown.")
    var forceRemoveUnreadable = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !keepModels || !redact else {
            throw ValidationError("--redact excludes --keep-models: a model contains the names of its classes.")
        }
        guard !dryRun || !yes else {
            throw ValidationError("--dry-run excludes --yes: it removes nothing.")
        }
    }

    func run() throws {
        let summary = try options.run(
            WithdrawVolunteer.self,
            WithdrawVolunteer.Request(
                volunteer: volunteer, dryRun: dryRun, keepsModels: keepModels, redacts: redact,
                removesUndecided: forceRemoveUnreadable,
                confirm: { if !yes { try Terminal.confirm($0) } }))
        try options.output(result: summary, WithdrawalText.text(summary))
    }
}
