import Foundation

/// One training run of one model.
///
/// The same model, plan, examples, initial weights, oneDNN and glibc builds, processor, threads and instruction set
/// give bit-identical weights, whether the run is resumed or not. Create a trainer on the thread that opened the team,
/// and run it once.
public final class Trainer {
    /// Initial state of a run.
    public enum Start: Sendable {
        /// Weights drawn from the plan's seed.
        case initial
        /// Given weights, at step 0.
        case weights(Weights)
        /// The state of an interrupted run.
        case checkpoint(Checkpoint)
    }

    let model: Graph
    let plan: TrainingPlan
    let compiled: TrainingProgram
    let optimizer: Optimizer
    /// The initial weights. Counters continue from them, and frozen tensors keep their values.
    let initial: Weights
    /// Names of the frozen tensors.
    let frozen: Set<String>
    let start: Checkpoint?
    private(set) var step: Int
    private(set) var history: [EpochReport]
    private let team: ThreadTeam

    /// - Throws: ``LearningError``: `settings` for a plan out of range, images too small for the model, or too little
    ///   memory; `weights` or `checkpoint` if the initial state does not fit the model or plan; `threads` if OpenMP
    ///   delivers another number of threads.
    public init(_ model: Graph, _ plan: TrainingPlan, on team: ThreadTeam, from start: Start = .initial)
        throws(LearningError)
    {
        try plan.check()
        try team.recount()
        switch start {
        case .initial:
            initial = .initial(for: model, seed: plan.seed)
            self.start = nil
        case .weights(let given):
            initial = given
            self.start = nil
        case .checkpoint(let checkpoint):
            initial = checkpoint.weights
            self.start = checkpoint
        }
        try initial.check(fit: model)
        try self.start?.check(plan)
        self.model = model
        self.plan = plan
        self.team = team
        step = self.start?.step ?? 0
        history = self.start?.history ?? []
        try MemoryEstimate.check(model, plan, initial, on: team)
        let part = try plan.frozenPart(of: model, initial)
        frozen = Set(part.map { model.parameters(upTo: $0.last).map(\.name) } ?? [])
        compiled = try TrainingProgram(
            model, batch: plan.batch, size: plan.size, smoothing: plan.labelSmoothing, frozen: part, on: Engine(),
            team: team)
        let program = compiled.program
        let trained = compiled.trained
        let ranges = model.parameters.compactMap { parameter in
            trained[parameter.name].map { (parameter: parameter, range: program.range(of: $0.value)) }
        }
        optimizer = try Optimizer(plan, ranges, head: model.head?.name, count: program.weights.count)
        try load(initial)
        if let checkpoint = self.start { try load(momentum: checkpoint.momentum) }
    }

    /// Trains to the plan's last step, or until the loss stalls if the plan has a patience.
    /// - Parameters:
    ///   - examples: at least one. A resumed run requires the examples that it began with.
    ///   - eachStep: called after each step. An error of a callback stops the run.
    ///   - eachEpoch: called after the last step of each epoch and of the run. Its second argument returns a
    ///     checkpoint.
    /// - Throws: ``LearningError``: `data` for examples of a wrong size or label; `numerics` if the loss is not finite
    ///   or the training diverges; `checkpoint`; errors of examples and callbacks.
    public func run(
        over examples: some ExampleSource, eachStep: (StepReport) throws -> Void = { _ in },
        eachEpoch: (EpochReport, () throws -> Checkpoint) throws -> Void = { _, _ in }
    ) throws -> TrainedModel {
        try run(over: examples, eachStep, eachEpoch) { [plan, model] in
            try Batch.training($0, of: examples, plan, model.pixels)
        }
    }

    /// Trains the unfrozen part of a model on the cached features of the frozen part. The plan's size is the side of
    /// the feature maps.
    public func run(
        over maps: FeatureCache, eachStep: (StepReport) throws -> Void = { _ in },
        eachEpoch: (EpochReport, () throws -> Checkpoint) throws -> Void = { _, _ in }
    ) throws -> TrainedModel {
        guard maps.size == model.inputChannels * plan.size * plan.size else {
            throw LearningError(
                .data,
                "the feature maps have \(maps.size) numbers, not \(model.inputChannels)·\(plan.size)·\(plan.size)",
                nextStep: "use the output of the frozen part of this model")
        }
        return try run(over: maps, eachStep, eachEpoch) { positions in
            Batch(images: positions.flatMap(maps.maps), labels: positions.map { Int32(maps.label(at: $0.index)) })
        }
    }

