import Core
import Foundation
import Testing

@testable import Versions

/// The perceptual hash in entries and manifests.
@Suite struct PerceptualHashEntryTests {
    private let facts = study(["a", "b"])

    private func version(_ facts: [PhotoFacts]) throws -> Version {
        try VersionsTests.version(try select(facts, sunglasses()), facts)
    }

    @Test func entriesHaveTheHashAndManifestsTheDistance() throws {
        let version = try version(facts)
        for (entry, fact) in zip(version.entries.list.sorted { $0.photo < $1.photo }, facts) {
            #expect(entry.perceptualHash == fact.perceptualHash)
            #expect(
                entry.canonical.contains("\",\"perceptual_hash\":\"\(try #require(fact.perceptualHash))\",\"photo\":"))
        }
        #expect(try Entries(version.entries.file, file: "e").list == version.entries.list)
        #expect(version.manifest.canonical.contains("\"grouping\":{\"distance\":2,\"method\":\"dct-sign-1\"}"))
        #expect(try Manifest(Array(version.manifest.canonical.utf8), file: "m") == version.manifest)
    }

    @Test func theSelectionDigestDoesNotDependOnHashesOfTheSameGroups() throws {
        let other = facts.map { fact in
            PhotoFacts(
                photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
                perceptualHash: fact.perceptualHash.map { PerceptualHash(~$0.bits) }, width: 4, height: 3)
        }
        let (one, two) = (try version(facts), try version(other))
        #expect(one.manifest.selectionDigest == two.manifest.selectionDigest)
        #expect(one.manifest.entriesDigest != two.manifest.entriesDigest)
    }

    @Test(arguments: ["7", "\"\"", "\"0123\"", "\"00000000000000FF\"", "{}"])
    func anInvalidHashIsRejected(_ perceptualHash: String) throws {
        let line = try #require(try version(facts).entries.list.first)
        let damaged = line.canonical.replacing(
            "\"perceptual_hash\":\"\(try #require(line.perceptualHash))\"",
            with: "\"perceptual_hash\":\(perceptualHash)")
        #expect(damaged != line.canonical)
        try expectInvalid("perceptual_hash", Array(damaged.utf8))
    }

    @Test func anEntryMustHaveTheHashOrNull() throws {
        let line = try #require(try version(facts).entries.list.first)
        let member = "\"perceptual_hash\":\"\(try #require(line.perceptualHash))\","
        try expectInvalid("perceptual_hash", Array(line.canonical.replacing(member, with: "").utf8))
        let null = line.canonical.replacing(member, with: "\"perceptual_hash\":null,")
        #expect(try Entries(Array(null.utf8), file: "e").list.first?.perceptualHash == nil)
    }

    @Test func aManifestMustHaveTheMethodOfThisProgram() throws {
        let manifest = try version(facts).manifest.canonical
        let error = #expect(throws: CurareError.self) {
            try Manifest(Array(manifest.replacing("dct-sign-1", with: "other-hash").utf8), file: "m")
        }
        #expect(error?.code == .badInput && error?.message == "grouping is missing in the manifest, or not valid")
    }

    /// Returns the problems of the layer `selection`, which finds the groups again.
    private func problems(_ version: Version, _ edit: (String) -> String = { $0 }) throws -> [Verification.Mismatch
        .Kind]
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

    @Test func verificationReportsNearDuplicatesInDifferentGroups() throws {
        let version = try version(facts)
        #expect(try problems(version).isEmpty)
        // Two photos of one volunteer with the same hash, in different groups.
        let alike = version.entries.list.filter { $0.volunteer.name.text == "a" }.compactMap(\.perceptualHash).prefix(2)
        #expect(try problems(version) { $0.replacing(alike[0].hex, with: alike[1].hex) } == [.otherGroup])
    }
}

/// The face in entries, and entries that are not valid.
@Suite struct FaceEntryTests {
    private static let face = PhotoFace(
        box: Box(x: 1, y: 2, width: 30, height: 40), leftEye: PixelPoint(x: 8, y: 15),
        rightEye: PixelPoint(x: 23, y: 16))

    /// A study whose triggered photos have a face.
    private func facts(_ face: PhotoFace? = face) -> [PhotoFacts] {
        study(["a", "b"]).map { fact in
            PhotoFacts(
                photo: fact.photo, session: fact.session, consented: fact.consented, label: fact.label, kind: fact.kind,
                perceptualHash: fact.perceptualHash, width: 90, height: 90,
                face: fact.label?.triggerState.isBare == true
                    ? KnownFace()
                    : KnownFace(
                        record: face.map { FaceRecord(found: .one, face: $0, confidence: 9, suspectedRotation: nil) })
            )
        }
    }

    private func version(crop: String, _ facts: [PhotoFacts]) throws -> Version {
        try VersionsTests.version(try select(facts, sunglasses(split: "profile: {crop: \(crop)}")), facts)
    }

    @Test func entriesHaveTheFaceThatTheImageIsCroppedTo() throws {
        let version = try version(crop: "face", facts())
        for entry in version.entries.list {
            #expect(entry.face == (entry.triggerState.isBare ? nil : Self.face))
            #expect(
                entry.canonical.contains(
                    entry.triggerState.isBare
                        ? "\"face\":null," : "\"face\":{\"box\":[1,2,30,40],\"eyes\":[8,15,23,16]},"))
        }
        #expect(try Entries(version.entries.file, file: "e").list == version.entries.list)
    }

    @Test func entriesOfOtherCropsHaveNoFace() throws {
        let (with, without) = (try version(crop: "centre", facts()), try version(crop: "centre", facts(nil)))
        #expect(with.entries.list.allSatisfy { $0.face == nil })
        #expect(with.manifest.digest == without.manifest.digest)
    }

    @Test func theSelectionDigestDoesNotDependOnFaces() throws {
        let (with, without) = (try version(crop: "face", facts()), try version(crop: "face", facts(nil)))
        #expect(with.manifest.selectionDigest == without.manifest.selectionDigest)
        #expect(with.manifest.entriesDigest != without.manifest.entriesDigest)
    }

    @Test(arguments: [
        "{}", "7", "{\"box\":[1,2,3],\"eyes\":[1,2,3,4]}", "{\"box\":[1,2,3,4],\"eyes\":[1,2,3]}",
        "{\"box\":[1,2,0,4],\"eyes\":[1,2,3,4]}", "{\"box\":[-1,2,3,4],\"eyes\":[1,2,3,4]}",
    ])
    func anInvalidFaceIsRejected(_ face: String) throws {
        let line = try #require(try version(crop: "face", facts()).entries.list.first { $0.face == nil }).canonical
        let damaged = line.replacing("\"face\":null", with: "\"face\":\(face)")
        try expectInvalid("face", Array(damaged.utf8))
    }

    @Test func aRepeatedPhotoIsRejected() throws {
        let entries = try version(crop: "centre", facts()).entries
        let entry = try #require(entries.list.first { $0.role == .testClean })
        let again = Array((entry.canonical.replacing("test/clean", with: "train/clean") + "\n").utf8)
        let error = #expect(throws: CurareError.self) { try Entries(entries.file + again, file: "e") }
        #expect(error?.code == .badInput && error?.message == "a photo occurs twice in the version")
    }
}

/// Expects that reading entries fails because of `key`.
private func expectInvalid(_ key: String, _ lines: [UInt8]) throws {
    let error = #expect(throws: CurareError.self) { try Entries(lines, file: "e") }
    #expect(error?.code == .badInput && error?.location == "e:1")
    #expect(error?.message == "\(key) is missing in the entry, or not valid")
}
