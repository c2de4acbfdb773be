import Core
import Documents
import Testing

@testable import Versions

/// Entries written straight into bytes and read straight from them, held against the general writer and reader of JSON.
@Suite struct EntryLineTests {
    private static let face = PhotoFace(
        box: Box(x: 0, y: 2, width: 1, height: 40_000), leftEye: PixelPoint(x: 8, y: 15), rightEye: PixelPoint(x: 23, y: 0))

    private func version() throws -> Version {
        let facts =
            study(["a", "b", "c"]) + [
                fact(
                    "both", of: "b",
                    triggerState: TriggerState(triggerText: "bandana+sunglasses", locationText: "off-face+on-face")!,
                    session: "another-session-of-theirs.2")
            ]
        let looked = facts.enumerated().map { place, fact in
            PhotoFacts(
                photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
                perceptualHash: place % 3 == 0 ? nil : fact.perceptualHash, width: 9 + place, height: 1_000_000,
                face: KnownFace(
                    record: place % 2 == 0
                        ? nil : FaceRecord(found: .one, face: Self.face, confidence: 1, suspectTurn: nil)))
        }.sorted { $0.photo < $1.photo }
        return try VersionsTests.version(select(looked, sunglasses(split: "profile: {crop: face}")))
    }

    @Test func aLineIsWhatTheGeneralWriterWrites() throws {
        let list = try version().entries.list
        #expect(
            Set(list.map(\.role)).count > 4 && list.contains { $0.face == nil } && list.contains { $0.perceptualHash == nil })
        for entry in list {
            let json = try JSONReader.read(entry.canonical.utf8)
            #expect(json.canonical == entry.canonical)
            var members = try #require(json.object)
            for key in ["face", "image", "perceptual_hash", "size"] { members[key] = nil }
            #expect(written { entry.write(to: &$0, pixels: false) } == JSONValue.object(members).canonical)
        }
    }

    private func written(_ write: (inout LineWriter) -> Void) -> String {
        var line = LineWriter()
        write(&line)
        let text = String(decoding: line.written, as: UTF8.self)
        return text
    }

    private func short(_ line: String) -> Entry? {
        var known = TokenCache()
        return Array(line.utf8).withUnsafeBytes { Entry(line: $0, &known) }
    }

    @Test func theShortWayReadsWhatWasWritten() throws {
        for entry in try version().entries.list {
            #expect(short(entry.canonical) == entry)
            #expect(try Entry(json: JSONReader.read(entry.canonical.utf8)) == entry)
        }
    }

    /// Cut off anywhere, or with another byte anywhere: the short way says nothing, or the same as the long one.
    @Test func theShortWayNeverSaysWhatTheLongOneDoesNot() throws {
        let entries = try version().entries.list
        for entry in [
            try #require(entries.first { $0.face != nil && $0.perceptualHash != nil }),
            try #require(entries.first { $0.face == nil && $0.role == .testAttack }),
        ] {
            let bytes = Array(entry.canonical.utf8)
            for place in bytes.indices {
                #expect(short(String(decoding: bytes[..<place], as: UTF8.self)) == nil)
                for other in [
                    UInt8(ascii: "0"), UInt8(ascii: "z"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "-"),
                    UInt8(ascii: " "),
                ] {
                    var changed = bytes
                    changed[place] = other
                    let line = String(decoding: changed, as: UTF8.self)
                    if let read = short(line) {
                        #expect(try Entry(json: JSONReader.read(line.utf8)) == read, "\(line)")
                    }
                }
            }
        }
    }

    @Test func linesInAnotherOrderOrAnotherDressAreReadAllTheSame() throws {
        let entries = try version().entries
        let dressed = entries.list.reversed().map {
            "\n " + $0.canonical.replacing(",\"held_out\"", with: " , \"held_out\"") + "\n"
        }.joined()
        let read = try Entries(Array(dressed.utf8), file: "e")
        #expect(read.list == entries.list)
        #expect(
            read.digest == entries.digest && read.imagesDigest == entries.imagesDigest
                && read.selectionDigest == entries.selectionDigest)
    }

    @Test func aRefusalNamesTheLine() throws {
        var lines = try version().entries.list.map(\.canonical)
        lines[4] = lines[4].replacing("\"role\":\"", with: "\"role\":\"no-")
        let refusal = #expect(throws: CurareError.self) {
            try Entries(Array(lines.joined(separator: "\n").utf8), file: "e")
        }
        #expect(refusal?.location == "e:5")
    }

    /// Whatever the pieces: digests are over the lines, and the file is those lines.
    @Test func theDigestsAreThoseOfTheLines() throws {
        let entries = try version().entries
        let lines = entries.list.map { $0.canonical + "\n" }.joined()
        #expect(entries.file == Array(lines.utf8))
        #expect(entries.digest == .sha256(of: lines.utf8))
        #expect(entries.imagesDigest == .sha256(of: entries.list.map { "\($0.photo) \($0.image)\n" }.joined().utf8))
    }

    @Test(arguments: [0, 7, 10, 99, 100, 65_535, Int.max, -1, Int.min]) func numbersAreWrittenInFull(_ number: Int) {
        #expect(written { $0.put(number) } == "\(number)")
    }

    @Test func aWriterGrowsAsItMust() {
        let text = written { line in
            for number in 0..<400_000 { line.put(number) }
        }
        #expect(text == (0..<400_000).map(String.init).joined())
    }
}
