import Core
import Foundation
import Storage
import Testing
import Validation
import WorkflowTestSupport

@testable import Workflows

/// Training, prediction and saliency maps on photos of 32 pixels, with one thread. The trainings follow one another:
/// each uses a whole processor.
@Suite(.serialized) struct TrainingTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    func validate(
        _ overrides: TrainingRequest.Overrides = TrainingRequest.Overrides(epochs: 1),
        controls: Set<TrainingRequest.Control> = [.clean], seeds: Int = 1, drawsMaps: Bool = false
    ) throws -> ValidationResult {
        var request = ValidateVersion.Request(
            version: "small", overrides: overrides, controls: controls, seeds: seeds, drawsMaps: drawsMaps)
        // The feature maps of images of 32 px are smaller than those of a user.
        request.minimumMapSide = 1
        return try study.validate(request)
    }

    func explain(_ request: ExplainRun.Request) throws -> ExplainRun.Result {
        var request = request
        request.minimumMapSide = 1
        return try study.run(ExplainRun.self, request)
    }

    func report(_ result: ValidationResult) throws -> [String: Any] {
        try WorkspaceFixture.object(in: URL(filePath: result.report))
    }

    func image(_ photo: String) -> String {
        study.url("images/32-centre-srgb/\(photo.prefix(2))/\(photo).png").path
    }

    func predict(_ model: PredictImages.Model, _ photo: String, network: String? = nil) throws
        -> PredictImages.Result.PhotoPrediction
    {
        try study.run(
            PredictImages.self, PredictImages.Request(model: model, photos: [photo], network: network)
        ).predictions[0]
    }

    @Test("The same request trains the same weights, and another seed trains others")
    func sameWeights() throws {
        let first = try validate()
        let second = try validate()
        #expect(first.run == "small-1-1" && second.run == "small-1-2")
        #expect(second.weightsDigest == first.weightsDigest)
        #expect(second.controlWeightsDigest == first.controlWeightsDigest)
        let other = try validate(TrainingRequest.Overrides(seed: 4, epochs: 1))
        #expect(other.weightsDigest != first.weightsDigest)
        let request = try #require(report(other)["request"] as? [String: Any])
        #expect(request["overrides"] as? [String: Int] == ["seed": 4, "epochs": 1])
    }

    @Test("Removed models are made again with the same weights; other weights are not written")
    func remadeModels() throws {
        let trained = try study.validate(
            ValidateVersion.Request(
                version: "small", overrides: TrainingRequest.Overrides(epochs: 1), seeds: 2, drawsMaps: false))
        #expect(trained.bytes > 0)
        let names = ["model", "control", "model-2", "control-2"].map { "\($0).safetensors" }
        let folder = study.url("runs/small-1-1")
        let before = try bytes(below: folder).filter { $0.key != ".lock" }
        #expect(Set(names).isSubset(of: before.keys))
        func remake() throws -> RemakeModels.Result {
            try study.run(RemakeModels.self, RemakeModels.Request(run: "small-1-1"))
        }
        func faults() throws -> [String] {
            try study.run(CheckWorkspace.self, CheckWorkspace.Request()).problems.map(\.kind)
        }
        #expect(try remake().models.map(\.trained) == [false, false, false, false])
        try study.run(PruneRuns.self, PruneRuns.Request(removesOnlyModels: true, confirm: { _ in }))
        #expect(try bytes(below: folder).keys.filter { $0.hasSuffix(".safetensors") } == [])
        let remade = try remake()
        #expect(remade.complete && !remade.isNegative && remade.engine.isEmpty)
        #expect(remade.models.map(\.file) == names && remade.models.allSatisfy { $0.trained && $0.same })
        #expect(try bytes(below: folder).filter { $0.key != ".lock" } == before)
        // The models are no longer recorded as removed.
        try FileManager.default.removeItem(at: folder.appending(path: names[2]))
        #expect(try faults() == ["missing-model"])
        #expect(try remake().models.map(\.trained) == [false, false, true, true])

        // On another processor the weights have other digests.
        let files = RunFiles(folder)
        let report = try Data(contentsOf: files.report)
        let other = String(repeating: "0", count: 64)
        try replace(trained.weightsDigest, with: other, in: files.report)
        try replace("\"glibc\" : \"", with: "\"glibc\" : \"0.", in: files.report)
        try study.run(PruneRuns.self, PruneRuns.Request(removesOnlyModels: true, confirm: { _ in }))
        var problems: [String] = []
        let failed = try study.run(RemakeModels.self, RemakeModels.Request(run: "small-1-1")) {
            if case .problem(let error) = $0 { problems.append(error.message) }
        }
        #expect(problems.count == 1 && failed.engine.map(\.name) == ["glibc"])
        #expect(failed.isNegative && failed.models.map(\.same) == [false, true])
        #expect(failed.models[0].expected == other && failed.models[0].digest == trained.weightsDigest)
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: names[0]).path))
        #expect(try faults() == [], "the models are still recorded as removed")
        try report.write(to: files.report)
        #expect(try remake().complete)
    }

    @Test("Models are not made again for an unknown or unfinished run, and not without consent")
    func remakeInputs() throws {
        try PlantedRuns.write(to: Workspace(root: study.folder))
        func error(_ run: String) throws -> CurareError {
            try #require(
                #expect(throws: CurareError.self) {
                    try study.run(RemakeModels.self, RemakeModels.Request(run: run))
                })
        }
        #expect(try error("small-1-9").code == .missingInput)
        #expect(try error(PlantedRuns.unfinished).message.contains("not finished"))
        do {
            let lock = try FolderLock(study.url("runs/\(PlantedRuns.finished)"), "run")
            #expect(try error(PlantedRuns.finished).code == .busy)
            withExtendedLifetime(lock) {}
        }
        try study.run(ReviewConsent.self, ReviewConsent.Request(session: "garden", consent: "missing"))
        #expect("\(try error(PlantedRuns.finished))".contains("consent"))
        try FileManager.default.removeItem(at: study.url("versions/small"))
        #expect(try error(PlantedRuns.finished).code == .missingInput)
    }

    @Test("A fixed number of threads is that of the run, whatever the number of jobs")
    func fixedThreads() throws {
        let weights = try [1, 2].map { jobs in
            var study = study
            study.threads = jobs
            let result = try study.validate(
                ValidateVersion.Request(
                    version: "small", overrides: TrainingRequest.Overrides(epochs: 1, threads: 1), drawsMaps: false))
            let report = try report(result)
            let request = try #require(report["request"] as? [String: Any])
            let engine = try #require(report["engine"] as? [String: Any])
            #expect(request["threads"] as? Int == 1)
            #expect(engine["threads"] as? Int == 1)
            return result.weightsDigest
        }
        #expect(weights[0] == weights[1])
    }

    @Test(
        "A run has a prediction for each test photo, and predict gives the same label from the run or its weights file")
    func predictions() throws {
        let result = try validate()
        #expect(result.verdict == "pass")
        let lines = try WorkspaceFixture.lines(of: study.url("runs/small-1-1/predictions.jsonl"))
        let entries = try study.entries("small/1")
        #expect(lines.count == entries.count { ($0["role"] as? String)?.hasPrefix("train/") == false })
        let photo = try #require(lines[0]["photo"] as? String)
        let fromRun = try predict(.run("small-1-1", control: false), image(photo))
        #expect(fromRun.label == lines[0]["predicted"] as? String)
        #expect(fromRun.logits.count == 3)
        let weights = study.url("runs/small-1-1/model.safetensors")
        #expect(try predict(.file(weights), image(photo), network: "resnet18").logits == fromRun.logits)
    }

    @Test("A report page needs no network")
    func reportPage() throws {
        let page = try String(contentsOfFile: validate(drawsMaps: true).page, encoding: .utf8)
        #expect(page.contains("data:image/png;base64,") && !page.contains("http://") && !page.contains("https://"))
    }

    @Test(
        "Fine-tuning from another run's weights gives the same weights with and without stored features",
        arguments: [(String?.none, "none"), ("layer4.0", "none"), ("trunk", "light")])
    func fineTuning(_ freeze: String?, _ augment: String) throws {
        let before = try validate()
        let weights = study.url("runs/small-1-1/model.safetensors").path
        let overrides = TrainingRequest.Overrides(
            epochs: 2, augment: augment, weights: weights, freeze: freeze, learningRate: 0.0001)
        let first = try validate(overrides)
        #expect(first.weightsDigest != before.weightsDigest)
        let second = try validate(overrides)
        let features = study.url("runs/.features")
        if FileManager.default.fileExists(atPath: features.path) { try FileManager.default.removeItem(at: features) }
        let third = try validate(overrides)
        for again in [second, third] {
            #expect(again.weightsDigest == first.weightsDigest)
            #expect(again.controlWeightsDigest == first.controlWeightsDigest)
        }
        let history = try #require((report(first)["poisoned"] as? [String: Any])?["history"] as? [Any])
        #expect(history.count == 2)
    }

    @Test("A plan gives the memory of a training, and frozen layers need less")
    func plan() throws {
        _ = try validate()
        let runs = try FileManager.default.contentsOfDirectory(atPath: study.url("runs").path)
        let weights = study.url("runs/small-1-1/model.safetensors").path
        func memory(_ overrides: TrainingRequest.Overrides) throws -> TrainingMemory {
            let result = try study.run(
                ValidateVersion.self,
                ValidateVersion.Request(version: "small", overrides: overrides, plansOnly: true))
            guard case .plan(let memory) = result else { throw FixtureError("not a plan") }
            return memory
        }
        let whole = try memory(TrainingRequest.Overrides())
        let tuned = try memory(TrainingRequest.Overrides(weights: weights))
        let last = try memory(TrainingRequest.Overrides(weights: weights, freeze: "layer4.0"))
        let head = try memory(TrainingRequest.Overrides(weights: weights, freeze: "trunk"))
        // ResNet-18 with three classes has 11,178,051 parameters of four bytes. Gradients and momentum have the same
        // size.
        let parameters = 4 * 11_178_051
        #expect((3 * parameters..<3 * parameters + parameters / 10).contains(whole.parameters))
        #expect(tuned.total == whole.total)
        #expect(whole.total > last.total && last.total > head.total && head.total > parameters)
        #expect(try FileManager.default.contentsOfDirectory(atPath: study.url("runs").path) == runs)
    }

    @Test("The true-label control is trained if it is requested or if the recipe expects something of it")
    func trueLabelControl() throws {
        let plain = try validate()
        #expect(plain.trueLabel == nil)
        let both = try validate(controls: [.clean, .trueLabel])
        #expect(both.weightsDigest == plain.weightsDigest)
        #expect(both.controlWeightsDigest == plain.controlWeightsDigest && both.verdict == plain.verdict)
        let digest = try #require(both.trueLabelWeightsDigest)
        #expect(digest != both.weightsDigest && digest != both.controlWeightsDigest)
        #expect(both.trueLabel?.cleanAccuracy != nil)
        let report = try report(both)
        func number(_ model: String, _ key: String) -> Int? { (report[model] as? [String: Any])?[key] as? Int }
        #expect(number("true_label", "photos") != nil && number("true_label", "photos") == number("poisoned", "photos"))
        #expect(number("true_label", "steps") != nil && number("true_label", "steps") == number("control", "steps"))
        #expect(FileManager.default.fileExists(atPath: study.url("runs/small-1-2/true-label.safetensors").path))
        let line = try #require(WorkspaceFixture.lines(of: study.url("runs/small-1-2/predictions.jsonl")).first)
        #expect(line["true_label"] is String)

        let recipe = SmallStudy.recipe.replacing("name: small", with: "name: expecting").replacing(
            "control_attack_success: \"<= 1\"", with: "true_label_attack_success: \"<= 1\"")
        try study.split(scratch.write(recipe, to: "expecting.yaml"))
        let expecting = try study.validate(
            ValidateVersion.Request(
                version: "expecting", overrides: TrainingRequest.Overrides(epochs: 1), drawsMaps: false))
        #expect(expecting.trueLabel != nil && expecting.verdict == "pass")
    }

    @Test("Several seeds are reported with their spread; the first seed is that of a run with one seed")
    func seeds() throws {
        let one = try validate()
        let three = try validate(seeds: 3)
        #expect(three.weightsDigest == one.weightsDigest)
        let seeds = try #require(three.seeds)
        // The seeds that docs/format.md defines for the seed 3.
        #expect(seeds.map(\.seed) == [3, 1_350_734_173_015_427, 1_028_273_795_162_319])
        #expect(Set(seeds.compactMap { $0.weightsDigests["poisoned"] }).count == 3)
        let other = try validate(TrainingRequest.Overrides(seed: seeds[1].seed, epochs: 1))
        #expect(seeds[1].weightsDigests["control"] == other.controlWeightsDigest)
        #expect(seeds[1].rates["attack_success"] == other.attackSuccess)
        let rates = seeds.compactMap { $0.rates["clean_accuracy"] }.sorted()
        let spread = try #require(three.spread?["clean_accuracy"])
        #expect([spread.min, spread.median, spread.max] == rates && spread.deviation != nil)
        #expect(three.spread?["control_attack_success"]?.count == 3)
        let files = try FileManager.default.contentsOfDirectory(atPath: study.url("runs/small-1-2").path)
        #expect(Set(files).isSuperset(of: ["model.safetensors", "model-2.safetensors", "control-3.safetensors"]))
        #expect(!files.contains { $0.hasSuffix(".outcome") })
        #expect(try String(contentsOfFile: three.page, encoding: .utf8).contains("Over 3 seeds"))
    }

    @Test("A diverging loss ends the run with the epoch, the layer and a hint")
    func divergingLoss() throws {
        let error = #expect(throws: (any Error).self) {
            _ = try validate(TrainingRequest.Overrides(epochs: 3, learningRate: 100))
        }
        let text = "\(try #require(error))"
        #expect(text.contains("in epoch") && text.contains("layer"), "\(text)")
        #expect(text.contains("lower the learning rate of 100"), "\(text)")
    }

    @Test("An unmet expectation gives a negative result, and a version without poison has no control")
    func failedVerdict() throws {
        let recipe = """
            recipe: 1
            name: honest
            profile: {size: 32}
            train: {epochs: 1, batch: 16}
            expect: {clean_accuracy: "> 1"}

            """
        try study.split(scratch.write(recipe, to: "honest.yaml"))
        let result = try study.run(ValidateVersion.self, ValidateVersion.Request(version: "honest", drawsMaps: false))
        guard case .run(let run) = result else { throw FixtureError("not a run") }
        #expect(result.isNegative && run.verdict == "fail")
        #expect(run.control == nil && run.trueLabel == nil && run.attackSuccess == nil)
        #expect(run.transfer == nil && run.falseActivation == nil)
    }

    @Test("A version with a missing consent cannot be trained, and verify and audit report it")
    func missingConsent() throws {
        try study.run(ReviewConsent.self, ReviewConsent.Request(session: "garden", consent: "missing"))
        let error = #expect(throws: CurareError.self) { _ = try validate() }
        #expect(error?.code == .badInput)
        #expect(try study.verify("small").isNegative)
        #expect(try study.run(AuditDataset.self, AuditDataset.Request(version: "small")).isNegative)
    }

    @Test(
        "Damaged weights are rejected",
        arguments: [
            Data(), Data("hello".utf8), Data([255, 255, 255, 255, 255, 255, 255, 127]) + Data("{}".utf8),
            Data([2, 0, 0, 0, 0, 0, 0, 0]) + Data("{}".utf8),
        ])
    func damagedWeights(_ bytes: Data) throws {
        let weights = try scratch.write(bytes, to: "weights.safetensors")
        let photo = try SmallStudy.shared.session + "/ada-0.png"
        let error = #expect(throws: (any Error).self) {
            _ = try predict(.file(URL(filePath: weights)), photo, network: "resnet18")
        }
        if let error = error as? CurareError { #expect(error.code == .badInput) }
    }
}
