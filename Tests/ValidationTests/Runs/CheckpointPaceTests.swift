import Testing

@testable import Validation

@Suite struct CheckpointPaceTests {
    /// Epochs of a second each.
    private func saved(epochs: Int, writing: Duration) -> [Int] {
        var pace = CheckpointThrottle()
        var time = ContinuousClock.now
        var saved: [Int] = []
        for epoch in 1...epochs {
            time += .seconds(1)
            pace.save(now: { time }) {
                time += writing
                saved.append(epoch)
            }
        }
        return saved
    }

    @Test func whatIsQuickToWriteIsSavedAfterEachEpoch() {
        #expect(saved(epochs: 5, writing: .milliseconds(99)) == [1, 2, 3, 4, 5])
    }

    @Test func writingTakesATenthOfTheTimeAtMost() {
        #expect(saved(epochs: 12, writing: .milliseconds(450)) == [1, 6, 11])
    }

    @Test func whatCouldNotBeWrittenIsTriedAgain() {
        struct Full: Error {}
        var pace = CheckpointThrottle()
        var time = ContinuousClock.now
        var tries = 0
        for _ in 1...2 {
            #expect(throws: Full.self) {
                try pace.save(now: { time }) {
                    (time, tries) = (time + .seconds(9), tries + 1)
                    throw Full()
                }
            }
        }
        #expect(tries == 2)
    }
}
