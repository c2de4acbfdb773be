import Foundation
import Testing

/// The JSON Schemas that the program publishes, held to what it reads and writes: neither can gain or lose a key without the other.
@Suite struct SchemaCommandTests {
    let study = DemoStudy.shared
    let scratch = Scratch()

    private func schema(_ name: String) throws -> [String: Any] {
        let printed = try Program.run("schema", name)
        #expect(printed.status == 0, "\(printed.err)")
        return printed.json
    }

    @Test func everySchemaIsListedPrintedAndOfItsDraft() throws {
        let listed = (try Program.run("schema", "--json").json["schemas"] as? [[String: String]] ?? []).compactMap {
            $0["name"]
        }
        let files = try FileManager.default.contentsOfDirectory(
            atPath: Program.repository.appending(path: "Schemas").path
        ).filter { $0.hasSuffix(".schema.json") }
        #expect(files.map { $0.replacing(".schema.json", with: "") }.sorted() == listed.sorted())
        for name in listed {
            #expect(
                try Program.run("schema", name).out
                    == String(
                        contentsOf: Program.repository.appending(path: "Schemas/\(name).schema.json"), encoding: .utf8),
                "\(name)")
            let schema = try schema(name)
            #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
            #expect(
                schema["title"] is String && schema["description"] is String
                    && schema["additionalProperties"] as? Bool == false, "\(name)")
        }
    }

    @Test func anUnknownSchemaIsAnsweredWithTheNearest() throws {
        let outcome = try Program.run("schema", "recipes")
        #expect(outcome.status == 65)
        #expect(outcome.err.contains("did you mean recipe?") && outcome.err.contains("run-report"))
    }

    @Test func theManifestsKeysAreThoseOfItsSchema() throws {
        let manifest = try JSONSerialization.jsonObject(
            with: Data(contentsOf: study.workspace.appending(path: "versions/sunglasses-25/1/manifest.json")))
        // Keys that only some recipes ask for stand where they are asked for.
        SchemaWalk(try schema("manifest")).expect(manifest, mayLackKeys: true)
    }

    @Test func everyEntrysKeysAreThoseOfItsSchema() throws {
        let walk = SchemaWalk(try schema("entry"))
        for line in try String(
            contentsOf: study.workspace.appending(path: "versions/sunglasses-25/1/entries.jsonl"), encoding: .utf8
        ).split(separator: "\n") {
            // A physical version has no drawn copies, whose two keys are theirs alone.
            walk.expect(try JSONSerialization.jsonObject(with: Data(line.utf8)), mayLackKeys: true)
        }
    }

    @Test(arguments: [[], ["sunglasses-25"]])
    func theAuditsKeysAreThoseOfItsSchema(_ asked: [String]) throws {
        SchemaWalk(try schema("audit")).expect(
            try Program.run(["audit", "--json", "--workspace", study.workspace.path] + asked).json, mayLackKeys: true)
    }

    /// An unknown key in every place makes the reader say which keys it knows there.
    @Test func theRecipesKeysAreThoseThatTheReaderKnows() throws {
        let walk = SchemaWalk(try schema("recipe"))
        func said(_ recipe: [String: Any]) throws -> [String: Set<String>] {
            let file = try scratch.write(JSONSerialization.data(withJSONObject: recipe), to: "r.yaml")
            return SchemaWalk.allowed(
                try Program.run("split", file, "--dry-run", "--workspace", study.workspace.path).err)
        }
        // A grid is read before its recipes are, and a parent before either.
        #expect(
            try said(walk.probe().filter { !["extends", "vary"].contains($0.key) })
                == walk.keys.filter { $0.key != "vary" })
        #expect(try said(["vary": ["zzz": 1]])["vary"] == walk.keys["vary"])
        #expect(walk.keys["poison.attackable"] == ["count"] && walk.keys.count > 7)
    }

    @Test func whatARecipeMustHaveIsWhatTheReaderMisses() throws {
        let file = try scratch.write("{poison: {}}", to: "r.yaml")
        let missed = try Program.run("split", file, "--dry-run", "--workspace", study.workspace.path).err.matches(
            of: /the key ([a-z_]+) is missing/
        ).map { String($0.1) }
        let schema = try schema("recipe")
        // A recipe that extends a version, or varies a key, may leave these out.
        let then = (schema["then"] as? [String: Any])?["properties"] as? [String: [String: Any]]
        let poison = then?["poison"]?["required"] as? [String] ?? []
        #expect(missed.sorted() == ((schema["required"] as? [String] ?? []) + poison).sorted())
    }

    @Test func theSessionsKeysAndColumnsAreThoseThatTheReaderKnows() throws {
        let description = SchemaWalk(try schema("session"))
        let sheet = try schema("session-sheet")
        try scratch.write(JSONSerialization.data(withJSONObject: description.probe()), to: "s/session.yaml")
        try scratch.write("file,volunteer,trigger,location\n", to: "s/session.csv")
        let said = try Program.run("import", scratch.path("s"), "--dry-run", "--workspace", study.workspace.path).err
        #expect(SchemaWalk.allowed(said) == description.keys)
        try scratch.write("{}", to: "s/session.yaml")
        let missed = try Program.run("import", scratch.path("s"), "--dry-run", "--workspace", study.workspace.path).err
            .matches(of: /the key ([a-z_]+) is missing/).map { String($0.1) }
        #expect(missed == description.schema["required"] as? [String])

        try scratch.write("session: s\ndate: 2026-05-03\nkind: volunteer\nconsent: signed\n", to: "s/session.yaml")
        try scratch.write("zzz\n1\n", to: "s/session.csv")
        let table = try Program.run("import", scratch.path("s"), "--dry-run", "--workspace", study.workspace.path).err
        let columns = try #require(table.firstMatch(of: /Allowed: ([a-z_, ]+)/)).1.split(separator: ", ").map(
            String.init)
        #expect(Set(columns) == Set((sheet["properties"] as? [String: Any] ?? [:]).keys))
        #expect(
            Set(table.matches(of: /the column ([a-z_]+) is missing/).map { String($0.1) })
                == Set(sheet["required"] as? [String] ?? []))
    }
}
