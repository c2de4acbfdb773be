import Testing

@testable import Learning

@Suite("Trainer", .serialized)
struct TrainerTests {
    private let model = SmallModels.plain(classes: 3)
    private let examples = ArraySource(
        images: FormulaNumbers.pixels(images: 10, size: 16), labels: (0..<10).map { $0 % 3 })
    private let plan = TrainingPlan(size: 16, batch: 4, steps: 9, learningRate: 0.1, augmentation: .reference, seed: 7)

    private struct Stopped: Error {}

    @Test("two runs give bit-identical weights, another seed gives others")
    func repeatable() throws {
        let team = try ThreadTeam.open(threads: 2)
        let first = try Trainer(model, plan, on: team).run(over: examples).weights.digest
        #expect(try Trainer(model, plan, on: team).run(over: examples).weights.digest == first)
        var other = plan
        other.seed = 8
        #expect(try Trainer(model, other, on: team).run(over: examples).weights.digest != first)
    }

    @Test("two runs of ResNet-18, whose weights are reordered for the backward pass, give bit-identical weights")
    func repeatableResNet18() throws {
        let team = try ThreadTeam.open(threads: 2)
        let model = try Models.named("resnet18", classes: 3)
        let short = TrainingPlan(size: 32, batch: 4, steps: 2, seed: 1)
        let examples = ArraySource(images: FormulaNumbers.pixels(images: 4, size: 32), labels: [0, 1, 2, 0])
        #expect(
            try Trainer(model, short, on: team).run(over: examples).weights.digest
                == Trainer(model, short, on: team).run(over: examples).weights.digest)
    }

    @Test("the loss does not depend on the number of threads, up to rounding")
    func threads() throws {
        let losses = try [1, 2, 3].map {
            try Trainer(model, plan, on: .open(threads: $0)).run(over: examples).history[0].loss
        }
        for loss in losses { #expect(abs(loss - losses[0]) < 1e-4) }
    }

    @Test(
        "a run that is resumed after any epoch gives the weights of an uninterrupted run",
        arguments: 1...3)
    func resumed(epoch: Int) throws {
        let team = try ThreadTeam.open(threads: 2)
        let whole = try Trainer(model, plan, on: team).run(over: examples)
        var saved: [UInt8] = []
        #expect(throws: Stopped.self) {
            try Trainer(model, plan, on: team).run(
                over: examples,
                eachEpoch: { report, checkpoint in
                    guard report.epoch == epoch else { return }
                    saved = try checkpoint().safetensors()
                    throw Stopped()
                })
        }
        let resumed = try Trainer(model, plan, on: team, from: .checkpoint(Checkpoint(safetensors: saved))).run(
            over: examples)
        #expect(resumed.weights.digest == whole.weights.digest)
        #expect(resumed.history.map(\.loss) == whole.history.map(\.loss))
        #expect(resumed.history.map(\.step) == whole.history.map(\.step))
    }

    @Test("an epoch ends with the step that passes the last example, and the last step always reports")
    func reports() throws {
        var steps: [Int] = []
        var epochs: [EpochReport] = []
        let trainer = try Trainer(model, plan, on: .open(threads: 2))
        let trained = try trainer.run(
            over: examples, eachStep: { steps.append($0.step) }, eachEpoch: { report, _ in epochs.append(report) })
        #expect(steps == Array(1...9))
        // 10 examples in batches of 4: 12 examples after three steps, 20 after five, 32 after eight.
        #expect(epochs.map(\.step) == [3, 5, 8, 9])
        #expect(epochs.map(\.epoch) == [1, 2, 3, 3])
        #expect(trained.history == epochs)
    }

    @Test("training separates three colours")
    func learns() throws {
        let images: [[UInt8]] = (0..<60).map { n in
            (0..<16 * 16 * 3).map { place -> UInt8 in
                let light = place % 3 == n % 3 ? 160 : 80
                let noise = (place * 7 + n * 13) % 50
                return UInt8(light + noise)
            }
        }
        let source = ArraySource(images: images, labels: (0..<60).map { $0 % 3 })
        let team = try ThreadTeam.open(threads: 2)
        let trained = try Trainer(model, TrainingPlan(size: 16, batch: 12, steps: 30, seed: 1), on: team).run(
            over: source)
        let logits = try Classifier(model, trained.weights, size: 16, on: team).logits(of: source)
        for (n, row) in logits.enumerated() { #expect(row.firstIndex(of: row.max() ?? 0) == n % 3) }
    }

    @Test("a loss that is not finite stops the run with advice on the learning rate")
    func numerics() throws {
        var wild = plan
        (wild.learningRate, wild.steps) = (1e30, 20)
        let error = #expect(throws: LearningError.self) {
            try Trainer(model, wild, on: .open(threads: 2)).run(over: examples)
        }
        #expect(error?.code == .numerics)
        #expect(error?.nextStep?.contains("learning rate") == true)
        #expect(error?.message.contains("epoch") == true && error?.message.contains("layer") == true)
    }

    @Test("a checkpoint of another plan, other examples or another model is an error")
    func foreignCheckpoint() throws {
        let team = try ThreadTeam.open(threads: 2)
        var saved: Checkpoint?
        _ = try Trainer(model, plan, on: team).run(
            over: examples, eachEpoch: { _, checkpoint in saved = try checkpoint() })
        let checkpoint = try #require(saved)
        var other = plan
        other.learningRate = 0.2
        #expect(throws: LearningError.self) { _ = try Trainer(model, other, on: team, from: .checkpoint(checkpoint)) }
        let relabelled = ArraySource(images: examples.images, labels: examples.labels.map { ($0 + 1) % 3 })
        #expect(throws: LearningError.self) {
            try Trainer(model, plan, on: team, from: .checkpoint(checkpoint)).run(over: relabelled)
        }
        #expect(throws: LearningError.self) {
            _ = try Trainer(SmallModels.plain(classes: 4), plan, on: team, from: .checkpoint(checkpoint))
        }
    }

    @Test("errors name an image of a wrong size and a label out of range")
    func wrongExamples() throws {
        let team = try ThreadTeam.open(threads: 2)
        var images = examples.images
        images[6].removeLast()
        let small = #expect(throws: LearningError.self) {
            try Trainer(model, plan, on: team).run(over: ArraySource(images: images, labels: examples.labels))
        }
        #expect(small?.code == .data && small?.message.contains("image-6") == true)
        let label = #expect(throws: LearningError.self) {
            try Trainer(model, plan, on: team).run(
                over: ArraySource(images: examples.images, labels: Array(repeating: 3, count: 10)))
        }
        #expect(label?.code == .data)
    }

    @Test("a batch that does not fit into memory is an error")
    func tooLarge() throws {
        let team = try ThreadTeam.open(threads: 2)
        let plan = TrainingPlan(size: 4096, batch: 4096, steps: 1, seed: 1)
        let error = #expect(throws: LearningError.self) { _ = try Trainer(model, plan, on: team) }
        #expect(error?.nextStep?.contains("smaller batch") == true)
        // With 200 MB, the named batch fits and the next larger ones do not.
        let resnet = try Models.named("resnet18", classes: 3)
        let weights = Weights.initial(for: resnet, seed: 1)
        var smallerPlan = TrainingPlan(size: 64, batch: 64, steps: 1, seed: 1)
        let memoryError = #expect(throws: LearningError.self) {
            try MemoryEstimate.check(resnet, smallerPlan, weights, on: team, machine: 200_000_000)
        }
        smallerPlan.batch = try #require(Int(memoryError?.nextStep?.split(separator: " ").last ?? ""))
        try MemoryEstimate.check(resnet, smallerPlan, weights, on: team, machine: 200_000_000)
        smallerPlan.batch += 2
        #expect(throws: LearningError.self) {
            try MemoryEstimate.check(resnet, smallerPlan, weights, on: team, machine: 200_000_000)
        }
    }

    @Test("images that are too small for the model are an error")
    func smallImages() throws {
        var model = Graph(classes: 2)
        _ = model.linear("fc", model.globalAveragePool(model.maxPool(model.input, kernel: 9, stride: 1)), to: 2)
        let team = try ThreadTeam.open(threads: 2)
        let plan = TrainingPlan(size: 8, batch: 1, steps: 1, seed: 1)
        let error = #expect(throws: LearningError.self) { _ = try Trainer(model, plan, on: team) }
        #expect(error?.code == .settings)
    }
}
