import ArgumentParser
import Core
import Foundation
import Intake
import Versions

struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make a version's images again from its folder and a heap of photos, without a study.",
        discussion: """
            The photos may lie in any order and under any names: they are found by their bytes. Each image is held to the digest in the version's entries, and is put below \
            --to as PROFILE/ab/PHOTO.png, with a trigger drawn on it as PROFILE/drawn/ab/IMAGE.png. Exits with 3 where photos are missing or images come out otherwise.

            Example: curare rebuild sunglasses-25/1 --photos holiday-disk --to images
            """)

    @Argument(help: "The version's folder: manifest.json and entries.jsonl in it.") var folder: String
    @Option(help: ArgumentHelp("The folder that holds the photos.", valueName: "dir")) var photos: String
    @Option(help: ArgumentHelp("Where the images go.", valueName: "dir")) var to: String
    @OptionGroup var options: CommonOptions

    func run() throws {
        let folder = URL(filePath: folder)
        let version = try VersionStore.read(folder)
        let problems = try Verification.files(folder, version)
        guard problems.isEmpty else {
            throw CurareError(
                .badInput, "the version's files do not agree with their digests", at: folder.path,
                next: "take them from a copy", problems: problems.map { CurareError.Problem("", $0.detail) })
        }
        let recipe = version.manifest.recipe
        let wanted = try version.entries.list.map {
            ImageRebuilder.Wanted(photo: $0.photo, image: $0.image, face: $0.face, copy: try $0.copy(in: recipe))
        }
        let progress = (
            looking: options.progress("looking for photos", unit: "files"),
            making: options.progress("making images", unit: "images")
        )
        let outcome = try ImageRebuilder(recipe.profile, version.keptPictures(in: folder), workers: options.workers)
            .rebuild(
                wanted, from: URL(filePath: photos), to: URL(filePath: to),
                looking: { progress.looking.update($0, of: $1) }, making: { progress.making.update($0, of: $1) })
        progress.making.end()
        options.answer(Answer(version, outcome, URL(filePath: to)), words(version, outcome))
        if !outcome.isWhole { throw Failure.answerIsNo }
    }

    private struct Answer: Encodable {
        struct Photo: Encodable {
            let photo, volunteer, role: String
            /// What is drawn on a copy; absent for a photo itself.
            let overlay, reason: String?
        }

        let version, digest, images: String
        let made: Int
        let missing, differing, failed: [Photo]

        init(_ version: Version, _ outcome: ImageRebuilder.Outcome, _ folder: URL) {
            // A photo and its copies have images of their own.
            let entries = Dictionary(version.entries.list.map { ([$0.photo.hex, $0.image.hex], $0) }) { first, _ in
                first
            }
            func photo(_ wanted: ImageRebuilder.Wanted, _ reason: String? = nil) -> Photo {
                let entry = entries[[wanted.photo.hex, wanted.image.hex]]
                return Photo(
                    photo: wanted.photo.hex, volunteer: entry?.volunteer.name.text ?? "",
                    role: entry?.role.rawValue ?? "", overlay: entry?.overlay?.text, reason: reason)
            }
            (self.version, digest) = (version.reference, version.manifest.digest.hex)
            images = folder.appending(path: version.manifest.recipe.profile.name).path
            made = outcome.made.count
            (missing, differing) = (outcome.missing.map { photo($0) }, outcome.differing.map { photo($0) })
            failed = outcome.failed.map { photo($0.wanted, $0.reason) }
        }
    }

    private func words(_ version: Version, _ outcome: ImageRebuilder.Outcome) -> String {
        var lines = [
            "\(version.reference): \(outcome.made.count) of \(version.entries.list.count) images made, each with the pixels that the version says"
        ]
        func list(_ title: String, _ photos: [String]) {
            guard !photos.isEmpty else { return }
            lines.append("\(title): \(photos.count)")
            lines += photos.prefix(20).map { "  \($0)" }
            if photos.count > 20 { lines.append("  and \(photos.count - 20) more; --json has all") }
        }
        list("photos missing", Set(outcome.missing.map(\.photo)).sorted().map(\.hex))
        list(
            "images that came out with other pixels",
            outcome.differing.map { "\($0.photo.hex)\($0.copy == nil ? "" : ", with a trigger drawn on it")" })
        list("photos that could not be decoded", outcome.failed.map { "\($0.wanted.photo.hex): \($0.reason)" })
        return lines.joined(separator: "\n")
    }
}
