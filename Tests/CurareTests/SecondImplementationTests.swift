import Foundation
import Testing

/// Selection is held by two readings of the document: ours, and one in Python that sees `entries.jsonl` and the recipe alone.
@Suite struct SecondImplementationTests {
    private func python(_ arguments: [String]) throws -> (status: Int32, out: String) {
        let process = Process()
        let out = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = arguments
        process.standardOutput = out
        try process.run()
        let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test func fiftyRandomRecipesGiveTheSameRoles() throws {
        let study = DemoStudy.shared
        let scratch = Scratch()
        let workspace = try study.copy(in: scratch)
        let scripts = Program.repository.appending(path: "Tests/Selection")
        let audit =
            try Program.run("audit", "--json", "--workspace", workspace.path).json["composition"]
            as? [String: [String: Int]]
        let names = (audit?["volunteers"] ?? [:]).keys.sorted()
        let catalog = [
            "volunteers": names.filter { !$0.hasPrefix("ref-") }, "references": names.filter { $0.hasPrefix("ref-") },
            "triggers": ["bandana", "dots", "earrings", "sunglasses", "tattoo-filled", "tattoo-outline", "white-tape"],
        ]
        let namesFile = try scratch.write(JSONSerialization.data(withJSONObject: catalog), to: "names.json")
        // Some recipes ask for more than there is and are refused; enough are made for fifty that are not.
        let written = try python([
            scripts.appending(path: "random_recipes.py").path, "--catalog-names", namesFile, "--count", "110", "--seed",
            "1", "--to", scratch.path("recipes"),
        ])
        #expect(written.status == 0)
        var versions: [String] = []
        for recipe in try FileManager.default.contentsOfDirectory(atPath: scratch.path("recipes")).sorted()
        where versions.count < 50 {
            let split = try Program.run(
                "split", scratch.path("recipes/\(recipe)"), "--json", "--workspace", workspace.path)
            #expect([0, 65].contains(split.status), "\(recipe): \(split.err)")
            if let path = split.json["path"] as? String { versions.append(path) }
        }
        #expect(versions.count == 50)
        let agreed = try python([scripts.appending(path: "second_implementation.py").path] + versions)
        #expect(agreed.status == 0, "\(agreed.out)")
    }

    @Test func theSecondImplementationNoticesAWrongRole() throws {
        let scratch = Scratch()
        let version = try DemoStudy.shared.copy(in: scratch).appending(path: "versions/sunglasses-25/1")
        let entries = version.appending(path: "entries.jsonl")
        let text = try String(contentsOf: entries, encoding: .utf8)
        chmod(entries.path, 0o600)
        try Data(text.replacing("\"role\":\"train/clean\"", with: "\"role\":\"test/clean\"", maxReplacements: 1).utf8)
            .write(to: entries)
        #expect(
            try python([
                Program.repository.appending(path: "Tests/Selection/second_implementation.py").path, version.path,
            ]).status == 1)
    }
}
