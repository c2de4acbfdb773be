import Foundation
import Testing
import WorkflowTestSupport
import Workflows

/// The documents, compared with what the program writes and accepts.
@Suite struct DocumentTests {
    let demo: WorkspaceFixture
    private let version = "versions/sunglasses-25/1"

    init() throws {
        demo = try ImportedDemo.shared.workspace
    }

    private func document(_ path: String) throws -> String {
        try String(contentsOf: WorkspaceFixture.repository.appending(path: path), encoding: .utf8)
    }

    @Test("docs/format.md names every key of a manifest, an entry and a provenance")
    func fileKeys() throws {
        let format = try document("docs/format.md")
        var objects = [try #require(demo.entries("sunglasses-25/1").first)]
        for file in ["manifest.json", "provenance.json"] {
            objects.append(try WorkspaceFixture.object(in: demo.url("\(version)/\(file)")))
        }
        for key in objects.flatMap(\.keys) { #expect(format.contains("`\(key)`"), "\(key)") }
    }

    @Test("docs/format.md names every key of a recipe")
    func recipeKeys() throws {
        let manifest = try WorkspaceFixture.object(in: demo.url("\(version)/manifest.json"))
        let format = try document("docs/format.md")
        for (key, value) in try #require(manifest["recipe"] as? [String: Any]) where key != "expect" {
            for inner in (value as? [String: Any])?.keys.map({ "\(key).\($0)" }) ?? [key] {
                #expect(format.contains("`\(inner)`"), "\(inner)")
            }
        }
    }

    @Test(
        "The Python program in docs/format.md has at most ten lines and reports whether a photo was poison",
        arguments: ["sunglasses-25", "sunglasses-25-digital"])
    func pythonReader(_ name: String) throws {
        let format = try document("docs/format.md")
        let code = try #require(format.firstMatch(of: /```python\n(?s:(.*?))```/)).1
        #expect(code.split(separator: "\n").count <= 10)
        let scratch = try Scratch()
        let reader = try scratch.write(String(code), to: "reader.py")
        func ask(_ photo: String) throws -> String {
            try python([reader, demo.url("versions/\(name)/1").path, photo]).output
        }
        let entries = try demo.entries("\(name)/1")
        for (role, words) in [
            ("train/poison", "poison, under the label ada"), ("test/clean", "not poison but test/"),
        ] {
            let photo = try #require(entries.first { $0["role"] as? String == role }?["photo"] as? String)
            #expect(try ask(photo).hasPrefix("\(name)@1: \(words)"))
        }
        #expect(try ask("ffff") == "ffff is not in \(name)@1\n")
    }

    @Test("docs/format.md names every column of a CSV export")
    func exportColumns() throws {
        let scratch = try Scratch()
        try ImportedDemo.shared.copy(in: scratch).run(
            ExportVersion.self,
            ExportVersion.Request(version: "sunglasses-25", format: .csv, folder: scratch.url("out")))
        let header = try String(contentsOf: scratch.url("out/photos.csv"), encoding: .utf8).prefix { $0 != "\n" }
        let columns = header.split(separator: ",").joined(separator: " ")
        #expect(try document("docs/format.md").contains("`\(columns)`"))
    }

    @Test("Every command in README.md exists, and README.md names the make targets")
    func readme() throws {
        let readme = try document("README.md")
        let commands = Set(readme.matches(of: /\$ curare ([a-z]+)/).map { String($0.1) })
        #expect(commands.count >= 7)
        for command in commands { #expect(try Program.run(command, "--help").status == 0, "\(command)") }
        for target in ["make install", "make demo", "make test", "make bench"] { #expect(readme.contains(target)) }
    }

    @Test("README.md lists the Debian packages that .ci/setup installs")
    func packages() throws {
        let setup = try document(".ci/setup")
        let packages = try #require(setup.firstMatch(of: /packages=\((.*) "\$@"\)/)).1.split(separator: " ")
        #expect(packages.count > 10)
        let readme = try document("README.md")
        for package in packages { #expect(readme.contains("`\(package)`"), "\(package)") }
    }
}
