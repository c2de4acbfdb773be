import Core
import Testing

@testable import Auditing

@Suite struct WeakFaceCheckTests {
    /// Returns a photo with a detected face.
    ///
    /// - Parameter eyes: the distance of the eyes in a box that is 100 pixels wide.
    private func photo(
        _ word: String, confidence: Int = 500, eyes: Int = 40, marked: Bool = false, trigger: String = "none"
    ) -> PhotoFacts {
        let fact = fact(word, trigger: trigger)
        let box = Box(x: 100, y: 100, width: 100, height: 100)
        let face = PhotoFace(
            box: box, leftEye: PixelPoint(x: 130, y: 140), rightEye: PixelPoint(x: 130 + eyes, y: 140))
        let record = FaceRecord(found: .one, face: face, confidence: confidence, suspectedRotation: nil)
        return PhotoFacts(
            photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
            perceptualHash: fact.perceptualHash, width: 400, height: 400,
            face: KnownFace(record: record, marked: marked ? box : nil))
    }

    private func findings(_ facts: [PhotoFacts]) -> [Finding] {
        WeakFaceCheck().findings(in: AuditSubject(catalog: facts, distance: .standard))
    }

    @Test("Clear faces, marked faces and photos without a face are no finding") func clearFaces() {
        #expect(
            findings([
                photo("1"), photo("2", confidence: 0), photo("3", confidence: -200, marked: true),
                photo("4", eyes: 5, marked: true), photo("5", eyes: 20), fact("6"),
            ]) == [])
    }

    @Test("Weak and turned faces are an information with their scores") func weakFaces() throws {
        let clear = (0..<20).map { photo("clear\($0)") }
        let found = findings(clear + [photo("weak", confidence: -250), photo("turned", confidence: 300, eyes: 19)])
        let finding = try #require(found.first)
        #expect(found.count == 1 && finding.severity == .info && finding.count == 2)
        #expect(finding.photos == [photoID("weak"), photoID("turned")].sorted())
        #expect(finding.scores == [photoID("weak"): -0.25, photoID("turned"): 0.3])
    }

    @Test("Weak faces mostly on triggered photos are a warning with the numbers") func unevenFaces() throws {
        let bare = (0..<10).map { photo("b\($0)") }
        let triggered = (0..<10).map { photo("t\($0)", confidence: $0 < 2 ? -1 : 1, trigger: "dots") }
        let finding = try #require(findings(bare + triggered).first)
        #expect(finding.severity == .warning && finding.count == 2)
        #expect(finding.detail.hasSuffix("dots 2 of 10, none 0 of 10"))
        #expect(findings(bare + triggered.dropFirst()).map(\.severity) == [.warning], "1 of 9 are 11%")
        #expect(findings(bare + triggered.dropFirst() + [photo("x", trigger: "dots")]).map(\.severity) == [.info])
    }

    @Test("A version that uses no faces has no such finding") func versionsWithoutFaces() throws {
        let facts = (0..<10).map { photo("a\($0)", confidence: -1) } + bare(10, of: "b")
        func findings(_ recipe: String) throws -> [Finding] {
            let version = try version(of: facts, recipe)
            return WeakFaceCheck().findings(in: AuditSubject(catalog: facts, version: version, distance: .standard))
        }
        #expect(try findings("profile: {crop: centre}") == [])
        #expect(try findings("profile: {crop: face}").map(\.count) == [10])
    }
}
