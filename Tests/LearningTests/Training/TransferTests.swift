import Testing

@testable import Learning

@Suite("Transfer learning", .serialized)
struct TransferTests {
    private let examples = ArraySource(
        images: FormulaNumbers.pixels(images: 12, size: 32), labels: (0..<12).map { $0 % 3 })

    @Test("frozen tensors stay bit-identical, counters included, and the others are trained")
    func frozen() throws {
        let model = try Models.named("resnet18", classes: 3)
        let team = try ThreadTeam.open(threads: 2)
        var plan = TrainingPlan(size: 32, batch: 4, steps: 2, seed: 1)
        plan.frozen = "layer3"
        let before = Weights.initial(for: model, seed: 5)
        let after = try Trainer(model, plan, on: team, from: .weights(before)).run(over: examples).weights
        for name in after.names {
            #expect(
                (after.tensors[name] == before.tensors[name]) == !(name.hasPrefix("layer4") || name.hasPrefix("fc")),
                "\(name)")
        }
    }

    @Test("weights without num_batches_tracked give the same model, with counters that start at 0")
    func withoutCounters() throws {
        let model = try Models.named("resnet18", classes: 3)
        let team = try ThreadTeam.open(threads: 2)
        let plan = TrainingPlan(size: 32, batch: 4, steps: 2, seed: 1)
        let complete = Weights.initial(for: model, seed: 5)
        let partial = Weights(complete.tensors.filter { !$0.key.hasSuffix("num_batches_tracked") })
        #expect(partial.tensors.count < complete.tensors.count)
        let transferred = try partial.transferred(to: model, head: complete)
        #expect(
            try Trainer(model, plan, on: team, from: .weights(transferred)).run(over: examples).weights.digest
                == Trainer(model, plan, on: team, from: .weights(complete)).run(over: examples).weights.digest)
        #expect(
            try Classifier(model, partial, size: 32, on: team).logits(of: examples)
                == Classifier(model, complete, size: 32, on: team).logits(of: examples))
        #expect(
            #expect(throws: LearningError.self) {
                try Weights(partial.tensors.filter { $0.key != "bn1.running_var" }).transferred(
                    to: model, head: complete)
            }?.code == .weights)
    }

    @Test("a frozen run resumes bit-identically with both moments of Adam")
    func resumed() throws {
        let model = SmallModels.plain(classes: 3)
        let team = try ThreadTeam.open(threads: 2)
        var plan = TrainingPlan(size: 32, batch: 4, steps: 6, learningRate: 0.01, seed: 1)
        (plan.frozen, plan.optimizer, plan.warmUp) = ("bn1", .adam, 2)
        var middle: Checkpoint?
        let whole = try Trainer(model, plan, on: team).run(
            over: examples, eachEpoch: { report, checkpoint in if report.epoch == 1 { middle = try checkpoint() } })
        let saved = try #require(middle).safetensors()
        #expect(
            try Trainer(model, plan, on: team, from: .checkpoint(Checkpoint(safetensors: saved))).run(over: examples)
                .weights.digest == whole.weights.digest)
    }

    /// The output of ResNet-18's frozen layers for the examples, and the trained part.
    private func kept(_ weights: Weights, views: Int = 1, on team: ThreadTeam) throws -> (
        frozen: Graph, trained: Graph, maps: FeatureCache, numbers: Int
    ) {
        let parts = try #require(try Models.named("resnet18", classes: 3).parts(frozenUpTo: "layer3"))
        let classifier = try Classifier(parts.frozen, weights.of(parts.frozen), size: 32, on: team)
        let views = try (0..<views).map {
            try classifier.logits(of: examples, view: $0 == 0 ? nil : AugmentedView(.reference, seed: 1, number: $0))
        }
        return (parts.frozen, parts.trained, try FeatureCache(views, of: examples), classifier.outputs)
    }

    @Test("training on cached features equals training with the frozen layers")
    func keptMaps() throws {
        let model = try Models.named("resnet18", classes: 3)
        let team = try ThreadTeam.open(threads: 2)
        let before = Weights.initial(for: model, seed: 5)
        var plan = TrainingPlan(size: 32, batch: 4, steps: 4, learningRate: 0.01, seed: 1)
        plan.frozen = "layer3"
        let whole = try Trainer(model, plan, on: team, from: .weights(before)).run(over: examples)
        let (frozen, trained, maps, numbers) = try kept(before, on: team)
        let behind = plan.behind(trained, given: numbers)
        #expect(behind.size == 2 && behind.frozen == nil && numbers == 256 * 2 * 2)
        #expect(
            Set(frozen.parameters.map(\.name)).union(trained.parameters.map(\.name)).count == model.parameters.count)
        let trainedSeparately = try Trainer(trained, behind, on: team, from: .weights(before.of(trained))).run(
            over: maps)
        for (name, tensor) in trainedSeparately.weights.tensors {
            guard case .float32(let ours) = tensor.values,
                case .float32(let theirs)? = whole.weights.tensors[name]?.values
            else { continue }
            let largest = theirs.reduce(0) { max($0, abs($1)) }
            for (a, b) in zip(ours, theirs) { #expect(abs(a - b) <= 1e-4 * largest, "\(name)") }
        }
        for (a, b) in zip(trainedSeparately.history, whole.history) { #expect(abs(a.loss - b.loss) < 1e-4) }
    }

    @Test("training on cached features uses another view each epoch, and resumes bit-identically")
    func keptViews() throws {
        let model = try Models.named("resnet18", classes: 3)
        let team = try ThreadTeam.open(threads: 2)
        let before = Weights.initial(for: model, seed: 5)
        let (_, trained, maps, numbers) = try kept(before, views: 2, on: team)
        let (_, _, first, _) = try kept(before, on: team)
        let plan = TrainingPlan(size: 32, batch: 4, steps: 6, learningRate: 0.01, seed: 1).behind(
            trained, given: numbers)
        var middle: Checkpoint?
        let whole = try Trainer(trained, plan, on: team, from: .weights(before.of(trained))).run(
            over: maps, eachEpoch: { report, checkpoint in if report.epoch == 1 { middle = try checkpoint() } })
        let saved = try #require(middle).safetensors()
        #expect(
            try Trainer(trained, plan, on: team, from: .checkpoint(Checkpoint(safetensors: saved))).run(over: maps)
                .weights.digest == whole.weights.digest)
        let one = try Trainer(trained, plan, on: team, from: .weights(before.of(trained))).run(over: first)
        #expect(one.history[0].loss == whole.history[0].loss && one.history[1].loss != whole.history[1].loss)
    }

    @Test("feature maps of a wrong number or size are an error")
    func wrongMaps() throws {
        let model = try Models.named("resnet18", classes: 3)
        let team = try ThreadTeam.open(threads: 2)
        let before = Weights.initial(for: model, seed: 5)
        for views in [[], [[[1]]], [Array(repeating: [1], count: 11) + [[1, 2]]]] as [[[[Float]]]] {
            #expect(#expect(throws: LearningError.self) { try FeatureCache(views, of: examples) }?.code == .data)
        }
        let trained = try #require(try model.parts(frozenUpTo: "layer3")).trained
        let few = try FeatureCache([Array(repeating: [1, 2], count: 12)], of: examples)
        let trainer = try Trainer(
            trained, TrainingPlan(size: 2, batch: 4, steps: 1, seed: 1), on: team, from: .weights(before.of(trained)))
        #expect(#expect(throws: LearningError.self) { try trainer.run(over: few) }?.code == .data)
        #expect(
            #expect(throws: LearningError.self) {
                try Classifier(trained, before.of(trained), size: 2, on: team).logits(ofFeatureMaps: [[1, 2]])
            }?.code == .data)
    }

    @Test("a model can be split wherever no later layer reads an earlier node")
    func parts() throws {
        let dense = try Models.named("densenet121", classes: 3)
        #expect(try dense.parts(frozenUpTo: "features.denseblock3.denselayer2") == nil)
        #expect(try dense.parts(frozenUpTo: "features.transition2") != nil)
        for (model, layer) in [
            ("resnet50", "layer4.1"), ("vgg16", "features.28"), ("vgg16", "classifier.3"), ("dlib-resnet29", "layer3"),
            ("dlib-resnet29", "layer5"),
        ] {
            let parts = try #require(try Models.named(model, classes: 3).parts(frozenUpTo: layer), "\(model) \(layer)")
            #expect(parts.trained.parameters.first?.name.hasPrefix(layer) == false && parts.trained.classes == 3)
        }
        #expect(try Models.named("resnet50", classes: 3).parts(frozenUpTo: "layer4.1.conv2") == nil)
        #expect(throws: LearningError.self) { try dense.parts(frozenUpTo: "layer9") }
    }

    @Test("an unknown layer, and freezing all layers, are errors", arguments: ["layer9", "fc"])
    func unknown(layer: String) throws {
        var plan = TrainingPlan(size: 32, batch: 4, steps: 2, seed: 1)
        plan.frozen = layer
        let error = #expect(throws: LearningError.self) {
            _ = try Trainer(Models.named("resnet18", classes: 3), plan, on: .open(threads: 2))
        }
        #expect(error?.code == .settings)
    }

    @Test(
        "transferred weights keep the trunk, leave out the other last layer, and report missing tensors and values that are not finite"
    )
    func transferred() throws {
        let model = SmallModels.plain(classes: 3)
        let other = Weights.initial(for: SmallModels.plain(classes: 7), seed: 2)
        let head = Weights.initial(for: model, seed: 1)
        let moved = try other.transferred(to: model, head: head)
        #expect(moved.tensors["conv1.weight"] == other.tensors["conv1.weight"])
        #expect(moved.tensors["fc.weight"] == head.tensors["fc.weight"])
        let lacking = Weights(other.tensors.filter { $0.key != "bn2.bias" })
        #expect(
            #expect(throws: LearningError.self) { _ = try lacking.transferred(to: model, head: head) }?.message
                .contains(
                    "bn2.bias") == true)
        var broken = other.tensors
        broken["bn2.bias"] = try Tensor([32], .float32(Array(repeating: .nan, count: 32)))
        #expect(
            #expect(throws: LearningError.self) { _ = try Weights(broken).transferred(to: model, head: head) }?.message
                .contains("bn2.bias") == true)
    }

    @Test("a last layer trained on features classifies in its whole model")
    func head() throws {
        let images: [[UInt8]] = (0..<30).map { n in
            (0..<32 * 32 * 3).map { place -> UInt8 in
                let noise = (place * 7 + n * 13) % 50
                return place % 3 == n % 3 ? 200 : UInt8(60 + noise)
            }
        }
        let source = ArraySource(images: images, labels: (0..<30).map { $0 % 3 })
        let model = SmallModels.plain(classes: 3)
        let team = try ThreadTeam.open(threads: 2)
        let weights = Weights.initial(for: model, seed: 1)
        let trunk = Weights(weights.tensors.filter { !$0.key.hasPrefix("fc") })
        let features = try Classifier(model.trunk, trunk, size: 32, on: team).logits(of: source)
        let plan = TrainingPlan(size: 32, batch: 10, steps: 60, seed: 1)
        let trained = try HeadTrainer(model, plan, on: team).train([features, features], labels: source.labels)
        #expect(trained.history.last?.accuracy == 1)
        let whole = Weights(trunk.tensors.merging(trained.weights.tensors) { $1 })
        let logits = try Classifier(model, whole, size: 32, on: team).logits(of: source)
        for (row, label) in zip(logits, source.labels) { #expect(row.firstIndex(of: row.max() ?? 0) == label) }
        #expect(
            try HeadTrainer(model, plan, on: team).train([features, features], labels: source.labels).weights.digest
                == trained.weights.digest)
        #expect(throws: LearningError.self) { try HeadTrainer(model, plan, on: team).train([features], labels: [0]) }
    }

    @Test("views of one number are equal, views of two numbers differ")
    func views() throws {
        let model = SmallModels.plain(classes: 3)
        let team = try ThreadTeam.open(threads: 2)
        let classifier = try Classifier(model, .initial(for: model, seed: 1), size: 32, on: team)
        let first = try classifier.logits(of: examples, view: AugmentedView(.reference, seed: 1, number: 0))
        #expect(try classifier.logits(of: examples, view: AugmentedView(.reference, seed: 1, number: 0)) == first)
        #expect(try classifier.logits(of: examples, view: AugmentedView(.reference, seed: 1, number: 1)) != first)
    }
}
