import Foundation

/// Mean cross-entropy of a batch of B images over K classes: L = 1/B · Σ_n Σ_k −q[n,k]·ln p[n,k], with p[n,k] =
/// e^{z[n,k]} / Σ_j e^{z[n,j]}.
///
/// The target is q[n,label_n] = 1 − ε + ε/K, and ε/K for the other classes, with label smoothing ε (Szegedy et al.
/// 2016, section 7), 0 by default. The gradient is dz[n,k] = (p[n,k] − q[n,k]) / B. The largest logit is subtracted
/// first, so that no exponential overflows. Each image is computed in double precision, in order.
enum SoftmaxCrossEntropy {
    struct Emitted {
        let gradient: Value
        let labels, losses, correct: BufferID
    }

    /// - Parameter logits: batch × classes, row-major.
    static func emit(_ logits: Value, smoothing: Double, _ program: ProgramBuilder) throws(LearningError) -> Emitted {
        guard logits.layout.dims.count == 2 else {
            throw LearningError(
                .settings, "the model does not end in a linear layer",
                nextStep: "end the model with a linear layer of one output for each class")
        }
        let batch = logits.layout.dims[0]
        let classes = logits.layout.dims[1]
        let gradient = program.value(logits.layout)
        let perImage = try Layout.plain([batch])
        let labels = program.value(perImage, in: .persistent).buffer
        let losses = program.value(perImage, in: .persistent).buffer
        let correct = program.value(perImage, in: .persistent).buffer
        program.emitLoop(touching: [logits.buffer, gradient.buffer, labels, losses, correct]) { memory, _ in
            for n in 0..<batch {
                let row = UnsafeBufferPointer(start: memory.floats(logits.buffer) + n * classes, count: classes)
                let out = UnsafeMutableBufferPointer(
                    start: memory.floats(gradient.buffer) + n * classes, count: classes)
                let one = image(
                    row, label: Int(memory.int32s(labels)[n]), batch: batch, smoothing: smoothing, gradient: out)
                memory.floats(losses)[n] = one.loss
                memory.int32s(correct)[n] = one.correct ? 1 : 0
            }
        }
        return Emitted(gradient: gradient, labels: labels, losses: losses, correct: correct)
    }

    /// - Returns: the loss of the image, and whether its class is the first with the highest logit.
    static func image(
        _ logits: UnsafeBufferPointer<Float>, label: Int, batch: Int, smoothing: Double = 0,
        gradient: UnsafeMutableBufferPointer<Float>
    ) -> (loss: Float, correct: Bool) {
        var top = 0
        for k in logits.indices where logits[k] > logits[top] { top = k }
        var total = 0.0
        for logit in logits { total += exp(Double(logit) - Double(logits[top])) }
        let spread = smoothing / Double(logits.count)
        // Σ q·(z − largest logit).
        var expected = 0.0
        for k in logits.indices {
            let distance = Double(logits[k]) - Double(logits[top])
            let target = (k == label ? 1 - smoothing : 0) + spread
            gradient[k] = Float((exp(distance) / total - target) / Double(batch))
            if target > 0 { expected += target * distance }
        }
        return (Float(log(total) - expected), top == label)
    }
}
