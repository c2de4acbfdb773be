import ArgumentParser
import Foundation
import Workflows

struct LabelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "label",
        abstract: "Correct the labels and boxes of photos, and show their label history.",
        discussion: """
            Name a photo by the first six or more digits of its id, or by SESSION/FILE, or select photos with --where. \
            Give only what changes: the other parts of the label stay. Curare adds the new label to the photo's \
            history. New versions use the new label. Existing versions do not change. A later import keeps the \
            correction, also with --relabel, until its value in session.csv changes.

            --where selects the photos that meet all conditions, such as volunteer=ada,trigger=none. The trigger \
            `none` selects photos without a trigger. source is sheet (session.csv), review (curare label), rule (a \
            suggestion), or none (no label). suggested is yes or no.

            --undo gives a photo back its previous label. A second --undo goes one step further back. --sheet reads a \
            CSV of labels with the columns file,volunteer,trigger,location. The column `file` names a photo by its id \
            or by SESSION/FILE. --author, or the variable CURARE_AUTHOR, stores your name with each label and box.

            Examples:
              curare label 3fa94c --trigger sunglasses --location on-face
              curare label --where session=day1,volunteer=ada --volunteer bruno --dry-run
              curare label spring-office/IMG_0015.jpg --box "86 119 69 85"
              curare label 3fa94c --history
              curare label --sheet corrections.csv
            """)

    @OptionGroup var label: LabelOptions
    @Flag(help: "Give the photos back their previous label.") var undo = false
    @Flag(help: "Show the history of the photos' labels and boxes; change nothing.") var history = false
    @Option(
        help: ArgumentHelp("The CSV of labels to read.", valueName: "file"), completion: .file(extensions: ["csv"]))
    var sheet: String?
    @Flag(help: "Report what label would change; store nothing.") var dryRun = false
    @OptionGroup var author: AuthorOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        let tasks = [!label.change.isEmpty, undo, history, sheet != nil].count { $0 }
        guard tasks > 0 else {
            throw ValidationError(
                "Give a new value (--volunteer, --trigger, --location, --box, --face-box), or --undo, --history or "
                    + "--sheet.")
        }
        guard tasks == 1 else {
            throw ValidationError("Give new values, --undo, --history or --sheet, and only one of these.")
        }
        guard label.namesPhotos == (sheet == nil) else {
            throw ValidationError(
                sheet == nil ? "Name photos, or select them with --where." : "Use --sheet alone: the file names photos."
            )
        }
    }

    func run() throws {
        let result = try options.run(LabelPhotos.self, LabelPhotos.Request(task, dryRun: dryRun, author: author.name))
        try options.output(result: result, LabelText.text(result))
    }

    private var task: LabelPhotos.Request.Task {
        get throws {
            if let sheet { return .sheet(URL(filePath: sheet)) }
            if undo { return .undo(try label.choice) }
            return try history ? .history(label.choice) : .change(label.choice, label.change)
        }
    }
}
