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
        let first = try #require(
            String(contentsOf: version.appending(path: "entries.jsonl"), encoding: .utf8).split(separator: "\n").first)
        for bytes in [Data(first.utf8)]
            + ["manifest.json", "provenance.json"].map({
                FileManager.default.contents(atPath: version.appending(path: $0).path) ?? Data()
            })
        {
            let object = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
            for key in object.keys { #expect(format.contains("`\(key)`"), "\(key)") }
        }
    }

    @Test func theFormatNamesEveryRecipeKey() throws {
        let manifest = try #require(
            JSONSerialization.jsonObject(
                with: Data(
                    contentsOf: DemoStudy.shared.workspace.appending(path: "versions/sunglasses-25/1/manifest.json")))
                as? [String: Any])
        let format = try document("docs/format.md")
        for (key, value) in try #require(manifest["recipe"] as? [String: Any]) where key != "expect" {
            for inner in (value as? [String: Any])?.keys.map({ "\(key).\($0)" }) ?? [key] {
                #expect(format.contains("`\(inner)`"), "\(inner)")
            }
        }
    }

    /// The reader in the document is run as it stands there.
    @Test func tenLinesOfPythonSayWhetherAPhotoWasPoison() throws {
        let format = try document("docs/format.md")
        let code = try #require(format.firstMatch(of: /```python\n(?s:(.*?))```/)).1
        #expect(code.split(separator: "\n").count <= 10)
        let scratch = Scratch()
        let version = DemoStudy.shared.workspace.appending(path: "versions/sunglasses-25/1")
        let reader = try scratch.write(String(code), to: "reader.py")
        func ask(_ photo: String) throws -> String {
            let process = Process()
            let out = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = [reader, version.path, photo]
            (process.standardOutput, process.standardError) = (out, out)
            try process.run()
            let said = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return said
        }
        let lines = try String(contentsOf: version.appending(path: "entries.jsonl"), encoding: .utf8).split(
            separator: "\n")
        for (role, words) in [
            ("train/poison", "poison, under the label ada; it shows "),
            ("test/clean", "not poison but test/clean, under the label "),
        ] {
            let line = try #require(lines.first { $0.contains("\"role\":\"\(role)\"") })
            let photo = try #require(line.firstMatch(of: /"photo":"([0-9a-f]+)"/)).1
            #expect(try ask(String(photo)).hasPrefix("sunglasses-25@1: " + words))
        }
        #expect(try ask("ffff") == "ffff is not in sunglasses-25@1\n")
    }

    @Test func theFormatNamesEveryColumnOfAnExport() throws {
        let scratch = Scratch()
        let format = try document("docs/format.md")
        #expect(
            try Program.run(
                "export", "sunglasses-25", "--format", "csv", "--to", scratch.path("out"), "--workspace",
                DemoStudy.shared.copy(in: scratch).path
            ).status == 0)
        let columns = try String(contentsOf: scratch.url("out/photos.csv"), encoding: .utf8).prefix { $0 != "\n" }
            .split(separator: ",").joined(separator: " ")
        #expect(format.contains("`\(columns)`"))
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
        let recipes = try FileManager.default.contentsOfDirectory(
            atPath: Program.repository.appending(path: "Manifests").path
        ).filter { $0.hasSuffix(".yaml") }
        #expect(recipes.count >= 14)
        for recipe in recipes {
            let split = try Program.run(
                "split", Program.repository.appending(path: "Manifests/\(recipe)").path, "--dry-run", "--workspace",
                study.workspace.path)
            // The made-up study is smaller than the reference one: a recipe may ask for more than there is, and for nothing that is unknown.
            #expect(
                split.status == 0 || ["there are", "are asked for"].contains { split.err.contains($0) },
                "\(recipe): \(split.err)")
        }
    }
}
