import Foundation

/// A plan's optimizer, with its state, for parameters in one block of memory.
final class Optimizer {
    /// Adjacent parameters with the same learning rate and weight decay.
    struct ParameterGroup: Hashable {
        /// In vectors.
        var range: Range<Int>
        /// Whether the group belongs to the trunk, which may have its own learning rate.
        let isTrunk: Bool
        let decays: Bool
    }

    private let plan: TrainingPlan
    private let groups: [ParameterGroup]
    private let arenas: [Arena]
    /// SGD's velocities, or Adam's means and squares, at the same offsets as the parameters.
    let moments: [VectorBuffer]

    /// - Parameters:
    ///   - parameters: each with its range in the block, in vectors. The ranges may leave gaps.
    ///   - head: name of the last layer; all layers before it are trunk.
    ///   - count: vectors of the whole block.
    init(_ plan: TrainingPlan, _ parameters: [(parameter: Parameter, range: Range<Int>)], head: String?, count: Int)
        throws(LearningError)
    {
        self.plan = plan
        var groups: [ParameterGroup] = []
        for (parameter, range) in parameters.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            let isTrunk = head.map { !parameter.name.hasPrefix("\($0).") } ?? true
            let decays = plan.decay == .all || parameter.shape.count > 1
            if let last = groups.last, last.isTrunk == isTrunk, last.decays == decays,
                last.range.upperBound == range.lowerBound
            {
                groups[groups.count - 1].range = last.range.lowerBound..<range.upperBound
            } else {
                groups.append(ParameterGroup(range: range, isTrunk: isTrunk, decays: decays))
            }
        }
        var arenas: [Arena] = []
        for _ in 0..<plan.optimizer.moments {
            arenas.append(try Arena(bytes: count * MemoryLayout<SIMD16<Float>>.stride))
        }
        self.groups = groups
        self.arenas = arenas
        moments = arenas.map { VectorBuffer(start: $0.base.assumingMemoryBound(to: SIMD16<Float>.self), count: count) }
    }

    /// - Parameter step: counted from 0.
    func step(_ step: Int, _ weights: VectorBuffer, _ gradients: VectorBuffer, team: ThreadTeam) {
        let factor = plan.factor(at: step)
        for group in groups {
            func part(_ whole: VectorBuffer) -> VectorBuffer { VectorBuffer(rebasing: whole[group.range]) }
            let rate = factor * (group.isTrunk ? plan.trunkLearningRate ?? plan.learningRate : plan.learningRate)
            let decay = group.decays ? Float(plan.weightDecay) : 0
            switch plan.optimizer {
            case .sgd, .nesterov:
                SGD(momentum: Float(plan.momentum), weightDecay: decay, nesterov: plan.optimizer == .nesterov)
                    .step(rate: Float(rate), part(weights), part(gradients), part(moments[0]), team: team)
            case .adam:
                Adam(momentum: plan.momentum, weightDecay: decay).step(
                    step + 1, rate: rate, part(weights), part(gradients), part(moments[0]), part(moments[1]), team: team
                )
            }
        }
    }
}

/// Stochastic gradient descent with momentum and weight decay, as `torch.optim.SGD` (no dampening):
///
///     g ← gradient + weightDecay·w;   v ← momentum·v + g;   w ← w − rate·v
///
/// v is 0 before the first step. Nesterov's form uses g + momentum·v in place of v.
struct SGD {
    let momentum, weightDecay: Float
    var nesterov = false

    /// Runs one step. Weights, gradients and velocities have the same offsets.
    func step(
        rate: Float, _ weights: VectorBuffer, _ gradients: VectorBuffer, _ velocities: VectorBuffer, team: ThreadTeam
    ) {
        nonisolated(unsafe) let w = weights
        nonisolated(unsafe) let g = gradients
        nonisolated(unsafe) let v = velocities
        let momentum = momentum
        let weightDecay = weightDecay
        let nesterov = nesterov
        team.split(w.count, grain: 1) { range in
            for i in range {
                let gradient = g[i] + weightDecay * w[i]
                let velocity = momentum * v[i] + gradient
                v[i] = velocity
                w[i] -= rate * (nesterov ? gradient + momentum * velocity : velocity)
            }
        }
    }
}

/// Adam (Kingma and Ba 2015, algorithm 1) as `torch.optim.Adam`, with weight decay as part of the gradient:
///
///     g ← gradient + weightDecay·w;   m ← β₁·m + (1−β₁)·g;   v ← β₂·v + (1−β₂)·g²
///     w ← w − rate · (m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε)
///
/// m = v = 0 before the first step, t counts from 1, β₂ = 0.999 and ε = 10⁻⁸.
struct Adam {
    /// β₁
    let momentum: Double
    let weightDecay: Float

    private static let decay = 0.999
    private static let epsilon: Float = 1e-8

    /// - Parameter count: t, the number of the step, from 1.
    func step(
        _ count: Int, rate: Double, _ weights: VectorBuffer, _ gradients: VectorBuffer, _ means: VectorBuffer,
        _ squares: VectorBuffer,
        team: ThreadTeam
    ) {
        nonisolated(unsafe) let w = weights
        nonisolated(unsafe) let g = gradients
        nonisolated(unsafe) let m = means
        nonisolated(unsafe) let v = squares
        let weightDecay = weightDecay
        let first = Float(momentum)
        let second = Float(Self.decay)
        let rate = Float(rate / (1 - pow(momentum, Double(count))))
        let correction = Float(1 / (1 - pow(Self.decay, Double(count))))
        team.split(w.count, grain: 1) { range in
            for i in range {
                let gradient = g[i] + weightDecay * w[i]
                m[i] = first * m[i] + (1 - first) * gradient
                v[i] = second * v[i] + (1 - second) * (gradient * gradient)
                w[i] -= rate * m[i] / ((v[i] * correction).squareRoot() + Self.epsilon)
            }
        }
    }
}
