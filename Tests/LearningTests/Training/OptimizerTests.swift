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

    /// What `steps` steps make of weights of 2 with gradients of 0.5, one number of each of the three parameters.
    private func weights(after steps: Int, _ plan: TrainingPlan) throws -> [Float] {
        let team = try ThreadTeam.open(threads: 2)
        let optimizer = try Optimizer(plan, parameters, head: "fc", count: 3)
        let weights = Vectors.allocate(capacity: 3)
        let gradients = Vectors.allocate(capacity: 3)
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

    @Test("Nesterov's two steps are what torch.optim.SGD(nesterov=True) gives")
    func nesterov() throws {
        // v = 0.5, step 0.5 + 0.5·0.5 = 0.75; then v = 0.75, step 0.5 + 0.5·0.75 = 0.875.
        #expect(try weights(after: 1, plan { $0.optimizer = .nesterov })[0] == 2 - 0.5 * 0.75)
        #expect(try weights(after: 2, plan { $0.optimizer = .nesterov })[0] == 2 - 0.5 * 0.75 - 0.5 * 0.875)
    }

    @Test("Adam steps by the rate against a gradient that stays the same")
    func adam() throws {
        let moved = try weights(after: 3, plan { ($0.optimizer, $0.learningRate) = (.adam, 0.1) })
        #expect(abs(moved[0] - 1.7) < 1e-5)
    }

    @Test("weight decay spares vectors where the plan says so")
    func decay() throws {
        let all = try weights(after: 1, plan { $0.weightDecay = 0.25 })
        let some = try weights(after: 1, plan { ($0.weightDecay, $0.decay) = (0.25, .weights) })
        #expect(all == [1.5, 1.5, 1.5])
        #expect(some == [1.5, 1.75, 1.5])
    }

    @Test("the trunk has its own rate, the last layer the plan's")
    func trunk() throws {
        #expect(try weights(after: 1, plan { $0.trunkLearningRate = 0.1 }) == [2 - 0.1 * 0.5, 2 - 0.1 * 0.5, 1.75])
    }
}
