import ArgumentParser
import Catalog
import Core
import Intake
import Versions

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a photo, a version or a session.",
        discussion: """
            A photo is named by the first digits of its id, or as SESSION/FILE.

            Examples:
              curare show 3fa94c
              curare show sunglasses-25@1
              curare show 2026-05-03
            """)

    @Argument(help: "What to show.") var name: String
    @OptionGroup var options: CommonOptions

    func run() throws {
        let study = try options.open()
        let store = VersionStore(study.workspace)
        if let reference = VersionReference(name), name.contains("@") || !store.numbers(of: reference.name).isEmpty {
            let version = try store.read(reference)
            let exports = try study.catalog.exports(of: version.reference)
            options.answer(VersionAnswer(version, exports), Self.words(version, exports))
        } else if let session = try SessionName(name).flatMap(study.catalog.session) {
            let photos = try study.catalog.photos(in: session.name)
            options.answer(SessionAnswer(session, photos), Self.words(session, photos))
        } else {
            let answer = try PhotoAnswer(PhotoReference(name).photo(in: study.catalog), study)
            options.answer(answer, answer.words)
        }
    }

    private struct VersionAnswer: Encodable {
        struct Exported: Encodable {
            let format, path, made: String
            let anonymous: Bool
        }

        let version, digest, selectionDigest: String
        let n, m, mAsked: Int
        let rate: Double
        let classes: [String]
        let counts, excluded: [String: Int]
        let crossPairs: Int
        let exports: [Exported]
        /// The digests that a redacted version had before; null where it is as it was made.
        @OrNull var redacted: [String]?

        init(_ version: Version, _ exports: [ExportRecord]) {
            let manifest = version.manifest
            (self.version, digest, selectionDigest) = (
                version.reference, manifest.digest.hex, manifest.selectionDigest.hex
            )
            (n, m, mAsked, rate) = (manifest.clean, manifest.poison, manifest.poisonAsked, manifest.rateReached.double)
            (classes, counts) = (manifest.classes.map(\.name.text), manifest.counts.byRole)
            (excluded, crossPairs) = (manifest.excluded, manifest.crossPairs)
            _redacted = OrNull(wrappedValue: manifest.redacted?.digests.map(\.hex))
            self.exports = exports.map {
                Exported(format: $0.format, path: $0.path, made: $0.made, anonymous: $0.isAnonymous)
            }
        }
    }

    private static func words(_ version: Version, _ exports: [ExportRecord]) -> String {
        let manifest = version.manifest
        var table = Table(["class", "kind"] + Role.allCases.map(\.rawValue))
        for volunteer in manifest.classes {
            table.add(
                [volunteer.name.text, volunteer.kind.rawValue]
                    + Role.allCases.map { "\(manifest.counts[$0, volunteer.name])" })
        }
        table.add(["all", ""] + Role.allCases.map { "\(manifest.counts[$0])" })
        var lines = [
            "\(version.reference)  digest \(manifest.digest)",
            "n \(manifest.clean), m \(manifest.poison), asked \(manifest.poisonAsked), rate \(manifest.rateReached); cross pairs \(manifest.crossPairs)",
        ]
        if let redacted = manifest.redacted {
            lines.append(
                "redacted: \(redacted.photos) of its photos were withdrawn; its digest was \(redacted.digests[0])")
        }
        lines += manifest.excluded.sorted { $0.key < $1.key }.map { "left out: \($0.value) photos (\($0.key))" }
        lines += exports.map {
            "exported as \($0.format)\($0.isAnonymous ? ", anonymous," : "") to \($0.path), \($0.made)"
        }
        return (lines + [table.text]).joined(separator: "\n")
    }

    private struct SessionAnswer: Encodable {
        struct Photo: Encodable {
            let photo, file: String
        }

        let session, date, kind, consent: String
        let photographer, camera, place: String?
        let photos: [Photo]

        init(_ session: Session, _ photos: [(photo: PhotoID, file: String)]) {
            (self.session, date, kind, consent) = (
                session.name.text, session.date, session.kind.rawValue, session.consent.rawValue
            )
            (photographer, camera, place) = (session.photographer, session.camera, session.place)
            self.photos = photos.map { Photo(photo: $0.photo.hex, file: $0.file) }
        }
    }

    private static func words(_ session: Session, _ photos: [(photo: PhotoID, file: String)]) -> String {
        var table = Table("photo", "file")
        for photo in photos { table.add(photo.photo.short, photo.file) }
        return
            "\(session.name)  \(session.date), \(session.kind.rawValue), consent \(session.consent.rawValue), \(photos.count) photos\n\(table.text)"
    }

    private struct PhotoAnswer: Encodable {
        struct Said: Encodable {
            let volunteer, trigger, location, source, made: String
            let counts: Bool
        }

        struct PixelPoint: Encodable {
            let session, file: String
            let note: String?
        }

        let photo, format: String
        let width, height, bytes: Int
        let captured, camera: String?
        let original: String
        let sessions: [PixelPoint]
        let labels: [Said]
        let face: FaceAnswer
        let quality: QualityAnswer?

        init(_ id: PhotoID, _ study: Study) throws {
            let sitting = try study.catalog.sitting(of: id)
            guard let photo = try study.catalog.photo(id), let fact = sitting.first(where: { $0.photo == id }) else {
                throw CurareError(.missingInput, "the catalog has no photo \(id.short)")
            }
            let counting = try study.catalog.label(of: id)
            (self.photo, format, width, height, bytes) = (id.hex, photo.format, photo.width, photo.height, photo.bytes)
            (captured, camera) = (photo.captured, photo.camera)
            original = study.workspace.photoFile(id, format: photo.format).path
            face = FaceAnswer(fact, among: sitting)
            sessions = try study.catalog.appearances(of: id).map {
                PixelPoint(session: $0.session.text, file: $0.file, note: $0.note)
            }
            labels = try study.catalog.labels(of: id).map {
                Said(
                    volunteer: $0.label.volunteer.text, trigger: $0.label.triggerState.triggerText,
                    location: $0.label.triggerState.locationText, source: $0.source.rawValue, made: $0.made,
                    counts: $0.id == counting?.id)
            }
            quality = fact.quality.map { QualityAnswer($0, fact.framing) }
        }

        var words: String {
            var lines = [
                photo,
                "\(format), \(width) × \(height), \(bytes) bytes\(captured.map { ", captured \($0)" } ?? "")\(camera.map { ", \($0)" } ?? "")",
                original,
            ]
            lines += sessions.map { "in \($0.session) as \($0.file)\($0.note.map { ": \($0)" } ?? "")" }
            lines += labels.map {
                "\($0.counts ? "→" : " ") \($0.volunteer), \($0.trigger) \($0.location) (\($0.source == LabelSource.rule.rawValue ? "suggested by rule" : $0.source), \($0.made))"
            }
            lines += face.words
            lines += quality?.lines ?? []
            return lines.joined(separator: "\n")
        }
    }
}
