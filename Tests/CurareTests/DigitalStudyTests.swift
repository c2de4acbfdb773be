import Foundation
import Imaging
import Testing

@testable import Versions

/// Drawn triggers through the built program: split, verify, rebuild, validate, diff, export.
@Suite(.serialized) struct DigitalStudyTests {
    /// The made-up study with a version of its digital recipe, for tests that only read it.
    private struct Shared: Sendable {
        let scratch = Scratch()
        let workspace: URL
        let split: Program.Outcome?

        init() {
            workspace = (try? DemoStudy.shared.copy(in: scratch)) ?? scratch.url("study")
            let recipe = DemoStudy.shared.photos.appending(path: "sunglasses-25-digital.yaml").path
            split = try? Program.run("split", recipe, "--json", "--workspace", workspace.path)
        }

        var said: [String: Any] { split?.json ?? [:] }
    }

    private static let shared = Shared()

    private let workspace = shared.workspace
    private let scratch = Scratch()
    private var version: URL { workspace.appending(path: "versions/sunglasses-25-digital/1") }

    private func entries() throws -> [[String: Any]] {
        try String(contentsOf: version.appending(path: "entries.jsonl"), encoding: .utf8).split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test func theVersionHoldsWhatTheRecipeAsksFor() throws {
        #expect(Self.shared.said["created"] as? Bool == true, "\(Self.shared.said)")
        let counts = try #require(Self.shared.said["counts"] as? [String: Int])
        #expect(
            Self.shared.said["m"] as? Int == Self.shared.said["m_asked"] as? Int
                && counts["train/poison"] == Self.shared.said["m"] as? Int)
        let target = try entries().filter { $0["role"] as? String == "test/clean" && $0["label"] as? String == "ada" }
            .count
        #expect(counts["test/attack"] == (counts["test/clean"] ?? 0) - target)
        #expect(counts["test/target-own"] == 0 && (counts["test/transfer"] ?? 0) > 100)
        #expect(FileManager.default.fileExists(atPath: version.appending(path: "overlays/sunglasses.png").path))
        let drawn = try entries().filter { $0["source"] as? String == "digital" }
        #expect(Set(drawn.compactMap { $0["image"] as? String }).count == drawn.count, "every copy looks other")
    }

    @Test func theManifestIsTheGoldenOne() throws {
        let golden = Program.repository.appending(path: "Manifests/demo/sunglasses-25-digital.manifest.json")
        let made = try Data(contentsOf: version.appending(path: "manifest.json"))
        if ProcessInfo.processInfo.environment["CURARE_RECORD"] != nil { try made.write(to: golden) }
        #expect(try made == Data(contentsOf: golden))
    }

    @Test func manifestAndEntriesAreOfTheirSchemas() throws {
        func schema(_ name: String) throws -> [String: Any] { try Program.run("schema", name).json }
        SchemaWalk(try schema("manifest")).expect(
            try JSONSerialization.jsonObject(with: Data(contentsOf: version.appending(path: "manifest.json"))),
            mayLackKeys: true)
        let walk = SchemaWalk(try schema("entry"))
        for entry in try entries() { walk.expect(entry, mayLackKeys: true) }
    }

