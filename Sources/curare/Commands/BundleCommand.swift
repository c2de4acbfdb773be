import ArgumentParser
import Foundation
import Versions
import Workflows

struct BundleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Write a version with its images or its original photos to one file for a colleague.",
        discussion: """
            The file is an uncompressed tar archive. It contains a README, the digests of all files (SHA256SUMS), the \
            version, the versions that it extends, and the images or the originals. It contains nothing of the catalog. \
            The same version always gives the same bytes. The colleague unpacks the file with `curare unbundle`.

            Images have no metadata. Originals are unchanged files, because the SHA-256 of an original is the id of the \
            photo: Curare cannot remove metadata from them. With --originals, Curare searches EXIF and XMP for \
            positions, serial numbers and names of owners. If it finds one, it writes nothing, unless you confirm with \
            --with-metadata. Curare does not read the notes of camera makers, which can contain serial numbers.

            Curare verifies the version first, as `curare export` does, and records the bundle. `curare withdraw` lists \
            the bundles of affected versions. Curare cannot find a bundle that you moved or shared: keep a list of the \
            people who received it.

            Example: curare bundle sunglasses-25@1 --to sunglasses-25.tar
            """)

    @Argument(help: "The version: NAME@V, or NAME for the version of the last split.") var version: String
    @Option(
        help: ArgumentHelp(
            "The file to create; the file must not exist, and must be outside the workspace.", valueName: "file"))
    var to: String
    @Flag(help: "Add the images. This is the default unless --originals is given.") var images = false
    @Flag(help: "Add the original photos.") var originals = false
    @Flag(help: "Add originals even if they contain metadata about a place, a device or a person.") var withMetadata =
        false
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard !to.isEmpty else { throw ValidationError("--to takes a file.") }
        guard originals || !withMetadata else { throw ValidationError("--with-metadata needs --originals.") }
    }

    private var parts: Set<VersionBundle.Part> {
        guard originals else { return [.images] }
        return images ? [.images, .originals] : [.originals]
    }

    func run() throws {
        let result = try options.run(
            BundleVersion.self,
            BundleVersion.Request(
                version: version, file: URL(filePath: to), parts: parts, allowsMetadata: withMetadata))
        try options.output(result: result, BundleText.text(result))
    }
}
