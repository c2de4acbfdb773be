import ArgumentParser
import Foundation
import Imaging
import Workflows

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import photo sessions.",
        discussion: """
            A session is a folder of photos with session.yaml and session.csv. Without a session.csv, paths such as \
            VOLUNTEER/TRIGGER[/LOCATION]/file name the labels. Curare reports all errors of all sessions together, and \
            imports nothing until they are fixed. Files that contain no complete photo go to quarantine. If a row of \
            session.csv has a trigger's box and no location, Curare suggests a location. A second import of the same \
            folders adds new photos and changes nothing else.

            If session.yaml contains consent: withdrawn, import withdraws the session's photos as curare withdraw \
            does. Import requests confirmation, unless --yes is given, and reads no other file in that folder.

            If the study has a session of the same name and the folder has none of its photos, import refuses the \
            folder: two shoots need two names, because consent is given for a session. --add-to-session adds the \
            folder's photos to the session.

            Example: curare import shoots/2026-05-03 --dry-run
            """)

    @Argument(help: "Folders of sessions.") var sessionDirs: [String]
    @Flag(help: "Report what would be imported; store nothing.") var dryRun = false
    @Flag(help: "Replace labels in the catalog that differ from session.csv.") var relabel = false
    @Flag(help: "Add a folder to a session of which it has no photo.") var addToSession = false
    @Flag(name: .shortAndLong, help: "Withdraw sessions without asking for confirmation.") var yes = false
    @Option(help: ArgumentHelp("The largest photo to accept, in pixels.", valueName: "n")) var maxPixels =
        DecodingLimits().pixels
    @Option(help: ArgumentHelp("The largest file to accept, in bytes.", valueName: "n")) var maxBytes =
        DecodingLimits().bytes
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !sessionDirs.isEmpty else { throw ValidationError("Name at least one session folder.") }
        guard maxPixels > 0, maxBytes > 0 else {
            throw ValidationError("--max-pixels and --max-bytes take numbers above 0.")
        }
    }

    func run() throws {
        let result = try options.run(
            ImportSessions.self,
            ImportSessions.Request(
                folders: sessionDirs.map { URL(filePath: $0) }, dryRun: dryRun, relabels: relabel,
                addsToSession: addToSession, limits: DecodingLimits(pixels: maxPixels, bytes: maxBytes),
                confirm: { if !yes { try Terminal.confirm($0) } }))
        try options.output(result: result, ImportText.text(result))
    }
}
