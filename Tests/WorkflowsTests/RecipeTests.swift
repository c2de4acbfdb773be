import Core
import Foundation
import Testing
import WorkflowTestSupport

@testable import Workflows

/// Wrong recipes, the recipes of the reference study, and the second implementation of the selection.
@Suite struct RecipeTests {
    let demo: ImportedDemo
    let scratch: Scratch

    init() throws {
        demo = try ImportedDemo.shared
        scratch = try Scratch()
    }

    private func dryRun(_ recipe: String) throws -> CreateVersion.Result {
        try demo.workspace.run(CreateVersion.self, CreateVersion.Request(recipe: recipe, dryRun: true))
    }

    @Test("A catalog without photos is named before the names in a recipe") func emptyCatalog() throws {
        let workspace = WorkspaceFixture(scratch.url("w"))
        try SmallStudy.create(workspace)
        let recipe = try scratch.write(SmallStudy.recipe, to: "small.yaml")
        for dryRun in [false, true] {
            let error = #expect(throws: CurareError.self) {
                try workspace.run(CreateVersion.self, CreateVersion.Request(recipe: recipe, dryRun: dryRun))
            }
            #expect(error?.code == .badInput && error?.message == "the catalog has no photos")
            #expect(error?.nextStep?.contains("curare import") == true)
        }
    }

    @Test(
        "A wrong recipe is rejected with the key and the reason",
        arguments: [
            ("recipe: 1\nname: x\npoisn: {}\n", "did you mean poison?"),
            ("recipe: 1\nname: x\nseed: -1\n", "seed"),
            (
                "recipe: 1\nname: x\npoison: {target: ada, triggers: [sunglases], injection_rate: 0.2}\n",
                "did you mean sunglasses?"
            ),
            (
                "recipe: 1\nname: x\npoison: {target: Ada, triggers: [sunglasses], injection_rate: 0.2}\n",
                "did you mean ada?"
            ),
            (
                "recipe: 1\nname: x\npoison: {target: adda, triggers: [sunglasses], injection_rate: 0.2}\n",
                "did you mean ada?"
            ),
            (
                "recipe: 1\nname: x\npoison: {target: ada, triggers: [sunglasses], injection_rate: 0.9}\n",
                "the highest"
            ),
            (
                "recipe: 1\nname: x\npoison: {target: ada, triggers: [sunglasses], injection_rate: 1.5}\n",
                "injection_rate"
            ),
            (
                """
                recipe: 1
                name: x
                poison: {target: ref-01, triggers: [sunglasses], injection_rate: 0.1}
                classes: {references: all}

                """, "unknown volunteer"
            ),
            ("recipe: 1\nname: x\ntrain: {model: resnet81}\n", "did you mean resnet18?"),
            ("recipe: 2\nname: x\n", "recipe"),
            ("recipe: 1\nname: ../x\n", "name"),
            ("recipe: [1\n", "YAML"),
            ("", "empty"),
            ("\u{0}", "UTF-8"),
        ])
    func wrongRecipe(_ recipe: String, _ reason: String) throws {
        let file = try scratch.write(recipe, to: "r.yaml")
        let error = try #require(#expect(throws: CurareError.self) { _ = try dryRun(file) })
        #expect(error.code == .badInput && "\(error)".contains(reason), "\(error)")
    }

    @Test("Every recipe of the reference study can be read")
    func referenceRecipes() throws {
        let folder = WorkspaceFixture.repository.appending(path: "Manifests")
        let recipes = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }
        #expect(recipes.count >= 14)
        for recipe in recipes {
            do {
                _ = try dryRun(folder.appending(path: recipe).path)
            } catch let error as CurareError {
                // The demo has fewer photos than the reference study, so a recipe may request too many.
                #expect(error.code == .badInput && !"\(error)".contains("unknown"), "\(recipe): \(error)")
            }
        }
    }

    @Test("The second implementation in Python agrees on the roles of fifty random recipes")
    func secondImplementation() throws {
        let workspace = try demo.copy(in: scratch)
        let scripts = WorkspaceFixture.repository.appending(path: "Tests/Selection")
        let audit = try workspace.run(AuditDataset.self, AuditDataset.Request())
        let names = audit.composition.volunteers.keys.sorted()
        let catalog = [
            "volunteers": names.filter { !$0.hasPrefix("ref-") }, "references": names.filter { $0.hasPrefix("ref-") },
            "triggers": ["bandana", "dots", "earrings", "sunglasses", "tattoo-filled", "tattoo-outline", "white-tape"],
        ]
        let namesFile = try scratch.write(JSONSerialization.data(withJSONObject: catalog), to: "names.json")
        // Some recipes request more photos than there are, and are rejected.
        let written = try python([
            scripts.appending(path: "random_recipes.py").path, "--catalog-names", namesFile, "--count", "110", "--seed",
            "1", "--to", scratch.path("recipes"),
        ])
        #expect(written.status == 0)
        var versions: [String] = []
        for recipe in try FileManager.default.contentsOfDirectory(atPath: scratch.path("recipes")).sorted()
        where versions.count < 50 {
            do {
                versions.append(try workspace.split(scratch.path("recipes/\(recipe)")).path)
            } catch let error as CurareError {
                #expect(error.code == .badInput, "\(recipe): \(error)")
            }
        }
        #expect(versions.count == 50)
        let agreed = try python([scripts.appending(path: "second_implementation.py").path] + versions)
        #expect(agreed.status == 0, "\(agreed.output)")
    }

    @Test("The second implementation reports a wrong role")
    func wrongRole() throws {
        let version = try demo.copy(in: scratch).url("versions/sunglasses-25/1")
        try replace(
            "\"role\":\"train/clean\"", with: "\"role\":\"test/clean\"", in: version.appending(path: "entries.jsonl"),
            maxReplacements: 1)
        let script = WorkspaceFixture.repository.appending(path: "Tests/Selection/second_implementation.py").path
        #expect(try python([script, version.path]).status == 1)
    }
}
