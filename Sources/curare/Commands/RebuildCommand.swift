import ArgumentParser
import Core
import Foundation
import Versions
import Workflows

struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make a version's images again from the version's folder and the photos, without a workspace.",
        discussion: """
            Finds the photos by their content, in all subfolders and under any name. Writes an image only if its \
            digest equals the digest that the version records. The exit code is 3 if an image cannot be made, or if \
            its digest differs. Needs no workspace: the option --workspace has no effect.

            The folder can be an unpacked bundle. Without --photos, its photos or images are then used.

            With --digest, Curare first compares the digest of the version, for example with the digest in a paper. If \
            the digests differ, Curare makes nothing, and the exit code is 3.

            Files in the folder --to:
              PROFILE/ab/PHOTO.png        the image of a photo; PHOTO is the photo's id
              PROFILE/drawn/ab/IMAGE.png  an image with a drawn trigger; IMAGE is the image's digest
            ab stands for the first two digits of the file name. With --format, the folder --to is an export with the \
            same bytes as that of `curare export`. Formats: \
            \(ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")).

            Examples:
              curare rebuild sunglasses-25/1 --photos holiday-disk --to images
              curare rebuild received --format imagefolder --to sunglasses-25-torch
            """)

    @Argument(
        help: "The folder of the version, with manifest.json and entries.jsonl; or an unpacked bundle.",
        completion: .directory)
    var folder: String
    @Option(help: ArgumentHelp("The folder with the photos.", valueName: "dir"), completion: .directory)
    var photos: String?
    @Option(
        help: ArgumentHelp(
            """
            The folder for the images: a new or an empty folder. With --format: the folder for the export, which must \
            not exist.
            """, valueName: "dir"),
        completion: .directory)
    var to: String
    @Option(help: ArgumentHelp("The digest that the version must have: 64 digits.", valueName: "digest"))
    var digest: String?
    @Option(help: ArgumentHelp("Write an export in this format.", valueName: "f")) var format: ExportFormat?
    @Flag(help: "With --format: write the export even if images are missing. Its README then gives their number.")
    var allowIncomplete = false
    @OptionGroup var options: GlobalOptions

    private var wantedDigest: FileDigest? { digest.flatMap { FileDigest(hex: $0.lowercased()) } }

    func validate() throws {
        guard !to.isEmpty else { throw ValidationError("--to takes a folder.") }
        guard digest == nil || wantedDigest != nil else {
            throw ValidationError("--digest takes 64 digits 0-9 a-f, as `curare split` prints them.")
        }
        guard format != nil || !allowIncomplete else { throw ValidationError("--allow-incomplete needs --format.") }
    }

    func run() throws {
        let result = try options.run(
            RebuildImages.self,
            RebuildImages.Request(
                version: URL(filePath: folder), photos: photos.map { URL(filePath: $0) }, output: URL(filePath: to),
                digest: wantedDigest, format: format, allowsMissing: allowIncomplete))
        try options.output(result: result, RebuildText.text(result))
    }
}
