import Foundation
import Testing

/// A study that grows while it runs, many versions at once, and what a colleague does with them.
@Suite struct GrowingTests {
    let study = DemoStudy.shared
    let scratch = Scratch()

    private func entries(_ workspace: URL, _ version: String) throws -> [String: [String: Any]] {
        let lines = try String(
            contentsOf: workspace.appending(path: "versions/\(version)/entries.jsonl"), encoding: .utf8
        ).split(separator: "\n")
        return try lines.reduce(into: [:]) { found, line in
            let entry = try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            found[try #require(entry["photo"] as? String)] = entry
        }
    }

    private func secondImplementation(_ versions: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments =
            [Program.repository.appending(path: "Tests/Selection/second_implementation.py").path] + versions
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    @Test func anExtendedVersionKeepsEveryRoleAndSaysWhatWasAdded() throws {
        let workspace = scratch.url("growing")
        try Program.run("init", workspace.path)
        let last = try #require(study.sessions.first { $0.hasSuffix("spring-garden") })
        for session in study.sessions where session != last {
            try Program.run("import", session, "--workspace", workspace.path)
        }
        let recipe = try String(contentsOfFile: study.recipe, encoding: .utf8).replacing(
            "injection_rate: 0.25", with: "injection_rate: 0.1")
        let first = try Program.run(
            "split", scratch.write(recipe, to: "r.yaml"), "--json", "--workspace", workspace.path)
        #expect(first.status == 0, "\(first.err)")

        try Program.run("import", last, "--workspace", workspace.path)
        let growing = try scratch.write(
            "recipe: 1\nname: sunglasses-25\nextends: sunglasses-25@1\npoison: {on_shortage: cap}\n", to: "growing.yaml"
        )
        let rehearsed = try Program.run("split", growing, "--dry-run", "--workspace", workspace.path)
        #expect(rehearsed.out.contains("extends sunglasses-25@1"), "\(rehearsed.err)")
        let second = try Program.run("split", growing, "--json", "--workspace", workspace.path)
        #expect(second.status == 0, "\(second.err)")
        #expect(second.json["version"] as? Int == 2)
        let (before, after) = (try entries(workspace, "sunglasses-25/1"), try entries(workspace, "sunglasses-25/2"))
        #expect(after.count > before.count)
        for (photo, entry) in before { #expect(after[photo]?["role"] as? String == entry["role"] as? String) }
        let growth = try #require(second.json["growth"] as? [String: Any])
        #expect(growth["kept"] as? Int == before.count)
        #expect((growth["added"] as? [String: Int])?.values.reduce(0, +) == after.count - before.count)

        let again = try Program.run("split", growing, "--json", "--workspace", workspace.path)
        #expect(again.json["created"] as? Bool == false)
        #expect(try Program.run("verify", "sunglasses-25@2", "--workspace", workspace.path).status == 0)
        #expect(try secondImplementation([workspace.appending(path: "versions/sunglasses-25/2").path]) == 0)
        let diff = try Program.run(
            "diff", "sunglasses-25@1", "sunglasses-25@2", "--json", "--html", scratch.path("diff.html"), "--workspace",
            workspace.path)
        #expect((diff.json["added"] as? [Any])?.count == after.count - before.count)
        #expect((diff.json["moved"] as? [Any])?.isEmpty == true)
        #expect(
            try String(contentsOfFile: scratch.path("diff.html"), encoding: .utf8).contains(
                "data:image/png;base64,iVBOR"))

        // Without its parent a version cannot be selected again, and says so.
        try FileManager.default.moveItem(
            at: workspace.appending(path: "versions/sunglasses-25/1"), to: scratch.url("away"))
        let alone = try Program.run("verify", "sunglasses-25@2", "--json", "--workspace", workspace.path)
        #expect(alone.status == 3)
        #expect(alone.json["layers"] as? [String: Bool] == ["files": true, "selection": false, "catalog": true])
        #expect(try Program.run("split", growing, "--workspace", workspace.path).status == 66)
    }

    @Test func aGridIsManyOrdinaryVersions() throws {
        let workspace = try study.copy(in: scratch)
        let text = try String(contentsOfFile: study.recipe, encoding: .utf8).replacing(
            /injection_rate: [0-9.]+,? ?/, with: ""
        ).replacing("model: resnet18, ", with: "")
        let grid = try scratch.write(
            text + "vary:\n  injection_rate: [0.05, 0.1]\n  train.model: [resnet18]\n", to: "grid.yaml")
        let rehearsed = try Program.run("split", grid, "--dry-run", "--json", "--workspace", workspace.path)
        #expect((rehearsed.json["versions"] as? [Any])?.count == 2, "\(rehearsed.err)")
        let made = try Program.run("split", grid, "--json", "--workspace", workspace.path)
        #expect(made.status == 0, "\(made.err)")
        let versions = try #require(made.json["versions"] as? [[String: Any]])
        #expect(
            versions.map { $0["name"] as? String } == [
                "sunglasses-25-resnet18-rate-0.05", "sunglasses-25-resnet18-rate-0.1",
            ])
        #expect(versions.allSatisfy { $0["created"] as? Bool == true })
        for version in versions {
            #expect(
                try Program.run("verify", #require(version["name"] as? String), "--workspace", workspace.path).status
                    == 0)
        }
        #expect(try secondImplementation(versions.compactMap { $0["path"] as? String }) == 0)
        // The recipe that a version carries makes that version again.
        let path = try #require(versions[1]["path"] as? String)
        #expect(
            try Program.run("split", "\(path)/recipe.yaml", "--json", "--workspace", workspace.path).json["digest"]
                as? String == versions[1]["digest"] as? String)
        let again = try Program.run("split", grid, "--workspace", workspace.path)
        #expect(again.out.split(separator: "\n").count { $0.contains("is there already") } == 2)
    }

