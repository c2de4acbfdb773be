import Foundation
import Testing

/// The documents are held to what the program writes and understands.
@Suite struct DocumentTests {
    private func document(_ path: String) throws -> String {
        try String(contentsOf: Program.repository.appending(path: path), encoding: .utf8)
    }

    @Test func theFormatNamesEveryKeyOfManifestEntryAndProvenance() throws {
        let format = try document("docs/format.md")
        let version = DemoStudy.shared.workspace.appending(path: "versions/sunglasses-25/1")
        let first = try #require(String(contentsOf: version.appending(path: "entries.jsonl"), encoding: .utf8).split(separator: "\n").first)
        for bytes in [Data(first.utf8)] + ["manifest.json", "provenance.json"].map({ FileManager.default.contents(atPath: version.appending(path: $0).path) ?? Data() }) {
            let object = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
            for key in object.keys { #expect(format.contains("`\(key)`"), "\(key)") }
        }
    }

    @Test func theFormatNamesEveryRecipeKey() throws {
        let manifest = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: DemoStudy.shared.workspace.appending(path: "versions/sunglasses-25/1/manifest.json"))) as? [String: Any])
        let format = try document("docs/format.md")
        for (key, value) in try #require(manifest["recipe"] as? [String: Any]) where key != "expect" {
            for inner in (value as? [String: Any])?.keys.map({ "\(key).\($0)" }) ?? [key] { #expect(format.contains("`\(inner)`"), "\(inner)") }
        }
    }

    @Test func everyCommandOfTheREADMEIsOne() throws {
        let readme = try document("README.md")
        let commands = Set(readme.matches(of: /\$ curare ([a-z]+)/).map { String($0.1) })
        #expect(commands.count >= 7)
        for command in commands { #expect(try Program.run(command, "--help").status == 0, "\(command)") }
        for target in ["make demo", "make test", "make bench"] { #expect(readme.contains(target)) }
    }

    @Test func everyRecipeOfTheReferenceStudyCanBeSplit() throws {
        let study = DemoStudy.shared
        let recipes = try FileManager.default.contentsOfDirectory(atPath: Program.repository.appending(path: "Manifests").path).filter { $0.hasSuffix(".yaml") }
        #expect(recipes.count >= 14)
        for recipe in recipes {
            let split = try Program.run("split", Program.repository.appending(path: "Manifests/\(recipe)").path, "--dry-run", "--workspace", study.workspace.path)
            // The made-up study is smaller than the reference one: a recipe may ask for more than there is, and for nothing that is unknown but a model.
            #expect(split.status == 0 || ["there are", "are asked for", "unknown model"].contains { split.err.contains($0) }, "\(recipe): \(split.err)")
        }
    }
}
