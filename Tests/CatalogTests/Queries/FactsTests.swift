import Catalog
import Core
import Foundation
import Testing

/// What the catalog holds to be true of a photo, out of everything that was ever said of it.
@Suite struct FactsTests {
    /// The label that counts, which all three queries must agree on.
    private func counting(_ photo: PhotoID, in catalog: Catalog) throws -> Label? {
        let fact = try #require(try catalog.facts().first { $0.photo == photo })
        #expect(try catalog.label(of: photo)?.label == fact.label)
        #expect(try catalog.known([photo])[photo]?.label == fact.label)
        return fact.label
    }

    @Test func aPersonsWordBeatsARulesAndThenTheHighestIDCounts() throws {
        try Study.with { study in
            try study.session("s1", of: ["a", "b", "c"])
            let photo = try study.photo("p")
            #expect(try counting(photo, in: study.catalog) == nil)
            try study.say(label("a"), of: photo, .rule)
            try study.say(label("b"), of: photo, .rule)
            #expect(try counting(photo, in: study.catalog) == label("b"))
            try study.say(label("c", "dots", "on-face"), of: photo, .sheet)
            try study.say(label("a"), of: photo, .rule)
            #expect(try counting(photo, in: study.catalog) == label("c", "dots", "on-face"))
            try study.say(label("a", "dots", "off-face"), of: photo, .review)
            #expect(try counting(photo, in: study.catalog) == label("a", "dots", "off-face"))
            try study.say(label("b"), of: photo, .sheet)
            #expect(try counting(photo, in: study.catalog) == label("b"))
            #expect(
                try study.catalog.labels(of: photo).map(\.source) == [.rule, .rule, .sheet, .rule, .review, .sheet])
            #expect(try study.catalog.newestLabel() == 6)
        }
    }

    @Test func theClockHasNoSay() throws {
        try Study.with { study in
            try study.session("s1", of: ["a", "b"])
            let photo = try study.photo("p")
            try study.say(label("a"), of: photo, .sheet, at: "2030-01-01T00:00:00Z")
            try study.say(label("b"), of: photo, .sheet, at: "1999-01-01T00:00:00Z")
            #expect(try counting(photo, in: study.catalog) == label("b"))
        }
    }

    @Test func severalTriggersComeBackAsTheyWereSaid() throws {
        try Study.with { study in
            try study.session("s1", of: ["a"])
            let said = label("a", "bandana+dots+dots+sunglasses", "off-face+off-face+on-face+on-face")
            let photo = try study.photo("p", said)
            #expect(try counting(photo, in: study.catalog) == said)
        }
    }

    @Test(arguments: [["s1", "s2"], ["s2", "s1"]])
    func thePhotosSessionIsTheSmallestAndItsConsentTheStrictest(_ order: [String]) throws {
        try Study.with { study in
            try study.session("s1", of: ["a"])
            try study.session("s2", of: ["a"], consent: .missing)
            for session in order { try study.photo("shared", in: session, session == order[0] ? label("a") : nil) }
            try study.photo("alone", in: "s1", label("a"))
            let facts = Dictionary(uniqueKeysWithValues: try study.catalog.facts().map { ($0.photo, $0) })
            #expect(facts[photoID("shared")]?.session.text == "s1")
            #expect(facts[photoID("shared")]?.consented == false)
            #expect(facts[photoID("alone")]?.consented == true)
            try study.catalog.set(consent: .publicDataset, of: SessionName("s2")!)
            #expect(try study.catalog.facts().allSatisfy(\.consented))
        }
    }

    @Test func everyoneVisibleMustHaveConsentedInAllTheirSessions() throws {
        try Study.with { study in
            try study.session("s1", of: ["a"], also: ["b", "c"])
            let photo = try study.photo("p", label("a"), also: ["b", "c"])
            func consented() throws -> Bool {
                try #require(try study.catalog.facts().first { $0.photo == photo }).consented
            }
            #expect(try !consented(), "neither companion has a session")
            try study.session("s2", of: ["b"])
            #expect(try !consented(), "c has none")
            try study.session("s3", of: ["c"])
            #expect(try consented())
            try study.session("s4", of: ["b"], consent: .missing)
            #expect(try !consented(), "one of b's sessions lacks consent")
        }
    }

    @Test func factsComeInTheOrderOfPhotoIDs() throws {
        try Study.with { study in
            try study.session("s1", of: ["a"])
            for word in (0..<40).map(String.init) { try study.photo(word, label("a")) }
            let photos = try study.catalog.facts().map(\.photo)
            #expect(photos == photos.sorted())
            #expect(photos.count == 40)
        }
    }

    /// Whoever is first seen beside someone else and only later poses is of the kind that they pose as, whichever was imported first.
    @Test(arguments: [true, false])
    func aCompanionsKindIsThatOfTheirOwnSession(_ besideFirst: Bool) throws {
        try Study.with { study in
            func beside() throws { try study.session("s1", of: ["a"], also: ["r"]) }
            if besideFirst { try beside() }
            try study.session("s2", of: ["r"], kind: .reference)
            if !besideFirst { try beside() }
            #expect(try study.catalog.volunteers().map(\.kind) == [.volunteer, .reference])
        }
    }
}
