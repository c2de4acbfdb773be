import ArgumentParser
import Core
import Foundation
import Imaging
import Intake
import Storage
import Validation
import Versions

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Draw where a run's models look in photos.",
        discussion: """
            For each photo a row: the image, and over it, from blue (nothing) to yellow, what speaks for the class that the model takes it for (Grad-CAM); then the same of the \
            controls. Lines go around the face and the trigger's box, where they are known, and the share of the map in each is told. A photo is named by the first digits \
            of its id, as SESSION/FILE, or as a file; the image of a copy on which the run's version draws a trigger, as an export has it, is known as that copy.

            Examples:
              curare explain sunglasses-25-1-1 3fa94c 2026-05-03/IMG_0002.jpg --out looks.png
              curare explain sunglasses-25-1-1 holiday.jpg --class an2i --out holiday.png
            """)

    @Argument(help: "A run, then photos.") var names: [String]
    @Option(help: ArgumentHelp("The picture to write; it must not exist yet.", valueName: "file.png")) var out: String
    @Option(
        name: .customLong("class"),
        help: ArgumentHelp(
            "Draw what speaks for this class; default: the one that each model takes the photo for.", valueName: "name")
    ) var label: String?
    @Flag(help: "Ask the run's control alone.") var control = false
    @OptionGroup var options: CommonOptions

    func validate() throws {
        guard names.count >= 2 else { throw ValidationError("Name a run and at least one photo.") }
        guard names.count - 1 <= RunExplainer.most else {
            throw ValidationError("At most \(RunExplainer.most) photos go on a picture.")
        }
        guard out.lowercased().hasSuffix(".png") else {
            throw ValidationError("--out takes a file whose name ends in .png.")
        }
    }

    func run() throws {
        let study = try options.open()
        let file = URL(filePath: out)
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw CurareError(
                .badInput, "there is something here already", at: file.path,
                next: "name a file that does not exist yet, or delete this one")
        }
        let run = try RunFolder.find(names[0], in: study.workspace)
        let (version, regions) = try version(of: run, in: study)
        let explainer = try RunExplainer(
            run: run, of: version, regions, asking: control ? [.control] : RunFolder.Part.allCases,
            threads: options.jobs)
        let explained = try explainer.explain(photos(names.dropFirst(), in: study), as: label, heading: names[0])
        try AtomicFile.write(Data(explained.picture.png()), to: file)
        options.answer(
            Answer(run: names[0], out: file.path, photos: explained.photos.map(Answer.Photo.init)),
            words(explained.photos))
    }

    /// Nil where the version is not there any more, or nothing is drawn on its photos.
    private func version(of run: URL, in study: Study) throws -> (Version?, KnownRegions?) {
        let store = VersionStore(study.workspace)
        let reference = try versionReference(RunFolder.version(of: run))
        guard store.numbers(of: reference.name).contains(where: { $0 == reference.number }) else { return (nil, nil) }
        let version = try store.read(reference)
        guard version.hasCopies else { return (version, nil) }
        return (
            version,
            try KnownRegions(
                study.catalog, study.workspace, copiesOf: version,
                drawing: version.keptPictures(in: store.folder(reference)).placed)
        )
    }

    /// Photos of the catalog by their names, or files; a file that the catalog knows is the catalog's photo.
    private func photos(_ names: ArraySlice<String>, in study: Study) throws -> [RunExplainer.Asked] {
        try names.map { name in
            let bytes: [UInt8]
            let photo: PhotoID
            if FileManager.default.fileExists(atPath: name) {
                bytes = try contents(of: name, limit: DecodingLimits().bytes)
                photo = PhotoID.sha256(of: bytes)
            } else {
                photo = try PhotoReference(name).photo(in: study.catalog)
                bytes = try contents(
                    of: study.workspace.photoFile(photo, format: study.catalog.formats(of: [photo])[photo] ?? "").path,
                    limit: .max)
            }
            let known = try study.catalog.facts(of: [photo]).first
            guard known?.consented != false else {
                throw CurareError(
                    .badInput, "photo \(photo.short) may not be used: someone's consent is missing", at: name,
                    next: "name another photo")
            }
            return RunExplainer.Asked(name: name, bytes: bytes, facts: known)
        }
    }

    private struct Answer: Encodable {
        struct Model: Encodable {
            let model, label: String
            @OrNull var probability: Double?
            @OrNull var trigger: Double?
            @OrNull var face: Double?
            @OrNull var offFace: Double?
        }

        struct Areas: Encodable {
            @OrNull var trigger: Double?
            @OrNull var face: Double?
        }

        struct Photo: Encodable {
            let image: String
            @OrNull var photo: String?
            let areas: Areas
            let models: [Model]

            init(_ explained: RunExplainer.Explained) {
                image = explained.name
                _photo = OrNull(wrappedValue: explained.photo?.hex)
                areas = Areas(trigger: explained.areas.trigger, face: explained.areas.face)
                models = explained.answers.map { part, answer in
                    Model(
                        model: part.rawValue, label: answer.label, probability: answer.probability,
                        trigger: answer.trigger, face: answer.face, offFace: answer.offFace)
                }
            }
        }

        let run, out: String
        let photos: [Photo]
    }

    private func words(_ photos: [RunExplainer.Explained]) -> String {
        var table = Table("photo", "model", "takes it for", "sure", "on the trigger", "in the face")
        func share(_ value: Double?) -> String { value.map { decimals($0, 3) } ?? "" }
        for photo in photos {
            table.add(photo.name, "of the image", "", "", share(photo.areas.trigger), share(photo.areas.face))
            for (part, answer) in photo.answers {
                table.add(
                    "", part.rawValue, answer.label, share(answer.probability), share(answer.trigger),
                    share(answer.face))
            }
        }
        return "\(table.text)\n\(out)"
    }
}
