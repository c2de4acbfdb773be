/// Trains a model's last layer alone, on features that its trunk gave once: transfer learning at its quickest.
///
/// Each feature is standardized over the training photos (less its mean, over its deviation); the layer that comes out takes the features as they are, standardizing folded
/// into its weights: w′ = w/σ, b′ = b − Σ w·μ/σ. Same features, plan and team: the same numbers, bit for bit.
public struct HeadTrainer {
    private let head: Linear
    private let plan: TrainingPlan
    private let team: ThreadTeam

    /// - Parameter model: whose last layer is trained.
    /// - Throws: ``LearningError`` (`settings`) for a plan out of range, or a model that does not end in a linear layer.
    public init(_ model: Graph, _ plan: TrainingPlan, on team: ThreadTeam) throws(LearningError) {
        try plan.check()
        guard let head = model.head else {
            throw LearningError(
                .settings, "the model does not end in a linear layer", next: "let it end in one number a class")
        }
        (self.head, self.plan, self.team) = (head, plan, team)
    }

    /// - Parameters:
    ///   - views: one or more; each has every example's features. Epoch e trains on view e mod their number.
    ///   - labels: a class for each example.
    ///   - eachStep: after each step. Throwing from it stops the training.
    /// - Returns: the last layer's tensors.
    /// - Throws: ``LearningError``: `data` where counts or labels do not fit; `numerics` where the loss is no longer a number.
    public func train(_ views: [[[Float]]], labels: [Int], eachStep: (StepReport) throws -> Void = { _ in }) throws
        -> TrainedModel
    {
        guard !labels.isEmpty, !views.isEmpty,
            views.allSatisfy({ $0.count == labels.count && $0.allSatisfy { $0.count == head.inputs } })
        else {
            throw LearningError(
                .data, "the features are not \(head.inputs) numbers for each of \(labels.count) examples",
                next: "give each example the trunk's features")
        }
        if let label = labels.first(where: { !(0..<head.outputs).contains($0) }) {
            throw LearningError(
                .data, "a label is \(label) of \(head.outputs) classes",
                next: "give labels from 0 to \(head.outputs - 1)")
        }
        let scale = FeatureScale(views)
        let layer = try HeadLayer(head, plan)
        let rows = views.map { $0.map { layer.vectors(scale.standardized($0)) } }
        let order = ExampleOrder(count: labels.count, batch: plan.batch, seed: plan.seed)
        var tally = Tally()
        var history: [EpochReport] = []
        var step = 0
        while step < plan.steps, !plan.hasStalled(history) {
            let before = step * plan.batch / labels.count
            let outcome = layer.step(
                step, order.batch(at: step).map { (rows[$0.epoch % rows.count][$0.index], labels[$0.index]) },
                team: team)
            guard outcome.loss.isFinite else {
                throw LearningError(
                    .numerics,
                    "the loss is \(outcome.loss) in epoch \(before + 1), at step \(step + 1) of \(plan.steps), in layer \(head.name)",
                    next: "lower the learning rate of \(plan.learningRate)")
            }
            step += 1
            tally.add(outcome, images: plan.batch)
            try eachStep(
                StepReport(
                    step: step, steps: plan.steps, loss: outcome.loss, correct: outcome.correct, batch: plan.batch))
            let epochs = step * plan.batch / labels.count
            if epochs > before || step == plan.steps {
                history.append(tally.report(epoch: epochs, step: step))
                tally = Tally()
            }
        }
        return TrainedModel(weights: try scale.folded(into: layer), history: history)
    }
}

/// Mean and deviation of each feature over all examples and views; where it never changes, the deviation counts as 1.
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
