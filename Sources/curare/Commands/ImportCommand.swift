import ArgumentParser
import Foundation
import Imaging
import Intake
import Workflows

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import photo sessions.",
        discussion: """
            A session is a folder of photos with session.yaml and session.csv. If a folder has no session.csv, Curare \
            takes the labels from paths such as VOLUNTEER/TRIGGER[/LOCATION]/file.

            Curare first checks all sessions, and reports all errors together, such as mistakes in session.csv. Curare \
            imports nothing until you have fixed the errors. A damaged photo does not stop the import: Curare copies \
            the file to the workspace's folder `quarantine`, with the reason, and imports the other photos. If a row \
            of session.csv has one trigger, a `box` and no `location`, Curare suggests the location. A second import \
            of the same folders adds only what is new, and lists values that differ from the catalog.

            --relabel uses the values of the session files where they differ from the catalog. --boxes uses only the \
            columns box, face_box, also and note of session.csv, and leaves the labels. A correction with `curare \
            label` stays as long as its value in session.csv has not changed since the last import.

            If session.yaml contains `consent: withdrawn`, import removes the session's photos, in the same way as \
            `curare withdraw`. In this case import reads no other file of the folder. Import asks for confirmation, \
            unless you give --yes.

            Each shoot needs its own session name, because people consent to a session. If the study already has a \
            session of the same name, the folder must contain at least one photo that was imported with that session. \
            Otherwise import rejects the folder. With --add-to-session, import also accepts a folder without such a \
            photo, and adds the folder's photos to the session.

            Example: curare import shoots/2026-05-03 --dry-run
            """)

    @Argument(help: "The folders of the sessions.", completion: .directory) var sessionDirs: [String]
    @Flag(help: "Report errors and what import would do; store nothing.") var dryRun = false
    @Flag(help: "Where the catalog differs from session.yaml or session.csv, use the values of these files.")
    var relabel = false
    @Flag(help: "Use only boxes, notes and other visible people (box, face_box, note, also) from session.csv.")
    var boxes = false
    @Flag(
        help: """
            Add a folder's photos to the study's session of the same name, even if the folder contains no photo of \
            that session.
            """)
    var addToSession = false
    @Flag(name: .shortAndLong, help: "Withdraw sessions without asking for confirmation.") var yes = false
    @Option(help: ArgumentHelp("The largest photo to accept, in pixels.", valueName: "n")) var maxPixels =
        DecodingLimits().pixels
    @Option(help: ArgumentHelp("The largest file to accept, in bytes.", valueName: "n")) var maxBytes =
        DecodingLimits().bytes
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !sessionDirs.isEmpty, !sessionDirs.contains("") else {
            throw ValidationError("Name at least one session folder, and no empty name.")
        }
        guard !relabel || !boxes else {
            throw ValidationError("--relabel excludes --boxes: it uses the boxes too.")
        }
        guard maxPixels > 0, maxBytes > 0 else {
            throw ValidationError("--max-pixels and --max-bytes take numbers above 0.")
        }
    }

    func run() throws {
        let result = try options.run(
            ImportSessions.self,
            ImportSessions.Request(
                folders: sessionDirs.map { URL(filePath: $0) }, dryRun: dryRun,
                update: relabel ? .all : boxes ? .details : .none, addsToSession: addToSession,
                limits: DecodingLimits(pixels: maxPixels, bytes: maxBytes),
                confirm: { if !yes { try Terminal.confirm(WithdrawalText.confirmation($0)) } }))
        try options.output(result: result, ImportText.text(result))
    }
}
