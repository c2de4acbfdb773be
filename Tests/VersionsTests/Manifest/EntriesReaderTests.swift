import Core
import Documents
import Testing

@testable import Versions

/// The fast writer and reader of entries, compared with the general writer and reader of JSON.
@Suite struct EntriesReaderTests {
    private static let face = PhotoFace(
        box: Box(x: 0, y: 2, width: 1, height: 40_000), leftEye: PixelPoint(x: 8, y: 15),
        rightEye: PixelPoint(x: 23, y: 0))

    private func version() throws -> Version {
        let facts =
            study(["a", "b", "c"]) + [
                fact(
                    "both", of: "b",
                    triggerState: TriggerState(triggerText: "bandana+sunglasses", locationText: "off-face+on-face")!,
                    session: "another-session-of-theirs.2")
            ]
        let measured = facts.enumerated().map { index, fact in
            PhotoFacts(
                photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
                perceptualHash: index % 3 == 0 ? nil : fact.perceptualHash, width: 9 + index, height: 1_000_000,
                face: KnownFace(
                    record: index % 2 == 0
                        ? nil : FaceRecord(found: .one, face: Self.face, confidence: 1, suspectedRotation: nil)))
        }.sorted { $0.photo < $1.photo }
        return try VersionsTests.version(select(measured, sunglasses(split: "profile: {crop: face}")))
    }

    @Test func linesAreThoseOfTheJSONWriter() throws {
        let list = try version().entries.list
        #expect(
            Set(list.map(\.role)).count > 4 && list.contains { $0.face == nil }
                && list.contains { $0.perceptualHash == nil })
        for entry in list {
            let json = try JSONReader.read(entry.canonical.utf8)
            #expect(json.canonical == entry.canonical)
            var members = try #require(json.object)
            for key in ["face", "image", "perceptual_hash", "size"] { members[key] = nil }
            #expect(entry.canonicalSelection == JSONValue.object(members).canonical)
        }
    }

    /// Reads a line with the fast reader, or with the JSON reader when the fast reader cannot read the line.
    private func read(_ line: [UInt8]) -> Entry? {
        do { return try Entries(line, file: "e").list.first } catch { return nil }
    }

    private func readJSON(_ line: [UInt8]) -> Entry? {
        do { return try Entry(json: JSONReader.read(line)) } catch { return nil }
    }

    @Test func bothReadersReadWhatWasWritten() throws {
        for entry in try version().entries.list {
            #expect(read(Array(entry.canonical.utf8)) == entry)
            #expect(readJSON(Array(entry.canonical.utf8)) == entry)
        }
    }

    /// Lines that end early, or have another byte at any position.
    @Test func bothReadersAgreeOnDamagedLines() throws {
        let entries = try version().entries.list
        for entry in [
            try #require(entries.first { $0.face != nil && $0.perceptualHash != nil }),
            try #require(entries.first { $0.face == nil && $0.role == .testAttack }),
        ] {
            let bytes = Array(entry.canonical.utf8)
            for index in bytes.indices {
                #expect(read(Array(bytes[..<index])) == nil)
                for other in Array("0z\"\\- ".utf8) {
                    var changed = bytes
                    changed[index] = other
                    #expect(read(changed) == readJSON(changed), "\(String(decoding: changed, as: UTF8.self))")
                }
            }
        }
    }

    @Test func linesInAnotherOrderOrWithOtherSpacesAreRead() throws {
        let entries = try version().entries
        let reformatted = entries.list.reversed().map {
            "\n " + $0.canonical.replacing(",\"held_out\"", with: " , \"held_out\"") + "\n"
        }.joined()
        let read = try Entries(Array(reformatted.utf8), file: "e")
        #expect(read.list == entries.list)
        #expect(
            read.digest == entries.digest && read.imagesDigest == entries.imagesDigest
                && read.selectionDigest == entries.selectionDigest)
    }

    @Test func anErrorHasItsLine() throws {
        var lines = try version().entries.list.map(\.canonical)
        lines[4] = lines[4].replacing("\"role\":\"", with: "\"role\":\"no-")
        let error = #expect(throws: CurareError.self) {
            try Entries(Array(lines.joined(separator: "\n").utf8), file: "e")
        }
        #expect(error?.code == .badInput && error?.location == "e:5")
    }

    @Test func theDigestsAreThoseOfTheLines() throws {
        let entries = try version().entries
        let lines = entries.list.map { $0.canonical + "\n" }.joined()
        #expect(entries.file == Array(lines.utf8))
        #expect(entries.digest == .sha256(of: lines.utf8))
        #expect(entries.imagesDigest == .sha256(of: entries.list.map { "\($0.photo) \($0.image)\n" }.joined().utf8))
    }

    @Test(arguments: [0, 7, 10, 99, 100, 65_535, Int.max, -1, Int.min])
    func numbersAreWrittenCompletely(_ number: Int) throws {
        let photo = try #require(version().entries.list.first { $0.triggerState.isBare })
        let assignment = Assignment(
            photo: photo.eligiblePhoto, role: .testAttack, label: photo.label, attackable: true, heldOut: true,
            overlay: TriggerCombination("dots"), triggerState: worn("dots", .onFace))
        let entry = Entry(
            assignment, image: photo.image, drawn: [OverlayPosition(x: number, y: 1, u: number, v: -1)])
        #expect(entry.canonical.contains("\"drawn\":[[\(number),1,\(number),-1]],"))
    }

    @Test func theWritersBufferGrows() throws {
        let entries = try version().entries.list
        var writer = EntryWriter()
        for _ in 0..<60 {
            for entry in entries {
                writer.write(entry)
                writer.endLine()
            }
        }
        let bytes = Array(writer.written)
        let lines = entries.map { $0.canonical + "\n" }.joined()
        #expect(bytes.count > 1 << 20 && bytes == Array(String(repeating: lines, count: 60).utf8))
    }
}
