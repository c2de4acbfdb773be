import Core
import Testing

@testable import Auditing
@testable import Versions

@Suite struct CompositionGapTests {
    private func photo(
        _ word: String, of name: String, _ trigger: String? = nil, _ location: Location = .onFace,
        session: String = "s1"
    ) throws -> PhotoFacts {
        let placements = try trigger.map { [TriggerPlacement(try #require(TriggerName($0)), location)] } ?? []
        return PhotoFacts(
            photo: photoID(word), session: try #require(SessionName(session)), consented: true,
            label: Label(volunteer: try #require(VolunteerName(name)), triggerState: TriggerState(placements)),
            kind: .volunteer, perceptualHash: nil, width: 4, height: 3)
    }

    private func details(_ facts: [PhotoFacts]) -> [String] { Composition(facts).gaps.map(\.detail) }

    @Test("Volunteers without a trigger, and without a location of a trigger that they wear, are gaps")
    func triggersAndLocations() throws {
        let facts = [
            try photo("1", of: "ada"), try photo("2", of: "ada", "tattoo"),
            try photo("3", of: "ada", "tattoo", .offFace),
            try photo("4", of: "bo"), try photo("5", of: "bo", "tattoo"),
            try photo("6", of: "cy"), fact("r", of: "ref", kind: .reference),
        ]
        let gaps = Composition(facts).gaps
        // A reference wears no triggers, and is no gap.
        #expect(
            gaps.map(\.detail) == [
                "no photo with tattoo of 1 of 3 volunteers: cy",
                "no off-face photo with tattoo of 1 of 2 volunteers: bo",
            ])
        #expect(gaps.map(\.dimension) == [.trigger, .location])
        #expect(gaps.map(\.trigger) == ["tattoo", "tattoo"])
        #expect(gaps.map(\.missing) == [["cy"], ["bo"]])
        #expect(gaps.map(\.total) == [3, 2])
    }

    @Test("Volunteers without a bare photo, and sessions without bare photos, are gaps") func bare() throws {
        let facts = [
            try photo("1", of: "ada", "dots"), try photo("2", of: "bo", "dots"),
            try photo("3", of: "bo", session: "s2"), try photo("4", of: "bo", "dots", session: "s2"),
        ]
        #expect(
            details(facts) == [
                "no bare photo of 1 of 2 volunteers: ada",
                "no bare photo in 1 of 2 sessions with triggers: s1",
            ])
    }

    @Test("A gap of everyone, and a gap of many, are short") func manyNames() throws {
        let facts = try (0..<12).map { try photo("t\($0)", of: "v\($0)", $0 == 0 ? "dots" : "tape") }
        #expect(
            details(facts) == [
                "no bare photo of all 12 volunteers: v0, v1, v10, v11, v2, v3, v4, v5 and 4 more",
                "no photo with dots of 11 of 12 volunteers: v1, v10, v11, v2, v3, v4, v5, v6 and 3 more",
                "no photo with tape of 1 of 12 volunteers: v0",
                "no bare photo in the only session with triggers: s1",
            ])
    }

    @Test("Several triggers at once are one combination") func combinations() throws {
        let both = TriggerState([
            TriggerPlacement(try #require(TriggerName("bandana")), .offFace),
            TriggerPlacement(try #require(TriggerName("dots")), .onFace),
        ])
        let other = TriggerState([
            TriggerPlacement(try #require(TriggerName("bandana")), .onFace),
            TriggerPlacement(try #require(TriggerName("dots")), .onFace),
        ])
        let facts = [("a", both), ("b", other)].flatMap { name, state in
            [TriggerState.bare, state].map { state in
                PhotoFacts(
                    photo: photoID("\(name) \(state)"), session: SessionName("s1")!, consented: true,
                    label: Label(volunteer: VolunteerName(name)!, triggerState: state), kind: .volunteer,
                    perceptualHash: nil, width: 4, height: 3)
            }
        }
        #expect(
            details(facts) == [
                "no photo with bandana off-face + dots on-face of 1 of 2 volunteers: b",
                "no photo with bandana on-face + dots on-face of 1 of 2 volunteers: a",
            ])
    }

    @Test("A study in which everyone has everything has no gaps, and neither has an empty catalog") func noGaps() throws
    {
        let facts = try ["ada", "bo"].flatMap { name in
            [
                try photo("\(name)1", of: name), try photo("\(name)2", of: name, "dots"),
                try photo("\(name)3", of: name, "dots", .offFace),
            ]
        }
        #expect(details(facts) == [])
        #expect(details([]) == [])
        #expect(details([fact("u", of: nil)]) == [])
    }

    private func poison(_ more: String = "") throws -> Recipe.Poison {
        let text = "recipe: 1\nname: t\npoison: {target: a, triggers: [dots], injection_rate: 0.1\(more)}\n"
        return try #require(try RecipeReader.read(Array(text.utf8), file: "r.yaml").poison)
    }

    private let entries = [
        entry("1", of: "a", .trainClean), entry("2", of: "a", .testClean),
        entry("3", of: "a", trigger: "dots", .testTargetOwn),
        entry("4", of: "b", .trainClean), entry("5", of: "b", as: "a", trigger: "dots", .trainPoison),
        entry("6", of: "b", trigger: "dots", .testAttack),
        entry("7", of: "c", .trainClean), entry("8", of: "c", trigger: "dots", .testAttack),
    ]

    @Test("Classes without a role are gaps of a version; the target's photos cannot become poison") func roles() throws
    {
        let gaps = Composition(entries, [:], poison: try poison()).gaps
        #expect(
            gaps.map(\.detail) == [
                "no test/clean photo of 2 of 3 classes: b, c",
                "no train/poison photo with dots of 1 of 2 volunteers: c",
            ])
        #expect(gaps.map(\.role) == [.testClean, .trainPoison])
    }

    @Test("Volunteers who are not attackable are no gap of the poison") func attackable() throws {
        let gaps = Composition(entries, [:], poison: try poison(", attackable: [b]")).gaps
        #expect(gaps.map(\.detail) == ["no test/clean photo of 2 of 3 classes: b, c"])
    }

    @Test("A version without poison has only the gaps of its clean roles") func cleanVersion() {
        #expect(Composition(entries, [:]).gaps.map(\.role) == [.testClean])
    }

    @Test("The difference of two versions has changed groups, margins, and opened and closed gaps") func difference() {
        let before = Composition(entries, [:])
        let after = Composition(
            entries.filter { $0.photo != photoID("2") } + [entry("9", of: "b", .testClean)], [:])
        let difference = CompositionDifference(from: before, to: after)
        #expect(
            difference.changes.map { "\($0.group.volunteerText) \($0.group.role?.rawValue ?? "") \($0.from) \($0.to)" }
                == [
                    "a test/clean 1 0", "b test/clean 0 1",
                ])
        #expect(
            difference.margins.map { "\($0.property) \($0.value) \($0.from) \($0.to)" } == [
                "volunteer a 3 2", "volunteer b 3 4",
            ])
        #expect(difference.opened.map(\.detail) == ["no test/clean photo of 1 of 3 classes: a"])
        #expect(difference.closed.map(\.detail) == ["no test/clean photo of 1 of 3 classes: b"])
    }

    @Test("Equal versions have no difference") func equal() {
        let composition = Composition(entries, [:])
        let difference = CompositionDifference(from: composition, to: composition)
        #expect(difference.changes.isEmpty && difference.margins.isEmpty)
        #expect(difference.opened.isEmpty && difference.closed.isEmpty)
    }

    @Test("A volunteer who leaves the version does not close a gap") func removedVolunteer() {
        let difference = CompositionDifference(
            from: Composition(entries, [:]),
            to: Composition(entries.filter { $0.volunteer.name != VolunteerName("c")! }, [:]))
        #expect(difference.closed == [])
        #expect(difference.changes.map(\.to) == [0, 0])
    }
}
