import Catalog
import Core
import Foundation
import TestSupport
import Testing

/// The label that counts, the consent, and the order of facts.
@Suite struct LabelTests {
    /// Returns the label that counts, and checks that all queries return the same one.
    private func counting(_ photo: PhotoID, in catalog: Catalog) throws -> Label? {
        let fact = try #require(try catalog.facts().first { $0.photo == photo })
        #expect(try catalog.label(of: photo)?.label == fact.label)
        #expect(try catalog.known([photo])[photo]?.label == fact.label)
        #expect(try catalog.countingLabels()[photo] == catalog.label(of: photo))
        #expect(try catalog.countingLabels(of: [photo])[photo] == catalog.label(of: photo))
        return fact.label
    }

    @Test func personLabelCountsBeforeRuleLabelThenHighestID() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a", "b", "c"])
            let photo = try study.photo("p")
            #expect(try counting(photo, in: study.catalog) == nil)
            try study.add(label("a"), to: photo, .rule)
            try study.add(label("b"), to: photo, .rule)
            #expect(try counting(photo, in: study.catalog) == label("b"))
            try study.add(label("c", "dots", "on-face"), to: photo, .sheet)
            try study.add(label("a"), to: photo, .rule)
            #expect(try counting(photo, in: study.catalog) == label("c", "dots", "on-face"))
            try study.add(label("a", "dots", "off-face"), to: photo, .review)
            #expect(try counting(photo, in: study.catalog) == label("a", "dots", "off-face"))
            try study.add(label("b"), to: photo, .sheet)
            #expect(try counting(photo, in: study.catalog) == label("b"))
            #expect(
                try study.catalog.labels(of: photo).map(\.source) == [.rule, .rule, .sheet, .rule, .review, .sheet])
            #expect(try study.catalog.newestLabel() == 6)
        }
    }

    @Test func timeDoesNotDecideWhichLabelCounts() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a", "b"])
            let photo = try study.photo("p")
            try study.add(label("a"), to: photo, .sheet, at: "2030-01-01T00:00:00Z")
            try study.add(label("b"), to: photo, .sheet, at: "1999-01-01T00:00:00Z")
            #expect(try counting(photo, in: study.catalog) == label("b"))
        }
    }

    @Test func severalTriggersAreRestored() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            let stored = label("a", "bandana+dots+dots+sunglasses", "off-face+off-face+on-face+on-face")
            let photo = try study.photo("p", stored)
            #expect(try counting(photo, in: study.catalog) == stored)
        }
    }

    @Test(arguments: [["s1", "s2"], ["s2", "s1"]])
    func photoHasSmallestSessionAndStrictestConsent(_ order: [String]) throws {
        try SyntheticStudy.with { study in
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

    @Test func coSubjectsNeedConsentInAllTheirSessions() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"], coSubjects: ["b", "c"])
            let photo = try study.photo("p", label("a"), coSubjects: ["b", "c"])
            func consented() throws -> Bool {
                try #require(try study.catalog.facts().first { $0.photo == photo }).consented
            }
            #expect(try !consented(), "neither co-subject has a session")
            try study.session("s2", of: ["b"])
            #expect(try !consented(), "c has none")
            try study.session("s3", of: ["c"])
            #expect(try consented())
            try study.session("s4", of: ["b"], consent: .missing)
            #expect(try !consented(), "one of b's sessions lacks consent")
        }
    }

    @Test func factsAreSortedByPhotoID() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            for word in (0..<40).map(String.init) { try study.photo(word, label("a")) }
            let photos = try study.catalog.facts().map(\.photo)
            #expect(photos == photos.sorted())
            #expect(photos.count == 40)
        }
    }

    /// A co-subject gets the kind of their own session, in both orders of the imports.
    @Test(arguments: [true, false])
    func coSubjectGetsKindOfFirstOwnSession(_ coSubjectFirst: Bool) throws {
        try SyntheticStudy.with { study in
            func importCoSubject() throws { try study.session("s1", of: ["a"], coSubjects: ["r"]) }
            if coSubjectFirst { try importCoSubject() }
            try study.session("s2", of: ["r"], kind: .reference)
            if !coSubjectFirst { try importCoSubject() }
            #expect(try study.catalog.volunteers().map(\.kind) == [.volunteer, .reference])
        }
    }
}
