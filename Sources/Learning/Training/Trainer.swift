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

    private let model: Graph
    private let plan: TrainingPlan
    private let team: ThreadTeam
    private let compiled: TrainingProgram
    private let velocities: Vectors
    private let velocityArena: Arena
    /// `num_batches_tracked` and the like, as the run started with them.
    private let counters: [String: Tensor]
    private let start: Checkpoint?
    private var step: Int
    private var history: [EpochReport]

    /// - Throws: ``LearningError``: `settings` for a plan out of range or images too small for the model; `weights` or `checkpoint` where the start
    ///   does not fit the model or plan; `threads` where the team is not what it was.
    public init(_ model: Graph, _ plan: TrainingPlan, on team: ThreadTeam, from start: Start = .initial) throws(LearningError) {
        try plan.check()
        try team.recount()
        let weights: Weights
        switch start {
        case .initial: (weights, self.start) = (.initial(for: model, seed: plan.seed), nil)
        case .weights(let given): (weights, self.start) = (given, nil)
        case .checkpoint(let checkpoint): (weights, self.start) = (checkpoint.weights, checkpoint)
        }
        try weights.check(fit: model)
        try self.start?.check(plan)
        (self.model, self.plan, self.team) = (model, plan, team)
        (step, history) = (self.start?.step ?? 0, self.start?.history ?? [])
        compiled = try TrainingProgram(model, batch: plan.batch, size: plan.size, on: Engine(), team: team)
        let parameters = compiled.program.weights
        velocityArena = try Arena(bytes: parameters.count * MemoryLayout<SIMD16<Float>>.stride)
        velocities = Vectors(start: velocityArena.base.assumingMemoryBound(to: SIMD16<Float>.self), count: parameters.count)
        counters = weights.tensors.filter { $0.value.type == "I64" }
        try load(weights)
        if let checkpoint = self.start { try load(momentum: checkpoint.momentum) }
    }

    /// Trains to the plan's last step.
    /// - Parameters:
    ///   - examples: at least one. A resumed run refuses others than it began with.
    ///   - eachStep: after each step. Throwing from a callback stops the run; `run` throws that error.
    ///   - eachEpoch: after each epoch's last step and after the run's. Its second argument gives a checkpoint to save.
    /// - Throws: ``LearningError``: `data` for examples of a wrong size or label; `numerics` where the loss is no longer a number; `checkpoint`;
    ///   whatever examples and callbacks throw.
    public func run(over examples: some ExampleSource, eachStep: (StepReport) throws -> Void = { _ in },
                    eachEpoch: (EpochReport, () throws -> Checkpoint) throws -> Void = { _, _ in }) throws -> TrainedModel {
        let fingerprint = try ExamplesFingerprint.checked(examples, classes: model.classes)
        try start?.check(examples: fingerprint)
        try team.recount()
        let order = ExampleOrder(count: examples.count, batch: plan.batch, seed: plan.seed)
        let batches = Prefetch(step..<max(step, plan.steps)) { [plan] in try Batch.training(order.batch(at: $0), of: examples, plan) }
        defer { batches.stop() }

        var tally = Tally()
        while step < plan.steps {
            let outcome = try takeStep(batches.next())
            let epochsBefore = (step * plan.batch) / examples.count
            step += 1
            tally.add(outcome, images: plan.batch)
            try eachStep(StepReport(step: step, steps: plan.steps, loss: outcome.loss, correct: outcome.correct, batch: plan.batch))
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

    private func takeStep(_ batch: Batch) throws(LearningError) -> (loss: Double, correct: Int) {
        let memory = compiled.program.memory
        memory.copy(batch.images, to: compiled.input.slot)
        for (place, label) in batch.labels.enumerated() { memory.integers(compiled.labels)[place] = label }
        try compiled.program.run()
        let losses = UnsafeBufferPointer(start: memory.floats(compiled.losses), count: plan.batch)
        let loss = losses.reduce(0.0) { $0 + Double($1) } / Double(plan.batch)
        guard loss.isFinite else {
            throw LearningError(.numerics, "the loss is \(loss) at step \(step + 1) of \(plan.steps)",
                                next: "lower the learning rate of \(plan.learningRate), or look for damaged images or weights")
        }
        let sgd = SGD(momentum: Float(plan.momentum), weightDecay: Float(plan.weightDecay))
        sgd.step(rate: Float(plan.learningRate(at: step)), compiled.program.weights, compiled.program.gradients, velocities, team: team)
        return (loss, (0..<plan.batch).reduce(0) { $0 + Int(memory.integers(compiled.right)[$1]) })
    }

    // MARK: State

    private func load(_ weights: Weights) throws(LearningError) {
        for (name, tensor) in weights.tensors {
            guard case .float32(let numbers) = tensor.values, let value = compiled.trained[name]?.value ?? compiled.statistics[name] else { continue }
            try compiled.program.write(numbers, to: value)
        }
    }

    private func load(momentum: Weights) throws(LearningError) {
        guard momentum.tensors.count == compiled.trained.count else {
            throw LearningError(.checkpoint, "the checkpoint has momentum for \(momentum.tensors.count) of \(compiled.trained.count) tensors", next: "start the run again")
        }
        for (name, parameter) in compiled.trained {
            guard case .float32(let numbers)? = momentum.tensors[name]?.values, numbers.count == parameter.value.layout.count else {
                throw LearningError(.checkpoint, "the checkpoint's momentum lacks tensor \(name)", next: "start the run again")
            }
            try compiled.program.write(numbers, to: parameter.value, in: velocities)
        }
    }

    private func weights() throws(LearningError) -> Weights {
        try tensors { parameter throws(LearningError) in
            switch parameter.kind {
            case .counter:
                guard case .int64(let before)? = counters[parameter.name]?.values else { return nil }
                return .int64(before.map { $0 + Int64(step - (start?.step ?? 0)) })
            case .statistic:
                guard let value = compiled.statistics[parameter.name] else { return nil }
                return .float32(try compiled.program.read(value))
            case .trained:
                guard let trained = compiled.trained[parameter.name] else { return nil }
                return .float32(try compiled.program.read(trained.value))
            }
        }
    }

    /// The gradients of the last step, for tests.
    func gradients() throws(LearningError) -> Weights {
        try tensors { parameter throws(LearningError) in
            guard let trained = compiled.trained[parameter.name] else { return nil }
            return .float32(try compiled.program.read(trained.gradient))
        }
    }

    private func checkpoint(_ examples: String) throws(LearningError) -> Checkpoint {
        let momentum = try tensors { parameter throws(LearningError) in
            guard let trained = compiled.trained[parameter.name] else { return nil }
            return .float32(try compiled.program.read(trained.value, in: velocities))
        }
        return Checkpoint(plan: plan, step: step, weights: try weights(), momentum: momentum, history: history, examples: examples)
    }

    private func tensors(_ values: (Parameter) throws(LearningError) -> Tensor.Values?) throws(LearningError) -> Weights {
        var tensors: [String: Tensor] = [:]
        for parameter in model.parameters {
            if let numbers = try values(parameter) { tensors[parameter.name] = try Tensor(parameter.shape, numbers) }
        }
        return Weights(tensors)
    }
}

/// Sums since the last report.
private struct Tally {
    private let clock = ContinuousClock()
    private let began = ContinuousClock.now
    private var loss = 0.0
    private var correct = 0, images = 0

    mutating func add(_ outcome: (loss: Double, correct: Int), images: Int) {
        loss += outcome.loss * Double(images)
        correct += outcome.correct
        self.images += images
    }

    func report(epoch: Int, step: Int) -> EpochReport {
        let seconds = (clock.now - began) / .seconds(1)
        return EpochReport(epoch: epoch, step: step, loss: loss / Double(images), accuracy: Double(correct) / Double(images), seconds: seconds,
                           imagesPerSecond: seconds > 0 ? Double(images) / seconds : 0)
    }
}