    private func run(
        over examples: some LabelledExamples, _ eachStep: (StepReport) throws -> Void,
        _ eachEpoch: (EpochReport, () throws -> Checkpoint) throws -> Void,
        batch: @escaping @Sendable ([ExampleOrder.Position]) throws -> Batch
    ) throws -> TrainedModel {
        let examplesDigest = try ExamplesDigest.checked(examples, classes: model.classes)
        try start?.check(examples: examplesDigest)
        try team.recount()
        let order = ExampleOrder(count: examples.count, batch: plan.batch, seed: plan.seed)
        let batches = Prefetcher(step..<max(step, plan.steps)) { try batch(order.batch(at: $0)) }
        defer { batches.stop() }

        var metrics = MetricAccumulator()
        while step < plan.steps, !plan.hasStalled(history) {
            let outcome = try takeStep(batches.next(), epoch: step * plan.batch / examples.count + 1)
            step += 1
            metrics.add(outcome, images: plan.batch)
            try eachStep(
                StepReport(
                    step: step, steps: plan.steps, loss: outcome.loss, correct: outcome.correct, batch: plan.batch))
            if let epochs = plan.finishedEpochs(atEndOf: step, examples: examples.count) {
                history.append(metrics.report(epoch: epochs, step: step))
                try eachEpoch(history[history.count - 1]) { try self.checkpoint(examplesDigest) }
                metrics = MetricAccumulator()
                try team.recount()
            }
        }
        return TrainedModel(weights: try weights(), history: history)
    }

    private func takeStep(_ batch: Batch, epoch: Int) throws(LearningError) -> (loss: Double, correct: Int) {
        let memory = compiled.program.memory
        memory.copy(batch.images, to: compiled.input.buffer)
        for (index, label) in batch.labels.enumerated() { memory.int32s(compiled.labels)[index] = label }
        let seedAndStep = memory.int64s(compiled.seedAndStep)
        seedAndStep[0] = Int64(plan.seed)
        seedAndStep[1] = Int64(step)
        try compiled.program.run()
        let losses = UnsafeBufferPointer(start: memory.floats(compiled.losses), count: plan.batch)
        let loss = losses.reduce(0.0) { $0 + Double($1) } / Double(plan.batch)
        guard loss.isFinite, loss <= Self.divergenceThreshold else {
            throw LearningError(
                .numerics,
                """
                the loss is \(loss) in epoch \(epoch), at step \(step + 1) of \(plan.steps); \
                \(try describeDivergence())
                """,
                nextStep: """
                    lower the learning rate of \(plan.learningRate), add warm-up steps, or check images and weights \
                    for damage
                    """)
        }
        optimizer.step(step, compiled.program.weights, compiled.program.gradients, team: team)
        return (loss, (0..<plan.batch).reduce(0) { $0 + Int(memory.int32s(compiled.correct)[$1]) })
    }

    /// Loss above which the training is considered diverged. A uniform guess among 100,000 classes has a loss of 11.5.
    private static let divergenceThreshold = 1e4

    /// Returns a sentence about the likely source of divergence: the first layer whose weights are not finite, or else
    /// the layer with the largest weight.
    private func describeDivergence() throws(LearningError) -> String {
        var largest: (name: String, weight: Float) = ("none", 0)
        for parameter in model.parameters {
            guard let trained = compiled.trained[parameter.name] else { continue }
            for number in try compiled.program.read(trained.value) {
                guard number.isFinite else {
                    return "the first layer with weights that are not finite is \(parameter.layer)"
                }
                if abs(number) > largest.weight { largest = (parameter.layer, abs(number)) }
            }
        }
        return "the largest weight is \(largest.weight), in layer \(largest.name)"
    }
}

/// Reads and writes the tensors of the compiled program.
extension Trainer {
    func load(_ weights: Weights) throws(LearningError) {
        for (name, tensor) in weights.tensors {
            guard case .float32(let numbers) = tensor.values,
                let value = compiled.trained[name]?.value ?? compiled.statistics[name]
            else { continue }
            try compiled.program.write(numbers, to: value)
        }
    }

    /// Returns the name of a parameter's n-th moment in a checkpoint.
    private func momentName(_ name: String, _ index: Int) -> String { index == 0 ? name : "square/\(name)" }