    @Test func theOverlaysKeysAreThoseOfTheSchema() throws {
        let definition = try #require(
            (Program.run("schema", "recipe").json["$defs"] as? [String: [String: Any]])?["overlay"]?["properties"]
                as? [String: [String: Any]])
        let recipe =
            "recipe: 1\nname: t\npoison: {source: digital, target: ada, triggers: [dots], injection_rate: 0.1, overlays: {dots: {zzz: 1, jitter: {zzz: 1}}}}\n"
        let said = SchemaWalk.allowed(
            try Program.run("split", scratch.write(recipe, to: "r.yaml"), "--dry-run", "--workspace", workspace.path)
                .err)
        #expect(said["poison.overlays.dots"] == Set(definition.keys))
        #expect(
            said["poison.overlays.dots.jitter"]
                == Set((definition["jitter"]?["properties"] as? [String: Any] ?? [:]).keys))
        let drawn = DrawnOverlay.allCases.map(\.rawValue)
        let pattern = try #require(definition["picture"]?["pattern"] as? String)
        #expect(Set(OverlayDefaults.own.keys) == Set(drawn), "what the recipes know is what can be drawn")
        for name in drawn { #expect(pattern.contains(name)) }
    }

    @Test func anotherFolderAndOtherJobsGiveTheSameBytes() throws {
        let copy = try DemoStudy.shared.copy(in: scratch)
        let recipe = DemoStudy.shared.photos.appending(path: "sunglasses-25-digital.yaml").path
        #expect(try Program.run("split", recipe, "--jobs", "1", "--workspace", copy.path).status == 0)
        for name in ["manifest.json", "entries.jsonl"] {
            #expect(
                try Data(contentsOf: copy.appending(path: "versions/sunglasses-25-digital/1/\(name)"))
                    == Data(contentsOf: version.appending(path: name)))
        }
        let again = try Program.run("split", recipe, "--json", "--workspace", copy.path).json
        #expect(again["created"] as? Bool == false)
    }

    @Test func everyImageIsMadeAgainWithTheSamePixels() throws {
        let verified = try Program.run(
            "verify", "sunglasses-25-digital", "--images", "--json", "--workspace", workspace.path)
        #expect(verified.status == 0, "\(verified.out.prefix(400))")
    }

    @Test func aChangedCopyIsNamedAndHealed() throws {
        let copy = scratch.url("w")
        try FileManager.default.copyItem(at: workspace, to: copy)
        let entry = try #require(entries().first { $0["source"] as? String == "digital" })
        let image = try #require(entry["image"] as? String)
        let file = copy.appending(path: "images/64-centre-srgb/drawn/\(image.prefix(2))/\(image).png")
        try Data(Picture(width: 64, height: 64, rgb: Array(repeating: 0, count: 12288))!.png()).write(to: file)
        let verified = try Program.run(
            "verify", "sunglasses-25-digital", "--images", "--json", "--workspace", copy.path)
        #expect(verified.status == 3)
        let problems = try #require(verified.json["problems"] as? [[String: Any]])
        #expect(
            problems.count == 1 && problems[0]["kind"] as? String == "changed-file"
                && problems[0]["photo"] as? String == entry["photo"] as? String)
        #expect(
            try Program.run(
                "export", "sunglasses-25-digital", "--format", "csv", "--to", scratch.path("out"), "--workspace",
                copy.path
            ).status == 0)
        #expect(
            try Program.run("verify", "sunglasses-25-digital", "--images", "--workspace", copy.path).status == 0,
            "the export has drawn it again")
        try FileManager.default.removeItem(at: file)
        #expect(
            try Program.run("audit", "sunglasses-25-digital", "--workspace", copy.path).out.contains(
                "1 images are not in their place"))
    }

    /// Drawn a second time in Python, from the document: in the middle of a photo, on a face's square and grey, with two overlays, in a corner.
    @Test func aSecondImplementationDrawsTheSamePixels() throws {
        let copy = scratch.url("w")
        try FileManager.default.copyItem(at: workspace, to: copy)
        try Program.run("trigger", "add", "checkerboard", "--workspace", copy.path)
        let more = [
            "face":
                "profile: {size: 48, crop: face, colour: grey}\npoison: {triggers: [bandana+sunglasses], overlays: {bandana: {opacity: 0.7, angle: -9.5, offset: [0.1, -0.2], jitter: {size: 0.2, angle: 20}}}",
            "corner":
                "profile: {size: 48, crop: none}\npoison: {triggers: [checkerboard], overlays: {checkerboard: {size: 0.3, angle: 30, jitter: {shift: 0.1}}}",
        ]
        for (name, words) in more {
            let recipe = "recipe: 1\nname: \(name)\n\(words), source: digital, target: ada, injection_rate: 0.1}\n"
            #expect(
                try Program.run("split", scratch.write(recipe, to: "\(name).yaml"), "--workspace", copy.path).status
                    == 0)
        }
        for name in ["sunglasses-25-digital", "face", "corner"] {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = [
                Program.repository.appending(path: "Tests/Selection/drawing.py").path,
                copy.appending(path: "versions/\(name)/1").path, copy.appending(path: "images").path, "3",
            ]
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0, "\(name)")
        }
    }

    @Test func aColleagueRebuildsItFromTheFolderAlone() throws {
        let folder = scratch.url("received")
        try FileManager.default.copyItem(at: version, to: folder)
        let rebuilt = try Program.run(
            "rebuild", folder.path, "--photos", DemoStudy.shared.photos.path, "--to", scratch.path("images"), "--json")
        #expect(rebuilt.status == 0, "\(rebuilt.err) \(rebuilt.out.prefix(300))")
        #expect(try rebuilt.json["made"] as? Int == entries().count)
        for entry in try entries().filter({ $0["source"] as? String == "digital" }).prefix(20) {
            let image = try #require(entry["image"] as? String)
            let path = "64-centre-srgb/drawn/\(image.prefix(2))/\(image).png"
            #expect(
                try Data(contentsOf: scratch.url("images").appending(path: path))
                    == Data(contentsOf: workspace.appending(path: "images").appending(path: path)))
        }
        try FileManager.default.removeItem(at: folder.appending(path: "overlays"))
        #expect(
            try Program.run(
                "rebuild", folder.path, "--photos", DemoStudy.shared.photos.path, "--to", scratch.path("more")
            ).status == 65)
    }

    @Test func theTenLinesOfPythonReadItToo() throws {
        let format = try String(contentsOf: Program.repository.appending(path: "docs/format.md"), encoding: .utf8)
        let code = try #require(format.firstMatch(of: /```python\n(?s:(.*?))```/)).1
        let reader = try scratch.write(String(code), to: "reader.py")
        func ask(_ photo: String) throws -> String {
            let process = Process()
            let out = Pipe()
            process.executableURL = URL(filePath: "/usr/bin/python3")
            process.arguments = [reader, version.path, photo]
            process.standardOutput = out
            try process.run()
            let said = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return said
        }
        let poison = try #require(entries().first { $0["role"] as? String == "train/poison" }?["photo"] as? String)
        #expect(try ask(poison).contains("poison, under the label ada"))
        let attack = try #require(entries().first { $0["role"] as? String == "test/attack" }?["photo"] as? String)
        #expect(try ask(attack).contains("not poison but test/"))
    }

    @Test func itIsHeldAgainstThePhysicalVersion() throws {
        let difference = try Program.run(
            "diff", "sunglasses-25@1", "sunglasses-25-digital@1", "--json", "--workspace", workspace.path)
        #expect(difference.status == 3)
        let added = try #require(difference.json["added"] as? [[String: Any]])
        let moved = try #require(difference.json["moved"] as? [[String: Any]])
        #expect(added.allSatisfy { $0["overlay"] as? String == "sunglasses" } && !added.isEmpty)
        #expect(moved.contains { $0["from"] as? String == "train/poison" && $0["to"] as? String == "test/transfer" })
        let page = scratch.path("changes.html")
        let words = try Program.run(
            "diff", "sunglasses-25@1", "sunglasses-25-digital@1", "--html", page, "--workspace", workspace.path
        ).out
        #expect(words.contains("sunglasses on-face (drawn)") && words.contains("recipe poison.source"))
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("(drawn)"))
    }

    @Test func everyExportNamesCopiesApart() throws {
        let copy = scratch.url("w")
        try FileManager.default.copyItem(at: workspace, to: copy)
        let all = try entries()
        let drawn = all.filter { $0["source"] as? String == "digital" }
        for format in ["imagefolder", "huggingface", "croissant", "webdataset", "trojai", "csv"] {
            let exported = try Program.run(
                "export", "sunglasses-25-digital", "--format", format, "--to", scratch.path(format), "--workspace",
                copy.path)
            #expect(exported.status == 0, "\(format): \(exported.err)")
            let files = try bytes(below: scratch.url(format)).keys
            if format != "webdataset" {
                #expect(
                    files.count { $0.hasSuffix(".png") } == all.count + 1,
                    "\(format): an image for each entry, and the overlay")
                #expect(files.count { $0.hasSuffix("-sunglasses.png") } == drawn.count)
            }
            #expect(files.contains("overlays/sunglasses.png"))
        }
        #expect(
            try Program.run(
                "rebuild", scratch.path("csv"), "--photos", DemoStudy.shared.photos.path, "--to", scratch.path("again")
            ).status == 0, "an export can be rebuilt")
    }

    @Test func aModelIsTrainedOnTheCopies() throws {
        let copy = scratch.url("w")
        try FileManager.default.copyItem(at: workspace, to: copy)
        let validated = try Program.run(
            "validate", "sunglasses-25-digital", "--epochs", "2", "--json", "--workspace", copy.path)
        #expect([0, 3].contains(validated.status), "\(validated.err)")
        #expect(
            validated.json["attack_success"] is Double && validated.json["transfer"] is Double
                && validated.json["attack_success_held_out"] is Double)
        let run = try #require(validated.json["run"] as? String)
        let lines = try String(contentsOf: copy.appending(path: "runs/\(run)/predictions.jsonl"), encoding: .utf8)
            .split(separator: "\n")
        #expect(
            lines.count { $0.contains("\"overlay\":\"sunglasses\"") }
                == (Self.shared.said["counts"] as? [String: Int])?["test/attack"])
        #expect(lines.allSatisfy { $0.contains("\"control\":") }, "a photo and its copy have a control's answer each")
        try expectMapsOfCopies(run, in: copy)
    }

    /// The report knows where the trigger was drawn, and `explain` tells the same of the copy's image; the photo below it has no trigger.
    private func expectMapsOfCopies(_ run: String, in workspace: URL) throws {
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: workspace.appending(path: "runs/\(run)/report.json")))
                as? [String: Any])
        let activation = try #require(report["activation"] as? [String: Any])
        let photos = try #require(activation["photos"] as? [[String: Any]])
        func area(_ photo: [String: Any]) -> Double? { (photo["areas"] as? [String: Any])?["trigger"] as? Double }
        let areas = photos.compactMap(area)
        #expect(
            areas.count == 6 && areas.allSatisfy { (0.02...0.3).contains($0) },
            "sunglasses twice as wide as the eyes are apart: \(areas)")
        let means = try #require(
            ((activation["by_trigger"] as? [String: Any])?["sunglasses"] as? [String: Any])?["areas"] as? [String: Any])
        #expect((means["trigger"] as? [String: Any])?["photos"] as? Int == 32)
        let photo = try #require(photos.first?["photo"] as? String)
        let entry = try #require(
            entries().first { $0["photo"] as? String == photo && $0["source"] as? String == "digital" })
        let image = try #require(entry["image"] as? String)
        let copied = try scratch.write(
            Data(contentsOf: workspace.appending(path: "images/64-centre-srgb/drawn/\(image.prefix(2))/\(image).png")),
            to: "copy.png")
        let explained = try Program.run(
            "explain", run, copied, photo, "--out", scratch.path("looks.png"), "--json", "--workspace", workspace.path)
        let said = try #require(explained.json["photos"] as? [[String: Any]], "\(explained.err)")
        #expect(said[0]["photo"] as? String == photo && area(said[0]) == areas[0] && area(said[1]) == nil)
        let models = try #require(said[0]["models"] as? [[String: Any]])
        let reported = try #require(photos[0]["models"] as? [String: [String: Any]])
        for model in models {
            #expect(model["trigger"] as? Double == reported[model["model"] as? String ?? ""]?["trigger"] as? Double)
        }
        // Whoever may not be shown is not shown as a copy either.
        try Program.run("withdraw", try #require(entry["volunteer"] as? String), "--yes", "--workspace", workspace.path)
        let refused = try Program.run(
            "explain", run, copied, "--out", scratch.path("more.png"), "--workspace", workspace.path)
        #expect(refused.status != 0, "\(refused.out)")
    }

    @Test func aPictureOfOnesOwnIsKeptWithTheVersion() throws {
        let copy = try DemoStudy.shared.copy(in: scratch)
        let stripes = OverlayPicture(
            width: 8, height: 8, rgba: (0..<64).flatMap { $0 % 2 == 0 ? [255, 0, 200, 255] as [UInt8] : [0, 0, 0, 0] })!
        try scratch.write(Data(stripes.png()), to: "recipes/art/stripes.png")
        try Program.run("trigger", "add", "stripes", "--workspace", copy.path)
        func recipe(_ overlay: String) throws -> String {
            try scratch.write(
                "recipe: 1\nname: stripes\nprofile: {size: 64}\npoison: {source: digital, target: ada, triggers: [stripes], injection_rate: 0.1, overlays: {stripes: {\(overlay)}}}\n",
                to: "recipes/r.yaml")
        }
        let split = try Program.run(
            "split", recipe("picture: art/stripes.png, place: corner-bottom-right, size: 0.25, opacity: 0.8"), "--json",
            "--workspace", copy.path)
        #expect(split.status == 0, "\(split.err)")
        let kept = copy.appending(path: "versions/stripes/1/overlays/stripes.png")
        #expect(try OverlayPicture(png: Array(Data(contentsOf: kept))) == stripes)
        // The recipe's own picture may go.
        try FileManager.default.removeItem(at: scratch.url("recipes/art"))
        #expect(try Program.run("verify", "stripes", "--images", "--workspace", copy.path).status == 0)
        let extended = try Program.run(
            "split", scratch.write("recipe: 1\nname: stripes\nextends: stripes@1\n", to: "e.yaml"), "--json",
            "--workspace", copy.path)
        #expect(extended.status == 0 && extended.json["version"] as? Int == 2, "\(extended.err)")
        #expect(
            try Program.run("split", recipe("picture: art/stripes.png, place: eyes, size: 1"), "--workspace", copy.path)
                .status == 66)
        #expect(
            try Program.run("split", recipe("picture: ../../etc/x.png, place: eyes, size: 1"), "--workspace", copy.path)
                .status == 65)
        chmod(kept.path, 0o600)
        try Data("changed".utf8).write(to: kept)
        #expect(try Program.run("verify", "stripes@1", "--workspace", copy.path).status == 3)
        #expect(try Program.run("validate", "stripes@1", "--epochs", "1", "--workspace", copy.path).status == 65)
    }
}
