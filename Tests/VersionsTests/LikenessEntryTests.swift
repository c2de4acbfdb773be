import Core
import Foundation
import Testing

@testable import Versions

@Suite struct LikenessEntryTests {
    private let facts = study(["a", "b"])

    private func version(_ facts: [PhotoFacts]) throws -> Version {
        try VersionsTests.version(try select(facts, sunglasses()), facts)
    }

    @Test func anEntryHasItsLikenessAndTheManifestTheDistance() throws {
        let version = try version(facts)
        for (entry, fact) in zip(version.entries.list.sorted { $0.photo < $1.photo }, facts) {
            #expect(entry.perceptualHash == fact.perceptualHash)
            #expect(entry.canonical.contains("\",\"perceptual_hash\":\"\(try #require(fact.perceptualHash))\",\"photo\":"))
        }
        #expect(try Entries(version.entries.file, file: "e").list == version.entries.list)
        #expect(version.manifest.canonical.contains("\"grouping\":{\"distance\":2,\"method\":\"dct-sign-1\"}"))
        #expect(try Manifest(Array(version.manifest.canonical.utf8), file: "m") == version.manifest)
    }

    @Test func noSelectionDigestHangsOnALikenessThatChangesNoGroup() throws {
        let other = facts.map { fact in
            PhotoFacts(
                photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
                perceptualHash: fact.perceptualHash.map { PerceptualHash(~$0.bits) }, width: 4, height: 3)
        }
        let (one, two) = (try version(facts), try version(other))
        #expect(one.manifest.selectionDigest == two.manifest.selectionDigest)
        #expect(one.manifest.entriesDigest != two.manifest.entriesDigest)
    }

    @Test(arguments: ["7", "\"\"", "\"0123\"", "\"00000000000000FF\"", "{}"]) func aLikenessThatIsNoneIsRefused(
        _ perceptualHash: String
    ) throws {
        let line = try #require(try version(facts).entries.list.first)
        let damaged = line.canonical.replacing(
            "\"perceptual_hash\":\"\(try #require(line.perceptualHash))\"", with: "\"perceptual_hash\":\(perceptualHash)")
        #expect(damaged != line.canonical)
        #expect(throws: CurareError.self) { try Entries(Array(damaged.utf8), file: "e") }
    }

    /// The selection layer gathers the groups again.
    private func problems(_ version: Version, _ edit: (String) -> String = { $0 }) throws -> [Verification.Problem.Kind]
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "curare-groups-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(edit(version.manifest.canonical).utf8).write(to: folder.appending(path: "manifest.json"))
        try Data(edit(String(decoding: version.entries.file, as: UTF8.self)).utf8).write(
            to: folder.appending(path: "entries.jsonl"))
        return try Verification(folder: folder, facts: FactSource(facts)) { _ in nil }.problems.filter {
            $0.layer == .selection
        }.map(\.kind)
    }

    @Test func verifyNoticesNearDuplicatesInTwoGroups() throws {
        let version = try version(facts)
        #expect(try problems(version).isEmpty)
        // Two photos of one volunteer that look alike, and say that they are of two groups.
        let alike = version.entries.list.filter { $0.volunteer.name.text == "a" }.compactMap(\.perceptualHash).prefix(2)
        #expect(try problems(version) { $0.replacing(alike[0].hex, with: alike[1].hex) } == [.otherGroup])
    }

    @Test func whatAnotherHashGatheredIsReadAndNotGatheredAgain() throws {
        let version = try version(facts)
        let alike = version.entries.list.filter { $0.volunteer.name.text == "a" }.compactMap(\.perceptualHash).prefix(2)
        #expect(
            try problems(version) {
                $0.replacing(alike[0].hex, with: alike[1].hex).replacing("dct-sign-1", with: "identical-pixels")
            }.isEmpty)
        // Before there were perceptualHashes.
        #expect(
            try problems(version) {
                $0.replacing(#/"perceptual_hash":"[0-9a-f]+",/#, with: "").replacing("dct-sign-1", with: "identical-pixels")
            }.isEmpty)
    }
}
