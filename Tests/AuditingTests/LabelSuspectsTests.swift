import Core
import Testing

@testable import Auditing

/// Made-up people: each has a centre, and photos around the centre. Every second photo shows sunglasses.
@Suite struct LabelSuspectsTests {
    private static let people = ["a", "b", "c", "d", "e"]

    /// Returns the findings of the check.
    ///
    /// - Parameters:
    ///   - count: photos of each person.
    ///   - names: other people as labels, by photo.
    ///   - triggers: other triggers as labels, by photo.
    private func findings(
        _ count: Int = 12, names: [String: String] = [:], triggers: [String: String] = [:], showsTrigger: Bool = true
    ) -> [Finding] {
        var generator = CongruentialGenerator(7)
        let centres = Self.people.map { _ in (0..<FaceEmbedding.count).map { _ in 0.1 * generator.number() } }
        var facts: [PhotoFacts] = []
        var embeddings: [PhotoID: FaceEmbedding] = [:]
        for (person, centre) in zip(Self.people, centres) {
            for index in 0..<count {
                let word = "\(person)\(index)"
                var values = centre.map { $0 + 0.03 * generator.number() }
                if index % 2 == 1, showsTrigger { for dimension in 0..<16 { values[dimension] += 0.15 } }
                embeddings[photoID(word)] = FaceEmbedding(values.map(Float.init))
                facts.append(
                    fact(
                        word, of: names[word] ?? person,
                        trigger: triggers[word] ?? (index % 2 == 1 ? "sunglasses" : "none")))
            }
        }
        facts.sort { $0.photo < $1.photo }
        return LabelSuspects().findings(
            in: AuditSubject(catalog: facts, distance: .standard, embeddings: embeddings))
    }

    @Test("Right labels give no finding") func clean() {
        #expect(findings() == [])
        #expect(findings(24) == [])
    }

    @Test("Without embeddings, or with few photos of each person, there is no finding") func withoutEmbeddings() {
        let facts = bare(12, of: "a", "b").sorted { $0.photo < $1.photo }
        #expect(LabelSuspects().findings(in: AuditSubject(catalog: facts, distance: .standard)) == [])
        #expect(findings(7, names: ["a1": "b"], triggers: ["a1": "none"]).allSatisfy { $0.count == 1 })
    }

    @Test("Photos of the wrong person are found, with score and suggestion") func wrongPerson() throws {
        let found = findings(names: ["a3": "b", "b7": "c", "c0": "d"])
        let finding = try #require(found.first)
        #expect(found.count == 1)
        #expect((finding.check, finding.severity, finding.count) == (.labelSuspect, .warning, 3))
        #expect(finding.photos == ["a3", "b7", "c0"].map(photoID).sorted())
        #expect(finding.detail.contains("photo \(photoID("a3").short) (b, looks like a)"))
        for photo in finding.photos { #expect(try #require(finding.scores[photo]) < 0.01) }
    }

    @Test("Wrong triggers are found") func wrongTrigger() throws {
        let found = findings(triggers: ["b4": "sunglasses", "c5": "none"])
        let finding = try #require(found.first)
        #expect(found.count == 1)
        #expect(finding.photos == ["b4", "c5"].map(photoID).sorted())
        #expect(finding.detail.contains("photo \(photoID("c5").short) (none, looks like sunglasses)"))
        for photo in finding.photos { #expect(try #require(finding.scores[photo]) < 0.1) }
    }

    @Test("A trigger that does not change the face gives no finding") func invisibleTrigger() {
        let names = Self.people.flatMap { person in (0..<12).map { ("\(person)\($0)", $0 % 3 == 0) } }
        let labels = Dictionary(uniqueKeysWithValues: names.map { ($0, $1 ? "dots" : "none") })
        #expect(findings(triggers: labels, showsTrigger: false) == [])
    }

    @Test("One person under two names is one finding, which lists the mistaken photos") func twoNames() throws {
        let other = (0..<24).filter { $0 % 4 >= 2 }.map { ("a\($0)", "f") }
        let found = findings(24, names: Dictionary(uniqueKeysWithValues: other))
        let finding = try #require(found.first)
        #expect(found.count == 1)
        #expect(finding.count == 12)
        #expect(finding.detail.hasPrefix("a and f may be one person: of their photos with a face, 50% look like"))
    }
}

@Suite struct TriggerSuspectsTests {
    private func findings(_ facts: [PhotoFacts]) -> [Finding] {
        TriggerSuspects().findings(in: AuditSubject(catalog: facts, distance: .standard))
    }

    private func boxed(_ word: String, trigger: String) -> PhotoFacts {
        let plain = fact(word, trigger: trigger)
        return PhotoFacts(
            photo: plain.photo, session: plain.session, consented: true, label: plain.label, kind: plain.kind,
            perceptualHash: nil, width: 4, height: 3, triggerBox: Box(x: 0, y: 0, width: 1, height: 1))
    }

    @Test("A trigger box on a photo with the label none is a warning") func box() throws {
        #expect(findings([boxed("1", trigger: "sunglasses"), fact("2")]) == [])
        let found = findings([boxed("1", trigger: "sunglasses"), boxed("3", trigger: "none")])
        let finding = try #require(found.first)
        #expect(found.count == 1)
        #expect((finding.check, finding.severity, finding.photos) == (.triggerSuspect, .warning, [photoID("3")]))
        #expect(finding.scores == [photoID("3"): 0])
    }

    @Test("One bare photo among twenty with sunglasses is information") func rare() throws {
        let worn = (0..<20).map { fact("s\($0)", trigger: "sunglasses") }
        let finding = try #require(findings(worn + [fact("b")]).first)
        #expect((finding.check, finding.severity, finding.photos) == (.triggerSuspect, .info, [photoID("b")]))
        #expect(finding.detail.contains("none, but sunglasses on-face on 20 of the 21 photos of a in s1"))
    }

    @Test("Shoots with both states, small shoots, and shoots of other people or sessions give no finding") func usual()
    {
        let worn = (0..<20).map { fact("s\($0)", trigger: "sunglasses") }
        #expect(findings(worn + (0..<3).map { fact("b\($0)") }) == [])
        #expect(findings(worn.prefix(8) + [fact("b")]) == [])
        #expect(findings(worn + [fact("b", of: "other"), fact("c", session: "s2"), fact("d", of: nil)]) == [])
    }
}
