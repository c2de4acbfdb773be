import Core
import Documents
import Foundation
import Storage
import Testing

@testable import Versions

/// Compares selection with the Python implementation in `Tests/Selection`, which is written from `docs/format.md`: two
/// hundred unusual catalogs, each with a random recipe, most of them extended after the catalog has grown.
@Suite struct OddCatalogTests {
    private let scripts = URL(filePath: #filePath).appending(path: "../../../Selection").standardized

    private func python(_ arguments: [String]) throws -> (status: Int32, out: String) {
        let process = Process()
        let out = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [scripts.appending(path: "odd_catalogs.py").path] + arguments
        process.standardOutput = out
        try process.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test(arguments: [1])
    func bothImplementationsAgree(_ seed: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "curare-odd-\(UUID().uuidString)", directoryHint: .isDirectory)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try python(["--make", folder.path, "--count", "200", "--seed", "\(seed)"]).status == 0)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            try select(folder.appending(path: name))
        }
        let checked = try python(["--check", folder.path])
        #expect(checked.status == 0, "\(checked.out)")
        // Most cases must have a selection, and not only an error.
        let numbers = try JSONReader.read(try #require(checked.out.split(separator: "\n").last).utf8)
        #expect((numbers["versions"]?.number ?? 0) > 100, "\(checked.out)")
        #expect((numbers["extended"]?.number ?? 0) > 50)
        #expect((numbers["drawn"]?.number ?? 0) > 10 && (numbers["extended and drawn"]?.number ?? 0) > 5)
        #expect((numbers["bridges"]?.number ?? 0) > 0)
        #expect((numbers["new"]?.number ?? 0) > 1000)
    }

    /// Makes the versions of one case, or writes the error into a file.
    private func select(_ folder: URL) throws {
        let store = VersionStore(Workspace(root: folder.appending(path: "study")))
        for number in 1...2 {
            let recipe = folder.appending(path: "recipe-\(number).yaml")
            guard let text = FileManager.default.contents(atPath: recipe.path).map(Array.init) else { continue }
            do {
                let facts = try facts(folder.appending(path: "catalog-\(number).json"))
                let parent = try RecipeReader.base(of: text, file: recipe.lastPathComponent).map(store.read)
                let requested = try RecipeFile(text, file: recipe.lastPathComponent, extending: parent?.manifest.recipe)
                // The pictures do not exist; their names give the digests.
                let file = try requested.settingPictureDigests(
                    Dictionary(uniqueKeysWithValues: requested.pictures.map { ($0, .sha256(of: Array($0.text.utf8))) }))
                let plan = try #require(
                    VersionPlan.all(of: file, FactSource(facts), groups: .standard, extending: parent).first)
                let copies = try plan.copies(facts).map {
                    (copy: $0, image: ImageDigest.sha256(of: Array($0.photo.hex.utf8)))
                }
                let pictures = (plan.selection.recipe.poison?.overlays ?? [:]).mapValues { Array($0.picture.text.utf8) }
                let made = try store.write(
                    recipe: text, provenance: Provenance(libraries: [:], machine: "", made: "", labelCutOff: 0),
                    name: plan.name, pictures: pictures
                ) {
                    try plan.version(madeUpImages(plan.selection), copies: copies, entriesTo: $0)
                }
                #expect(
                    made.version.manifest.version == number,
                    "an extension without changes is a version too")
                let problems = try Verification(folder: made.folder, facts: FactSource(facts)) { _ in nil }.problems
                #expect(problems.isEmpty, "\(folder.lastPathComponent) \(number): \(problems.prefix(3))")
            } catch let error as CurareError {
                try Data(error.description.utf8).write(to: folder.appending(path: "error-\(number).txt"))
                if number == 1 { return }
            }
        }
    }

    private func facts(_ file: URL) throws -> [PhotoFacts] {
        let photos = try JSONReader.read(try Data(contentsOf: file)).array ?? []
        return try photos.map { photo in
            let triggerState = try #require(
                TriggerState(triggerText: photo["trigger"]?.text ?? "", locationText: photo["location"]?.text ?? ""))
            let name = photo["volunteer"]?.text.flatMap(VolunteerName.init)
            return PhotoFacts(
                photo: PhotoID(hex: photo["photo"]?.text ?? "")!, session: SessionName(photo["session"]?.text ?? "")!,
                consented: photo["consented"]?.bool == true,
                label: name.map { Label(volunteer: $0, triggerState: triggerState) },
                kind: photo["kind"]?.text.flatMap(VolunteerKind.init(rawValue:)),
                perceptualHash: madeUpHash(photo["pixels"]?.text ?? ""), width: 4, height: 3,
                face: face(photo["face"]?.text),
                quality: quality(photo["flags"]?.array?.compactMap(\.text)), date: photo["date"]?.text ?? "")
        }.sorted { $0.photo < $1.photo }
    }

    /// Returns measurements with exactly these flags, except flags of faces.
    private func quality(_ flags: [String]?) -> PhotoQuality? {
        flags.map { flags in
            PhotoQuality(
                sharpness: flags.contains("blurred") ? 0 : 500, luma: flags.contains("too-dark") ? 0 : 128, dark: 0,
                bright: flags.contains("too-bright") ? 999 : 0,
                beyond: PhotoQuality.Beyond(left: flags.contains("cut-off") ? 999 : 0, top: 0, right: 0, bottom: 0))
        }
    }

    private func face(_ word: String?) -> KnownFace {
        let face = PhotoFace(
            box: Box(x: 0, y: 0, width: 2, height: 2), leftEye: PixelPoint(x: 0, y: 0), rightEye: PixelPoint(x: 1, y: 0)
        )
        guard let found = word.flatMap(FaceRecord.Found.init(rawValue:)) else {
            return KnownFace(marked: word == nil ? nil : face.box)
        }
        return KnownFace(
            record: FaceRecord(
                found: found, face: found == .none ? nil : face, confidence: found == .none ? nil : 1,
                suspectedRotation: nil)
        )
    }
}