    @Test func aColleagueRebuildsTheImagesFromTheVersionAndAHeapOfPhotos() throws {
        let version = study.workspace.appending(path: "versions/sunglasses-25/1").path
        let whole = try Program.run(
            "rebuild", version, "--photos", study.photos.path, "--to", scratch.path("images"), "--json",
            in: scratch.root)
        #expect(whole.status == 0, "\(whole.err)")
        let photos = try entries(study.workspace, "sunglasses-25/1").count
        #expect(whole.json["made"] as? Int == photos)
        let profile = try #require((whole.json["images"] as? String).map { URL(filePath: $0).lastPathComponent })
        let (made, stored) = (
            try bytes(below: scratch.url("images/\(profile)")),
            try bytes(below: study.workspace.appending(path: "images/\(profile)"))
        )
        #expect(made == stored)

        let few = try #require(study.sessions.first { $0.hasSuffix("spring-garden") })
        let part = try Program.run(
            "rebuild", version, "--photos", few, "--to", scratch.path("part"), "--json", in: scratch.root)
        #expect(part.status == 3)
        #expect((part.json["missing"] as? [[String: Any]])?.count == photos - (part.json["made"] as? Int ?? 0))
        #expect((part.json["missing"] as? [[String: Any]])?.first?["volunteer"] != nil)

        let copy = scratch.url("copy")
        try FileManager.default.copyItem(at: URL(filePath: version), to: copy)
        let entries = copy.appending(path: "entries.jsonl")
        let text = try String(contentsOf: entries, encoding: .utf8)
        chmod(entries.path, 0o600)
        try Data(text.replacing("train/clean", with: "test/clean", maxReplacements: 1).utf8).write(to: entries)
        let changed = try Program.run("rebuild", copy.path, "--photos", few, "--to", scratch.path("none"))
        #expect(changed.status == 65)
        #expect(changed.err.contains("entries.jsonl does not have the digest"))
        #expect(
            try Program.run("rebuild", version, "--photos", scratch.path("nowhere"), "--to", scratch.path("none"))
                .status == 66)
        #expect(
            try Program.run("rebuild", scratch.path("nowhere"), "--photos", few, "--to", scratch.path("none")).status
                == 66)
        #expect(try Program.run("rebuild", version).status == 64)
    }
}
