import Testing

@testable import Validation

@Suite struct CheckpointThrottleTests {
    /// Returns the epochs, of one second each, after which a checkpoint is saved.
    private func savedEpochs(_ epochs: Int, writing: Duration) -> [Int] {
        var throttle = CheckpointThrottle()
        var time = ContinuousClock.now
        var saved: [Int] = []
        for epoch in 1...epochs {
            time += .seconds(1)
            let write = {
                time += writing
                saved.append(epoch)
            }
            throttle.save(now: { time }, write)
        }
        return saved
    }

    @Test("A checkpoint that is written quickly is saved after each epoch") func quick() {
        #expect(savedEpochs(5, writing: .milliseconds(99)) == [1, 2, 3, 4, 5])
    }

    @Test("Writing checkpoints takes at most a tenth of the time") func slow() {
        #expect(savedEpochs(12, writing: .milliseconds(450)) == [1, 6, 11])
    }

    @Test("A checkpoint that could not be written is tried again") func failure() {
        struct Full: Error {}
        var throttle = CheckpointThrottle()
        var time = ContinuousClock.now
        var tries = 0
        for _ in 1...2 {
            #expect(throws: Full.self) {
                let write = {
                    time += .seconds(9)
                    tries += 1
                    throw Full()
                }
                try throttle.save(now: { time }, write)
            }
        }
        #expect(tries == 2)
    }
}
