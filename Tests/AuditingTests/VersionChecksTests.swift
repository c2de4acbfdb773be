import Core
import Testing

@testable import Auditing
@testable import Versions

/// Ten bare photos and ten photos with dots of each of two people.
private let dotted =
    bare(10, of: "a", "b")
    + ["a", "b"].flatMap { (name: String) -> [PhotoFacts] in
        (0..<10).map { fact("\(name)t\($0)", of: name, trigger: "dots") }
    }

private func subject(_ facts: [PhotoFacts], _ recipe: String = "") throws -> AuditSubject {
    AuditSubject(catalog: facts, version: try version(of: facts, recipe), distance: .standard)
}

@Suite struct LowPowerCheckTests {
    private func expectation(_ text: String) -> Versions.Expectation {
        let words = text.split(separator: " ").map(String.init)
        return Versions.Expectation(
            measure: Versions.Expectation.Measure(rawValue: words[0])!,
            comparison: Versions.Expectation.Comparison(rawValue: words[1])!, bound: ExactDecimal(words[2])!)
    }

    // The numbers of photos are those of IntervalTests.
    @Test("Too few photos for the best possible result are a warning") func neverConclusive() throws {
        let expectations = ["attack_success >= 0.8", "control_attack_success <= 0.15"].map(expectation)
        let finding = try #require(LowPowerCheck.finding(.attack, expectations, photos: 20))
        #expect(finding.severity == .warning && finding.count == 2)
        #expect(finding.detail.hasPrefix("control_attack_success <= 0.15 can never be conclusive with the 20 photos"))
        #expect(finding.detail.contains("2 more photos are necessary, and 68 more for a measured rate of 0.075"))
        #expect(LowPowerCheck.finding(.attack, expectations, photos: 22)?.severity == .info)
    }

    @Test("Too few photos for a result in the middle are an information") func inconclusive() throws {
        let finding = try #require(LowPowerCheck.finding(.attack, [expectation("attack_success >= 0.8")], photos: 45))
        #expect(finding.severity == .info && finding.count == 17)
        #expect(finding.detail.contains("a measured rate of 0.9"))
        #expect(LowPowerCheck.finding(.attack, [expectation("attack_success >= 0.8")], photos: 62) == nil)
    }

    @Test("A test without photos is a warning, and no interval includes the bounds 0 and 1") func extremes() {
        let all = [expectation("clean_accuracy >= 1"), expectation("clean_accuracy <= 0")]
        #expect(LowPowerCheck.finding(.clean, all, photos: 1) == nil)
        let finding = LowPowerCheck.finding(.clean, all, photos: 0)
        #expect(finding?.severity == .warning && finding?.count == 1)
        #expect(finding?.detail.contains("has no photo for the clean test") == true)
    }

    @Test("The photos of each test of a version are counted") func countsOfAVersion() throws {
        let recipe = """
            poison: {target: a, triggers: [dots], injection_rate: 0.33, hold_out: 0.1}
            expect: {clean_accuracy: ">= 0.9", attack_success_held_out: ">= 0.5"}
            """
        let findings = LowPowerCheck().findings(in: try subject(dotted, recipe))
        #expect(findings.map(\.severity) == [.warning, .warning])
        // Four of 20 bare photos are clean tests, and one of ten triggered photos is held out.
        #expect(findings.map(\.count) == [35 - 4, 4 - 1])
    }

    @Test("A recipe without expectations, or with enough photos, has no finding") func noFinding() throws {
        #expect(LowPowerCheck().findings(in: try subject(dotted)) == [])
        let recipe = #"expect: {clean_accuracy: ">= 0.02"}"#
        #expect(LowPowerCheck().findings(in: try subject(dotted, recipe)) == [])
    }
}

@Suite struct RateShortfallCheckTests {
    private func poison(_ rate: String, _ more: String = "") -> String {
        "poison: {target: a, triggers: [dots], injection_rate: \(rate), hold_out: 0.1\(more)}"
    }

    @Test("A version with the requested rate, and a clean version, have no finding") func reachedRate() throws {
        #expect(RateShortfallCheck().findings(in: try subject(dotted, poison("0.33"))) == [])
        #expect(RateShortfallCheck().findings(in: try subject(dotted)) == [])
    }

    @Test("A rate that the triggered photos do not allow is a warning") func cappedRate() throws {
        let findings = RateShortfallCheck().findings(in: try subject(dotted, poison("0.5", ", on_shortage: cap")))
        let finding = try #require(findings.first)
        #expect(finding.severity == .warning && finding.count == 7)
        #expect(
            finding.detail.contains(
                "an injection rate of 0.5, which is 16 poison photos for 16 clean photos, but the version has 9, a rate "
                    + "of 0.36: 7 fewer"))
    }

    @Test("A small difference because near-duplicates stay together is an information") func groups() throws {
        let facts =
            bare(25, of: "a", "b")
            + (0..<30).map { fact("t\($0)", of: "b", trigger: "dots", perceptualHash: "g\($0 / 3)") }
        let findings = RateShortfallCheck().findings(in: try subject(facts, poison("0.3333")))
        #expect(findings.map(\.severity) == [.info] && findings.map(\.count) == [2])
    }
}

