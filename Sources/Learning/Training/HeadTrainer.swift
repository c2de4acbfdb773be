/// Trains the last layer of a model on features that the trunk computed once.
///
/// Features are standardized over the training photos (mean 0, deviation 1). The resulting layer takes the original
/// features: w′ = w/σ, b′ = b − Σ w·μ/σ. The same features, plan and team give bit-identical weights.
public struct HeadTrainer {
    private let head: Linear
    private let plan: TrainingPlan
    private let team: ThreadTeam

    /// - Parameter model: the model whose last layer is trained.
    /// - Throws: ``LearningError`` (`settings`) for a plan out of range, or a model that does not end in a linear
    ///   layer.
    public init(_ model: Graph, _ plan: TrainingPlan, on team: ThreadTeam) throws(LearningError) {
        try plan.check()
        guard let head = model.head else {
            throw LearningError(
                .settings, "the model does not end in a linear layer",
                nextStep: "end the model with a linear layer of one output for each class")
        }
        self.head = head
        self.plan = plan
        self.team = team
    }

    /// Trains to the plan's last step, or until the loss stalls.
    ///
    /// - Parameters:
    ///   - views: one or more, each with the features of all examples. Epoch e trains on view e modulo their number.
    ///   - labels: a class for each example.
    ///   - eachStep: called after each step. An error of this closure stops the training.
    /// - Returns: the tensors of the last layer.
    /// - Throws: ``LearningError``: `data` if counts or labels do not fit; `numerics` if the loss is not finite.
    public func train(_ views: [[[Float]]], labels: [Int], eachStep: (StepReport) throws -> Void = { _ in }) throws
        -> TrainedModel
    {
        guard !labels.isEmpty, !views.isEmpty,
            views.allSatisfy({ $0.count == labels.count && $0.allSatisfy { $0.count == head.inputs } })
        else {
            throw LearningError(
                .data, "the features do not have \(head.inputs) numbers for each of \(labels.count) examples",
                nextStep: "give each example the trunk's features")
        }
        if let label = labels.first(where: { !(0..<head.outputs).contains($0) }) {
            throw LearningError(
                .data, "a label is \(label), but there are \(head.outputs) classes",
                nextStep: "give labels from 0 to \(head.outputs - 1)")
        }
        let scale = FeatureScale(views)
        let layer = try HeadLayer(head, plan)
        let rows = views.map { $0.map { layer.vectors(scale.standardized($0)) } }
        let order = ExampleOrder(count: labels.count, batch: plan.batch, seed: plan.seed)
        var metrics = MetricAccumulator()
        var history: [EpochReport] = []
        var step = 0
        while step < plan.steps, !plan.hasStalled(history) {
            let outcome = layer.step(
                step, order.batch(at: step).map { (rows[$0.epoch % rows.count][$0.index], labels[$0.index]) },
                team: team)
            guard outcome.loss.isFinite else {
                throw LearningError(
                    .numerics,
                    """
                    the loss is \(outcome.loss) in epoch \(step * plan.batch / labels.count + 1), at step \(step + 1) of \(plan.steps), in layer \
                    \(head.name)
                    """,
                    nextStep: "lower the learning rate of \(plan.learningRate)")
            }
            step += 1
            metrics.add(outcome, images: plan.batch)
            try eachStep(
                StepReport(
                    step: step, steps: plan.steps, loss: outcome.loss, correct: outcome.correct, batch: plan.batch))
            if let epochs = plan.finishedEpochs(atEndOf: step, examples: labels.count) {
                history.append(metrics.report(epoch: epochs, step: step))
                metrics = MetricAccumulator()
            }
        }
        return TrainedModel(weights: try scale.folded(into: layer), history: history)
    }
}

/// Mean and deviation of each feature over all examples and views. The deviation of a constant feature is 1.
private struct FeatureScale {
    private let mean, deviation: [Double]

    init(_ views: [[[Float]]]) {
        let width = views[0][0].count
        let count = Double(views.count * views[0].count)
        var mean = [Double](repeating: 0, count: width)
        var squares = mean
        for view in views { for row in view { for k in 0..<width { mean[k] += Double(row[k]) } } }
        for k in 0..<width { mean[k] /= count }
        for view in views {
            for row in view {
                for k in 0..<width { squares[k] += (Double(row[k]) - mean[k]) * (Double(row[k]) - mean[k]) }
            }
        }
        self.mean = mean
        deviation = squares.map {
            let deviation = ($0 / count).squareRoot()
            return deviation > 0 ? deviation : 1
        }
    }

    func standardized(_ row: [Float]) -> [Float] {
        row.indices.map { Float((Double(row[$0]) - mean[$0]) / deviation[$0]) }
    }

    func folded(into layer: HeadLayer) throws(LearningError) -> Weights {
        let head = layer.head
        var weights: [Float] = []
        var offsets: [Float] = []
        for output in 0..<head.outputs {
            let row = layer.row(output)
            weights += row.indices.map { Float(Double(row[$0]) / deviation[$0]) }
            offsets.append(
                Float(
                    row.indices.reduce(Double(layer.offset(output))) { $0 - Double(row[$1]) * mean[$1] / deviation[$1] }
                ))
        }
        return Weights([
            "\(head.name).weight": try Tensor([head.outputs, head.inputs], .float32(weights)),
            "\(head.name).bias": try Tensor([head.outputs], .float32(offsets)),
        ])
    }
}

