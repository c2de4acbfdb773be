import ArgumentParser
import Core
import Foundation
import Imaging
import Intake

struct SheetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sheet",
        abstract: "Draw a contact sheet of images, to look at many at once.",
        discussion: """
            Under each image stand the volunteer, what is worn, and the photo's first digits and file. A coloured frame says that something should be looked at: red, whether \
            it is the face; violet, a missing label or consent; orange, a quality flag. Photos must meet all that is asked; without a question all are shown. \
            At most 500 go on a sheet; FILE.png is then followed by FILE-2.png.

            Examples:
              curare sheet --session 2026-05-03 --out check.png
              curare sheet --trigger sunglasses --problem no-face --out missed.png
            """)

    @Option(help: ArgumentHelp("Photos of this session.", valueName: "s")) var session: String?
    @Option(help: ArgumentHelp("Photos of this person.", valueName: "v")) var volunteer: String?
    @Option(help: ArgumentHelp("Photos with this trigger; none: bare ones.", valueName: "t")) var trigger: String?
    @Option(help: ArgumentHelp("Photos with this problem.", valueName: "p")) var problem: PhotoProblem?
    @Option(help: ArgumentHelp("The sheet to write; it must not exist yet.", valueName: "file.png")) var out: String
    @Option(help: ArgumentHelp("Pixels of an image's longer side, 48 to 256.", valueName: "px")) var size = 128
    @Option(help: ArgumentHelp("Images side by side, 1 to 40.", valueName: "n")) var columns = 20
    @OptionGroup var options: CommonOptions

    func validate() throws {
        guard out.lowercased().hasSuffix(".png") else {
            throw ValidationError("--out takes a file whose name ends in .png.")
        }
        guard (48...256).contains(size), (1...40).contains(columns) else {
            throw ValidationError("--size takes a number from 48 to 256, --columns from 1 to 40.")
        }
    }

    func run() throws {
        let study = try options.openToChange()
        let choice = try SheetChoice(
            session: session, volunteer: volunteer, trigger: trigger, problem: problem, in: study.catalog)
        let progress = options.progress("making images", unit: "photos")
        let made = try SheetMaker(study.workspace, study.catalog, workers: options.workers).make(
            choice, ContactSheet(size: size, columns: columns), to: URL(filePath: out)
        ) { progress.update($0, of: $1) }
        progress.end()
        options.answer(
            Answer(files: made.files.map(\.path), photos: made.photos, sheets: made.files.count), words(made))
    }

    private struct Answer: Encodable {
        let files: [String]
        let photos, sheets: Int
    }

    private func words(_ made: SheetMaker.Made) -> String {
        made.files.isEmpty
            ? "no photo is such; no sheet was written"
            : "\(made.photos) photos on \(made.files.map(\.lastPathComponent).joined(separator: ", "))"
    }
}

extension PhotoProblem: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }

    public var defaultValueDescription: String { word }
    public static var allValueStrings: [String] { allCases.map(\.word) }
}
