import Core
import Documents
import Foundation
import Testing

@testable import Validation
@testable import Versions

@Suite struct AttackChoiceTests {
    /// Attack photos of volunteers `v0`, `v1`, …, triggerState one trigger each.
    private func entries(_ count: Int, volunteers: Int, triggers: [String] = ["dots"]) throws -> [Entry] {
        try (0..<count).map { number in
            let photo = PhotoID.sha256(of: "photo \(number)".utf8).hex
            let line = """
                {"attackable":true,"face":null,"group":"\(photo)","held_out":true,"image":"\(photo)","kind":"volunteer","label":"v\(number % volunteers)","perceptual_hash":null,
                "location":"on-face","photo":"\(photo)","role":"test/attack","session":"s","size":[10,10],"source":"physical","trigger":"\(triggers[number % triggers.count])",
                "volunteer":"v\(number % volunteers)"}
                """
            return try Entry(json: JSONReader.read(line.utf8))
        }
    }

    @Test func sixAreShownTwoOfAVolunteerAtMostInOrderOfTheirRank() throws {
        let all = try entries(40, volunteers: 5)
        let choice = AttackChoice(all, seed: 7)
        let shown = choice.shown.map { choice.entries[$0] }
        #expect(shown.count == 6)
        #expect(Dictionary(grouping: shown, by: \.volunteer).values.allSatisfy { $0.count <= 2 })
        // The first by rank is shown, whatever the order of entries; another seed shows others.
        let ranked = all.map(\.photo.hex).sorted { rank($0) < rank($1) }
        #expect(shown[0].photo.hex == ranked[0])
        #expect(AttackChoice(all.reversed(), seed: 7).entries == choice.entries)
        #expect(AttackChoice(all, seed: 8).shown.map { AttackChoice(all, seed: 8).entries[$0] } != shown)
        #expect(AttackChoice(try entries(9, volunteers: 1), seed: 7).shown.count == 2)
        #expect(AttackChoice([], seed: 7).entries.isEmpty)
    }

    private func rank(_ photo: String) -> FileDigest { FileDigest.sha256(of: "curare-1\n7\nexplain\n\(photo)".utf8) }

    @Test func meansAreTakenOverTheFirstOfEachTrigger() throws {
        let all = try entries(150, volunteers: 10, triggers: ["bandana", "dots", "dots"])
        let choice = AttackChoice(all, seed: 7)
        #expect(choice.counts == ["bandana": 50, "dots": 100])
        for (trigger, count) in choice.counts {
            let looked = choice.entries.filter { $0.triggerState.triggerText == trigger }
            #expect(
                looked.count >= AttackChoice.ofOneTrigger && looked.count < AttackChoice.ofOneTrigger + 7
                    && count > looked.count)
            let ranked = all.filter { $0.triggerState.triggerText == trigger }.map(\.photo.hex).sorted {
                rank($0) < rank($1)
            }
            #expect(
                looked.prefix(AttackChoice.ofOneTrigger).map(\.photo.hex)
                    == Array(ranked.prefix(AttackChoice.ofOneTrigger)))
        }
    }

    @Test func aMeanIsOverWhatIsKnown() {
        #expect(
            ActivationReport.Mean([0.5, nil, 0.25])?.mean == 0.375
                && ActivationReport.Mean([0.5, nil, 0.25])?.photos == 2)
        #expect(ActivationReport.Mean([nil]) == nil)
    }
}
