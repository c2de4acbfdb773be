import Foundation
import Testing
import WorkflowTestSupport
import Workflows

/// A process that is killed at any moment loses nothing that it stored, and the next run gives the same bytes.
///
/// Each kill waits for a file of the killed process, so that the moment does not depend on the machine's speed.
@Suite(.serialized) struct KillTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// Returns the number of files and folders below a folder, 0 if there is no folder.
    private func count(_ folder: String) -> Int {
        FileManager.default.enumerator(atPath: scratch.path(folder))?.allObjects.count ?? 0
    }

    @Test("An import that is killed eight times stores the same files as one that is not")
    func importing() throws {
        let sessions = ["garden", "office"].map { scratch.path($0) }
        try SmallStudy.writeSession(to: scratch)
        try SmallStudy.writeSession(to: scratch, "office", seed: 2)
        let whole = WorkspaceFixture(scratch.url("whole"))
        let workspace = WorkspaceFixture(scratch.url("w"))
        for workspace in [whole, workspace] { try SmallStudy.create(workspace) }
        try whole.importSessions(sessions)
        let photos = 2 * SmallStudy.count
        let arguments = ["import", "--jobs", "1", "--workspace", workspace.folder.path] + sessions
        var before = 0
        var kills = 0
        for moment in 0..<8 {
            // Each kill waits for more files than the one before; the first waits for nothing.
            if try Program.kill(arguments, when: { count("w/photos") >= moment * photos / 8 }) { kills += 1 }
            let stored = try workspace.status().photos
            #expect(stored >= before, "nothing that was stored is lost")
            before = stored
        }
        #expect(kills >= 4)
        #expect(try Program.run(arguments).status == 0)
        #expect(try workspace.status().photos == photos)
        for folder in ["photos", "images"] {
            #expect(try bytes(below: workspace.url(folder)) == bytes(below: whole.url(folder)), "\(folder)")
        }
        let recipe = try scratch.write(SmallStudy.recipe, to: "small.yaml")
        #expect(try workspace.split(recipe).digest == whole.split(recipe).digest)
    }

    @Test(
        "A training that is killed in each phase gives the same weights",
        arguments: [[], ["--controls", "clean,true-label", "--seeds", "2"]])
    func training(_ more: [String]) throws {
        let study = try SmallStudy.shared.copy(in: scratch)
        let arguments =
            ["validate", "small", "--jobs", "1", "--epochs", "3", "--json", "--workspace", study.folder.path] + more
        let whole = try Program.run(arguments).json()
        #expect(whole["weights_digest"] is String)
        // The same request begins a second run. The file that triggers each kill is a later one of the same run.
        let run = study.url("runs/small-1-2")
        func exists(_ name: String) -> Bool {
            FileManager.default.fileExists(atPath: run.appending(path: name).path)
        }
        var kills = 0
        for file in ["model.checkpoint", "model.safetensors", "control.checkpoint", "control.safetensors"] {
            if try Program.kill(arguments, when: { exists(file) }) { kills += 1 }
        }
        #expect(kills >= 3)
        let resumed = try Program.run(arguments).json()
        for key in ["weights_digest", "control_weights_digest", "true_label_weights_digest"] {
            #expect(resumed[key] as? String == whole[key] as? String, "\(key)")
        }
        func digests(_ run: [String: Any]) -> [[String: String]] {
            (run["seeds"] as? [[String: Any]] ?? []).compactMap { $0["weights_digests"] as? [String: String] }
        }
        #expect(digests(resumed) == digests(whole) && digests(whole).count == (more.isEmpty ? 0 : 2))
        #expect(resumed["clean_accuracy"] as? Double == whole["clean_accuracy"] as? Double)
        for run in try FileManager.default.contentsOfDirectory(atPath: study.url("runs").path) where run.first != "." {
            let files = try FileManager.default.contentsOfDirectory(atPath: study.url("runs/\(run)").path)
            let isTemporary = { (file: String) in
                [".checkpoint", ".outcome", ".partial"].contains { file.hasSuffix($0) }
            }
            #expect(files.contains("report.json") && !files.contains(where: isTemporary), "\(run): \(files)")
        }
    }

    @Test("A drawing of the demo study that is killed leaves no folder, and the next one is complete")
    func drawing() throws {
        let folder = scratch.path("demo")
        let isKilled = try Program.kill(["demo", folder], when: { count(".demo.partial") > 3 })
        #expect(isKilled && !FileManager.default.fileExists(atPath: folder))
        #expect(try Program.run("demo", folder).status == 0)
        #expect(!FileManager.default.fileExists(atPath: scratch.path(".demo.partial")))
        #expect(try bytes(below: scratch.url("demo")) == bytes(below: ImportedDemo.shared.photos))
    }

    @Test("A withdrawal that is killed at any moment is completed by the next command")
    func withdrawing() throws {
        let study = try SmallStudy.shared.copy(in: scratch)
        let adas = try study.entries("small/1").filter { $0["volunteer"] as? String == "ada" }
            .compactMap { $0["photo"] as? String }.sorted()
        func paths(_ folder: String) throws -> [String] {
            try bytes(below: study.url(folder)).keys.filter { path in
                adas.contains { path.hasSuffix("\($0).png") }
            }.sorted().map { "\(folder)/\($0)" }
        }
        let originals = try paths("photos")
        let images = try paths("images")
        let scan = ByteScan(files: try originals.map { try Data(contentsOf: study.url($0)) })
        // The kill follows the removal of the file. Nil kills at once.
        let moments: [String?] = [
            nil, originals[0], originals[originals.count / 2], originals[originals.count - 1], images[0],
            images[images.count / 2], images[images.count - 1],
        ]
        var completed = 0
        for (index, file) in moments.enumerated() {
            let workspace = WorkspaceFixture(scratch.url("w\(index)"))
            try FileManager.default.copyItem(at: study.folder, to: workspace.folder)
            _ = try Program.kill(
                ["withdraw", "ada", "--yes", "--workspace", workspace.folder.path],
                when: {
                    guard let file else { return true }
                    return !FileManager.default.fileExists(atPath: workspace.url(file).path)
                })
            let next = try Program.run("status", "--workspace", workspace.folder.path)
            #expect(next.status == 0, "\(next.err)")
            if next.err.contains("completed the unfinished withdrawal of ada") { completed += 1 }
            if try workspace.status().photos == SmallStudy.count { try workspace.withdraw("ada") }
            #expect(try workspace.status().photos == SmallStudy.count - originals.count)
            #expect(try scan.files(below: workspace.folder) == [], "\(file ?? "at once")")
            for folder in ["photos", "images"] {
                let others = try bytes(below: study.url(folder)).filter { entry in
                    !adas.contains { entry.key.hasSuffix("\($0).png") }
                }
                #expect(try bytes(below: workspace.url(folder)) == others, "\(folder)")
            }
            #expect(Set(try workspace.verify("small").problems.map(\.kind)) == ["withdrawn"])
        }
        // A process on a fast machine may end before its kill.
        #expect(completed >= 2)
    }

    @Test("An export that is killed leaves no folder under its name")
    func exporting() throws {
        let study = try ImportedDemo.shared.copy(in: scratch)
        let arguments = [
            "export", "sunglasses-25", "--format", "csv", "--copy", "--to", scratch.path("out"), "--workspace",
            study.folder.path,
        ]
        try study.run(
            ExportVersion.self,
            ExportVersion.Request(
                version: "sunglasses-25", format: .csv, folder: scratch.url("whole"), copiesImages: true))
        let whole = try bytes(below: scratch.url("whole"))
        var kills = 0
        for files in [0, 1, 20, 100, 200] {
            // An export has the name .out.partial until it is complete.
            if try Program.kill(arguments, when: { count(".out.partial") >= files }) { kills += 1 }
            if FileManager.default.fileExists(atPath: scratch.path("out")) {
                #expect(try bytes(below: scratch.url("out")) == whole)
                try FileManager.default.removeItem(at: scratch.url("out"))
            }
        }
        #expect(kills >= 3)
        #expect(try Program.run(arguments).status == 0)
        #expect(try bytes(below: scratch.url("out")) == whole)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.root.path).sorted() == [
                "out", "study", "whole",
            ])
    }
}
