import ArgumentParser
import Catalog
import Foundation
import Intake
import Versions

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hold a version against its digests, its rules and today's catalog.",
        discussion: """
            Three layers: its files agree with their digests; selecting again from its entries gives the same roles; today's catalog says the same of its photos. \
            --images makes every image again and compares the pixels. Exits with 3 where something does not agree.

            Example: curare verify sunglasses-25@1 --images
            """)

    @Argument(help: "NAME, the newest of that name, or NAME@V.") var version: String
    @Flag(help: "Make every image again and compare.") var images = false
    @OptionGroup var options: CommonOptions

    func run() throws {
        let study = try options.open()
        let folder = try VersionStore(study.workspace).folder(versionReference(version))
        let version = try VersionStore.read(folder)
        var verification = try study.verification(of: version, in: folder)
        if images {
            let maker = ImageMaker(study.workspace, study.catalog, workers: options.workers), photos = version.entries.list.map(\.photo), profile = version.manifest.recipe.profile
            let unmeasured = try maker.unmeasured(of: photos, profile)
            if !unmeasured.isEmpty { _ = try study.changing { try maker.measure(unmeasured, faces: true) { _, _ in } } }
            let progress = options.progress("making images again", unit: "images")
            let remade = try maker.remade(photos, profile) { progress.update($0, of: $1) }
            progress.end()
            verification.check(version, against: remade)
        }
        options.answer(Answer(verification), words(verification))
        if !verification.ok { throw Failure.answerIsNo }
    }

    private struct Answer: Encodable {
        struct Problem: Encodable {
            let layer, kind: String
            @OrNull var photo: String?
            let detail: String
        }

        let ok: Bool
        let layers: [String: Bool]
        let problems: [Problem]

        init(_ verification: Verification) {
            ok = verification.ok
            layers = Dictionary(uniqueKeysWithValues: Verification.Layer.allCases.map { ($0.rawValue, verification.holds($0)) })
            problems = verification.problems.map { Problem(layer: $0.layer.rawValue, kind: $0.kind.rawValue, photo: $0.photo?.hex, detail: $0.detail) }
        }
    }

    private func words(_ verification: Verification) -> String {
        let layers = Verification.Layer.allCases.map { "\($0.rawValue): \(verification.holds($0) ? "agrees" : "DIFFERS")" }
        let problems = verification.problems.prefix(50).map { "  \($0.layer.rawValue) \($0.kind.rawValue)\($0.photo.map { " \($0.short)" } ?? ""): \($0.detail)" }
        let more = verification.problems.count > 50 ? ["  and \(verification.problems.count - 50) more; --json has all"] : []
        return (layers + problems + more).joined(separator: "\n")
    }
}

/// NAME or NAME@V out of the command line.
///
/// - Throws: ``Refusal`` (65) where it is neither.
func versionReference(_ text: String) throws -> VersionReference {
    guard let reference = VersionReference(text) else { throw Refusal(.badInput, "\"\(text.prefix(80))\" names no version", next: "write NAME, for the newest of that name, or NAME@V") }
    return reference
}
