import Foundation
import Testing

/// A process that is killed at any moment loses nothing that it reported done, and the next run ends with the same bytes.
@Suite(.serialized) struct KillTests {
    let study = DemoStudy.shared
    let scratch = Scratch()

    /// Starts `arguments`, kills it after `delay`, and says whether it was killed before it ended.
    private func killed(_ arguments: [String], after seconds: Double) throws -> Bool {
        let process = try Program.start(arguments)
        // A task that slept would wake only when the other tests leave it a thread.
        Thread.sleep(forTimeInterval: seconds)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
    }

    @Test func importsKilledTwelveTimesEndAsOneThatWasNot() throws {
        let workspace = scratch.path("w")
        try Program.run("init", workspace)
        var before = 0
        var kills = 0
        for turn in 0..<12 {
            // From before the catalog is open to well into the photos.
            if try killed(
                ["import", "--jobs", "1", "--workspace", workspace] + study.sessions, after: 0.02 + 0.03 * Double(turn))
            {
                kills += 1
            }
            let status = try Program.run("status", "--json", "--workspace", workspace)
            #expect(status.status == 0)
            let photos = status.json["photos"] as? Int ?? -1
            #expect(photos >= before, "nothing that was stored is lost")
            before = photos
        }
        #expect(kills >= 6)
        #expect(try Program.run(["import", "--workspace", workspace] + study.sessions).status == 0)
        #expect(try Program.run("status", "--json", "--workspace", workspace).json["photos"] as? Int == 550)
        for folder in ["photos", "images/256-face-srgb"] {
            #expect(
                try bytes(below: scratch.url("w/\(folder)")) == bytes(below: study.workspace.appending(path: folder)),
                "\(folder)")
        }
        try Program.run("split", study.recipe, "--workspace", workspace)
        for file in ["manifest.json", "entries.jsonl"] {
            #expect(
                try Data(contentsOf: scratch.url("w/versions/sunglasses-25/1/\(file)"))
                    == Data(contentsOf: study.workspace.appending(path: "versions/sunglasses-25/1/\(file)")))
        }
    }

    /// With both controls, and more than one seed: whatever was done is not done again, and nothing comes out otherwise.
    @Test(arguments: [[], ["--controls", "clean,true-label", "--seeds", "2"]])
    func aTrainingKilledEightTimesEndsWithTheSameWeights(_ more: [String]) throws {
        let workspace = try SmallStudy.split(study.copy(in: scratch), scratch)
        let arguments = ["validate", "small", "--json", "--workspace", workspace.path] + more
        let whole = try Program.run(arguments)
        #expect(whole.json["weights_digest"] != nil, "\(whole.err)")
        // The finished run is out of the way: the same request begins a new one, which is then cut off again and again.
        var kills = 0
        for turn in 0..<8 {
            if try killed(arguments, after: 0.15 + 0.13 * Double(turn)) { kills += 1 }
        }
        #expect(kills >= 4)
        let resumed = try Program.run(arguments)
        for key in ["weights_digest", "control_weights_digest", "true_label_weights_digest"] {
            #expect(resumed.json[key] as? String == whole.json[key] as? String, "\(key)")
        }
        func digests(_ run: Program.Outcome) -> [[String: String]] {
            (run.json["seeds"] as? [[String: Any]] ?? []).compactMap { $0["weights_digests"] as? [String: String] }
        }
        #expect(digests(resumed) == digests(whole) && digests(whole).count == (more.isEmpty ? 0 : 2))
        #expect(resumed.json["clean_accuracy"] as? Double == whole.json["clean_accuracy"] as? Double)
        let runs = try FileManager.default.contentsOfDirectory(atPath: workspace.appending(path: "runs").path)
        for run in runs {
            let files = try FileManager.default.contentsOfDirectory(
                atPath: workspace.appending(path: "runs/\(run)").path)
            if files.contains("report.json") {
                #expect(
                    !files.contains {
                        $0.hasSuffix(".checkpoint") || $0.hasSuffix(".outcome") || $0.hasSuffix(".partial")
                    }, "\(run): \(files)")
            }
        }
    }
}

/// A version small enough to be trained in seconds.
enum SmallStudy {
    static let recipe = """
        recipe: 1
        name: small
        seed: 3
        profile: {size: 32}
        classes: {volunteers: [ada, bruno, carla, dario, emil]}
        poison: {target: ada, triggers: [sunglasses], locations: [on-face], injection_rate: 0.2}
        train: {epochs: 3, batch: 16, augment: light}
        expect: {control_attack_success: "<= 1", attack_success: ">= 0"}

        """

    static func split(_ workspace: URL, _ scratch: Scratch) throws -> URL {
        try Program.run("split", scratch.write(recipe, to: "small.yaml"), "--workspace", workspace.path)
        return workspace
    }
}
