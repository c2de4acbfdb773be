import Core
import Testing

@testable import Auditing

@Suite struct CompositionTests {
    @Test("The photos of a catalog are counted along each dimension") func catalog() {
        let composition = Composition([
            fact("1"), fact("2", trigger: "sunglasses"), fact("3", of: "007", trigger: "bandana+dots", session: "s2"),
            fact("4", of: "r", kind: .reference, session: "s2"), fact("5", of: nil, consented: false),
        ])
        #expect(composition.volunteers == ["a": 2, "007": 1, "r": 1, "unlabelled": 1])
        #expect(composition.kinds == ["volunteer": 3, "reference": 1, "unlabelled": 1])
        #expect(composition.triggers == ["none": 2, "sunglasses": 1, "bandana+dots": 1, "unlabelled": 1])
        #expect(composition.locations == ["none": 2, "on-face": 1, "off-face+on-face": 1, "unlabelled": 1])
        #expect(composition.sessions == ["s1": 3, "s2": 2])
        #expect(composition.roles.isEmpty)
    }

    @Test("The photos of a version are counted by role too") func roles() {
        let composition = Composition(
            [
                entry("1", .trainClean), entry("2", .testClean),
                entry("3", of: "b", as: "a", trigger: "dots", .trainPoison), entry("4", of: "b", .trainClean),
            ], [:])
        #expect(composition.roles == ["train/clean": 2, "test/clean": 1, "train/poison": 1])
        // A poisoned photo counts for the person shown, not for its label.
        #expect(composition.volunteers == ["a": 2, "b": 2])
        #expect(composition.triggers == ["none": 3, "dots": 1])
    }

    /// A volunteer can be named `unlabelled` or `none`.
    @Test("The counts of each dimension add up to the number of photos, whatever the names") func sums() {
        let facts = bare(3, of: "unlabelled", "none") + [fact("u", of: nil)]
        let composition = Composition(facts)
        for dimension in [
            composition.volunteers, composition.kinds, composition.triggers, composition.locations,
            composition.sessions,
        ] {
            #expect(dimension.values.reduce(0, +) == 7)
        }
    }

    @Test("The table has a row for each group of photos, sorted, with photos without a label last") func table() {
        let composition = Composition([
            fact("5", of: nil), fact("4", of: "b", session: "s2"), fact("1"), fact("2"),
            fact("3", trigger: "sunglasses"),
        ])
        #expect(
            composition.table.map {
                [$0.volunteer ?? "-", $0.trigger ?? "-", $0.location ?? "-", $0.session ?? "-", "\($0.photos)"]
            } == [
                ["a", "none", "none", "s1", "2"], ["a", "sunglasses", "on-face", "s1", "1"],
                ["b", "none", "none", "s2", "1"], ["-", "-", "-", "s1", "1"],
            ])
        #expect(composition.table.allSatisfy { $0.role == nil })
        #expect(composition.photos == 5)
    }

    @Test("A table with too many rows adds up the sessions") func limit() {
        let composition = Composition(
            ["s3", "s1", "s2"].flatMap { session in
                [
                    entry("\(session) 1", .trainClean, session: session),
                    entry("\(session) 2", .testClean, session: session),
                    entry("\(session) 3", of: "b", .trainClean, session: session),
                ]
            }, [:])
        #expect(composition.table(limit: 9).count == 9)
        let folded = composition.table(limit: 8)
        #expect(
            folded.map { "\($0.volunteer ?? "") \($0.role ?? "") \($0.photos)" } == [
                "a test/clean 3", "a train/clean 3", "b train/clean 3",
            ])
        #expect(folded.allSatisfy { $0.session == nil })
    }

    @Test("Photos are counted by two properties") func twoProperties() {
        let composition = Composition([fact("1"), fact("2", session: "s2"), fact("3", trigger: "dots")])
        let counts = composition.counts({ $0.volunteerText }, by: { $0.triggerText })
        #expect(counts == ["a": ["none": 2, "dots": 1]])
    }

    @Test("Rates of faces are counted by role and trigger, without photos that were not searched") func faces() throws {
        let entries = [entry("1", .trainClean), entry("2", .trainClean), entry("3", .testClean)]
        let face = KnownFace(marked: Box(x: 0, y: 0, width: 2, height: 2))
        let rates = Composition(entries, [photoID("1"): face]).faces
        #expect(rates["train/clean"]?["none"] == PhotoRate(found: 1, photos: 1))
        #expect(rates["test/clean"]?["none"] == PhotoRate())
    }

    @Test("The summary of a dataset counts formats, sizes and missing labels") func summary() {
        var summary = DatasetSummary()
        #expect(summary.longerSide == nil)
        for fact in [fact("1"), fact("2", of: nil), fact("3", consented: false)] { summary.add(fact) }
        summary.add(
            PhotoFacts(
                photo: photoID("4"), session: SessionName("s1")!, consented: true, label: nil, kind: nil,
                perceptualHash: nil, width: 10, height: 90, isSuggested: true, format: "heic"))
        #expect(summary.photos == 4)
        #expect(summary.unlabelled == 2 && summary.withoutConsent == 1)
        #expect(summary.unmeasured == 1 && summary.suggested == 1)
        #expect(summary.formats == ["jpeg": 3, "heic": 1])
        #expect(summary.longerSide == 4...90)
    }
}
