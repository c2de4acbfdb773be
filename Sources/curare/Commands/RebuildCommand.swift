import ArgumentParser
import Foundation
import Workflows

struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make a version's images again from the version's folder and the photos, without a workspace.",
        discussion: """
            Finds the photos by their content, in all subfolders and under any name. Writes an image only if its \
            digest equals the digest that the version records. The exit code is 3 if an image cannot be made, or if \
            its digest differs. Needs no workspace: the option --workspace has no effect.

            Files in the folder --to:
              PROFILE/ab/PHOTO.png        the image of a photo; PHOTO is the photo's id
              PROFILE/drawn/ab/IMAGE.png  an image with a drawn trigger; IMAGE is the image's digest
            ab stands for the first two digits of the file name.

            Example: curare rebuild sunglasses-25/1 --photos holiday-disk --to images
            """)

    @Argument(help: "The folder of the version, with manifest.json and entries.jsonl.") var folder: String
    @Option(help: ArgumentHelp("The folder with the photos.", valueName: "dir")) var photos: String
    @Option(help: ArgumentHelp("The folder for the images.", valueName: "dir")) var to: String
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(
            RebuildImages.self,
            RebuildImages.Request(
                version: URL(filePath: folder), photos: URL(filePath: photos), output: URL(filePath: to)))
        try options.output(result: result, text(result))
    }

    private func text(_ result: RebuildImages.Result) -> String {
        let outcome = result.outcome
        let lists: [(title: String, items: [String])] = [
            ("photos missing", Set(outcome.missing.map(\.photo)).sorted().map(\.hex)),
            (
                "images with other pixels",
                outcome.differing.map { "\($0.photo.hex)\($0.copy == nil ? "" : ", with a drawn trigger")" }
            ),
            ("photos that could not be decoded", outcome.failed.map { "\($0.expected.photo.hex): \($0.reason)" }),
        ]
        let first =
            """
            \(result.version): made \(result.made) of \(result.total) images; the digest of each image equals the \
            recorded digest
            """
        return
            ([first]
            + lists.filter { !$0.items.isEmpty }.flatMap {
                ["\($0.title): \($0.items.count)"] + Table.firstItems($0.items)
            }).joined(separator: "\n")
    }
}
