import ArgumentParser
import Foundation
import Versions
import Workflows

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a version as a folder in the format of another program.",
        discussion: """
            Formats:
            \(formats)

            Curare verifies the version first. Curare does not export a version if its files were changed, or if one \
            of its photos is missing, withdrawn or without consent.

            If the file system allows hard links, the exported images are hard links to the images of the workspace. \
            Do not edit such images. If you want to edit the exported images, use --copy.

            Curare records each export, and `curare withdraw` lists the exports of affected versions. Curare cannot \
            find an export that you moved or shared: if a volunteer withdraws, delete such exports yourself.

            Example: curare export sunglasses-25@1 --format imagefolder --to sunglasses-25-torch
            """)

    /// A line for each format, with the names in one column.
    private static var formats: String {
        ExportFormat.allCases.map { format in
            "  \(format.rawValue.padding(toLength: 14, withPad: " ", startingAt: 0))\(format.reader)"
        }.joined(separator: "\n")
    }

    @Argument(help: "The version: NAME@V, or NAME for the newest version.") var version: String
    @Option(help: ArgumentHelp("The format of the export.", valueName: "f")) var format: ExportFormat
    @Option(
        help: ArgumentHelp(
            "The folder to create; the folder must not exist, and must be outside the workspace.", valueName: "dir"))
    var to: String
    @Flag(help: "Replace class names by numbers, and leave out the files that contain names, such as manifest.json.")
    var anonymous = false
    @Flag(help: "Copy images instead of making hard links.") var copy = false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !to.isEmpty else { throw ValidationError("--to takes a folder.") }
    }

    func run() throws {
        let result = try options.run(
            ExportVersion.self,
            ExportVersion.Request(
                version: version, format: format, folder: URL(filePath: to, directoryHint: .isDirectory),
                isAnonymous: anonymous, copiesImages: copy))
        try options.output(result: result, text(result))
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
