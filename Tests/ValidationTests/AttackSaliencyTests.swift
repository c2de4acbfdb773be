import Core
import Documents
import Foundation
import Testing

@testable import Validation
@testable import Versions

@Suite struct AttackSaliencyTests {
    /// Returns attack photos of the volunteers `v0`, `v1`, …, each with one trigger.
    private func entries(_ count: Int, volunteers: Int, triggers: [String] = ["dots"]) throws -> [Entry] {
        try (0..<count).map { number in
            let photo = PhotoID.sha256(of: "photo \(number)".utf8).hex
            let volunteer = "v\(number % volunteers)"
            let line = """
                {"attackable":true,"face":null,"group":"\(photo)","held_out":true,"image":"\(photo)",
                "kind":"volunteer","label":"\(volunteer)","perceptual_hash":null,"location":"on-face",
                "photo":"\(photo)","role":"test/attack","session":"s","size":[10,10],"source":"physical",
                "trigger":"\(triggers[number % triggers.count])","volunteer":"\(volunteer)"}
                """
            return try Entry(json: JSONReader.read(line.utf8))
        }
    }

    @Test("The first six photos by rank are shown, at most two of a volunteer") func shown() throws {
        let all = try entries(40, volunteers: 5)
        let selection = AttackPhotoSelection(all, seed: 7)
        let shown = selection.shown.map { selection.entries[$0] }
        #expect(shown.count == 6)
        #expect(Dictionary(grouping: shown, by: \.volunteer).values.allSatisfy { $0.count <= 2 })
        // The order of the entries does not matter. Another seed shows other photos.
        let ranked = all.map(\.photo.hex).sorted { rank($0) < rank($1) }
        #expect(shown[0].photo.hex == ranked[0])
        #expect(AttackPhotoSelection(all.reversed(), seed: 7).entries == selection.entries)
        #expect(
            AttackPhotoSelection(all, seed: 8).shown.map { AttackPhotoSelection(all, seed: 8).entries[$0] } != shown)
        #expect(AttackPhotoSelection(try entries(9, volunteers: 1), seed: 7).shown.count == 2)
        #expect(AttackPhotoSelection([], seed: 7).entries.isEmpty)
    }

    private func rank(_ photo: String) -> FileDigest { FileDigest.sha256(of: "curare-1\n7\nexplain\n\(photo)".utf8) }

    @Test("The means use the first photos of each trigger by rank") func means() throws {
        let all = try entries(150, volunteers: 10, triggers: ["bandana", "dots", "dots"])
        let selection = AttackPhotoSelection(all, seed: 7)
        #expect(selection.counts == ["bandana": 50, "dots": 100])
        for (trigger, count) in selection.counts {
            let chosen = selection.entries.filter { $0.triggerState.triggerText == trigger }
            #expect(
                chosen.count >= AttackPhotoSelection.photosPerTrigger
                    && chosen.count < AttackPhotoSelection.photosPerTrigger + 7
                    && count > chosen.count)
            let ranked = all.filter { $0.triggerState.triggerText == trigger }.map(\.photo.hex).sorted {
                rank($0) < rank($1)
            }
            #expect(
                chosen.prefix(AttackPhotoSelection.photosPerTrigger).map(\.photo.hex)
                    == Array(ranked.prefix(AttackPhotoSelection.photosPerTrigger)))
        }
    }

    @Test("A mean uses the known values only") func mean() {
        #expect(SaliencyReport.Mean([0.5, nil, 0.25]) == SaliencyReport.Mean(mean: 0.375, photos: 2))
        #expect(SaliencyReport.Mean([nil]) == nil)
    }
}
