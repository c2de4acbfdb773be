import Foundation

/// The loss of a batch of B images over K classes: L = 1/B · Σ_n Σ_k −q[n,k]·ln p[n,k], with p[n,k] = e^{z[n,k]} / Σ_j e^{z[n,j]}.
///
/// The label's share is q[n,label_n] = 1 − ε + ε/K, every other's ε/K, with the label smoothing ε (Szegedy et al. 2016, section 7), usually 0. The gradient:
/// dz[n,k] = (p[n,k] − q[n,k]) / B. The largest logit is taken off first, so that no exponential overflows; each image is computed in double precision, in order.
enum SoftmaxCrossEntropy {
    struct Emitted {
        let gradient: Value
        let labels, losses, right: Slot
    }

    /// - Parameter logits: batch × classes, row after row.
    static func emit(_ logits: Value, smoothing: Double, _ program: ProgramBuilder) throws(LearningError) -> Emitted {
        guard logits.layout.dims.count == 2 else {
            throw LearningError(
                .settings, "the model does not end in a linear layer", next: "let it end in one number a class")
        }
        let (batch, classes) = (logits.layout.dims[0], logits.layout.dims[1])
        let gradient = program.value(logits.layout)
        let perImage = try Layout.plain([batch])
        let labels = program.value(perImage, in: .kept).slot
        let losses = program.value(perImage, in: .kept).slot
        let right = program.value(perImage, in: .kept).slot
        program.emitLoop(touching: [logits.slot, gradient.slot, labels, losses, right]) { memory, _ in
            for n in 0..<batch {
                let row = UnsafeBufferPointer(start: memory.floats(logits.slot) + n * classes, count: classes)
                let out = UnsafeMutableBufferPointer(start: memory.floats(gradient.slot) + n * classes, count: classes)
                let one = image(
                    row, label: Int(memory.integers(labels)[n]), batch: batch, smoothing: smoothing, gradient: out)
                memory.floats(losses)[n] = one.loss
                memory.integers(right)[n] = one.right ? 1 : 0
            }
        }
        return Emitted(gradient: gradient, labels: labels, losses: losses, right: right)
    }

    /// - Returns: the image's loss, and whether no other class has as large a logit as its own or a larger one before it.
    static func image(
        _ logits: UnsafeBufferPointer<Float>, label: Int, batch: Int, smoothing: Double = 0,
        gradient: UnsafeMutableBufferPointer<Float>
    ) -> (loss: Float, right: Bool) {
        var top = 0
        for k in logits.indices where logits[k] > logits[top] { top = k }
        var total = 0.0
        for logit in logits { total += exp(Double(logit) - Double(logits[top])) }
        let spread = smoothing / Double(logits.count)
        // Σ q·z, less the largest logit.
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
