import Core
import Foundation
import Storage
import Testing

@testable import Versions

/// Patterns of version names, `provenance.json` and summaries of recipes.
@Suite struct VersionPatternTests {
    private func matches(_ pattern: String, _ version: String) throws -> Bool {
        try #require(VersionPattern(pattern)).matches(try #require(VersionReference(version)))
    }

    @Test(arguments: [
        ("rates-*", "rates-0.1@1", true), ("rates-*", "rates@1", false), ("*", "a@7", true), ("?", "a@7", true),
        ("?", "ab@7", false), ("rate-0.[12]", "rate-0.2@1", true), ("rate-0.[12]", "rate-0.3@1", false),
        ("rate-0.[!12]", "rate-0.3@1", true), ("a.*", "aab@1", false), ("*@2", "a@2", true), ("*@2", "a@12", false),
        ("a*@*", "ab@12", true), ("*@2", "a2@1", false), ("[", "a@1", false), ("a\\*", "a@1", false),
    ])
    func match(_ pattern: String, _ version: String, _ isMatch: Bool) throws {
        #expect(try matches(pattern, version) == isMatch)
    }

    @Test(arguments: ["", "a", "a@1", "../a", "a b"])
    func textWithoutWildcardIsNoPattern(_ text: String) {
        #expect(VersionPattern(text) == nil)
    }

    private func provenance(_ text: String) throws -> Provenance {
        let folder = FileManager.default.temporaryDirectory.appending(path: "curare-provenance-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try AtomicFile.write(Data(text.utf8), to: VersionFiles(folder).provenance)
        return try Provenance.read(in: folder)
    }

    private static let members = #""libraries":{"libvips":"8"},"machine":"m","made":"t","label_cut_off":4"#

    @Test func provenanceHasItsKeys() throws {
        let read = try provenance("{\(Self.members)}")
        #expect(read.labelCutOff == 4 && read.made == "t" && read.machine == "m" && read.libraries == ["libvips": "8"])
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"libraries":{},"machine":"m","made":"t"}"#,
        #"{"libraries":{},"machine":"m","made":"t","label_cut_off":"4"}"#,
    ])
    func damagedProvenance(_ text: String) {
        let error = #expect(throws: CurareError.self) { try provenance(text) }
        #expect(error?.code == .badInput)
    }

    @Test func missingProvenance() {
        let error = #expect(throws: CurareError.self) { try Provenance.read(in: URL(filePath: "/nowhere")) }
        #expect(error?.code == .missingInput)
    }

    @Test func summaryHasTheValuesOfTheRecipe() throws {
        let text = """
            {recipe: 1, name: g, seed: 7, poison: {target: a, triggers: [dots, bandana+sunglasses], injection_rate: 0.10}}
            """
        let recipe = try #require(RecipeFile(Array(text.utf8), file: "r.yaml").recipes.first)
        let summary = RecipeSummary(recipe)
        #expect(summary.target == "a" && summary.triggers == "bandana+sunglasses, dots" && summary.seed == 7)
        #expect(summary.injectionRate == "0.1" && summary.holdOut == "0.2" && summary.source == "physical")
        #expect(recipe.value(ofVaried: "injection_rate") == "0.1" && recipe.value(ofVaried: "name") == nil)
        let clean = RecipeSummary(try RecipeFile(Array("{recipe: 1, name: c}".utf8), file: "r.yaml").recipes[0])
        #expect(clean.target == nil && clean.injectionRate == nil && clean.holdOut == nil && clean.model == "resnet18")
    }
}
