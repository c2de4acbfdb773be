import Testing

@testable import Learning

@Suite("Training plan")
struct TrainingPlanTests {
    @Test("steps are rounded up to whole batches")
    func steps() {
        #expect(TrainingPlan.steps(epochs: 20, examples: 100, batch: 32) == 63)
        #expect(TrainingPlan.steps(epochs: 2, examples: 32, batch: 32) == 2)
    }

    @Test("the cosine schedule falls from 1 to 0, and is ½ half-way")
    func cosine() {
        let plan = TrainingPlan(size: 32, steps: 100, learningRate: 0.2, seed: 1)
        #expect(plan.learningRate(at: 0) == 0.2)
        #expect(abs(plan.learningRate(at: 50) - 0.1) < 1e-12)
        #expect(abs(plan.learningRate(at: 25) - 0.2 * 0.5 * (1 + 0.5.squareRoot())) < 1e-12)
        #expect(
            TrainingPlan(size: 32, steps: 100, learningRate: 0.2, schedule: .constant, seed: 1).learningRate(at: 99)
                == 0.2)
    }

    @Test("the step schedule divides by ten after each third, and the warm-up rises linearly to the rate")
    func stepAndWarmUp() {
        var plan = TrainingPlan(size: 32, steps: 9, learningRate: 1, schedule: .step, seed: 1)
        #expect(
            (0..<9).map(plan.learningRate(at:)).map { ($0 * 1000).rounded() } == [
                1000, 1000, 1000, 100, 100, 100, 10, 10, 10,
            ])
        (plan.schedule, plan.warmUp, plan.steps) = (.cosine, 4, 8)
        #expect((0..<5).map(plan.learningRate(at:)) == [0.25, 0.5, 0.75, 1, 1])
        #expect(abs(plan.learningRate(at: 6) - 0.5) < 1e-12)
    }

    @Test("a run stalls if the loss has not fallen for the plan's patience")
    func stalls() {
        func history(_ losses: [Double]) -> [EpochReport] {
            losses.enumerated().map {
                EpochReport(epoch: $0 + 1, step: $0 + 1, loss: $1, accuracy: 0, seconds: 0, imagesPerSecond: 0)
            }
        }
        var plan = TrainingPlan(size: 32, steps: 9, seed: 1)
        #expect(!plan.hasStalled(history([1, 2, 3, 4])))
        plan.patience = 2
        #expect(
            !plan.hasStalled(history([])) && !plan.hasStalled(history([3, 1, 2]))
                && plan.hasStalled(history([3, 1, 2, 1])) && !plan.hasStalled(history([3, 2, 1, 0.5])))
    }

    @Test(
        "settings out of range are errors",
        arguments: [
            TrainingPlan(size: 0, steps: 1, seed: 1), TrainingPlan(size: 32, batch: 0, steps: 1, seed: 1),
            TrainingPlan(size: 32, steps: 0, seed: 1),
            TrainingPlan(size: 32, steps: 1, learningRate: .nan, seed: 1),
            TrainingPlan(size: 32, steps: 1, learningRate: -1, seed: 1),
            TrainingPlan(size: 32, steps: 1, momentum: 1, seed: 1),
            TrainingPlan(size: 32, steps: 1, weightDecay: -1, seed: 1),
        ])
    func ranges(plan: TrainingPlan) {
        #expect(throws: LearningError.self) { try plan.check() }
    }
}
