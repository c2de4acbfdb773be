import ArgumentParser
import Foundation
import Workflows

struct UnbundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unbundle",
        abstract: "Unpack a bundle of a version into a new folder, and check all its digests.",
        discussion: """
            Accepts only files that `curare bundle` wrote. The folder appears only when every file has its digest and \
            every image has the pixels that the version records. Needs no workspace: the option --workspace has no \
            effect.

            Then compare the printed digest with the digest that the study has published, and run `curare verify` and \
            `curare rebuild` on the folder.

            Example: curare unbundle sunglasses-25.tar --to received
            """)

    @Argument(help: "The bundle.") var file: String
    @Option(help: ArgumentHelp("The folder to create; the folder must not exist.", valueName: "dir")) var to: String
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !to.isEmpty else { throw ValidationError("--to takes a folder.") }
    }

    func run() throws {
        let result = try options.run(
            UnbundleVersion.self,
            UnbundleVersion.Request(
                file: URL(filePath: file), folder: URL(filePath: to, directoryHint: .isDirectory)))
        try options.output(result: result, BundleText.text(result))
    }
}
