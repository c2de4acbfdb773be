import Core
import Foundation
import Storage
import Testing

@testable import Versions

/// What may be trained or exported, and what only needs a word.
@Suite struct AdmissionTests {
    private let facts = study(["a", "b"])

    /// What the gate says of a version after `change` was made to the catalog and `damage` to its entries.
    private func admit(_ change: (PhotoFacts) -> PhotoFacts? = { $0 }, damage: (String) -> String = { $0 }) throws
        -> [String]
    {
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
        return try Verification(folder: folder, facts: FactSource(facts.compactMap(change))) { _ in nil }.admit(version)
    }

    private func changed(_ fact: PhotoFacts, consented: Bool = true, trigger: String? = nil) -> PhotoFacts {
        let triggerState = trigger.map { worn($0, .onFace) } ?? fact.label?.triggerState ?? .bare
        return PhotoFacts(
            photo: fact.photo, session: fact.session, consented: consented,
            label: fact.label.map { Label(volunteer: $0.volunteer, triggerState: triggerState) }, kind: fact.kind,
            perceptualHash: fact.perceptualHash, width: fact.width, height: fact.height)
    }

    @Test func aVersionThatAgreesIsAdmittedWithoutAWord() throws {
        #expect(try admit() == [])
    }

    @Test func onePhotoWithoutConsentKeepsTheVersionOnItsShelf() throws {
        let photo = facts[0].photo
        let refusal = #expect(throws: CurareError.self) {
            try admit { $0.photo == photo ? changed($0, consented: false) : $0 }
        }
        #expect(refusal?.code == .badInput)
        #expect(refusal?.message.contains("1 photos of t@1 may not be used any more") == true)
    }

    @Test func aPhotoThatTheCatalogForgotIsMissed() throws {
        let photo = facts[0].photo
        #expect(throws: CurareError.self) { try admit { $0.photo == photo ? nil : $0 } }
    }

    @Test func aChangedRoleIsNoLongerTheVersion() throws {
        let refusal = #expect(throws: CurareError.self) {
            try admit(damage: { $0.replacing("train/poison", with: "test/other", maxReplacements: 1) })
        }
        #expect(refusal?.message.contains("is not what it was when it was made (files)") == true)
    }

    @Test func aPhotoRelabelledSinceIsWorthAWord() throws {
        let photo = facts[0].photo
        #expect(
            try admit { $0.photo == photo ? changed($0, trigger: "hat") : $0 } == [
                "1 photos were relabelled since the version was made; the version's labels count"
            ])
    }
}