    func load(momentum: Weights) throws(LearningError) {
        let expected = compiled.trained.count * optimizer.moments.count
        guard momentum.tensors.count == expected else {
            throw LearningError(
                .checkpoint, "the checkpoint has momentum for \(momentum.tensors.count) of \(expected) tensors",
                nextStep: "start the run again")
        }
        for (name, parameter) in compiled.trained {
            for (index, moment) in optimizer.moments.enumerated() {
                guard case .float32(let numbers)? = momentum.tensors[momentName(name, index)]?.values,
                    numbers.count == parameter.value.layout.count
                else {
                    throw LearningError(
                        .checkpoint, "the momentum of the checkpoint has no tensor \(momentName(name, index))",
                        nextStep: "start the run again")
                }
                try compiled.program.write(numbers, to: parameter.value, in: moment)
            }
        }
    }

    func weights() throws(LearningError) -> Weights {
        try tensors { parameter throws(LearningError) in
            let before = initial.tensors[parameter.name]?.values
            if frozen.contains(parameter.name) { return before }
            switch parameter.kind {
            case .counter:
                guard case .int64(let numbers)? = before else { return nil }
                return .int64(numbers.map { $0 + Int64(step - (start?.step ?? 0)) })
            case .statistic:
                guard let value = compiled.statistics[parameter.name] else { return nil }
                return .float32(try compiled.program.read(value))
            case .trained:
                guard let trained = compiled.trained[parameter.name] else { return nil }
                return .float32(try compiled.program.read(trained.value))
            }
        }
    }

    /// Runs one training step on black images and returns the time of each step of the program. Only running statistics
    /// change.
    public func profile() throws(LearningError) -> [StepTime] { try compiled.program.profile() }

    /// Returns the gradients of the last step, for tests.
    func gradients() throws(LearningError) -> Weights {
        try tensors { parameter throws(LearningError) in
            guard let trained = compiled.trained[parameter.name] else { return nil }
            return .float32(try compiled.program.read(trained.gradient))
        }
    }

    func checkpoint(_ examples: String) throws(LearningError) -> Checkpoint {
        var momentum: [String: Tensor] = [:]
        for (index, moment) in optimizer.moments.enumerated() {
            let tensors = try tensors { parameter throws(LearningError) in
                guard let trained = compiled.trained[parameter.name] else { return nil }
                return .float32(try compiled.program.read(trained.value, in: moment))
            }
            for (name, tensor) in tensors.tensors { momentum[momentName(name, index)] = tensor }
        }
        return Checkpoint(
            plan: plan, step: step, weights: try weights(), momentum: Weights(momentum), history: history,
            examples: examples)
    }

    private func tensors(_ values: (Parameter) throws(LearningError) -> Tensor.Values?) throws(LearningError) -> Weights
    {
        var tensors: [String: Tensor] = [:]
        for parameter in model.parameters {
            if let numbers = try values(parameter) { tensors[parameter.name] = try Tensor(parameter.shape, numbers) }
        }
        return Weights(tensors)
    }
}

/// Result of one optimizer step.
public struct StepReport: Hashable, Sendable {
    /// The step, counted from 1, and the number of steps.
    public let step, steps: Int
    /// Mean loss of the batch before the step.
    public let loss: Double
    /// Correct predictions, and images of the batch.
    public let correct, batch: Int
}

/// Result of the steps since the last report, at the end of an epoch or of the run.
public struct EpochReport: Hashable, Sendable, Codable {
    /// Completed passes over the examples.
    public let epoch: Int
    /// Completed optimizer steps.
    public let step: Int
    /// Mean loss and accuracy over the augmented images since the last report. The values of an image are computed
    /// before the step that trains on the image.
    public let loss, accuracy: Double
    /// Wall-clock time since the last report or the start.
    public let seconds, imagesPerSecond: Double
}

/// Result of a training.
public struct TrainedModel: Sendable {
    public let weights: Weights
    /// All reports, including the reports before a resumption.
    public let history: [EpochReport]

    public init(weights: Weights, history: [EpochReport]) {
        self.weights = weights
        self.history = history
    }
}

/// Accumulated loss and accuracy since the last report.
struct MetricAccumulator {
    private let clock = ContinuousClock()
    private let began = ContinuousClock.now
    private var loss = 0.0
    private var correct = 0, images = 0

    /// - Parameter outcome: mean loss and correct predictions of a step.
    mutating func add(_ outcome: (loss: Double, correct: Int), images: Int) {
        loss += outcome.loss * Double(images)
        correct += outcome.correct
        self.images += images
    }

    func report(epoch: Int, step: Int) -> EpochReport {
        let seconds = (clock.now - began) / .seconds(1)
        return EpochReport(
            epoch: epoch, step: step, loss: loss / Double(images), accuracy: Double(correct) / Double(images),
            seconds: seconds,
            imagesPerSecond: seconds > 0 ? Double(images) / seconds : 0)
    }
}
