import Core
import Testing

@testable import Versions

/// Reading of `poison.overlays`, and the messages for errors.
@Suite struct OverlayReaderTests {
    private func overlays(_ poison: String) throws -> [TriggerName: Recipe.Overlay] {
        try recipe("recipe: 1\nname: t\npoison: {source: digital, target: a, injection_rate: 0.1, \(poison)}").poison?
            .overlays ?? [:]
    }

    private func problems(_ poison: String) throws -> String {
        let error = try #require(throws: CurareError.self) { try overlays(poison) }
        return error.problems.map(\.description).joined(separator: "\n")
    }

    @Test func theProgramsPicturesHaveDefaultPlacesAndSizes() throws {
        let overlay = try #require(overlays("triggers: [sunglasses]")[TriggerName("sunglasses")!])
        #expect(
            overlay.json.canonical
                == #"{"angle":"0","jitter":{"angle":"0","shift":"0","size":"0"},"offset":["0","0"],"opacity":"1","picture":"sunglasses","place":"eyes","size":"2"}"#
        )
        for name in OverlayDefaults.builtIn.keys where name != "checkerboard" && name != "earrings" {
            #expect(try overlays("triggers: [\(name)]")[TriggerName(name)!]?.place.location == .onFace, "\(name)")
        }
    }

    @Test func theDefaultPlaceIsAtAnAdmittedLocation() throws {
        #expect(
            try overlays("triggers: [sunglasses], locations: [off-face]")[TriggerName("sunglasses")!]?.place == .crown)
        #expect(try overlays("triggers: [earrings]")[TriggerName("earrings")!]?.place == .ears)
        #expect(
            try problems("triggers: [earrings], locations: [on-face]").contains(
                "poison: the place of earrings is missing. Add place, one of: eyes, forehead"))
        #expect(
            try problems("triggers: [dots], locations: [on-face], overlays: {dots: {place: neck}}").contains(
                "poison.overlays.dots.place: dots at neck is off-face, but poison.locations does not include off-face"))
    }

    @Test func everyKeyIsReadAndWritten() throws {
        let text =
            "overlays: {stripes: {picture: art/stripes.png, place: corner-top-left, size: 0.20, offset: [0.1, -0.050], angle: -12.5, opacity: 5e-1, jitter: {shift: 0.02, size: 0.1, angle: 3}}}"
        let overlay = try #require(overlays("triggers: [stripes], \(text)")[TriggerName("stripes")!])
        #expect(
            overlay.json.canonical
                == #"{"angle":"-12.5","jitter":{"angle":"3","shift":"0.02","size":"0.1"},"offset":["0.1","-0.05"],"opacity":"0.5","picture":"art/stripes.png","place":"corner-top-left","size":"0.2"}"#
        )
        let whole = try digital("overlays: {sunglasses: {size: 2.2}}")
        #expect(try Recipe(json: whole.json, file: "m") == whole, "the recipe in a manifest is read exactly")
        #expect(whole.json["poison"]?["overlays"]?["sunglasses"]?["digest"]?.text?.count == 64)
    }

    @Test(arguments: [
        ("triggers: [x]", "the picture of x is missing"),
        ("triggers: [x], overlays: {x: {picture: ../x.png, place: eyes, size: 1}}", "is not a picture"),
        ("triggers: [x], overlays: {x: {picture: /etc/x.png, place: eyes, size: 1}}", "is not a picture"),
        ("triggers: [x], overlays: {x: {picture: x.svg, place: eyes, size: 1}}", "is not a picture"),
        ("triggers: [x], overlays: {x: {picture: a/.b/x.png, place: eyes, size: 1}}", "is not a picture"),
        ("triggers: [x], overlays: {x: {picture: sunglases, place: eyes, size: 1}}", "did you mean sunglasses?"),
        ("triggers: [x], overlays: {x: {picture: x.png}}", "the place of x is missing"),
        ("triggers: [x], overlays: {x: {picture: x.png, place: eyes}}", "the size of x is missing"),
        ("triggers: [dots], overlays: {dots: {place: eye}}", "did you mean eyes?"),
        ("triggers: [dots], overlays: {dots: {sise: 1}}", "did you mean size?"),
        ("triggers: [dots], overlays: {dots: {size: 0}}", "above 0 and at most 10"),
        ("triggers: [dots], overlays: {dots: {size: 11}}", "above 0 and at most 10"),
        ("triggers: [dots], overlays: {dots: {opacity: 1.5}}", "above 0 and at most 1"),
        ("triggers: [dots], overlays: {dots: {angle: 12.55}}", "is not an angle"),
        ("triggers: [dots], overlays: {dots: {angle: 181}}", "is not an angle"),
        ("triggers: [dots], overlays: {dots: {offset: 3}}", "an offset has two numbers"),
        ("triggers: [dots], overlays: {dots: {jitter: {angle: -1}}}", "is not an angle"),
        ("triggers: [dots], overlays: {dots: {jitter: {size: 1}}}", "must be at least 0 and below 1"),
        ("triggers: [dots], overlays: {dots: {digest: abc}}", "64 hexadecimal digits"),
        ("triggers: [dots], overlays: [dots]", "a mapping"),
        ("triggers: [dots], overlays: {DOTS: {size: 1}}", "is not the name of a trigger"),
        ("triggers: [dots+dots]", "a trigger has only one overlay"),
    ])
    func anErrorIsReported(_ poison: String, _ words: String) throws {
        let messages = try problems(poison)
        #expect(messages.contains(words), "\(messages)")
    }

    @Test func overlaysOfOtherTriggersAreIgnored() throws {
        #expect(try overlays("triggers: [dots], overlays: {bandana: {size: 2}}").keys.map(\.text) == ["dots"])
        let physical = try recipe(
            "{recipe: 1, name: t, poison: {target: a, triggers: [dots], injection_rate: 0.1, overlays: {dots: {size: 2}}}}"
        )
        #expect(
            physical.poison?.overlays == [:] && physical.json["poison"]?["overlays"] == nil,
            "a recipe with physical triggers has no overlays in its manifest")
    }

    @Test func anUnknownTriggerInOverlaysIsReportedWithTheMostSimilarOne() throws {
        let known = KnownNames(
            triggers: [TriggerName("dots")!], volunteers: [Volunteer(name: volunteer("a"), kind: .volunteer)],
            models: ["resnet18"])
        let yaml =
            "{recipe: 1, name: t, poison: {source: digital, target: a, triggers: [dots], injection_rate: 0.1, overlays: {dotts: {size: 1}}}}"
        let error = try #require(throws: CurareError.self) {
            try RecipeReader.read(Array(yaml.utf8), file: "r", known: known)
        }
        #expect(error.problems.contains { $0.description.contains("unknown trigger \"dotts\"; did you mean dots?") })
    }

    @Test func aPictureMustHaveTheDigestInTheRecipe() throws {
        let recipe = try digital("overlays: {sunglasses: {digest: \(String(repeating: "a", count: 64))}}", target: "a")
        #expect(recipe.poison?.overlays.values.first?.digest?.hex.hasPrefix("aaaa") == true)
        let error = #expect(throws: CurareError.self) {
            try recipe.settingPictureDigests([.builtIn("sunglasses"): .sha256(of: [1])])
        }
        #expect(error?.location == "poison.overlays.sunglasses.digest")
    }

    @Test func aGridCanVaryTheSource() throws {
        let file = try RecipeFile(
            Array(
                "recipe: 1\nname: g\nvary: {source: [physical, digital], triggers: [sunglasses, dots]}\npoison: {target: a, injection_rate: 0.1, overlays: {dots: {size: 1.5}}}\n"
                    .utf8), file: "g")
        #expect(
            file.recipes.map(\.name.text) == [
                "g-sunglasses-physical", "g-sunglasses-digital", "g-dots-physical", "g-dots-digital",
            ])
        #expect(file.pictures == [.builtIn("sunglasses"), .builtIn("dots")])
        #expect(file.recipes[3].poison?.overlays[TriggerName("dots")!]?.size.description == "1.5")
    }
}