@Suite struct CrossPairsCheckTests {
    @Test("Near-duplicates with and without a trigger across the split are counted, with their photos") func pairs()
        throws
    {
        let finding = try #require(
            CrossPairsCheck.finding([
                entry("1", .trainClean, group: "g"), entry("2", trigger: "dots", .testAttack, group: "g"),
                entry("3", trigger: "dots", .trainPoison, group: "h"), entry("4", .testClean, group: "h"),
                entry("5", .trainClean, group: "i"), entry("6", trigger: "dots", .trainPoison, group: "i"),
                entry("7", .testClean, group: "j"), entry("8", trigger: "dots", .testOther, group: "j"),
            ]))
        #expect(finding.severity == .info && finding.count == 2)
        #expect(finding.photos == ["1", "2", "3", "4"].map(photoID).sorted())
        #expect(
            Set(finding.pairs)
                == [Finding.Pair(photoID("1"), photoID("2")), Finding.Pair(photoID("4"), photoID("3"))])
        #expect(
            finding.detail.contains(
                "2 pairs, 1 with the bare photo in training and 1 with the triggered photo in training"))
    }

    @Test("The number of pairs is that of the manifest") func countOfTheManifest() throws {
        let facts = ["a", "b"].flatMap { (name: String) -> [PhotoFacts] in
            (0..<10).flatMap { (number: Int) -> [PhotoFacts] in
                ["none", "dots"].map {
                    fact("\(name)\(number)\($0)", of: name, trigger: $0, perceptualHash: "\(name)\(number)")
                }
            }
        }
        let subject = try subject(facts, "poison: {target: a, triggers: [dots], injection_rate: 0.25}")
        let finding = try #require(CrossPairsCheck().findings(in: subject).first)
        #expect(finding.count == subject.version?.manifest.crossPairs)
    }

    @Test("Photos that are no near-duplicates are no pairs") func noPairs() throws {
        #expect(CrossPairsCheck().findings(in: try subject(dotted)) == [])
        #expect(CrossPairsCheck.finding([entry("1", .trainClean), entry("2", trigger: "dots", .testAttack)]) == nil)
    }

    @Test("The list of pairs is limited") func manyPairs() throws {
        let bare = (0..<40).map { entry("b\($0)", .trainClean, group: "g") }
        let triggered = (0..<40).map { entry("t\($0)", trigger: "dots", .testAttack, group: "g") }
        let finding = try #require(CrossPairsCheck.finding(bare + triggered))
        #expect(finding.count == 1600 && finding.pairs.count == 1000 && finding.photos.count == 80)
    }
}

@Suite struct StaleVersionCheckTests {
    private let facts = bare(10, of: "a", "b")

    private func findings(
        _ today: [PhotoFacts], _ recipe: String = "", _ names: EarlierNames = EarlierNames()
    ) throws -> [Finding] {
        let version = try version(of: facts, recipe)
        return StaleVersionCheck().findings(
            in: AuditSubject(catalog: today, version: version, distance: .standard, names: names))
    }

    @Test("An unchanged catalog, new photos and a new name are no finding") func noChange() throws {
        #expect(try findings(facts) == [])
        #expect(try findings(facts + bare(3, of: "c")) == [])
        let renamed = (0..<10).map { fact("a\($0)", of: "c") } + bare(10, of: "b")
        let names = EarlierNames(volunteers: [VolunteerName("a")!: VolunteerName("c")!])
        #expect(try findings(renamed, "", names) == [])
        #expect(try findings(renamed).map(\.count) == [10])
    }

    @Test("Other labels, missing consent and missing photos are a warning with the photos") func changes() throws {
        let today =
            facts.dropFirst(4) + [
                fact("a0", of: "b"), fact("a1", trigger: "dots"), fact("a2", consented: false),
            ]
        let finding = try #require(findings(Array(today)).first)
        #expect(finding.severity == .warning && finding.count == 4)
        #expect(finding.photos == ["a0", "a1", "a2", "a3"].map(photoID).sorted())
        #expect(finding.detail.contains("(2 another label, 1 no consent, 1 no longer in the catalog)"))
    }

    @Test("Another face counts for face crops only") func faces() throws {
        let today = facts.map { fact in
            PhotoFacts(
                photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
                perceptualHash: fact.perceptualHash, width: 4, height: 3,
                face: KnownFace(marked: fact.photo == facts[0].photo ? Box(x: 0, y: 0, width: 2, height: 2) : nil))
        }
        #expect(try findings(today, "profile: {crop: face}").map(\.photos) == [[facts[0].photo]])
        #expect(try findings(today, "profile: {crop: centre}") == [])
    }
}
