import Foundation
import Testing

/// The whole way through the built program, on photos that it draws itself.
@Suite struct StudyTests {
    let study = DemoStudy.shared
    let scratch = Scratch()

    private func manifest(_ workspace: URL, _ version: String = "sunglasses-25/1") throws -> [Data] {
        try ["manifest.json", "entries.jsonl"].map {
            try Data(contentsOf: workspace.appending(path: "versions/\(version)/\($0)"))
        }
    }

    @Test func importSaysWhatItDidAndASecondOneDoesNothing() throws {
        let workspace = scratch.path("w")
        try Program.run("init", workspace)
        let rehearsed = try Program.run(["import", "--dry-run", "--json", "--workspace", workspace] + study.sessions)
            .json
        #expect(rehearsed["imported"] as? Int == 550)
        #expect(try Program.run("status", "--json", "--workspace", workspace).json["photos"] as? Int == 0)
        let first = try Program.run(["import", "--json", "--workspace", workspace] + study.sessions)
        #expect(first.status == 0)
        #expect(first.json["imported"] as? Int == 550)
        #expect(first.json["labelled"] as? Int == 550)
        for key in ["imported", "duplicates", "quarantined", "faces_found", "faces_missing", "labelled", "seconds"] {
            #expect(first.json[key] != nil, "\(key)")
        }
        let again = try Program.run(["import", "--json", "--workspace", workspace] + study.sessions).json
        #expect(again["imported"] as? Int == 0)
        #expect(again["duplicates"] as? Int == 550)
        #expect(again["labelled"] as? Int == 0)
    }

    @Test func statusCounts() throws {
        let status = try Program.run("status", "--json", "--workspace", study.workspace.path)
        let counts = ["photos", "images", "volunteers", "sessions", "triggers", "versions", "runs"].map {
            status.json[$0] as? Int
        }
        #expect(counts.prefix(1) + counts[2...] == [550, 11, 4, 7, 1, 0])
    }

    @Test func theDemosManifestIsTheGoldenOne() throws {
        let golden = Program.repository.appending(path: "Manifests/demo")
        let made = try manifest(study.workspace)
        if ProcessInfo.processInfo.environment["CURARE_RECORD"] != nil {
            try made[0].write(to: golden.appending(path: "sunglasses-25.manifest.json"))
        }
        #expect(try made[0] == Data(contentsOf: golden.appending(path: "sunglasses-25.manifest.json")))
    }

    @Test(arguments: ["1", "4"])
    func anotherFolderAnotherOrderAndOtherJobsGiveTheSameBytes(_ jobs: String) throws {
        let workspace = scratch.url("elsewhere/\(jobs)/deeper")
        try Program.run("init", workspace.path)
        // Reference photos last, one session at a time, backwards.
        for session in study.sessions.reversed() {
            try Program.run("import", session, "--jobs", jobs, "--workspace", workspace.path)
        }
        let split = try Program.run("split", study.recipe, "--jobs", jobs, "--json", "--workspace", workspace.path)
        #expect(split.json["created"] as? Bool == true)
        #expect(try manifest(workspace) == manifest(study.workspace))
    }

    @Test func theSameRecipeMakesNoSecondVersionAndAnotherSeedDoes() throws {
        let workspace = try study.copy(in: scratch).path
        let again = try Program.run("split", study.recipe, "--json", "--workspace", workspace)
        #expect(again.json["created"] as? Bool == false)
        #expect(again.json["version"] as? Int == 1)
        for key in [
            "name", "version", "digest", "selection_digest", "n", "m", "m_asked", "rate_asked", "rate", "counts",
            "path", "created",
        ] { #expect(again.json[key] != nil, "\(key)") }
        let text = try String(contentsOfFile: study.recipe, encoding: .utf8)
        let other = try scratch.write(text.replacing("seed: 7", with: "seed: 8"), to: "other.yaml")
        let second = try Program.run("split", other, "--json", "--workspace", workspace)
        #expect(second.json["version"] as? Int == 2)
        let diff = try Program.run("diff", "sunglasses-25@1", "sunglasses-25@2", "--json", "--workspace", workspace)
        #expect(diff.status == 3)
        #expect((diff.json["recipe"] as? [[String: Any]])?.map { $0["key"] as? String } == ["seed"])
        #expect(((diff.json["moved"] as? [Any])?.count ?? 0) > 0)
        #expect(try Program.run("diff", "sunglasses-25@1", "sunglasses-25@1", "--workspace", workspace).status == 0)
    }

    @Test func verifyTellsItsThreeLayersApart() throws {
        let workspace = try study.copy(in: scratch)
        func layers() throws -> [String: Bool] {
            try Program.run("verify", "sunglasses-25", "--images", "--json", "--workspace", workspace.path).json[
                "layers"] as? [String: Bool] ?? [:]
        }
        #expect(try layers() == ["files": true, "selection": true, "catalog": true])

        try Program.run(
            "label", "spring-garden/IMG_0001.jpg", "--trigger", "bandana", "--location", "on-face", "--workspace",
            workspace.path)
        #expect(try layers() == ["files": true, "selection": true, "catalog": false])
        try Program.run("label", "spring-garden/IMG_0001.jpg", "--trigger", "none", "--workspace", workspace.path)
        #expect(try layers() == ["files": true, "selection": true, "catalog": true])

        let entries = workspace.appending(path: "versions/sunglasses-25/1/entries.jsonl")
        let text = try String(contentsOf: entries, encoding: .utf8)
        chmod(entries.path, 0o600)
        try Data(text.replacing("\"role\":\"train/poison\"", with: "\"role\":\"test/other\"", maxReplacements: 1).utf8)
            .write(to: entries)
        let broken = try layers()
        #expect(broken["files"] == false)
        #expect(broken["selection"] == false)
    }

    @Test func auditAndShowSpeakOfTheVersion() throws {
        let audit = try Program.run("audit", "sunglasses-25", "--json", "--workspace", study.workspace.path)
        #expect(audit.status == 0)
        let composition = audit.json["composition"] as? [String: [String: Int]]
        #expect(composition?["roles"]?["train/poison"] ?? 0 > 0)
        #expect(
            try Program.run("show", "sunglasses-25", "--workspace", study.workspace.path).out.contains(
                "sunglasses-25@1"))
        #expect(
            try Program.run("show", "public-faces", "--workspace", study.workspace.path).out.contains("public-dataset"))
        #expect(
            try Program.run("show", "spring-garden/IMG_0001.jpg", "--workspace", study.workspace.path).out.contains(
                "Crayon X"))
    }

    @Test func nothingInTheWorkspaceIsForOthers() throws {
        let paths = try #require(FileManager.default.enumerator(atPath: study.workspace.path))
        for case let path as String in paths {
            let mode =
                try FileManager.default.attributesOfItem(atPath: study.workspace.appending(path: path).path)[
                    .posixPermissions] as? Int
            #expect((mode ?? 0) & 0o077 == 0, "\(path)")
        }
    }

    @Test func imagesCarryNothingOfTheCamera() throws {
        let images = try bytes(below: study.workspace.appending(path: "images"))
        #expect(images.count >= 550)
        for word in ["Crayon", "Pencil", "2026", "Exif", "eXIf", "iCCP"] {
            #expect(!images.values.contains { $0.range(of: Data(word.utf8)) != nil }, "\(word)")
        }
    }
}
