import Testing
@testable import Learning

@Suite("What PyTorch gives", .serialized)
struct GoldenTests {
    /// Trains on all images at once, and gives the trainer after its last step with the logits in the images' order.
    private func train(_ model: Graph, size: Int, labels: [Int], steps: Int, rate: Double, watch: (Trainer, Int, Double, [Double]) throws -> Void) throws -> Weights {
        let images = ArraySource(images: FormulaNumbers.pixels(images: labels.count, size: size), labels: labels)
        let plan = TrainingPlan(size: size, batch: labels.count, steps: steps, learningRate: rate, schedule: .constant, seed: 1)
        let trainer = try Trainer(model, plan, on: .open(threads: 2), from: .weights(FormulaNumbers.weights(for: model)))
        let order = ExampleOrder(count: labels.count, batch: labels.count, seed: 1)
        return try trainer.run(over: images, eachStep: { report in
            let logits = try trainer.logits()
            var ordered = logits
            for (row, place) in order.batch(at: report.step - 1).enumerated() {
                for k in 0..<model.classes { ordered[place.index * model.classes + k] = logits[row * model.classes + k] }
            }
            try watch(trainer, report.step, report.loss, ordered.map(Double.init))
        }).weights
    }

    private func near(_ a: [Double], _ b: [Double], _ tolerance: Double, _ what: String) {
        #expect(a.count == b.count)
        for (a, b) in zip(a, b) { #expect(abs(a - b) <= tolerance, "\(what): \(a), not \(b)") }
    }

    @Test("Every layer: logits, loss, all gradients, running statistics")
    func everyLayer() throws {
        let golden = try Golden("layers")
        let trained = try train(SmallModels.everyLayer, size: 12, labels: [2, 0], steps: 1, rate: 0.001) { trainer, _, loss, logits in
            near(logits, golden.logits, 2e-5, "logits")
            near([loss], golden.losses, 2e-6, "loss")
            try Golden.hold(trainer.gradients().tensors, to: golden.gradients, tolerance: 1e-4)
        }
        try Golden.hold(trained.tensors, to: golden.trained, tolerance: 1e-5)
    }

    @Test("ResNet-18: logits, loss, gradients, and weights after three steps")
    func resnet18() throws {
        let golden = try Golden("resnet18")
        let trained = try train(Models.named("resnet18", classes: 10), size: 32, labels: [0, 3, 7, 3], steps: 3, rate: 0.001) { trainer, step, loss, logits in
            near([loss], [golden.losses[step - 1]], 2e-3, "loss of step \(step)")
            guard step == 1 else { return }
            near(logits, golden.logits, 1e-3, "logits")
            try Golden.hold(trainer.gradients().tensors, to: golden.gradients, tolerance: 5e-3)
        }
        try Golden.hold(trained.tensors, to: golden.trained, tolerance: 5e-3)
        #expect(trained.tensors["layer4.1.bn2.num_batches_tracked"]?.values == .int64([3]))
    }

    @Test("Inference with folded batch norms", arguments: ["resnet18", "layers"])
    func inference(name: String) throws {
        let golden = try Golden(name)
        let model = name == "layers" ? SmallModels.everyLayer : try Models.named("resnet18", classes: 10)
        let (size, count) = name == "layers" ? (12, 2) : (32, 4)
        let images = ArraySource(images: FormulaNumbers.pixels(images: count, size: size), labels: [])
        let logits = try Classifier(model, FormulaNumbers.weights(for: model), size: size, on: .open(threads: 2)).logits(of: images)
        near(logits.flatMap { $0 }.map(Double.init), golden.inference, name == "layers" ? 1e-5 : 5e-4, "logits")
    }
}
