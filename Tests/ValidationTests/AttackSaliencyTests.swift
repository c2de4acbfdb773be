import Core
import Documents
import Foundation
import Learning
import Testing

@testable import Validation
@testable import Versions

@Suite struct AttackSaliencyTests {
    /// Returns attack photos of the volunteers `v0`, `v1`, …, each with one trigger.
    private func entries(
        _ count: Int, volunteers: Int, triggers: [String] = ["dots"], heldOut: (Int) -> Bool = { _ in true }
    ) throws -> [Entry] {
        try (0..<count).map { number in
            let photo = PhotoID.sha256(of: "photo \(number)".utf8).hex
            let volunteer = "v\(number % volunteers)"
            let line = """
                {"attackable":true,"face":null,"group":"\(photo)","held_out":\(heldOut(number)),"image":"\(photo)",
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

    @Test("Held-out photos are shown first, in the order of their rank") func heldOutFirst() throws {
        let all = try entries(40, volunteers: 20) { $0 % 10 == 0 }
        let selection = AttackPhotoSelection(all, seed: 7)
        let shown = selection.shown.map { selection.entries[$0] }
        #expect(shown.map(\.heldOut) == [true, true, true, true, false, false])
        let ranked = all.filter { $0.heldOut == false }.map(\.photo.hex).sorted { rank($0) < rank($1) }
        #expect(shown.suffix(2).map(\.photo.hex) == Array(ranked.prefix(2)))
    }

    @Test("Saliency maps below 7 × 7 are not drawn, and the reason names models and sizes")
    func smallFeatureMaps() throws {
        let small = try #require(
            try MissingSaliency(Models.named("resnet18", classes: 3), model: "resnet18", size: 64))
        #expect((small.side, small.requiredSide) == (2, 7))
        #expect(
            small.alternatives == [.init(model: "resnet18", size: 193), .init(model: "vgg16", size: 112)])
        #expect(
            small.explanation(model: "resnet18", size: 64)
                == "the last feature maps of resnet18 at 64 px have 2 × 2 cells, and a saliency map needs at least 7 × 7"
        )
        let vgg = try #require(try MissingSaliency(Models.named("vgg16", classes: 3), model: "vgg16", size: 64))
        #expect(vgg.nextStep == "train vgg16 with images of at least 112 px (size under profile in the recipe)")
        for (model, size) in [("resnet18", 193), ("vgg16", 112)] {
            #expect(try MissingSaliency(Models.named(model, classes: 3), model: model, size: size) == nil)
        }
    }

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
