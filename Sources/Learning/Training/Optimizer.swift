/// A plan's optimizer at work on parameters that lie in one piece, with what it remembers of earlier steps.
final class Optimizer {
    /// Parameters one after another that are stepped alike.
    struct Stretch: Hashable {
        /// In vectors.
        var range: Range<Int>
        /// Of a trunk, whose rate may be its own.
        let isTrunk: Bool
        let decays: Bool
    }

    private let plan: TrainingPlan
    private let stretches: [Stretch]
    private let arenas: [Arena]
    /// SGD's velocities; Adam's means and squares. At the parameters' own offsets.
    let moments: [Vectors]

    /// - Parameters:
    ///   - parameters: each with its place; together they may leave gaps.
    ///   - head: the name of the last layer; all before it is trunk.
    ///   - count: vectors of the whole piece.
    init(_ plan: TrainingPlan, _ parameters: [(parameter: Parameter, range: Range<Int>)], head: String, count: Int)
        throws(LearningError)
    {
        self.plan = plan
        var stretches: [Stretch] = []
        for (parameter, range) in parameters.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            let isTrunk = !parameter.name.hasPrefix("\(head).")
            let decays = plan.decay == .all || parameter.shape.count > 1
            if let last = stretches.last, last.isTrunk == isTrunk, last.decays == decays,
                last.range.upperBound == range.lowerBound
            {
                stretches[stretches.count - 1].range = last.range.lowerBound..<range.upperBound
            } else {
                stretches.append(Stretch(range: range, isTrunk: isTrunk, decays: decays))
            }
        }
        var arenas: [Arena] = []
        for _ in 0..<plan.optimizer.moments {
            arenas.append(try Arena(bytes: count * MemoryLayout<SIMD16<Float>>.stride))
        }
        (self.stretches, self.arenas) = (stretches, arenas)
        moments = arenas.map { Vectors(start: $0.base.assumingMemoryBound(to: SIMD16<Float>.self), count: count) }
    }

    /// - Parameter step: counted from 0.
    func step(_ step: Int, _ weights: Vectors, _ gradients: Vectors, team: ThreadTeam) {
        let share = plan.share(at: step)
        for stretch in stretches {
            func part(_ whole: Vectors) -> Vectors { Vectors(rebasing: whole[stretch.range]) }
            let rate = share * (stretch.isTrunk ? plan.trunkLearningRate ?? plan.learningRate : plan.learningRate)
            let decay = stretch.decays ? Float(plan.weightDecay) : 0
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
