import Core
import Foundation
import Testing

@testable import Versions

/// Recipe files with and without `vary`.
@Suite struct RecipeFileTests {
    private func file(_ yaml: String) throws -> RecipeFile {
        try RecipeFile(Array(yaml.utf8), file: "grid.yaml")
    }

    private let base = "recipe: 1\nname: g\nseed: 7\n"

    @Test func everyCombinationOfValuesIsANamedRecipe() throws {
        let grid = try file(
            base + """
                poison: {target: a}
                vary:
                  injection_rate: [0.05, 0.10]
                  triggers: [sunglasses, [dots, bandana+sunglasses]]
                """)
        #expect(grid.grid?.text == "g" && grid.varied == ["triggers", "injection_rate"])
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

    @Test func everyGridKeyCanVary() throws {
        let grid = try file(
            "{recipe: 1, name: g, vary: {train.model: [resnet18, vgg16], locations: [on-face, [on-face, off-face]], target: [a, any], seed: [1], triggers: [x], injection_rate: [0.1]}}"
        )
        #expect(grid.recipes.count == 8)
        #expect(grid.recipes[0].name.text == "g-resnet18-x-on-face-to-a-rate-0.1-seed-1")
        #expect(grid.recipes[7].name.text == "g-vgg16-x-off-face_on-face-to-any-rate-0.1-seed-1")
        #expect(grid.recipes[7].train.model == "vgg16")
    }

    @Test func aVersionOfAGridHasItsOwnRecipeFile() throws {
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
        #expect(plans[1].selection.assignments == single.assignments)
        #expect(try version(plans[1].selection, facts).manifest.digest == version(single, facts).manifest.digest)
    }

    @Test func aFileWithoutVaryHasOneRecipe() throws {
        let plain = try file("# mine\nrecipe: 1\nname: t\n")
        #expect(plain.grid == nil)
        #expect(plain.text(of: plain.recipes[0]) == Array("# mine\nrecipe: 1\nname: t\n".utf8))
    }

    @Test(arguments: [
        ("vary: {}", "vary: vary has no key"),
        ("vary: {injection_rates: [0.1]}", "vary.injection_rates: unknown key; did you mean injection_rate?"),
        ("vary: {seed: [1, 2]}", "seed: this key is in vary too"),
        (
            "poison: {target: a, triggers: [x]}\nvary: {injection_rate: 0.1}",
            "vary.injection_rate: write a list of one or more values"
        ),
        (
            "poison: {target: a, triggers: [x]}\nvary: {injection_rate: []}",
            "vary.injection_rate: write a list of one or more values"
        ),
        (
            "poison: {target: a, triggers: [x]}\nvary: {injection_rate: [0.1, 0.10]}",
            "two versions would have the name g-rate-0.1"
        ),
        (
            "poison: {target: a, triggers: [x]}\nvary: {injection_rate: [0.1, 2]}",
            "poison.injection_rate: \"2\" must be at least 0"
        ),
        ("poison: {target: a, injection_rate: 0.1}\nvary: {triggers: [x, [x, x]]}", "poison.triggers[1]:"),
        (
            "poison: {target: a, triggers: [x], injection_rate: 0.1}\nvary: {train.model: [\(String(repeating: "m", count: 64))]}",
            "the name of a version would be g-mmm"
        ),
        ("poison: {target: a, triggers: [x], injection_rate: 0.1}\nvary: 7", "vary: a mapping with"),
    ])
    func anErrorInAGridHasThePathOfItsKey(_ lines: String, _ words: String) throws {
        let error = try #require(throws: CurareError.self) { try file(base + lines) }
        #expect(error.problems.contains { $0.description.contains(words) }, "\(error)")
    }

    @Test func anErrorOutsideVaryIsReportedOnce() throws {
        let error = try #require(throws: CurareError.self) {
            try file(base + "colour: red\npoison: {target: a, triggers: [x]}\nvary: {injection_rate: [0.1, 0.2, 0.3]}")
        }
        #expect(error.problems.count == 1)
        #expect(error.problems.first?.location == "grid.yaml:4")
    }

    @Test func aGridWithTooManyVersionsIsRejected() throws {
        let seeds = (0..<1001).map(String.init).joined(separator: ",")
        let error = try #require(throws: CurareError.self) {
            try file("{recipe: 1, name: g, vary: {seed: [\(seeds)]}}")
        }
        #expect(error.problems.map(\.message) == ["vary: the grid has more than 1000 versions"])
    }

    @Test func everyVersionOfAGridThatCannotBeMadeIsReported() throws {
        let grid = try file(
            base + "poison: {target: a, triggers: [sunglasses]}\nvary: {injection_rate: [0.1, 0.8, 0.9]}\n")
        let error = try #require(throws: CurareError.self) {
            try VersionPlan.all(of: grid, FactSource(study(["a", "b"])), groups: .standard)
        }
        #expect(error.problems.map(\.location) == ["g-rate-0.8", "g-rate-0.9"])
        #expect(error.problems.allSatisfy { $0.message.contains("the highest rate that you can request is") })
        #expect(error.nextStep?.hasPrefix("remove these values from vary, or") == true)
    }

    @Test func aKeyThatAllVersionsShareIsFixedInOnePlace() throws {
        let grid = try file(
            base
                + "poison: {target: a, triggers: [sunglasses], attackable: {count: 12}}\nvary: {injection_rate: [0.1, 0.2]}\n"
        )
        let error = try #require(throws: CurareError.self) {
            try VersionPlan.all(of: grid, FactSource(study(["a", "b"])), groups: .standard)
        }
        #expect(error.problems.count == 2 && Set(error.problems.map(\.message)).count == 1)
        #expect(error.nextStep == "reduce the count to at most 1; nothing was written")
    }

    @Test func aTriggerThatNobodyWearsIsOneMessageForAllRates() throws {
        func error(_ vary: String, _ triggers: String = "") throws -> CurareError {
            let grid = try file(base + "poison: {target: a\(triggers)}\nvary: {injection_rate: [0.1, 0.2]\(vary)}\n")
            return try #require(throws: CurareError.self) {
                try VersionPlan.all(of: grid, FactSource(study(["a", "b"])), groups: .standard)
            }
        }
        let fixed = try error("", ", triggers: [hat]")
        #expect(Set(fixed.problems.map(\.message)).count == 1 && fixed.problems.count == 2)
        #expect(fixed.nextStep?.hasPrefix("name triggers and locations that attackable volunteers wear") == true)
        let varied = try error(", triggers: [sunglasses, hat]")
        #expect(Set(varied.problems.map(\.message)).count == 1 && varied.problems.count == 2)
        #expect(varied.nextStep?.hasPrefix("remove these values from vary") == true)
    }

    @Test func theRecipeOfOneVersionCannotHaveVary() throws {
        let error = try #require(throws: CurareError.self) {
            try recipe("{recipe: 1, name: g, vary: {seed: [1]}}")
        }
        #expect(error.problems.map(\.message) == ["vary: vary is not allowed in the recipe of one version"])
    }
}
