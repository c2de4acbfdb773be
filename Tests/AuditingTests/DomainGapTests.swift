import Core
import Testing

@testable import Auditing

/// References and volunteers that can be distinguished without a face.
@Suite struct DomainGapTests {
    private func fact(
        _ number: Int, of name: String, _ kind: VolunteerKind, light: PhotoLight? = nil, size: Int = 100,
        bytes: Int? = nil, sharpness: Int? = nil
    ) -> PhotoFacts {
        PhotoFacts(
            photo: photoID("\(name) \(number)"), session: SessionName("s1")!, consented: true,
            label: Label(volunteer: VolunteerName(name)!, triggerState: .bare), kind: kind, perceptualHash: nil,
            width: size, height: size,
            quality: sharpness.map { PhotoQuality(sharpness: $0, luma: 100, dark: 0, bright: 0, beyond: nil) },
            origin: bytes.map { PhotoOrigin(camera: nil, captured: nil, bytes: $0) }, light: light)
    }

    /// Returns the photos of ten volunteers and eight references.
    private func study(_ make: (_ number: Int, _ name: String, _ kind: VolunteerKind) -> PhotoFacts) -> [PhotoFacts] {
        let people = (0..<10).map { ("v\($0)", VolunteerKind.volunteer) } + (0..<8).map { ("r\($0)", .reference) }
        return people.flatMap { name, kind in (0..<6).map { make($0, name, kind) } }.sorted { $0.photo < $1.photo }
    }

    private func gap(_ facts: [PhotoFacts]) -> Finding? {
        DomainGap().findings(in: AuditSubject(catalog: facts, distance: .standard)).first
    }

    @Test("Smaller and darker references are a warning that names both properties") func planted() throws {
        let facts = study { number, name, kind in
            let level = (kind == .reference ? 600 : 1000) + 10 * number
            return fact(
                number, of: name, kind, light: PhotoLight(red: level, green: level, blue: level),
                size: kind == .reference ? 90 : 100)
        }
        let finding = try #require(gap(facts))
        #expect(finding.check == .domain && finding.severity == .warning && finding.count == 48)
        #expect(
            finding.detail.hasPrefix(
                "reference photos are darker (AUC 1.00) and smaller (AUC 1.00) than those of volunteers, so a model"))
        #expect(finding.photos == facts.filter { $0.kind == .reference }.map(\.photo))
    }

    @Test("Colour, sharpness and the size of the file are compared too") func otherProperties() throws {
        let facts = study { number, name, kind in
            let isReference = kind == .reference
            return fact(
                number, of: name, kind,
                light: PhotoLight(red: 1000, green: 1000, blue: isReference ? 800 - number : 1000),
                bytes: 9000 + number + (isReference ? 500 : 0), sharpness: isReference ? 300 - number : 400)
        }
        let finding = try #require(gap(facts))
        for word in ["darker", "more colourful", "more reddish", "larger as files", "less sharp"] {
            #expect(finding.detail.contains("\(word) (AUC 1.00)"), "\(word)")
        }
        #expect(!finding.detail.contains("more properties"))
    }

    @Test("Equal properties, a difference of single people, and a study without references are no finding") func clean()
    {
        let equal = study { number, name, kind in
            fact(
                number, of: name, kind, light: PhotoLight(red: 900 + number, green: 900, blue: 900),
                bytes: 100 * number + 1)
        }
        #expect(gap(equal) == nil)
        // Two of eight references are darker.
        let single = study { number, name, kind in
            let level = name == "r1" || name == "r2" ? 500 : 1000
            return fact(number, of: name, kind, light: PhotoLight(red: level, green: level, blue: level))
        }
        #expect(gap(single) == nil)
        #expect(gap(equal.filter { $0.kind == .volunteer }) == nil)
        #expect(gap(equal.filter { $0.kind == .reference }) == nil)
        #expect(gap([]) == nil)
    }

    @Test("With few people, a difference can be chance and is no finding") func fewPeople() {
        let facts = ["v1", "v2", "r1"].flatMap { name in
            (0..<20).map { number in
                fact(number, of: name, name == "r1" ? .reference : .volunteer, size: name == "r1" ? 50 : 100)
            }
        }
        #expect(gap(facts) == nil)
    }

    @Test("Photos without a measurement are left out") func unmeasured() {
        let facts = study { number, name, kind in
            fact(
                number, of: name, kind,
                light: kind == .volunteer && number > 0 ? PhotoLight(red: 10, green: 10, blue: 10) : nil)
        }
        #expect(gap(facts) == nil)
    }

    /// Compared with SciPy: `scipy.stats.mannwhitneyu(reference, volunteer).statistic / (5 * 6)`.
    @Test("The AUC is that of Mann and Whitney, with ties") func auc() throws {
        let values: [[Double]] = [[3, 1, 4], [1, 5], [9, 2, 6], [5, 3, 7]]
        let comparison = try #require(
            PropertyComparison(.pixels, values, isReference: [false, true, false, true]))
        #expect(abs(comparison.auc - 0.5333333333333333) < 1e-12)
        #expect(PropertyComparison(.pixels, values, isReference: [true, true, true, true]) == nil)
        #expect(PropertyComparison(.pixels, [[], [1]], isReference: [true, false]) == nil)
        // Two of four people: each of the six divisions has the same weight, and its mirror image counts too.
        let separate = try #require(
            PropertyComparison(.pixels, [[1], [2], [8], [9]], isReference: [true, true, false, false]))
        #expect(separate.auc == 0 && abs(separate.p - 1.0 / 3) < 0.05)
    }
}
