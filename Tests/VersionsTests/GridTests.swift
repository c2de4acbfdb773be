import Core
import Foundation
import Testing

@testable import Versions

/// A recipe that varies: several ordinary recipes.
@Suite struct GridTests {
    private func file(_ yaml: String) throws -> RecipeFile {
        try RecipeFile(Array(yaml.utf8), file: "grid.yaml")
    }

    private let base = "recipe: 1\nname: g\nseed: 7\n"

    @Test func everyCombinationIsARecipeUnderItsName() throws {
        let grid = try file(
            base + """
                poison: {target: a}
                vary:
                  injection_rate: [0.05, 0.10]
                  triggers: [sunglasses, [dots, bandana+sunglasses]]
                """)
        #expect(grid.grid?.text == "g")
        #expect(
            grid.recipes.map(\.name.text) == [
                "g-sunglasses-rate-0.05", "g-sunglasses-rate-0.1", "g-bandana.sunglasses_dots-rate-0.05",
                "g-bandana.sunglasses_dots-rate-0.1",
            ])
        #expect(grid.recipes.map { $0.poison?.injectionRate.description } == ["0.05", "0.1", "0.05", "0.1"])
        #expect(grid.recipes[2].poison?.triggers.map(\.text) == ["bandana+sunglasses", "dots"])
        #expect(grid.recipes.map(\.seed) == [7, 7, 7, 7])
        #expect(
            grid.recipes.compactMap(\.poison).map(\.target) == Array(repeating: .volunteer(volunteer("a")), count: 4))
    }

    @Test func allKeysCanVary() throws {
        let grid = try file(
            "{recipe: 1, name: g, vary: {train.model: [resnet18, vgg16], locations: [on-face, [on-face, off-face]], target: [a, any], seed: [1], triggers: [x], injection_rate: [0.1]}}"
        )
        #expect(grid.recipes.count == 8)
        #expect(grid.recipes[0].name.text == "g-resnet18-x-on-face-to-a-rate-0.1-seed-1")
        #expect(grid.recipes[7].name.text == "g-vgg16-x-off-face_on-face-to-any-rate-0.1-seed-1")
        #expect(grid.recipes[7].train.model == "vgg16")
    }

    @Test func aVersionOfAGridHasARecipeOfItsOwn() throws {
        let grid = try file(
            base
                + "photos: {from: 2026-01-01}\npoison: {target: 007, triggers: [on]}\nvary: {injection_rate: [0.05, 0.1]}\nexpect: {clean_accuracy: \">= 0.9\"}\n"
        )
        for recipe in grid.recipes {
            let alone = try RecipeFile(grid.text(of: recipe), file: "recipe.yaml")
            #expect(alone.recipes == [recipe])
            #expect(alone.grid == nil)
            #expect(alone.text(of: recipe) == grid.text(of: recipe))
        }
        let facts = study(["a", "b", "c"])
        let rates = try file(
            base + "poison: {target: a, triggers: [sunglasses]}\nvary: {injection_rate: [0.05, 0.1]}\n")
        let plans = try VersionPlan.all(of: rates, FactSource(facts), groups: .standard)
        let single = try select(
            facts,
            "{recipe: 1, name: g-rate-0.1, seed: 7, poison: {target: a, triggers: [sunglasses], injection_rate: 0.1}}")
        #expect(plans[1].selection.parts == single.parts)
        #expect(try version(plans[1].selection, facts).manifest.digest == version(single, facts).manifest.digest)
    }

    @Test func aPlainRecipeIsAFileOfOne() throws {
        let plain = try file("# mine\nrecipe: 1\nname: t\n")
        #expect(plain.grid == nil)
        #expect(plain.text(of: plain.recipes[0]) == Array("# mine\nrecipe: 1\nname: t\n".utf8))
    }

    @Test(arguments: [
        ("vary: {}", "vary: there is nothing to vary"),
        ("vary: {injection_rates: [0.1]}", "vary.injection_rates: unknown key; did you mean injection_rate?"),
        ("vary: {seed: [1, 2]}", "seed: this stands under vary too"),
        (
            "poison: {target: a, triggers: [x]}\nvary: {injection_rate: 0.1}",
            "vary.injection_rate: a list of one value or more"
        ),
        (
            "poison: {target: a, triggers: [x]}\nvary: {injection_rate: []}",
            "vary.injection_rate: a list of one value or more"
        ),
        (
            "poison: {target: a, triggers: [x]}\nvary: {injection_rate: [0.1, 0.10]}",
            "two versions would be named g-rate-0.1"
        ),
        (
            "poison: {target: a, triggers: [x]}\nvary: {injection_rate: [0.1, 2]}",
            "poison.injection_rate: \"2\" is not a decimal"
        ),
        ("poison: {target: a, injection_rate: 0.1}\nvary: {triggers: [x, [x, x]]}", "it stands in the list twice"),
        (
            "poison: {target: a, triggers: [x], injection_rate: 0.1}\nvary: {train.model: [\(String(repeating: "m", count: 64))]}",
            "a version would be named g-mmm"
        ),
        ("poison: {target: a, triggers: [x], injection_rate: 0.1}\nvary: 7", "vary: a mapping with"),
    ])
    func aWrongGridIsNamedWithItsPath(_ lines: String, _ words: String) throws {
        let refusal = try #require(throws: CurareError.self) { try file(base + lines) }
        #expect(refusal.problems.contains { $0.description.contains(words) }, "\(refusal)")
    }

    @Test func oneMistakeOutsideVaryIsSaidOnce() throws {
        let refusal = try #require(throws: CurareError.self) {
            try file(base + "colour: red\npoison: {target: a, triggers: [x]}\nvary: {injection_rate: [0.1, 0.2, 0.3]}")
        }
        #expect(refusal.problems.count == 1)
        #expect(refusal.problems.first?.location == "grid.yaml:4")
    }

    @Test func aGridThatIsTooLargeIsRefused() throws {
        let seeds = (0..<1001).map(String.init).joined(separator: ",")
        #expect(throws: CurareError.self) { try file("{recipe: 1, name: g, vary: {seed: [\(seeds)]}}") }
    }

    @Test func whatCannotBeMadeIsSaidForEachVersionAndNoneIsMade() throws {
        let grid = try file(
            base + "poison: {target: a, triggers: [sunglasses]}\nvary: {injection_rate: [0.1, 0.8, 0.9]}\n")
        let refusal = try #require(throws: CurareError.self) {
            try VersionPlan.all(of: grid, FactSource(study(["a", "b"])), groups: .standard)
        }
        #expect(refusal.problems.map(\.location) == ["g-rate-0.8", "g-rate-0.9"])
        #expect(refusal.problems.allSatisfy { $0.message.contains("the highest rate possible is") })
    }

    @Test func aManifestKnowsNoGrid() {
        #expect(throws: CurareError.self) { try recipe("{recipe: 1, name: g, vary: {seed: [1]}}") }
    }
}
