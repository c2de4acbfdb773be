import ArgumentParser
import Workflows

struct WithdrawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Remove a volunteer who has withdrawn consent.",
        discussion: """
            Removes the photos with the volunteer's label. Removes a photo of another person if the column `also` of \
            session.csv names the volunteer. Removes a photo without a label if nobody except the volunteer posed in \
            the photo's sessions. Removes the images of these photos, and the volunteer's quarantined files. Removes \
            the models of all runs that used these photos, and all pictures in the pages of these runs. Removes all \
            records of these photos from the catalog, such as labels, faces and notes, and overwrites the bytes of the \
            records. The catalog keeps the pseudonym and the SHA-256 digests of the removed files, so that no later \
            import adds the photos again.

            Versions that contain these photos remain as a record, with the pseudonym, the photo ids and the image \
            digests. You cannot train on such a version or export it. --redact also replaces the pseudonym, the photo \
            ids and the image digests in versions and runs by placeholders. Curare does not change files outside the \
            workspace, such as exports, contact sheets and pages of `curare diff`. Delete these files yourself; the \
            command lists the exports. See docs/privacy.md.

            If the version of a run is missing or damaged, Curare cannot know whether the run used these photos, and \
            removes the run's models and pictures. Curare cannot clean some files that may show the volunteer: for \
            example, the files of a damaged version. Curare also leaves identical copies of the photos that lie in the \
            workspace outside Curare's folders. If such files are left, the command lists them and exits with 3: the \
            withdrawal is incomplete. Restore, move or delete these files and run the command again, or run it with \
            --force-remove-unreadable.

            You cannot undo a withdrawal. If the command is interrupted, the next command in the workspace completes \
            the withdrawal.

            Example: curare withdraw an2i --dry-run
            """)

    @Argument(help: "The pseudonym of the volunteer.") var volunteer: String
    @Flag(name: .shortAndLong, help: "Do not ask for confirmation.") var yes = false
    @Flag(help: "Report what withdraw would remove; remove nothing.") var dryRun = false
    @Flag(help: "Keep the models of finished runs; the output lists these models.") var keepModels = false
    @Flag(help: "Also replace the pseudonym, the photo ids and the image digests in versions and runs.")
    var redact = false
    @Flag(help: "Also remove the listed files that may show the volunteer: unreadable, unknown and copied files.")
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
                confirm: { if !yes { try Terminal.confirm(WithdrawalText.confirmation($0)) } }))
        try options.output(result: summary, WithdrawalText.text(summary))
    }
}
