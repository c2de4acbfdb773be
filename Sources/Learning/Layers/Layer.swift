/// One layer of a model: its tensors, and how it is computed in each kind of program.
protocol Layer: Sendable {
    /// In torchvision's names and shapes.
    var parameters: [Parameter] { get }

    /// Whether the backward pass reads the layer's own output.
    var keepsOutput: Bool { get }

    /// Writes the forward step of training, and says how the backward one is written.
    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable

    /// Writes the forward step with fixed weights.
    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value
}

/// A layer's output in a training program, and its way back.
struct Differentiable {
    typealias Backward = ([Value]) throws(LearningError) -> [Value?]

    let output: Value
    /// Takes the gradients of the output (one for each layer that used it, to be added up: at least one), writes the backward steps, and
    /// gives the gradients of the inputs; nil where an input needs none.
    let backward: Backward
}

/// A convolution's or pool's window: square, the same on both axes.
struct Window: Hashable, Sendable {
    let kernel, stride, padding: Int

    static func square(kernel: Int, stride: Int, padding: Int) -> Window {
        Window(kernel: kernel, stride: stride, padding: padding)
    }

    /// A kernel, stride and padding of 0: the window is as large as the plane.
    static let wholePlane = Window(kernel: 0, stride: 0, padding: 0)

    var strides: [Int64] { [Int64(stride), Int64(stride)] }
    var paddings: [Int64] { [Int64(padding), Int64(padding)] }

    /// ⌊(side + 2·padding − kernel) / stride⌋ + 1.
    /// - Throws: ``LearningError`` (`settings`) where the window is larger than the plane.
    func side(over side: Int) throws(LearningError) -> Int {
        let room = side + 2 * padding - kernel
        guard room >= 0 else {
            throw LearningError(
                .settings, "a window of \(kernel) does not fit a plane of \(side) with a margin of \(padding)",
                next: "use larger images")
        }
        return room / stride + 1
    }
}
