/// A linear layer with its gradient and optimizer, on rows of features. Each of its outputs is one thread's, whichever that is.
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
        let biases = (head.outputs + vector - 1) / vector
        let count = head.outputs * width + biases
        arenas = [try Arena(bytes: count * MemoryPlan.alignment), try Arena(bytes: count * MemoryPlan.alignment)]
        weights = Vectors(start: arenas[0].base.assumingMemoryBound(to: SIMD16<Float>.self), count: count)
        gradients = Vectors(start: arenas[1].base.assumingMemoryBound(to: SIMD16<Float>.self), count: count)
        let places = zip(head.parameters, [0..<head.outputs * width, head.outputs * width..<count]).map {
            (parameter: $0, range: $1)
        }
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

    /// Features as ``step(_:_:team:)`` takes them: in whole vectors, the last filled up with zeros.
    func vectors(_ features: [Float]) -> [SIMD16<Float>] {
        var all = [SIMD16<Float>](repeating: SIMD16(), count: width)
        for (k, number) in features.enumerated() { all[k / 16][k % 16] = number }
        return all
    }

    /// One optimizer step on a batch of standardized features.
    /// - Returns: the mean loss before it, and how many came out right.
    func step(_ step: Int, _ batch: [(features: [SIMD16<Float>], label: Int)], team: ThreadTeam) -> (
        loss: Double, correct: Int
    ) {
        let x = batch.map(\.features)
        var logits = [Float](repeating: 0, count: batch.count * head.outputs)
        var slopes = logits
        weigh(x, into: &logits, team)
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
            correct += one.right ? 1 : 0
        }
        findGradients(x, slopes, team)
        optimizer.step(step, weights, gradients, team: team)
        return (total / Double(batch.count), correct)
    }

    /// y[n,o] = Σ_k w[o,k] · x[n,k] + b[o].
    private func weigh(_ x: [[SIMD16<Float>]], into logits: inout [Float], _ team: ThreadTeam) {
        let (width, outputs) = (width, head.outputs)
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
    private func findGradients(_ x: [[SIMD16<Float>]], _ slopes: [Float], _ team: ThreadTeam) {
        let (width, outputs) = (width, head.outputs)
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
