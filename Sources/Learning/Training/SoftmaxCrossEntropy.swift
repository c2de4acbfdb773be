import Foundation

/// The loss of a batch of B images: L = 1/B · Σ_n −ln p[n, label_n], with p[n,k] = e^{z[n,k]} / Σ_j e^{z[n,j]}.
///
/// Its gradient: dz[n,k] = (p[n,k] − 1{k = label_n}) / B. The largest logit is taken off first, so that no exponential overflows; each
/// image is computed in double precision, in order.
enum SoftmaxCrossEntropy {
    struct Emitted {
        let gradient: Value
        let labels, losses, right: Slot
    }

    /// - Parameter logits: batch × classes, row after row.
    static func emit(_ logits: Value, _ program: ProgramBuilder) throws(LearningError) -> Emitted {
        guard logits.layout.dims.count == 2 else {
            throw LearningError(.settings, "the model does not end in a linear layer", next: "let it end in one number a class")
        }
        let (batch, classes) = (logits.layout.dims[0], logits.layout.dims[1])
        let gradient = program.value(logits.layout)
        let perImage = try Layout.plain([batch])
        let labels = program.value(perImage, in: .kept).slot, losses = program.value(perImage, in: .kept).slot, right = program.value(perImage, in: .kept).slot
        program.emitLoop(touching: [logits.slot, gradient.slot, labels, losses, right]) { memory, _ in
            for n in 0..<batch {
                let row = UnsafeBufferPointer(start: memory.floats(logits.slot) + n * classes, count: classes)
                let out = UnsafeMutableBufferPointer(start: memory.floats(gradient.slot) + n * classes, count: classes)
                let one = image(row, label: Int(memory.integers(labels)[n]), batch: batch, gradient: out)
                memory.floats(losses)[n] = one.loss
                memory.integers(right)[n] = one.right ? 1 : 0
            }
        }
        return Emitted(gradient: gradient, labels: labels, losses: losses, right: right)
    }

    /// - Returns: the image's loss, and whether no other class has as large a logit as its own or a larger one before it.
    static func image(_ logits: UnsafeBufferPointer<Float>, label: Int, batch: Int, gradient: UnsafeMutableBufferPointer<Float>) -> (loss: Float, right: Bool) {
        var top = 0
        for k in logits.indices where logits[k] > logits[top] { top = k }
        var total = 0.0
        for logit in logits { total += exp(Double(logit) - Double(logits[top])) }
        for k in logits.indices {
            let share = exp(Double(logits[k]) - Double(logits[top])) / total
            gradient[k] = Float((share - (k == label ? 1 : 0)) / Double(batch))
        }
        return (Float(log(total) - (Double(logits[label]) - Double(logits[top]))), top == label)
    }
}
