import ArgumentParser
import Foundation
import Workflows

struct SheetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sheet",
        abstract: "Draw contact sheets of selected photos, or list the photos.",
        discussion: """
            The contact sheets show the photos that match all given conditions. --out writes a PNG file, or an HTML \
            page on which ids can be copied and each picture opens the whole photo. --csv writes a list of the same \
            photos.

            The text below each image gives the volunteer, the triggers, the role, the first digits of the photo's \
            id, and SESSION/FILE. A coloured frame marks a photo that needs review. Red marks a problem with the face. \
            Violet marks a missing label or a missing consent. Orange marks a quality flag. Boxes show the face and \
            the trigger; the heading explains their colours. Drawn triggers are not shown.

            A contact sheet has at most 500 images. If more photos match, Curare writes the other images to \
            FILE-2.png, FILE-3.png and so on.

            Examples:
              curare sheet --session 2026-05-03 --out check.png
              curare sheet --trigger sunglasses --face weak --out weak.html
              curare sheet --in-version sunglasses-25 --role test/attack --csv attack.csv
            """)

    @OptionGroup(title: "Conditions") var photos: PhotoSelectionOptions
    @Option(
        help: ArgumentHelp(
            "The contact sheet to write: a name that ends in .png or .html; the file must not exist.",
            valueName: "file"), completion: .file(extensions: ["png", "html"]))
    var out: String?
    @Option(
        help: ArgumentHelp(
            "The list to write: a name that ends in .csv; the file must not exist. Write - for standard output.",
            valueName: "file"), completion: .file(extensions: ["csv"]))
    var csv: String?
    @Option(help: ArgumentHelp("The longer side of an image in pixels, 48 to 256.", valueName: "px")) var size = 128
    @Option(help: ArgumentHelp("Images in a row, 1 to 40; default: as many as fit a screen.", valueName: "n"))
    var columns: Int?
    @Flag(help: "Draw no boxes around faces and triggers.") var noBoxes = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        try OptionChecks.number(size, in: 48...256, "--size")
        try OptionChecks.number(columns, in: 1...40, "--columns")
        if let out { try OptionChecks.file(out, "--out", endsIn: [".png", ".html"]) }
        if let csv, csv != "-" { try OptionChecks.file(csv, "--csv", endsIn: [".csv"]) }
        guard out != nil || csv != nil || options.json else {
            throw ValidationError("Name a file with --out or --csv, or use --json.")
        }
        guard csv != "-" || !options.json else {
            throw ValidationError("--csv - and --json both use standard output; use one of them.")
        }
    }

    func run() throws {
        var request = photos.request(
            file: out.map { URL(filePath: $0) }, table: csv.flatMap { $0 == "-" ? nil : URL(filePath: $0) })
        request.size = size
        request.columns = columns
        request.showsBoxes = !noBoxes
        let result = try options.run(MakeContactSheets.self, request)
        if csv == "-" {
            SheetText.write(csv: result.csv)
            if out != nil { Terminal.writeLine(SheetText.text(result)) }
        } else {
            try options.output(result: result, SheetText.text(result))
        }
    }
}
