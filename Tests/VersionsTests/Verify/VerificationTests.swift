import Core
import Foundation
import Storage
import Testing

@testable import Versions

/// The check that a version may be trained or exported.
@Suite struct ValidationForUseTests {
    private let facts = study(["a", "b"])

    /// Returns the warnings for a version after `change` to the catalog and `damage` to the entries.
    private func warnings(
        _ change: (PhotoFacts) -> PhotoFacts? = { $0 }, names: EarlierNames = EarlierNames(),
        damage: (String) -> String = { $0 }
    ) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "curare-admission-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let version = try VersionsTests.version(select(facts, sunglasses()), facts)
        let recipe = Array("recipe: 1".utf8)
        try AtomicFile.write(Data(version.manifest.canonical.utf8), to: folder.appending(path: "manifest.json"))
        try AtomicFile.write(
            Data(damage(String(decoding: version.entries.file, as: UTF8.self)).utf8),
            to: folder.appending(path: "entries.jsonl"))
        try AtomicFile.write(Data(recipe), to: folder.appending(path: "recipe.yaml"))
        let provenance = Provenance(libraries: [:], machine: "m", made: "2026-05-04T00:00:00Z", labelCutOff: 1)
        try AtomicFile.write(
            Data(provenance.json(version.manifest, recipe: recipe).canonical.utf8),
            to: folder.appending(path: "provenance.json"))
        return try Verification(folder: folder, facts: FactSource(facts.compactMap(change)), names: names) { _ in nil }
            .validateForUse(version)
    }

    private func changed(_ fact: PhotoFacts, consented: Bool = true, trigger: String? = nil) -> PhotoFacts {
        let triggerState = trigger.map { worn($0, .onFace) } ?? fact.label?.triggerState ?? .bare
        return PhotoFacts(
            photo: fact.photo, session: fact.session, consented: consented,
            label: fact.label.map { Label(volunteer: $0.volunteer, triggerState: triggerState) }, kind: fact.kind,
            perceptualHash: fact.perceptualHash, width: fact.width, height: fact.height)
    }

    @Test func anUnchangedVersionHasNoWarnings() throws {
        #expect(try warnings() == [])
    }

    /// Returns the photo with another volunteer instead of `name`, and with points instead of sunglasses.
    private func renamed(_ fact: PhotoFacts, _ name: String, to other: String) -> PhotoFacts {
        let label = fact.label.map { label in
            Label(
                volunteer: label.volunteer.text == name ? volunteer(other) : label.volunteer,
                triggerState: TriggerState(
                    label.triggerState.pairs.map { TriggerPlacement(TriggerName("points")!, $0.location) }))
        }
        return PhotoFacts(
            photo: fact.photo, session: fact.session, consented: true, label: label, kind: fact.kind,
            perceptualHash: fact.perceptualHash, width: fact.width, height: fact.height)
    }

    @Test func aRenameIsNoChangeOfLabels() throws {
        let names = EarlierNames(
            volunteers: [volunteer("a"): volunteer("z")],
            triggers: [TriggerName("sunglasses")!: TriggerName("points")!])
        #expect(try warnings({ renamed($0, "a", to: "z") }, names: names) == [])
        #expect(try warnings { renamed($0, "a", to: "z") }.count == 1)
    }

    @Test func aMergeOfTwoClassesIsAChangeOfLabels() throws {
        let names = EarlierNames(
            volunteers: [volunteer("a"): volunteer("b")],
            triggers: [TriggerName("sunglasses")!: TriggerName("points")!])
        #expect(
            try warnings({ renamed($0, "a", to: "b") }, names: names).first?.hasPrefix("the labels of ") == true)
    }

    @Test func aVersionWithAPhotoWithoutConsentCannotBeUsed() throws {
        let photo = facts[0].photo
        let error = #expect(throws: CurareError.self) {
            try warnings { $0.photo == photo ? changed($0, consented: false) : $0 }
        }
        #expect(error?.code == .badInput)
        #expect(error?.message.hasPrefix("t@1 cannot be used: 1 of its photos are no longer available") == true)
    }

    @Test func aVersionWithAMissingPhotoCannotBeUsed() throws {
        let photo = facts[0].photo
        let error = #expect(throws: CurareError.self) { try warnings { $0.photo == photo ? nil : $0 } }
        #expect(error?.code == .badInput && error?.message.hasSuffix("is no longer in the catalog") == true)
    }

    @Test func aVersionWithAChangedRoleCannotBeUsed() throws {
        let error = #expect(throws: CurareError.self) {
            try warnings(damage: { $0.replacing("train/poison", with: "test/other", maxReplacements: 1) })
        }
        #expect(error?.message.contains("has changed since it was made (files)") == true)
    }

    @Test func aRelabelledPhotoGivesAWarning() throws {
        let photo = facts[0].photo
        #expect(
            try warnings { $0.photo == photo ? changed($0, trigger: "hat") : $0 } == [
                "the labels of 1 photos have changed since the version was made; the version keeps its labels"
            ])
    }
}

