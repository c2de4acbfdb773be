import Testing
@testable import Learning

@Suite("The training plan")
struct TrainingPlanTests {
    @Test("steps are rounded up to whole batches")
    func steps() {
        #expect(TrainingPlan.steps(epochs: 20, examples: 100, batch: 32) == 63)
        #expect(TrainingPlan.steps(epochs: 2, examples: 32, batch: 32) == 2)
    }

    @Test("the cosine falls from the whole rate to none, half way to half")
    func cosine() {
        let plan = TrainingPlan(size: 32, steps: 100, learningRate: 0.2, seed: 1)
        #expect(plan.learningRate(at: 0) == 0.2)
        #expect(abs(plan.learningRate(at: 50) - 0.1) < 1e-12)
        #expect(abs(plan.learningRate(at: 25) - 0.2 * 0.5 * (1 + 0.5.squareRoot())) < 1e-12)
        #expect(TrainingPlan(size: 32, steps: 100, learningRate: 0.2, schedule: .constant, seed: 1).learningRate(at: 99) == 0.2)
    }

    @Test("values out of range are refused", arguments: [
        TrainingPlan(size: 0, steps: 1, seed: 1), TrainingPlan(size: 32, batch: 0, steps: 1, seed: 1), TrainingPlan(size: 32, steps: 0, seed: 1),
        TrainingPlan(size: 32, steps: 1, learningRate: .nan, seed: 1), TrainingPlan(size: 32, steps: 1, learningRate: -1, seed: 1),
        TrainingPlan(size: 32, steps: 1, momentum: 1, seed: 1), TrainingPlan(size: 32, steps: 1, weightDecay: -1, seed: 1),
    ])
    func ranges(plan: TrainingPlan) {
        #expect(throws: LearningError.self) { try plan.check() }
    }
}
