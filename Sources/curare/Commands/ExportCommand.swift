import ArgumentParser
import Foundation
import Versions
import Workflows

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write versions as folders in the format of another program.",
        discussion: """
            Formats:
            \(formats)

            Curare verifies each version first. Curare does not export a version if its files were changed, or if one \
            of its photos is missing, withdrawn or without consent.

            \(VersionText.severalHelp) With several versions, the folder --to gets one folder for each version, such as \
            sweep-rate-0.1-1 for sweep-rate-0.1@1.

            If the file system allows hard links, the exported images are hard links to the images of the workspace. \
            Do not edit such images. If you want to edit the exported images, use --copy.

            Curare records each export, and `curare withdraw` lists the exports of affected versions. Curare cannot \
            find an export that you moved or shared: if a volunteer withdraws, delete such exports yourself.

            Examples:
              curare export sunglasses-25@1 --format imagefolder --to sunglasses-25-torch
              curare export 'sweep-*' --format imagefolder --to sweep-torch
            """)

    /// A line for each format, with the names in one column.
    private static var formats: String {
        ExportFormat.allCases.map { format in
            "  \(format.rawValue.padding(toLength: 14, withPad: " ", startingAt: 0))\(format.reader)"
        }.joined(separator: "\n")
    }

    @Argument(help: ArgumentHelp(VersionText.help)) var versions: [String]
    @Option(help: ArgumentHelp("The format of the export.", valueName: "f")) var format: ExportFormat
    @Option(
        help: ArgumentHelp(
            "The folder to create; the folder must not exist, and must be outside the workspace. With several versions: "
                + "the folder in which Curare creates a folder for each version.",
            valueName: "dir"),
        completion: .directory)
    var to: String
    @Flag(help: "Replace class names by numbers, and leave out the files that contain names, such as manifest.json.")
    var anonymous = false
    @Flag(help: "Copy images instead of making hard links.") var copy = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !to.isEmpty else { throw ValidationError("--to takes a folder.") }
    }

    func run() throws {
        let folder = URL(filePath: to, directoryHint: .isDirectory)
        let result = try options.run(
            EachVersion<ExportVersion>.self,
            .init(versions) {
                ExportVersion.Request(
                    version: $0.text, format: format, folder: $0.folder(in: folder), isAnonymous: anonymous,
                    copiesImages: copy)
            })
        try options.output(result: result, VersionText.text(result, text))
    }

    private func text(_ result: ExportVersion.Result) -> String {
        let linked = result.linked > 0 ? ", \(result.linked) of them hard links to the workspace's images" : ""
        let first =
            "exported \(result.version) as \(result.format): \(result.files) files\(linked), \(result.bytes) bytes"
        return
            ([first] + result.warnings.map { "warning: \($0)" } + ["digest \(result.digest)", result.path])
            .joined(separator: "\n")
    }
}

extension ExportFormat: ExpressibleByArgument {}
