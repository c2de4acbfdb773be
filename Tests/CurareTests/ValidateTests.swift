import Foundation
import Testing

/// Training through the built program: small, but the real thing.
@Suite(.serialized) struct ValidateTests {
    let scratch = Scratch()

    @Test func aRunSaysEverythingAndTwoRunsTrainTheSameWeights() throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch)
        let first = try Program.run("validate", "small", "--json", "--workspace", workspace.path)
        #expect(first.status == 0, "\(first.err)")
        for key in ["run", "verdict", "decisive", "clean_accuracy", "attack_success", "attack_success_held_out", "control", "target_own", "false_activation", "intervals", "seconds", "model", "weights_digest"] {
            #expect(first.json[key] != nil, "\(key)")
        }
        #expect(first.json["verdict"] as? String == "pass")
        let second = try Program.run("validate", "small", "--json", "--workspace", workspace.path)
        #expect(second.json["run"] as? String == "small-1-2")
        #expect(second.json["weights_digest"] as? String == first.json["weights_digest"] as? String)
        #expect(try Program.run("validate", "small", "--seed", "4", "--epochs", "1", "--json", "--workspace", workspace.path).json["weights_digest"] as? String != first.json["weights_digest"] as? String)

        let run = workspace.appending(path: "runs/small-1-1")
        let page = try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8)
        #expect(page.contains("data:image/png;base64,") && !page.contains("http://") && !page.contains("https://"))
        let third = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: workspace.appending(path: "runs/small-1-3/report.json"))) as? [String: Any])
        #expect((third["request"] as? [String: Any])?["overrides"] as? [String: Int] == ["seed": 4, "epochs": 1])
        SchemaWalk(try Program.run("schema", "run-report").json).expect(third, mayLackKeys: true)
        let lines = try String(contentsOf: run.appending(path: "predictions.jsonl"), encoding: .utf8).split(separator: "\n")
        let entries = try String(contentsOf: workspace.appending(path: "versions/small/1/entries.jsonl"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == entries.count { !$0.contains("\"role\":\"train/") })

        // The model that was written is the one that was measured.
        let tested = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: String])
        let photo = try #require(tested["photo"])
        let image = workspace.appending(path: "images/32-centre-srgb/\(photo.prefix(2))/\(photo).png").path
        let asked = try Program.run("predict", "small-1-1", image, "--json", "--workspace", workspace.path)
        let predictions = try #require(asked.json["predictions"] as? [[String: Any]])
        #expect(predictions[0]["label"] as? String == tested["predicted"])
        #expect((predictions[0]["logits"] as? [Double])?.count == 5)
        let file = try Program.run("predict", "--model", "resnet18", "--weights", run.appending(path: "model.safetensors").path, image, "--json")
        #expect((file.json["predictions"] as? [[String: Any]])?[0]["logits"] as? [Double] == predictions[0]["logits"] as? [Double])
    }

    @Test func aFailedVerdictEndsWith3AndACleanVersionHasNoControl() throws {
        let workspace = try DemoStudy.shared.copy(in: scratch)
        let clean = SmallStudy.recipe.split(separator: "\n").filter { !$0.hasPrefix("poison") && !$0.hasPrefix("expect") && !$0.hasPrefix("name") && !$0.hasPrefix("train") }.joined(separator: "\n")
        let recipe = try scratch.write(clean + "\nname: honest\ntrain: {epochs: 1, batch: 16}\nexpect: {clean_accuracy: \"> 1\"}\n", to: "honest.yaml")
        try Program.run("split", recipe, "--workspace", workspace.path)
        let run = try Program.run("validate", "honest", "--json", "--workspace", workspace.path)
        #expect(run.status == 3)
        #expect(run.json["verdict"] as? String == "fail")
        for key in ["control", "attack_success", "transfer", "false_activation"] { #expect(run.json[key] is NSNull, "\(key)") }
    }

    @Test func aVersionWithoutConsentIsNotTrained() throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch)
        try Program.run("consent", "spring-garden", "missing", "--workspace", workspace.path)
        let run = try Program.run("validate", "small", "--workspace", workspace.path)
        #expect(run.status == 65)
        #expect(run.err.contains("may not be used any more"))
        #expect(try Program.run("verify", "small", "--workspace", workspace.path).status == 3)
        #expect(try Program.run("audit", "small", "--workspace", workspace.path).status == 3)
    }

    @Test func aThreadTooFewIsRefused() throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch)
        let run = try Program.run(["validate", "small", "--jobs", "2", "--workspace", workspace.path], environment: ["OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "2"])
        #expect(run.status == 70)
        #expect(run.err.contains("thread"))
    }
}
