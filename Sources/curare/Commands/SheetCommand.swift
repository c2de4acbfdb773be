import ArgumentParser
import Core
import Foundation
import Intake
import Workflows

struct SheetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sheet",
        abstract: "Draw contact sheets: many small images on a page, for review.",
        discussion: """
            The text below each image gives the volunteer, the triggers, the first digits of the photo's id, and the \
            file name. A coloured frame marks a photo that needs review. Red marks a problem with the face. Violet \
            marks a missing label or a missing consent. Orange marks a quality flag.

            The contact sheets show the photos that match all given filters. A contact sheet has at most 500 images. \
            If more photos match, Curare writes the other images to FILE-2.png, FILE-3.png and so on.

            Examples:
              curare sheet --session 2026-05-03 --out check.png
              curare sheet --trigger sunglasses --problem no-face --out missed.png
            """)

    @Option(help: ArgumentHelp("Only photos of this session.", valueName: "s")) var session: String?
    @Option(help: ArgumentHelp("Only photos of this volunteer.", valueName: "v")) var volunteer: String?
    @Option(
        help: ArgumentHelp(
            "Only photos with this trigger. Write `none` to select photos without a trigger.", valueName: "t"))
    var trigger: String?
    @Option(help: ArgumentHelp("Only photos with this problem.", valueName: "p")) var problem: PhotoFlag?
    @Option(help: ArgumentHelp("The PNG file to write; it must not exist.", valueName: "file.png")) var out: String
    @Option(help: ArgumentHelp("The longer side of an image in pixels, 48 to 256.", valueName: "px")) var size = 128
    @Option(help: ArgumentHelp("Images in a row, 1 to 40.", valueName: "n")) var columns = 20
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        try OptionChecks.pngFile(out: out)
        try OptionChecks.number(size, in: 48...256, "--size")
        try OptionChecks.number(columns, in: 1...40, "--columns")
    }

    func run() throws {
        let result = try options.run(
            MakeContactSheets.self,
            MakeContactSheets.Request(
                session: session, volunteer: volunteer, trigger: trigger, problem: problem, file: URL(filePath: out),
                size: size, columns: columns))
        let names = result.files.map { URL(filePath: $0).lastPathComponent }.joined(separator: ", ")
        try options.output(
            result: result,
            result.files.isEmpty
                ? "No photos match these filters; nothing was written."
                : "drew \(result.photos) photos on \(names)")
    }
}

extension PhotoFlag: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }

    public var defaultValueDescription: String { word }
    public static var allValueStrings: [String] { allCases.map(\.word) }
}
