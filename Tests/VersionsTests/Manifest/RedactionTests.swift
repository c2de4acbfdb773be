import Core
import Foundation
import Testing

@testable import Versions

/// Redacted versions: what is removed, and what stays.
@Suite struct RedactionTests {
    private let facts = study(["a", "b", "c"])
    private let a = WithdrawalSubject.volunteer(volunteer("a"))

    private func photos(of name: String) -> Set<PhotoID> {
        Set(facts.filter { $0.label?.volunteer.text == name }.map(\.photo))
    }

    private func redact(_ version: Version, photos: Set<PhotoID>, _ subject: WithdrawalSubject) throws -> Version? {
        try Redaction(version, photos: photos, subject).redacted
    }

    private func made() throws -> Version { try version(select(facts, sunglasses(more: "attackable: [b, c]")), facts) }

    @Test func theManifestIsReadExactly() throws {
        let redacted = try #require(try redact(made(), photos: photos(of: "a"), a))
        let again = try Manifest(Array(redacted.manifest.canonical.utf8), file: "manifest.json")
        #expect(again == redacted.manifest && again.redacted?.photos == 20)
        #expect(try Entries(redacted.entries.file, file: "entries.jsonl").digest == redacted.manifest.entriesDigest)
        #expect(
            try made().manifest.canonical.contains("redacted") == false,
            "a version that was not redacted does not have the key")
    }

    @Test func entriesOfOtherVolunteersStay() throws {
        let before = try made()
        let after = try #require(try redact(before, photos: photos(of: "a"), a))
        #expect(after.manifest.recipe.poison?.target == .volunteer(volunteer("redacted-1")))
        let poison = after.entries.list.filter { $0.role == .trainPoison }
        #expect(
            poison.count == before.manifest.poison
                && poison.allSatisfy { $0.label.text == "redacted-1" && !$0.isRedacted })
        let others = before.entries.list.filter { $0.volunteer.name.text != "a" }.map(\.photo)
        #expect(after.entries.list.filter { !$0.isRedacted }.map(\.photo) == others)
    }

    @Test func earlierNamesInTheVersionBecomeClassesOfTheirOwn() throws {
        let before = try made()
        let earlierNames = [volunteer("b"), volunteer("z")]
        let after = try #require(
            try Redaction(before, photos: photos(of: "a").union(photos(of: "b")), a, earlierNames: earlierNames)
                .redacted)
        #expect(after.manifest.classes.map(\.name.text) == ["redacted-1", "redacted-2", "c"])
        #expect(
            after.manifest.recipe.poison?.attackable == .names([volunteer("c"), volunteer("redacted-2")]),
            "the recipe names the earlier name too")
        let again = try Manifest(Array(after.manifest.canonical.utf8), file: "manifest.json")
        #expect(again == after.manifest && again.counts[.testClean] == before.manifest.counts[.testClean])
        #expect(!after.isAffected(by: a, photos(of: "a"), earlierNames: earlierNames))
        let other = try Redaction(before, photos: [], .volunteer(volunteer("y")), earlierNames: [volunteer("b")])
        #expect(other.redacted?.manifest.classes.map(\.name.text) == ["a", "redacted-1", "c"])
    }

    @Test func classesGetTheFirstNumbersAsInRuns() throws {
        // Only the recipe has the current name z. The earlier name b is a class.
        let before = try version(select(facts, sunglasses(split: "classes: {volunteers: [a, b, c, z]}")), facts)
        let subject = WithdrawalSubject.volunteer(volunteer("z"))
        let after = try #require(try Redaction(before, photos: [], subject, earlierNames: [volunteer("b")]).redacted)
        #expect(after.manifest.classes.map(\.name.text) == ["a", "redacted-1", "c"])
        let names = ["a", "c", "redacted-1", "redacted-2"].map(volunteer)
        #expect(after.manifest.recipe.classes.volunteers == .names(names))
    }

    @Test func theWithdrawalOfAVisibleCoSubjectRemovesThePhotoButNoName() throws {
        let photo = facts.first { $0.label?.volunteer.text == "b" }!.photo
        let after = try #require(try redact(made(), photos: [photo], .volunteer(volunteer("z"))))
        let entry = try #require(after.entries.list.first { $0.isRedacted })
        #expect(entry.volunteer.name.text == "b" && after.entries.list.count(where: \.isRedacted) == 1)
        #expect(after.manifest.classes.map(\.name.text) == ["a", "b", "c"])
    }

    @Test func aVersionWithoutWithdrawnPhotosIsNotChanged() throws {
        #expect(try redact(made(), photos: [photoID("elsewhere")], .volunteer(volunteer("z")))?.reference == nil)
        let once = try #require(try redact(made(), photos: photos(of: "a"), a))
        #expect(try redact(once, photos: photos(of: "a"), a)?.reference == nil, "a second redaction changes nothing")
    }

    @Test func placeholdersRevealNothingAboutTheIDs() throws {
        // The remaining entries are the same for photos with other ids.
        func redactedLines(_ words: [String]) throws -> String {
            let own =
                words.map { fact($0, of: "a", perceptualHash: "same") }
                + facts.filter { $0.label?.volunteer.text != "a" }
            let sorted = own.sorted { $0.photo < $1.photo }
            let version = try VersionsTests.version(select(sorted, "recipe: 1\nname: t\n"), sorted)
            let redacted = try #require(try redact(version, photos: Set(words.map(photoID)), a))
            return String(decoding: try Entries(redacted.entries.list.filter(\.isRedacted)).file, as: UTF8.self)
        }
        #expect(try redactedLines(["x", "y", "z"]) == redactedLines(["p", "q", "r"]))
    }

    @Test func thePseudonymIsFreeInTheVersion() throws {
        let taken = study(["a", "redacted-1", "redacted-2"])
        let version = try VersionsTests.version(select(taken, sunglasses()), taken)
        let own = Set(taken.filter { $0.label?.volunteer.text == "a" }.map(\.photo))
        let after = try #require(try redact(version, photos: own, a))
        #expect(after.manifest.classes.map(\.name.text) == ["redacted-3", "redacted-1", "redacted-2"])
    }

    @Test(arguments: [
        "1", "{}", #"{"digests":[],"photos":1}"#, #"{"digests":["x"],"photos":1}"#,
        #"{"digests":["\#(String(repeating: "a", count: 64))"]}"#,
    ])
    func anInvalidRedactionMarkIsRejected(_ mark: String) throws {
        let text = try made().manifest.canonical.dropLast() + ",\"redacted\":\(mark)}"
        let error = #expect(throws: CurareError.self) { try Manifest(Array(text.utf8), file: "manifest.json") }
        #expect(error?.code == .badInput && error?.message.contains("redacted") == true)
    }

    @Test func aVersionIsIdentifiedByAllItsDigests() throws {
        let before = try made()
        let once = try #require(try redact(before, photos: photos(of: "a"), a))
        let twice = try #require(try redact(once, photos: photos(of: "b"), .volunteer(volunteer("b"))))
        for digest in [before.manifest.digest, once.manifest.digest, twice.manifest.digest] {
            #expect(twice.manifest.isIdentified(by: digest))
        }
        #expect(!before.manifest.isIdentified(by: once.manifest.digest))
    }
}
