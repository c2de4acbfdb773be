import Foundation

/// One training of one model: compiled once, then run over a plan's steps.
///
/// The same model, plan, examples, starting point, oneDNN and glibc builds, processor, threads and instruction set give the same weights
/// bit for bit, whether stopped and resumed or not. Make one, run it once, on the thread that opened the team.
public final class Trainer {
    /// Where a run starts.
    public enum Start: Sendable {
        /// From weights drawn from the plan's seed.
        case initial
        /// From given weights, at step 0.
        case weights(Weights)
        /// Where a run was stopped.
        case checkpoint(Checkpoint)
    }

    let model: Graph
    let plan: TrainingPlan
    let compiled: TrainingProgram
    let optimizer: Optimizer
    /// What the run started from: counters go on from there, and frozen tensors stay.
    let initial: Weights
    /// Names of tensors that stay as they are.
    let frozen: Set<String>
    let start: Checkpoint?
    private(set) var step: Int
    private(set) var history: [EpochReport]
    private let team: ThreadTeam

    /// - Throws: ``LearningError``: `settings` for a plan out of range, images too small for the model, or more than memory holds; `weights` or `checkpoint` where the start
    ///   does not fit the model or plan; `threads` where the team is not what it was.
    public init(_ model: Graph, _ plan: TrainingPlan, on team: ThreadTeam, from start: Start = .initial)
        throws(LearningError)
    {
        try plan.check()
        try team.recount()
        switch start {
        case .initial: (initial, self.start) = (.initial(for: model, seed: plan.seed), nil)
        case .weights(let given): (initial, self.start) = (given, nil)
        case .checkpoint(let checkpoint): (initial, self.start) = (checkpoint.weights, checkpoint)
        }
        try initial.check(fit: model)
        try self.start?.check(plan)
        (self.model, self.plan, self.team) = (model, plan, team)
        (step, history) = (self.start?.step ?? 0, self.start?.history ?? [])
        try MemoryNeed.check(model, plan, initial, on: team)
        let part = try plan.frozenPart(of: model, initial)
        frozen = Set(part.map { model.parameters(upTo: $0.last).map(\.name) } ?? [])
        compiled = try TrainingProgram(
            model, batch: plan.batch, size: plan.size, smoothing: plan.labelSmoothing, frozen: part, on: Engine(),
            team: team)
        let program = compiled.program
        let trained = compiled.trained
        let places = model.parameters.compactMap { parameter in
            trained[parameter.name].map { (parameter: parameter, range: program.range(of: $0.value)) }
        }
        optimizer = try Optimizer(plan, places, head: model.head?.name ?? "", count: program.weights.count)
        try load(initial)
        if let checkpoint = self.start { try load(momentum: checkpoint.momentum) }
    }

    /// Trains to the plan's last step, or until the loss stalls where the plan asks for that.
    /// - Parameters:
    ///   - examples: at least one. A resumed run refuses others than it began with.
    ///   - eachStep: after each step. Throwing from a callback stops the run; `run` throws that error.
    ///   - eachEpoch: after each epoch's last step and after the run's. Its second argument gives a checkpoint to save.
    /// - Throws: ``LearningError``: `data` for examples of a wrong size or label; `numerics` where the loss is no longer a number or far beyond any use; `checkpoint`;
    ///   whatever examples and callbacks throw.
    public func run(
        over examples: some ExampleSource, eachStep: (StepReport) throws -> Void = { _ in },
        eachEpoch: (EpochReport, () throws -> Checkpoint) throws -> Void = { _, _ in }
    ) throws -> TrainedModel {
        try run(over: examples, eachStep, eachEpoch) { [plan, model] in
            try Batch.training($0, of: examples, plan, model.pixels)
        }
    }

