/// Dropout (Srivastava et al. 2014), the inverted form that PyTorch has too. In training each number is kept with probability 1 − p, or becomes 0:
///
///     y[i] = x[i]·keep[i]/(1−p);   dx[i] = dy[i]·keep[i]/(1−p)
///
/// Inference keeps all. What is dropped is told by ``DropoutMask`` from (seed, step, layer) and the place i, row after row: a resumed run drops the same, and the way back
/// asks again instead of remembering.
struct Dropout: Layer {
    let name: String
    /// p, from 0 up to but not 1.
    let probability: Double

    var parameters: [Parameter] { [] }
    var keepsOutput: Bool { false }

    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable {
        let program = training.program
        let x = try program.conform(inputs[0], to: .plain(inputs[0].layout.dims))
        let y = emit(x, training)
        return Differentiable(output: y) { gradients throws(LearningError) in
            [emit(try program.conform(training.total(gradients), to: x.layout), training)]
        }
    }

    private func emit(_ x: Value, _ training: TrainingBuilder) -> Value {
        let y = training.program.value(x.layout)
        let count = x.layout.count
        let moment = training.moment
        let (name, probability) = (name, probability)
        let scale = Float(1 / (1 - probability))
        training.program.emitLoop(touching: [x.slot, y.slot, moment]) { memory, team in
            let mask = DropoutMask(
                seed: Int(memory.words(moment)[0]), step: Int(memory.words(moment)[1]), layer: name,
                probability: probability)
            nonisolated(unsafe) let (from, to) = (memory.floats(x.slot), memory.floats(y.slot))
            team.split(count) { range in
                for i in range { to[i] = mask.keeps(i) ? from[i] * scale : 0 }
            }
        }
        return y
    }

    func infer(_ inputs: [Value], _ inference: InferenceBuilder) -> Value { inputs[0] }
}

/// Which numbers a dropout layer keeps in one optimizer step: place i is kept where the upper 24 bits of SplitMix64's i-th output (Steele, Lea and Flood 2014) from the layer's
/// own state are at least p·2²⁴. The state is the first number of the stream `curare-dropout`, seed, step (from 0) and layer, a line each.
struct DropoutMask: Sendable {
    private let state, bound: UInt64

    init(seed: Int, step: Int, layer: String, probability: Double) {
        var random = SeededRandom(["curare-dropout", String(seed), String(step), layer])
        (state, bound) = (random.next(), UInt64((probability * 0x1p24).rounded()))
    }

    func keeps(_ place: Int) -> Bool {
        var x = state &+ UInt64(truncatingIfNeeded: place + 1) &* 0x9E37_79B9_7F4A_7C15
        x = (x ^ x >> 30) &* 0xBF58_476D_1CE4_E5B9
        x = (x ^ x >> 27) &* 0x94D0_49BB_1331_11EB
        return (x ^ x >> 31) >> 40 >= bound
    }
}
