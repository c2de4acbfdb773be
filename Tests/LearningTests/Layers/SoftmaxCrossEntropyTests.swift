import Foundation
import Testing

@testable import Learning

@Suite("Softmax cross-entropy")
struct SoftmaxCrossEntropyTests {
    private func image(_ logits: [Float], label: Int, batch: Int = 1, smoothing: Double = 0) -> (
        loss: Float, correct: Bool, gradient: [Float]
    ) {
        var gradient = [Float](repeating: 0, count: logits.count)
        let one = logits.withUnsafeBufferPointer { logits in
            gradient.withUnsafeMutableBufferPointer {
                SoftmaxCrossEntropy.image(logits, label: label, batch: batch, smoothing: smoothing, gradient: $0)
            }
        }
        return (one.loss, one.correct, gradient)
    }

    @Test("the loss is −ln p of the label, and the gradient is (p − q)/B")
    func formula() {
        let one = image([Float(log(1.0)), Float(log(2.0)), Float(log(5.0))], label: 1, batch: 2)
        #expect(abs(one.loss - Float(-log(0.25))) < 1e-6)
        #expect(!one.correct)
        for (a, b) in zip(one.gradient, [0.125 / 2, (0.25 - 1) / 2, 0.625 / 2] as [Float]) {
            #expect(abs(a - b) < 1e-7)
        }
    }

    @Test("label smoothing matches torch.nn.functional.cross_entropy")
    func smoothing() {
        let one = image([Float(log(1.0)), Float(log(2.0)), Float(log(5.0))], label: 1, smoothing: 0.3)
        // Probabilities 1/8, 2/8, 5/8 and targets 0.1, 0.8, 0.1.
        #expect(abs(Double(one.loss) + 0.1 * log(0.125) + 0.8 * log(0.25) + 0.1 * log(0.625)) < 1e-6)
        for (a, b) in zip(one.gradient, [0.025, -0.55, 0.525] as [Float]) { #expect(abs(a - b) < 1e-6) }
    }

    @Test("large logits do not overflow")
    func large() {
        let one = image([1e30, -1e30], label: 0)
        #expect(one.loss == 0 && one.correct && one.gradient == [0, 0])
    }
}
