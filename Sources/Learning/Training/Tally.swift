/// Sums since the last report of a training.
struct Tally {
    private let clock = ContinuousClock()
    private let began = ContinuousClock.now
    private var loss = 0.0
    private var correct = 0, images = 0

    /// - Parameter outcome: a step's mean loss, and how many of its `images` came out right.
    mutating func add(_ outcome: (loss: Double, correct: Int), images: Int) {
        loss += outcome.loss * Double(images)
        correct += outcome.correct
        self.images += images
    }

    func report(epoch: Int, step: Int) -> EpochReport {
        let seconds = (clock.now - began) / .seconds(1)
        return EpochReport(
            epoch: epoch, step: step, loss: loss / Double(images), accuracy: Double(correct) / Double(images),
            seconds: seconds,
            imagesPerSecond: seconds > 0 ? Double(images) / seconds : 0)
    }
}
