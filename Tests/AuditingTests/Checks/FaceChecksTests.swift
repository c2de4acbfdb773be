import Core
import Testing

@testable import Auditing
@testable import Versions

@Suite struct FaceChecksTests {
    private static let face = PhotoFace(
        box: Box(x: 0, y: 0, width: 2, height: 2), leftEye: PixelPoint(x: 0, y: 0), rightEye: PixelPoint(x: 1, y: 0))

    /// Two classes with ten bare and ten triggered photos each; faces are found on so many of each sort of training photos.
    private func audit(bare: Int, triggered: Int, crop: String = "face", marked: Bool = false) throws -> (
        Audit, Version
    ) {
        var facts: [PhotoFacts] = []
        for name in ["a", "b"] {
            for number in 0..<10 {
                facts += [fact("\(name)\(number)", of: name), fact("\(name)t\(number)", of: name, wears: "dots")]
            }
        }
        let version = try version(
            of: facts,
            "profile: {crop: \(crop)}\npoison: {target: a, triggers: [dots], injection_rate: 0.33, hold_out: 0.1}")
        let clean = version.entries.list.filter { $0.role == .trainClean }.map(\.photo)
        let poison = version.entries.list.filter { $0.role == .trainPoison }.map(\.photo)
        let found = Set(clean.prefix(bare) + poison.prefix(triggered))
        let today = facts.map { fact in
            let record =
                found.contains(fact.photo)
                ? FaceRecord(found: .one, face: Self.face, confidence: 0, suspectTurn: nil)
                : FaceRecord(found: .none, face: nil, confidence: nil, suspectTurn: nil)
            return PhotoFacts(
                photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
                perceptualHash: fact.perceptualHash, width: 4, height: 3,
                face: KnownFace(record: record, marked: marked && !found.contains(fact.photo) ? Self.face.box : nil))
        }
        return (Audit(version: version, catalog: today) { _ in true }, version)
    }

    private func shortcut(_ audit: Audit) -> Finding? { audit.findings.first { $0.check == .cropShortcut } }

    @Test func facesFoundOnBarePhotosAboveAllAreAShortcut() throws {
        let (audit, version) = try audit(bare: 16, triggered: 4)
        #expect((version.manifest.clean, version.manifest.poison) == (16, 8))
        let finding = try #require(shortcut(audit))
        #expect(finding.severity == .error && finding.count == 4)
        #expect(
            finding.detail.hasPrefix("faces were found on 100% of 16 bare training photos and 50% of 8 triggered ones"))
        #expect(!audit.passes)
    }

    @Test func facesFoundOnTriggeredPhotosAboveAllAreOneToo() throws {
        #expect(shortcut(try audit(bare: 8, triggered: 8).0) != nil)
    }

    @Test func aGapUpToTenPointsIsNone() throws {
        #expect(shortcut(try audit(bare: 16, triggered: 8).0) == nil)
        #expect(shortcut(try audit(bare: 8, triggered: 4).0) == nil)
        #expect(shortcut(try audit(bare: 15, triggered: 8).0) == nil, "94% and 100%")
        #expect(shortcut(try audit(bare: 14, triggered: 8).0) != nil, "88% and 100%")
    }

    @Test(arguments: ["centre", "none"]) func aCropThatDoesNotLookAtFacesHasNoShortcut(_ crop: String) throws {
        #expect(shortcut(try audit(bare: 16, triggered: 0, crop: crop).0) == nil)
    }

    @Test func markedFacesFillTheGap() throws {
        #expect(shortcut(try audit(bare: 16, triggered: 0, marked: true).0) == nil)
    }

    @Test func theCompositionSaysOnHowManyPhotosFacesWereFound() throws {
        let composition = try audit(bare: 12, triggered: 3).0.composition
        #expect(composition.faces["train/clean"] == ["none": PhotoRate(found: 12, photos: 16)])
        #expect(composition.faces["train/poison"] == ["dots": PhotoRate(found: 3, photos: 8)])
        #expect(
            Audit(catalog: bare(2, of: "a"), groups: .standard) { _ in true }.composition.faces == [
                "all": ["none": PhotoRate()]
            ], "nothing was looked for")
    }

    @Test func sharesAreComparedExactly() {
        #expect(!PhotoRate(found: 9, photos: 10).differs(from: PhotoRate(found: 8, photos: 10), byMoreThan: 10))
        #expect(PhotoRate(found: 9001, photos: 10000).differs(from: PhotoRate(found: 8, photos: 10), byMoreThan: 10))
        #expect(!PhotoRate(found: 5, photos: 5).differs(from: PhotoRate(), byMoreThan: 10))
    }
}
