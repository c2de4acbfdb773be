import Foundation
import Testing

@testable import Learning

@Suite("Optimizers")
struct OptimizerTests {
    private let parameters: [(parameter: Parameter, range: Range<Int>)] = [
        (Parameter("conv.weight", [16, 1], .trained, .constant(1)), 0..<1),
        (Parameter("bn.weight", [16], .trained, .constant(1)), 1..<2),
        (Parameter("fc.weight", [16, 1], .trained, .constant(1)), 2..<3),
    ]

    /// Returns weights of 2 after `steps` steps with gradients of 0.5: one number of each of three parameters.
    private func weights(after steps: Int, _ plan: TrainingPlan) throws -> [Float] {
        let team = try ThreadTeam.open(threads: 2)
        let optimizer = try Optimizer(plan, parameters, head: "fc", count: 3)
        let weights = VectorBuffer.allocate(capacity: 3)
        let gradients = VectorBuffer.allocate(capacity: 3)
        weights.initialize(repeating: SIMD16(repeating: 2))
        gradients.initialize(repeating: SIMD16(repeating: 0.5))
        defer {
            weights.deallocate()
            gradients.deallocate()
        }
        for step in 0..<steps { optimizer.step(step, weights, gradients, team: team) }
        return weights.map { $0[3] }
    }

    private func plan(_ change: (inout TrainingPlan) -> Void) -> TrainingPlan {
        var plan = TrainingPlan(
            size: 8, steps: 10, learningRate: 0.5, schedule: .constant, momentum: 0.5, weightDecay: 0, seed: 1)
        change(&plan)
        return plan
    }

    @Test("two steps match torch.optim.SGD(nesterov=True)")
    func nesterov() throws {
        // v = 0.5, step 0.5 + 0.5·0.5 = 0.75; then v = 0.75, step 0.5 + 0.5·0.75 = 0.875.
        #expect(try weights(after: 1, plan { $0.optimizer = .nesterov })[0] == 2 - 0.5 * 0.75)
        #expect(try weights(after: 2, plan { $0.optimizer = .nesterov })[0] == 2 - 0.5 * 0.75 - 0.5 * 0.875)
    }

    @Test("Adam steps by the learning rate if the gradient is constant")
    func adam() throws {
        let moved = try weights(after: 3, plan { ($0.optimizer, $0.learningRate) = (.adam, 0.1) })
        #expect(abs(moved[0] - 1.7) < 1e-5)
    }

    @Test("weight decay skips vectors if the plan requires it")
    func decay() throws {
        let all = try weights(after: 1, plan { $0.weightDecay = 0.25 })
        let some = try weights(after: 1, plan { ($0.weightDecay, $0.decay) = (0.25, .weights) })
        #expect(all == [1.5, 1.5, 1.5])
        #expect(some == [1.5, 1.75, 1.5])
    }

    @Test("the trunk has its own learning rate")
    func trunk() throws {
        #expect(try weights(after: 1, plan { $0.trunkLearningRate = 0.1 }) == [2 - 0.1 * 0.5, 2 - 0.1 * 0.5, 1.75])
    }
}

@Suite("SGD")
struct SGDTests {
    @Test("two steps match torch.optim.SGD")
    func definition() throws {
        let team = try ThreadTeam.open(threads: 2)
        // Three vectors, so that the ranges of the two threads differ.
        let (w, g, v) = (SGD.filled(3, with: 2), SGD.filled(3, with: 0.5), SGD.filled(3, with: 0))
        defer { [w, g, v].forEach { $0.deallocate() } }
        let sgd = SGD(momentum: 0.5, weightDecay: 0.25)
        sgd.step(rate: 0.5, w, g, v, team: team)
        // g = 0.5 + 0.25·2 = 1, v = 1, w = 2 − 0.5·1
        #expect(v.allSatisfy { $0 == SIMD16(repeating: 1) } && w.allSatisfy { $0 == SIMD16(repeating: 1.5) })
        sgd.step(rate: 0.25, w, g, v, team: team)
        // g = 0.5 + 0.25·1.5 = 0.875, v = 0.5·1 + 0.875 = 1.375, w = 1.5 − 0.25·1.375
        #expect(v.allSatisfy { $0 == SIMD16(repeating: 1.375) } && w.allSatisfy { $0 == SIMD16(repeating: 1.15625) })
        #expect(g.allSatisfy { $0 == SIMD16(repeating: 0.5) })
    }
}

extension SGD {
    fileprivate static func filled(_ count: Int, with number: Float) -> VectorBuffer {
        let vectors = VectorBuffer.allocate(capacity: count)
        vectors.initialize(repeating: SIMD16(repeating: number))
        return vectors
    }
}