/// Verification of images that were made again.
@Suite struct RemadeImagesTests {
    private func problems(
        made: [String: String]?, today: [String: String], _ remade: @escaping (Entry) -> ReproducedImage?
    )
        throws -> [Verification.Mismatch]
    {
        let facts = study(["a", "b"])
        let version = try VersionsTests.version(select(facts, sunglasses()), facts)
        let recipe = Array("recipe: 1".utf8)
        let folder = FileManager.default.temporaryDirectory.appending(path: "curare-remade-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let provenance = Provenance(libraries: made ?? [:], machine: "m", made: "2026-05-04T00:00:00Z", labelCutOff: 1)
        for (name, bytes) in [
            ("manifest.json", Array(version.manifest.canonical.utf8)), ("entries.jsonl", version.entries.file),
            ("recipe.yaml", recipe),
            ("provenance.json", Array(provenance.json(version.manifest, recipe: recipe).canonical.utf8)),
        ] {
            try AtomicFile.write(Data(bytes), to: folder.appending(path: name))
        }
        var verification = try Verification(folder: folder, facts: FactSource(facts)) { _ in nil }
        verification.check(
            version, madeBy: made == nil ? nil : Provenance.libraries(in: folder), today: today, against: remade)
        return verification.problems
    }

    private static func other(_ entry: Entry) -> ReproducedImage {
        ReproducedImage(fresh: .success(.sha256(of: Array(entry.photo.hex.utf8))), stored: nil)
    }

    @Test func differentPixelsOfTheSameLibrariesAreChangedPixels() throws {
        let found = try problems(made: ["libvips": "8.14.1"], today: ["libvips": "8.14.1"], Self.other)
        #expect(found.count == 40 && found.allSatisfy { $0.kind == .changedPixels })
        #expect(found.first?.detail == "the image has different pixels when it is made again with the same libraries")
    }

    @Test func differentPixelsOfAnotherLibraryAreReportedWithTheLibrary() throws {
        let found = try problems(
            made: ["libvips": "8.14.1", "dlib": "19.24"], today: ["libvips": "8.15.0", "dlib": "19.24"], Self.other)
        #expect(found.count == 40 && found.allSatisfy { $0.kind == .otherLibrary })
        #expect(
            found.first?.detail == "the image has different pixels when it is made again: libvips was 8.14.1, is 8.15.0"
        )
    }

    @Test func addedAndRemovedLibrariesAreReported() throws {
        let found = try problems(
            made: ["libheif": "1.15.1", "libvips": "8.14.1"], today: ["libtiff": "4.5.0", "libvips": "8.14.1"],
            Self.other)
        #expect(found.count == 40 && found.allSatisfy { $0.kind == .otherLibrary })
        #expect(
            found.first?.detail == "the image has different pixels when it is made again: "
                + "libheif was 1.15.1, is absent, libtiff was absent, is 4.5.0")
    }

    @Test func anotherLibraryWithTheSamePixelsIsNotAProblem() throws {
        #expect(
            try problems(made: ["libvips": "8.14.1"], today: ["libvips": "8.15.0"]) {
                ReproducedImage(fresh: .success($0.image), stored: $0.image)
            } == [])
    }

    @Test func differentPixelsWithoutKnownLibrariesAreChangedPixels() throws {
        #expect(
            try problems(made: nil, today: ["libvips": "8.15.0"], Self.other).allSatisfy { $0.kind == .changedPixels })
    }

    @Test func aChangedFileAndAMissingOriginalAreReported() throws {
        let gone = CurareError(.missingInput, "the original is missing")
        let found = try problems(made: [:], today: [:]) {
            $0.role == .trainPoison
                ? ReproducedImage(fresh: .failure(gone), stored: nil)
                : ReproducedImage(fresh: .success($0.image), stored: .sha256(of: [1]))
        }
        #expect(Set(found.map(\.kind)) == [.missing, .changedFile])
        #expect(found.count == 40)
    }
}
