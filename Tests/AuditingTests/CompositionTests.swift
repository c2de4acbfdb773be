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
}
