import Core
import Testing

@testable import Versions

@Suite struct FaceEntryTests {
    private static let face = PhotoFace(
        box: Box(x: 1, y: 2, width: 30, height: 40), leftEye: PixelPoint(x: 8, y: 15), rightEye: PixelPoint(x: 23, y: 16))

    /// A study whose triggered photos have a face.
    private func facts(_ face: PhotoFace? = face) -> [PhotoFacts] {
        study(["a", "b"]).map { fact in
            PhotoFacts(
                photo: fact.photo, session: fact.session, consented: fact.consented, label: fact.label, kind: fact.kind,
                perceptualHash: fact.perceptualHash, width: 90, height: 90,
                face: fact.label?.triggerState.isBare == true
                    ? KnownFace()
                    : KnownFace(record: face.map { FaceRecord(found: .one, face: $0, confidence: 9, suspectTurn: nil) })
            )
        }
    }

    private func version(crop: String, _ facts: [PhotoFacts]) throws -> Version {
        try VersionsTests.version(try select(facts, sunglasses(split: "profile: {crop: \(crop)}")), facts)
    }

    @Test func anEntrySaysByWhichFaceItsImageWasCut() throws {
        let version = try version(crop: "face", facts())
        for entry in version.entries.list {
            #expect(entry.face == (entry.triggerState.isBare ? nil : Self.face))
            #expect(
                entry.canonical.contains(
                    entry.triggerState.isBare ? "\"face\":null," : "\"face\":{\"box\":[1,2,30,40],\"eyes\":[8,15,23,16]},"))
        }
        #expect(try Entries(version.entries.file, file: "e").list == version.entries.list)
    }

    @Test func underAnotherCropNoEntrySpeaksOfFaces() throws {
        let (with, without) = (try version(crop: "centre", facts()), try version(crop: "centre", facts(nil)))
        #expect(with.entries.list.allSatisfy { $0.face == nil })
        #expect(with.manifest.digest == without.manifest.digest)
    }

    @Test func noSelectionHangsOnAFace() throws {
        let (with, without) = (try version(crop: "face", facts()), try version(crop: "face", facts(nil)))
        #expect(with.manifest.selectionDigest == without.manifest.selectionDigest)
        #expect(with.manifest.entriesDigest != without.manifest.entriesDigest)
    }

    @Test(arguments: [
        "{}", "7", "{\"box\":[1,2,3],\"eyes\":[1,2,3,4]}", "{\"box\":[1,2,3,4],\"eyes\":[1,2,3]}",
        "{\"box\":[1,2,0,4],\"eyes\":[1,2,3,4]}", "{\"box\":[-1,2,3,4],\"eyes\":[1,2,3,4]}",
    ])
    func aFaceThatIsNoneIsRefused(_ face: String) throws {
        let line = try #require(try version(crop: "face", facts()).entries.list.first { $0.face == nil }).canonical
        let damaged = line.replacing("\"face\":null", with: "\"face\":\(face)")
        #expect(throws: CurareError.self) { try Entries(Array(damaged.utf8), file: "e") }
    }

    @Test func aPhotoThatStandsThereTwiceIsRefused() throws {
        let entries = try version(crop: "centre", facts()).entries
        let again = Array((entries.list[0].canonical.replacing("test/", with: "train/") + "\n").utf8)
        #expect(throws: CurareError.self) { try Entries(entries.file + again, file: "e") }
    }
}
