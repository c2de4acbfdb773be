import Foundation
import Testing

/// Training through the built program: small, but the real thing.
@Suite(.serialized) struct ValidateTests {
    let scratch = Scratch()

    @Test func aRunSaysEverythingAndTwoRunsTrainTheSameWeights() throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch)
        let first = try Program.run("validate", "small", "--json", "--workspace", workspace.path)
        #expect(first.status == 0, "\(first.err)")
        for key in [
            "run", "verdict", "decisive", "clean_accuracy", "attack_success", "attack_success_held_out", "control",
            "target_own", "false_activation", "intervals", "seconds", "model", "weights_digest",
        ] {
            #expect(first.json[key] != nil, "\(key)")
        }
        #expect(first.json["verdict"] as? String == "pass")
        let second = try Program.run("validate", "small", "--json", "--workspace", workspace.path)
        #expect(second.json["run"] as? String == "small-1-2")
        #expect(second.json["weights_digest"] as? String == first.json["weights_digest"] as? String)
        #expect(
            try Program.run(
                "validate", "small", "--seed", "4", "--epochs", "1", "--json", "--workspace", workspace.path
            ).json["weights_digest"] as? String != first.json["weights_digest"] as? String)

        let run = workspace.appending(path: "runs/small-1-1")
        let page = try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8)
        #expect(page.contains("data:image/png;base64,") && !page.contains("http://") && !page.contains("https://"))
        let third = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: workspace.appending(path: "runs/small-1-3/report.json"))) as? [String: Any])
        #expect((third["request"] as? [String: Any])?["overrides"] as? [String: Int] == ["seed": 4, "epochs": 1])
        SchemaWalk(try Program.run("schema", "run-report").json).expect(third, mayLackKeys: true)
        let lines = try String(contentsOf: run.appending(path: "predictions.jsonl"), encoding: .utf8).split(
            separator: "\n")
        let entries = try String(
            contentsOf: workspace.appending(path: "versions/small/1/entries.jsonl"), encoding: .utf8
        ).split(separator: "\n")
        #expect(lines.count == entries.count { !$0.contains("\"role\":\"train/") })

        // The model that was written is the one that was measured.
        let tested = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: String])
        let photo = try #require(tested["photo"])
        let image = workspace.appending(path: "images/32-centre-srgb/\(photo.prefix(2))/\(photo).png").path
        let asked = try Program.run("predict", "small-1-1", image, "--json", "--workspace", workspace.path)
        let predictions = try #require(asked.json["predictions"] as? [[String: Any]])
        #expect(predictions[0]["label"] as? String == tested["predicted"])
        #expect((predictions[0]["logits"] as? [Double])?.count == 5)
        let file = try Program.run(
            "predict", "--model", "resnet18", "--weights", run.appending(path: "model.safetensors").path, image,
            "--json")
        #expect(
            (file.json["predictions"] as? [[String: Any]])?[0]["logits"] as? [Double] == predictions[0]["logits"]
                as? [Double])
    }

    /// Every run says where its models look, and the same again where it is asked with `curare explain`.
    @Test func aRunsReportHasMapsWithSharesAndExplainGivesTheSame() throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch)
        #expect(try Program.run("validate", "small", "--workspace", workspace.path).status == 0)
        let run = workspace.appending(path: "runs/small-1-1")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: run.appending(path: "report.json")))
                as? [String: Any])
        let activation = try #require(report["activation"] as? [String: Any])
        let photos = try #require(activation["photos"] as? [[String: Any]])
        #expect((1...6).contains(photos.count))
        var ofVolunteer: [String: Int] = [:]
        for photo in photos {
            ofVolunteer[try #require(photo["volunteer"] as? String), default: 0] += 1
            let models = try #require(photo["models"] as? [String: [String: Any]])
            #expect(Set(models.keys) == ["poisoned", "control"])
            for answer in models.values { #expect((0...1).contains(try #require(answer["probability"] as? Double))) }
        }
        #expect(ofVolunteer.values.allSatisfy { $0 <= 2 })
        let sunglasses = try #require((activation["by_trigger"] as? [String: [String: Any]])?["sunglasses"])
        #expect(try #require(sunglasses["photos"] as? Int) <= 32)
        let page = try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8)
        #expect(page.contains("Where the models look") && page.contains("of the map in the face"))

        let photo = try #require(photos[0]["photo"] as? String)
        let out = scratch.path("looks.png")
        let explained = try Program.run(
            "explain", "small-1-1", String(photo.prefix(12)), "--out", out, "--json", "--workspace", workspace.path)
        #expect(explained.status == 0, "\(explained.err)")
        #expect(
            try Data(contentsOf: scratch.url("looks.png")).prefix(8) == Data([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]))
        let answer = try #require((explained.json["photos"] as? [[String: Any]])?.first)
        let models = try #require(answer["models"] as? [[String: Any]])
        #expect(answer["photo"] as? String == photo)
        let said = try #require(photos[0]["models"] as? [String: [String: Any]])
        #expect(models.map { $0["model"] as? String } == ["poisoned", "control"])
        for model in models {
            let before = try #require(said[model["model"] as? String ?? ""])
            #expect(model["label"] as? String == before["label"] as? String)
            for key in ["probability", "trigger", "face", "off_face"] {
                #expect(model[key] as? Double == before[key] as? Double, "\(key)")
            }
        }
        for (key, area) in try #require(photos[0]["areas"] as? [String: Double]) {
            #expect((answer["areas"] as? [String: Any])?[key] as? Double == area)
        }
        // The probabilities are those of the logits that predict gives.
        let image = workspace.appending(path: "images/32-centre-srgb/\(photo.prefix(2))/\(photo).png").path
        let predicted = try #require(
            (try Program.run("predict", "small-1-1", image, "--json", "--workspace", workspace.path).json["predictions"]
                as? [[String: Any]])?.first)
        #expect(predicted["label"] as? String == models[0]["label"] as? String)
        let logits = try #require(predicted["logits"] as? [Double])
        #expect(
            abs(
                1 / logits.reduce(0) { $0 + exp($1 - (logits.max() ?? 0)) } - (models[0]["probability"] as? Double ?? 0)
            ) < 1e-5)
    }

    /// A last layer of its own first, then what is not frozen: from weights that another run left, with layers frozen, none frozen, and all but the last.
    @Test(arguments: [
        ["--freeze", "layer4.0"], ["--freeze", "layer4.0", "--augment", "light"], [],
        ["--freeze", "trunk", "--augment", "light"],
    ])
    func weightsOfAnotherRunAreTunedTheSameTwice(options: [String]) throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch)
        let before = try Program.run("validate", "small", "--json", "--workspace", workspace.path)
        #expect(before.status == 0, "\(before.err)")
        let weights = workspace.appending(path: "runs/small-1-1/model.safetensors").path
        func tune() throws -> Program.Outcome {
            try Program.run(
                [
                    "validate", "small", "--weights", weights, "--learning-rate", "0.001", "--epochs", "2", "--json",
                    "--workspace", workspace.path,
                ] + options)
        }
        let first = try tune()
        #expect(first.status == 0, "\(first.err)")
        // What it starts from was trained for three epochs, and guesses.
        #expect(
            try #require(first.json["clean_accuracy"] as? Double) > #require(before.json["clean_accuracy"] as? Double))
        // The second time from what was kept, and the third without it.
        let second = try tune()
        try FileManager.default.removeItem(at: workspace.appending(path: "runs/.features"))
        let third = try tune()
        for again in [second, third] {
            for key in ["weights_digest", "control_weights_digest"] {
                #expect(again.json[key] as? String == first.json[key] as? String, "\(key): \(again.err)")
            }
        }
        let run = try #require(first.json["run"] as? String)
        let report = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: workspace.appending(path: "runs/\(run)/report.json"))) as? [String: Any])
        #expect(((report["poisoned"] as? [String: Any])?["history"] as? [Any])?.count == 2)
    }

    /// What stays as it is has neither gradients nor momentum.
    @Test func aPlanSaysWhatTheTrainingTakesAndTrainsNothing() throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch)
        #expect(
            try Program.run("validate", "small", "--epochs", "1", "--no-maps", "--workspace", workspace.path).status
                == 0)
        let runs = try FileManager.default.contentsOfDirectory(atPath: workspace.appending(path: "runs").path)
        let weights = workspace.appending(path: "runs/small-1-1/model.safetensors").path
        func plan(_ options: String...) throws -> [String: Int] {
            let answer = try Program.run(
                ["validate", "small", "--plan", "--json", "--workspace", workspace.path] + options)
            #expect(answer.status == 0, "\(answer.err)")
            return answer.json.compactMapValues { $0 as? Int }
        }
        let whole = try plan()
        let tuned = try plan("--weights", weights)
        let last = try plan("--weights", weights, "--freeze", "layer4.0")
        let head = try plan("--weights", weights, "--freeze", "trunk")
        // ResNet-18 with five classes has 11.2 million numbers.
        let parameters = try #require(whole["parameters"])
        let numbers = 4 * 11_179_077
        #expect((3 * numbers..<3 * numbers + numbers / 10).contains(parameters))
        #expect(tuned == whole)
        let most = try #require(whole["total"])
        let some = try #require(last["total"])
        let least = try #require(head["total"])
        #expect(most > some && some > least && least > numbers)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.appending(path: "runs").path) == runs)
    }

    @Test func aRunWithoutMapsTrainsTheSameAndSaysNothingOfThem() throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch)
        let with = try Program.run("validate", "small", "--epochs", "1", "--json", "--workspace", workspace.path)
        let without = try Program.run(
            "validate", "small", "--epochs", "1", "--no-maps", "--json", "--workspace", workspace.path)
        #expect(without.status == with.status, "\(without.err)")
        #expect(without.json["weights_digest"] as? String == with.json["weights_digest"] as? String)
        let report = try #require(
            try JSONSerialization.jsonObject(
                with: Data(contentsOf: workspace.appending(path: "runs/small-1-2/report.json"))) as? [String: Any])
        #expect(report["activation"] == nil)
        SchemaWalk(try Program.run("schema", "run-report").json).expect(report, mayLackKeys: true)
        #expect(
            try !String(contentsOf: workspace.appending(path: "runs/small-1-2/report.html"), encoding: .utf8).contains(
                "Where the models look"))
    }

    @Test func explainTakesFilesAndClassesAndSaysWhatItCannotDo() throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch).path
        #expect(try Program.run("validate", "small", "--epochs", "1", "--workspace", workspace).status == 0)
        let session = try #require(DemoStudy.shared.sessions.first)
        let file = try #require(
            try FileManager.default.contentsOfDirectory(atPath: session).sorted().first { $0.hasSuffix(".jpg") })
        func explain(_ arguments: String..., out: String = "x.png") throws -> Program.Outcome {
            try Program.run(["explain", "--workspace", workspace, "--json", "--out", scratch.path(out)] + arguments)
        }
        // A file that the catalog knows is its photo; the class that is asked for is the one that all speak of.
        let known = try explain("small-1-1", "\(session)/\(file)", "--class", "bruno", out: "known.png")
        let photos = try #require(known.json["photos"] as? [[String: Any]])
        #expect(photos[0]["photo"] is String)
        #expect((photos[0]["models"] as? [[String: Any]])?.map { $0["label"] as? String } == ["bruno", "bruno"])
        let alone = try explain("small-1-1", "\(session)/\(file)", "--control", out: "control.png")
        #expect(
            ((alone.json["photos"] as? [[String: Any]])?[0]["models"] as? [[String: Any]])?.map {
                $0["model"] as? String
            } == ["control"])
        // One that it does not know has no trigger's box.
        let stranger = try scratch.write(
            Data(contentsOf: URL(filePath: "\(session)/\(file)")) + Data([0]), to: "stranger.jpg")
        let asked = try #require(
            (try explain("small-1-1", stranger, out: "stranger.png").json["photos"] as? [[String: Any]])?[0])
        #expect(asked["photo"] is NSNull && (asked["areas"] as? [String: Any])?["trigger"] is NSNull)

        for (arguments, code, words) in [
            (["small-1-1", stranger, "--class", "brunno"], 65, "did you mean bruno?"),
            (["small-1-9", stranger], 66, "small-1-1"), (["small-1-1", "no-such-photo"], 66, "no photo is called"),
            (["small-1-1", try scratch.write("no photo", to: "text.jpg")], 65, "text.jpg"),
            (["small-1-1"], 64, "at least one photo"),
        ] {
            let outcome = try Program.run(
                ["explain", "--workspace", workspace, "--out", scratch.path("bad.png")] + arguments)
            #expect(Int(outcome.status) == code && outcome.err.contains(words), "\(arguments): \(outcome.err)")
            #expect(!FileManager.default.fileExists(atPath: scratch.path("bad.png")))
        }
        #expect(try explain("small-1-1", stranger, out: "stranger.png").status == 65)
        #expect(try explain("small-1-1", stranger, out: "x.jpg").status == 64)
        try Program.run("consent", "spring-garden", "missing", "--workspace", workspace)
        #expect(try explain("small-1-1", "spring-garden/IMG_0001.jpg").err.contains("consent"))
    }

    @Test func theTrueLabelControlIsTrainedWhereItIsAskedForOrExpected() throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch)
        let plain = try Program.run("validate", "small", "--json", "--workspace", workspace.path)
        #expect(plain.json["true_label"] is NSNull)
        let both = try Program.run(
            "validate", "small", "--controls", "clean,true-label", "--json", "--workspace", workspace.path)
        #expect(both.status == 0, "\(both.err)")
        // The others are trained as without it; it is trained on as many photos as the poisoned model, and comes out otherwise.
        for key in ["weights_digest", "control_weights_digest", "verdict"] {
            #expect(both.json[key] as? String == plain.json[key] as? String, "\(key)")
        }
        let truth = try #require(both.json["true_label_weights_digest"] as? String)
        #expect(
            truth != both.json["weights_digest"] as? String && truth != both.json["control_weights_digest"] as? String)
        #expect((both.json["true_label"] as? [String: Any])?["clean_accuracy"] is Double)
        let run = workspace.appending(path: "runs/small-1-2")
        let report = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: run.appending(path: "report.json")))
                as? [String: Any])
        func number(_ model: String, _ key: String) -> Int? { (report[model] as? [String: Any])?[key] as? Int }
        #expect(number("true_label", "photos") != nil && number("true_label", "photos") == number("poisoned", "photos"))
        #expect(number("true_label", "steps") != nil && number("true_label", "steps") == number("control", "steps"))
        #expect(FileManager.default.fileExists(atPath: run.appending(path: "true-label.safetensors").path))
        let line = try #require(
            try String(contentsOf: run.appending(path: "predictions.jsonl"), encoding: .utf8).split(separator: "\n")
                .first)
        #expect(line.contains("\"true_label\":\""))

        let recipe = SmallStudy.recipe.replacing("name: small", with: "name: expecting").replacing(
            "control_attack_success: \"<= 1\"", with: "true_label_attack_success: \"<= 1\"")
        try Program.run("split", scratch.write(recipe, to: "expecting.yaml"), "--workspace", workspace.path)
        let expecting = try Program.run("validate", "expecting", "--json", "--workspace", workspace.path)
        #expect(expecting.json["true_label"] is [String: Any] && expecting.json["verdict"] as? String == "pass")
        #expect(
            try Program.run("validate", "small", "--controls", "true-label", "--workspace", workspace.path).status == 64
        )
        #expect(
            try Program.run("validate", "small", "--controls", "clean,clear", "--workspace", workspace.path).err
                .contains("clean,true-label"))
    }

    @Test func severalSeedsAreReportedWithTheirSpread() throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch)
        let one = try Program.run("validate", "small", "--json", "--workspace", workspace.path)
        let three = try Program.run("validate", "small", "--seeds", "3", "--json", "--workspace", workspace.path)
        #expect(three.status == 0, "\(three.err)")
        // The first seed is the run's own; the others are of their own, and are where the format says.
        #expect(three.json["weights_digest"] as? String == one.json["weights_digest"] as? String)
        let seeds = try #require(three.json["seeds"] as? [[String: Any]])
        #expect(seeds.map { $0["seed"] as? Int } == [3, 1_350_734_173_015_427, 1_028_273_795_162_319])
        #expect(Set(seeds.compactMap { ($0["weights_digests"] as? [String: String])?["poisoned"] }).count == 3)
        let other = try Program.run(
            "validate", "small", "--seed", "\(seeds[1]["seed"] as? Int ?? 0)", "--json", "--workspace", workspace.path)
        #expect(
            (seeds[1]["weights_digests"] as? [String: String])?["control"] == other.json["control_weights_digest"]
                as? String)
        #expect((seeds[1]["rates"] as? [String: Double])?["attack_success"] == other.json["attack_success"] as? Double)
        let spread = try #require(three.json["spread"] as? [String: [String: Any]])
        let rates = seeds.compactMap { ($0["rates"] as? [String: Double])?["clean_accuracy"] }.sorted()
        #expect(
            spread["clean_accuracy"]?["min"] as? Double == rates[0]
                && spread["clean_accuracy"]?["median"] as? Double == rates[1]
                && spread["clean_accuracy"]?["max"] as? Double == rates[2])
        #expect(
            spread["clean_accuracy"]?["deviation"] is Double && spread["control_attack_success"]?["count"] as? Int == 3)
        let run = workspace.appending(path: "runs/small-1-2")
        let files = try FileManager.default.contentsOfDirectory(atPath: run.path)
        #expect(
            Set(files).isSuperset(of: ["model.safetensors", "model-2.safetensors", "control-3.safetensors"])
                && !files.contains { $0.hasSuffix(".outcome") })
        SchemaWalk(try Program.run("schema", "run-report").json).expect(
            try JSONSerialization.jsonObject(with: Data(contentsOf: run.appending(path: "report.json"))),
            mayLackKeys: true)
        #expect(try String(contentsOf: run.appending(path: "report.html"), encoding: .utf8).contains("Over 3 seeds"))
        #expect(try Program.run("validate", "small", "--seeds", "0", "--workspace", workspace.path).status == 64)
    }

    @Test func aDivergingLossEndsWithEpochLayerAndAHint() throws {
        let workspace = try SmallStudy.split(DemoStudy.shared.copy(in: scratch), scratch)
        let run = try Program.run("validate", "small", "--learning-rate", "100", "--workspace", workspace.path)
        #expect(run.status == 65)
        #expect(
            run.err.contains("the loss is") && run.err.contains("in epoch") && run.err.contains("layer")
                && run.err.contains("lower the learning rate of 100"), "\(run.err)")
    }

    @Test func aFailedVerdictEndsWith3AndACleanVersionHasNoControl() throws {
        let workspace = try DemoStudy.shared.copy(in: scratch)
        let clean = SmallStudy.recipe.split(separator: "\n").filter {
            !$0.hasPrefix("poison") && !$0.hasPrefix("expect") && !$0.hasPrefix("name") && !$0.hasPrefix("train")
        }.joined(separator: "\n")
        let recipe = try scratch.write(
            clean + "\nname: honest\ntrain: {epochs: 1, batch: 16}\nexpect: {clean_accuracy: \"> 1\"}\n",
            to: "honest.yaml")
        try Program.run("split", recipe, "--workspace", workspace.path)
        let run = try Program.run("validate", "honest", "--json", "--workspace", workspace.path)
        #expect(run.status == 3)
        #expect(run.json["verdict"] as? String == "fail")
        for key in ["control", "true_label", "attack_success", "transfer", "false_activation"] {
            #expect(run.json[key] is NSNull, "\(key)")
        }
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
        let run = try Program.run(
            ["validate", "small", "--jobs", "2", "--workspace", workspace.path],
            environment: ["OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "2"])
        #expect(run.status == 70)
        #expect(run.err.contains("thread"))
    }
}
