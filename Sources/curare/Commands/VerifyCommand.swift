import ArgumentParser
import Core
import Foundation
import Imaging
import Intake
import Versions

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Hold a version against its digests, its rules and today's catalog.",
        discussion: """
            Three layers: its files agree with their digests; selecting again from its entries gives the same roles; today's catalog says the same of its photos. \
            --images makes every image again and compares the pixels. Exits with 3 where something does not agree. A version that was redacted for somebody who withdrew says so: \
            its roles cannot be selected again, and that is no difference.

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
            let maker = ImageMaker(study.workspace, study.catalog, workers: options.workers)
            let recipe = version.manifest.recipe
            let withdrawn = try study.catalog.withdrawnPhotos()
            func isHere(_ photo: PhotoID) -> Bool { !withdrawn.contains(photo) }
            let photos = version.photos.filter { !$0.isRedacted }.map(\.photo).filter(isHere)
            let profile = recipe.profile
            let unmeasured = try maker.unmeasured(of: photos, profile)
            if !unmeasured.isEmpty { _ = try study.changing { try maker.measure(unmeasured, faces: true) { _, _ in } } }
            let progress = options.progress("making images again", unit: "images")
            let remade = try maker.remade(
                photos, copies: version.copies().filter { isHere($0.copy.photo) }, version.keptPictures(in: folder),
                profile
            ) { progress.update($0, of: $1) }
            progress.end()
            verification.check(version, madeBy: Provenance.libraries(in: folder), today: ImagingLibraries.versions) {
                entry in
                entry.overlay == nil
                    ? remade.photos[entry.photo] : (try? entry.copy(in: recipe)).flatMap { remade.copies[$0] }
            }
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

        struct Redacted: Encodable {
            let photos: Int
            let digests: [String]
        }

        let ok: Bool
        let layers: [String: Bool]
        let problems: [Problem]
        @OrNull var redacted: Redacted?

        init(_ verification: Verification) {
            ok = verification.ok
            layers = Dictionary(
                uniqueKeysWithValues: Verification.Layer.allCases.map { ($0.rawValue, verification.holds($0)) })
            _redacted = OrNull(
                wrappedValue: verification.redacted.map { Redacted(photos: $0.photos, digests: $0.digests.map(\.hex)) })
            problems = verification.problems.map {
                Problem(layer: $0.layer.rawValue, kind: $0.kind.rawValue, photo: $0.photo?.hex, detail: $0.detail)
            }
        }
    }

    private func words(_ verification: Verification) -> String {
        let layers =
            Verification.Layer.allCases.map { layer in
                let isRedacted = layer == .selection && verification.redacted != nil
                return
                    "\(layer.rawValue): \(verification.holds(layer) ? isRedacted ? "redacted" : "agrees" : "DIFFERS")"
            }
            + (verification.redacted.map {
                ["\($0.photos) photos of it were withdrawn and are numbers now; its digest was \($0.digests[0])"]
            } ?? [])
        let problems = verification.problems.prefix(50).map {
            "  \($0.layer.rawValue) \($0.kind.rawValue)\($0.photo.map { " \($0.short)" } ?? ""): \($0.detail)"
        }
        let more =
            verification.problems.count > 50 ? ["  and \(verification.problems.count - 50) more; --json has all"] : []
        return (layers + problems + more).joined(separator: "\n")
    }
}

/// NAME or NAME@V out of the command line.
///
/// - Throws: ``CurareError`` (65) where it is neither.
func versionReference(_ text: String) throws -> VersionReference {
    guard let reference = VersionReference(text) else {
        throw CurareError(
            .badInput, "\"\(text.prefix(80))\" names no version",
            next: "write NAME, for the newest of that name, or NAME@V")
    }
    return reference
}
