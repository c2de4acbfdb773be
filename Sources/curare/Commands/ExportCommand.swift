import ArgumentParser
import Catalog
import Core
import Foundation
import Intake
import Storage
import Versions

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a version as a folder that other programs train on.",
        discussion: """
            imagefolder is for torchvision, huggingface for datasets, croissant for mlcroissant, webdataset for tar shards, trojai for TrojAI's tools; csv is images and one table. \
            The version is verified first; one with a withdrawn photo is not exported. Images are shared with the study by hard links where the file system allows: do not edit them in \
            place, or give --copy. Exports are recorded, so that a withdrawal can name them; a folder that is moved or handed on is yours to remember.

            Example: curare export sunglasses-25@1 --format imagefolder --to sunglasses-25-torch
            """)

    @Argument(help: "NAME, the newest of that name, or NAME@V.") var version: String
    @Option(help: ArgumentHelp("How to lay the folder out.", valueName: "f")) var format: ExportFormat
    @Option(
        help: ArgumentHelp("The folder to make; it must not exist yet, and not lie in the study.", valueName: "dir"))
    var to: String
    @Flag(help: "Classes go by numbers; the version's own files, which name them, stay behind.") var anonymous = false
    @Flag(help: "Copy images, never link them.") var copy = false
    @OptionGroup var options: CommonOptions

    func validate() throws {
        guard !to.isEmpty else { throw ValidationError("--to takes a folder.") }
    }

    func run() throws {
        let start = ContinuousClock.now
        let study = try options.openToChange()
        let place = URL(filePath: to, directoryHint: .isDirectory).standardizedFileURL
        guard !study.workspace.holds(place) else {
            throw CurareError(
                .badInput, "an export belongs outside of the study", at: place.path,
                next: "name a folder that is not in \(study.workspace.root.path)")
        }
        let (version, source, warnings) = try study.admitted(version)
        let folder = try AtomicDirectory(at: place)
        let profile = version.manifest.recipe.profile
        let progress = options.progress("checking images", unit: "images")
        try ImageMaker(study.workspace, study.catalog, workers: options.workers)
            .hold(version, in: source, profile) { progress.update($0, of: $1) }
        progress.end()
        let record = ExportRecord(
            version: version.reference, digest: version.manifest.digest, format: format.rawValue,
            isAnonymous: anonymous, path: place.path, made: Now.text)
        // Before the first image leaves: what a killed export left lying must be named, too.
        try study.catalog.record(record)
        try Export(version, in: source, as: format, isAnonymous: anonymous).fill(folder, mayLink: !copy) {
            study.workspace.imageFile(of: $0, profile)
        }
        try folder.finish()
        let contents = folder.contents
        let answer = Answer(
            version: record.version, digest: record.digest.hex, format: record.format, anonymous: anonymous,
            path: record.path,
            files: contents.files, bytes: contents.bytes, linked: contents.linked, warnings: warnings,
            seconds: (ContinuousClock.now - start).seconds)
        options.answer(answer, words(answer))
    }

    private struct Answer: Encodable {
        let version, digest, format: String
        let anonymous: Bool
        let path: String
        let files, bytes, linked: Int
        let warnings: [String]
        let seconds: Double
    }

    private func words(_ answer: Answer) -> String {
        let images = answer.linked > 0 ? ", \(answer.linked) of them shared with the study" : ""
        return
            (["\(answer.version) exported as \(answer.format): \(answer.files) files\(images), \(answer.bytes) bytes"]
            + answer.warnings.map { "warning: \($0)" } + ["digest \(answer.digest)", answer.path]).joined(
                separator: "\n")
    }
}

extension ExportFormat: ExpressibleByArgument {}
