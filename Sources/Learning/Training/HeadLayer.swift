/// A linear layer with its gradient and optimizer, on rows of features: one thread, since it is small.
final class HeadLayer {
    let head: Linear
    private let plan: TrainingPlan
    private let optimizer: Optimizer
    /// The weights' rows, each filled up to whole vectors, then the biases.
    private let weights, gradients: Vectors
    private let arenas: [Arena]
    private let width: Int

    /// With the first weights that the layer has in every training.
    init(_ head: Linear, _ plan: TrainingPlan) throws(LearningError) {
        (self.head, self.plan) = (head, plan)
        let vector = SIMD16<Float>.scalarCount
        width = (head.inputs + vector - 1) / vector
        let biases = (head.outputs + vector - 1) / vector, count = head.outputs * width + biases
        arenas = [try Arena(bytes: count * MemoryPlan.alignment), try Arena(bytes: count * MemoryPlan.alignment)]
        weights = Vectors(start: arenas[0].base.assumingMemoryBound(to: SIMD16<Float>.self), count: count)
        gradients = Vectors(start: arenas[1].base.assumingMemoryBound(to: SIMD16<Float>.self), count: count)
        let places = zip(head.parameters, [0..<head.outputs * width, head.outputs * width..<count]).map { (parameter: $0, range: $1) }
        optimizer = try Optimizer(plan, places, head: head.name, count: count)
        for (parameter, range) in places {
            guard case .float32(let numbers) = Weights.values(of: parameter, seed: plan.seed) else { continue }
            for (k, number) in numbers.enumerated() {
                let each = parameter.shape.count > 1 ? head.inputs : head.outputs
                weights[range.lowerBound + k / each * width + k % each / vector][k % each % vector] = number
            }
        }
    }

    func row(_ output: Int) -> [Float] { (0..<head.inputs).map { weights[output * width + $0 / 16][$0 % 16] } }

    func offset(_ output: Int) -> Float { weights[head.outputs * width + output / 16][output % 16] }

    /// One optimizer step on a batch of standardized features.
    /// - Returns: the mean loss before it, and how many came out right.
    func step(_ step: Int, _ batch: [(features: [Float], label: Int)], team: ThreadTeam) -> (loss: Double, correct: Int) {
        gradients.update(repeating: SIMD16())
        var total = 0.0, correct = 0
        var logits = [Float](repeating: 0, count: head.outputs), slopes = logits
        for (features, label) in batch {
            let x = vectors(features)
            for output in 0..<head.outputs {
                var sum = SIMD16<Float>()
                for k in 0..<width { sum += weights[output * width + k] * x[k] }
                logits[output] = sum.sum() + offset(output)
            }
            let one = logits.withUnsafeBufferPointer { logits in
                slopes.withUnsafeMutableBufferPointer {
                    SoftmaxCrossEntropy.image(logits, label: label, batch: batch.count, smoothing: plan.labelSmoothing, gradient: $0)
                }
            }
            total += Double(one.loss)
            correct += one.right ? 1 : 0
            for output in 0..<head.outputs {
                for k in 0..<width { gradients[output * width + k] += slopes[output] * x[k] }
                gradients[head.outputs * width + output / 16][output % 16] += slopes[output]
            }
        }
        optimizer.step(step, weights, gradients, team: team)
        return (total / Double(batch.count), correct)
    }

    private func vectors(_ features: [Float]) -> [SIMD16<Float>] {
        var all = [SIMD16<Float>](repeating: SIMD16(), count: width)
        for (k, number) in features.enumerated() { all[k / 16][k % 16] = number }
        return all
    }
}