/// A linear layer with its gradient and optimizer, for rows of features. The work on one output is never divided
/// between threads.
final class HeadLayer {
    let head: Linear
    private let plan: TrainingPlan
    private let optimizer: Optimizer
    /// The rows of the weights, each padded to whole vectors, then the biases.
    private let weights, gradients: VectorBuffer
    private let arenas: [Arena]
    private let width: Int

    /// Creates the layer with the initial weights of the plan's seed.
    init(_ head: Linear, _ plan: TrainingPlan) throws(LearningError) {
        self.head = head
        self.plan = plan
        let vector = SIMD16<Float>.scalarCount
        width = (head.inputs + vector - 1) / vector
        let biases = (head.outputs + vector - 1) / vector
        let count = head.outputs * width + biases
        arenas = [try Arena(bytes: count * MemoryPlan.alignment), try Arena(bytes: count * MemoryPlan.alignment)]
        weights = VectorBuffer(start: arenas[0].base.assumingMemoryBound(to: SIMD16<Float>.self), count: count)
        gradients = VectorBuffer(start: arenas[1].base.assumingMemoryBound(to: SIMD16<Float>.self), count: count)
        let ranges = zip(head.parameters, [0..<head.outputs * width, head.outputs * width..<count]).map {
            (parameter: $0, range: $1)
        }
        optimizer = try Optimizer(plan, ranges, head: head.name, count: count)
        for (parameter, range) in ranges {
            guard case .float32(let numbers) = Weights.values(of: parameter, seed: plan.seed) else { continue }
            for (k, number) in numbers.enumerated() {
                let each = parameter.shape.count > 1 ? head.inputs : head.outputs
                weights[range.lowerBound + k / each * width + k % each / vector][k % each % vector] = number
            }
        }
    }

    func row(_ output: Int) -> [Float] { (0..<head.inputs).map { weights[output * width + $0 / 16][$0 % 16] } }

    func offset(_ output: Int) -> Float { weights[head.outputs * width + output / 16][output % 16] }

    /// Returns features for ``step(_:_:team:)``: whole vectors, padded with zeros.
    func vectors(_ features: [Float]) -> [SIMD16<Float>] {
        var all = [SIMD16<Float>](repeating: SIMD16(), count: width)
        for (k, number) in features.enumerated() { all[k / 16][k % 16] = number }
        return all
    }

    /// Runs one optimizer step on a batch of standardized features.
    /// - Returns: the mean loss before the step, and the number of correct predictions.
    func step(_ step: Int, _ batch: [(features: [SIMD16<Float>], label: Int)], team: ThreadTeam) -> (
        loss: Double, correct: Int
    ) {
        let x = batch.map(\.features)
        var logits = [Float](repeating: 0, count: batch.count * head.outputs)
        var slopes = logits
        computeLogits(x, into: &logits, team)
        var total = 0.0
        var correct = 0
        for (n, example) in batch.enumerated() {
            let row = n * head.outputs..<(n + 1) * head.outputs
            let one = logits.withUnsafeBufferPointer { logits in
                slopes.withUnsafeMutableBufferPointer { slopes in
                    SoftmaxCrossEntropy.image(
                        UnsafeBufferPointer(rebasing: logits[row]), label: example.label, batch: batch.count,
                        smoothing: plan.labelSmoothing,
                        gradient: UnsafeMutableBufferPointer(rebasing: slopes[row]))
                }
            }
            total += Double(one.loss)
            correct += one.correct ? 1 : 0
        }
        computeGradients(x, slopes, team)
        optimizer.step(step, weights, gradients, team: team)
        return (total / Double(batch.count), correct)
    }

    /// y[n,o] = Σ_k w[o,k] · x[n,k] + b[o].
    private func computeLogits(_ x: [[SIMD16<Float>]], into logits: inout [Float], _ team: ThreadTeam) {
        let width = width
        let outputs = head.outputs
        nonisolated(unsafe) let w = weights
        logits.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let y = buffer
            team.split(outputs, grain: 1) { mine in
                for (n, row) in x.enumerated() {
                    for output in mine {
                        var sum = SIMD16<Float>()
                        for k in 0..<width { sum += w[output * width + k] * row[k] }
                        y[n * outputs + output] = sum.sum() + w[outputs * width + output / 16][output % 16]
                    }
                }
            }
        }
    }

    /// dw[o,k] = Σ_n dy[n,o] · x[n,k];  db[o] = Σ_n dy[n,o].
    private func computeGradients(_ x: [[SIMD16<Float>]], _ slopes: [Float], _ team: ThreadTeam) {
        let width = width
        let outputs = head.outputs
        nonisolated(unsafe) let g = gradients
        g.update(repeating: SIMD16())
        team.split(outputs, grain: 1) { mine in
            for (n, row) in x.enumerated() {
                for output in mine {
                    let slope = slopes[n * outputs + output]
                    for k in 0..<width { g[output * width + k] += slope * row[k] }
                }
            }
        }
        for n in x.indices {
            for output in 0..<outputs { g[outputs * width + output / 16][output % 16] += slopes[n * outputs + output] }
        }
    }
}