    /// The same for the part of a model that is trained, over what its frozen part gave. The plan's size is that of the maps.
    public func run(
        over maps: KeptMaps, eachStep: (StepReport) throws -> Void = { _ in },
        eachEpoch: (EpochReport, () throws -> Checkpoint) throws -> Void = { _, _ in }
    ) throws -> TrainedModel {
        guard maps.size == model.inputChannels * plan.size * plan.size else {
            throw LearningError(
                .data, "the maps are \(maps.size) numbers, not \(model.inputChannels)·\(plan.size)·\(plan.size)",
                next: "give what this model's frozen part gave")
        }
        return try run(over: maps, eachStep, eachEpoch) { places in
            Batch(images: places.flatMap(maps.maps), labels: places.map { Int32(maps.label(at: $0.index)) })
        }
    }

    private func run(
        over examples: some LabelledExamples, _ eachStep: (StepReport) throws -> Void,
        _ eachEpoch: (EpochReport, () throws -> Checkpoint) throws -> Void,
        batch: @escaping @Sendable ([ExampleOrder.Place]) throws -> Batch
    ) throws -> TrainedModel {
        let fingerprint = try ExamplesFingerprint.checked(examples, classes: model.classes)
        try start?.check(examples: fingerprint)
        try team.recount()
        let order = ExampleOrder(count: examples.count, batch: plan.batch, seed: plan.seed)
        let batches = Prefetch(step..<max(step, plan.steps)) { try batch(order.batch(at: $0)) }
        defer { batches.stop() }

        var tally = Tally()
        while step < plan.steps, !plan.hasStalled(history) {
            let epochsBefore = (step * plan.batch) / examples.count
            let outcome = try takeStep(batches.next(), epoch: epochsBefore + 1)
            step += 1
            tally.add(outcome, images: plan.batch)
            try eachStep(
                StepReport(
                    step: step, steps: plan.steps, loss: outcome.loss, correct: outcome.correct, batch: plan.batch))
            let epochs = (step * plan.batch) / examples.count
            if epochs > epochsBefore || step == plan.steps {
                history.append(tally.report(epoch: epochs, step: step))
                try eachEpoch(history[history.count - 1]) { try self.checkpoint(fingerprint) }
                tally = Tally()
                try team.recount()
            }
        }
        return TrainedModel(weights: try weights(), history: history)
    }

    private func takeStep(_ batch: Batch, epoch: Int) throws(LearningError) -> (loss: Double, correct: Int) {
        let memory = compiled.program.memory
        memory.copy(batch.images, to: compiled.input.slot)
        for (place, label) in batch.labels.enumerated() { memory.integers(compiled.labels)[place] = label }
        let moment = memory.words(compiled.moment)
        (moment[0], moment[1]) = (Int64(plan.seed), Int64(step))
        try compiled.program.run()
        let losses = UnsafeBufferPointer(start: memory.floats(compiled.losses), count: plan.batch)
        let loss = losses.reduce(0.0) { $0 + Double($1) } / Double(plan.batch)
        guard loss.isFinite, loss <= Self.useless else {
            throw LearningError(
                .numerics,
                "the loss is \(loss) in epoch \(epoch), at step \(step + 1) of \(plan.steps); \(try suspect())",
                next:
                    "lower the learning rate of \(plan.learningRate), let it warm up, or look for damaged images or weights"
            )
        }
        optimizer.step(step, compiled.program.weights, compiled.program.gradients, team: team)
        return (loss, (0..<plan.batch).reduce(0) { $0 + Int(memory.integers(compiled.right)[$1]) })
    }

    /// A loss that no training comes back from: guessing among 100,000 classes costs 11.5.
    private static let useless = 1e4

    /// Words on the layer that a diverging loss most likely comes from: the first whose weights are no numbers, else the one with the largest weight.
    private func suspect() throws(LearningError) -> String {
        var largest: (name: String, weight: Float) = ("none", 0)
        for parameter in model.parameters {
            guard let trained = compiled.trained[parameter.name] else { continue }
            for number in try compiled.program.read(trained.value) {
                guard number.isFinite else {
                    return "the first layer with weights that are no numbers is \(parameter.layer)"
                }
                if abs(number) > largest.weight { largest = (parameter.layer, abs(number)) }
            }
        }
        return "the largest weight is \(largest.weight), in layer \(largest.name)"
    }
}
