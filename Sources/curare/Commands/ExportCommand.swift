import ArgumentParser
import Foundation
import Versions
import Workflows

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a version as a folder in the format of another program.",
        discussion: """
            imagefolder is for torchvision, huggingface for datasets, croissant for mlcroissant, webdataset for tar \
            shards, trojai for TrojAI's tools; csv is images and one table. Export verifies the version first. It does \
            not export a version that contains a withdrawn photo. Where the file system permits, exported images are \
            hard links to the workspace's files: do not edit them, or use --copy. Curare records each export, so that \
            withdraw can list it. Curare cannot track exports that you move or share; delete them yourself if someone \
            withdraws.

            Example: curare export sunglasses-25@1 --format imagefolder --to sunglasses-25-torch
            """)

    @Argument(help: "NAME for its newest version, or NAME@V.") var version: String
    @Option(help: ArgumentHelp("The format of the folder.", valueName: "f")) var format: ExportFormat
    @Option(
        help: ArgumentHelp("The folder to create; it must not exist, and be outside the workspace.", valueName: "dir"))
    var to: String
    @Flag(help: "Replace class names by numbers, and leave out the version's own files, which contain names.")
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
