import ArgumentParser
import Core
import Versions
import Workflows

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare versions with their digests, their recipes and today's catalog.",
        discussion: """
            Checks three layers:
              files: the files of the version have the digests that the version records.
              selection: Curare computes groups, roles and labels again from entries.jsonl, and compares the
                result with the recorded groups, roles and labels.
              catalog: today's catalog has all photos of the version, with the same labels and faces, and no
                consent is missing.

            A colleague without the workspace verifies the folder of a version, an export, or an unpacked bundle. A \
            text with a slash, such as `./received`, is always a folder. A text without a slash is a folder only if no \
            version has this name. The layer catalog is then not checked. Of a bundle, Curare also \
            compares every file with SHA256SUMS and the pixels of the images with the version, and names files that \
            SHA256SUMS does not list.

            With --images, Curare also makes every image again and compares the pixels. The exit code is 3 if a layer \
            differs.

            `curare withdraw --redact` replaces the ids of withdrawn photos in a version by numbers. Curare cannot \
            repeat the selection of such a version, because the selection depends on the ids. The output is then \
            `selection: redacted`, and this is not a difference.

            \(VersionText.severalHelp)

            Examples:
              curare verify sunglasses-25@1 --images
              curare verify 'sweep-*'
              curare verify received/
            """)

    @Argument(help: ArgumentHelp(VersionText.help)) var versions: [String]
    @Flag(help: "Make every image again and compare the pixels.") var images = false
    @OptionGroup var options: GlobalOptions

    func run() throws {
        let result = try options.run(
            EachVersion<VerifyVersion>.self,
            .init(versions) { VerifyVersion.Request(version: $0.text, remakesImages: images) })
        try options.output(result: result, VersionText.text(result, VerifyText.text))
    }
}
