import CDNNL

/// A layer of a model: its parameters, and its computation in training and inference.
protocol Layer: Sendable {
    /// With torchvision's names and shapes.
    var parameters: [Parameter] { get }

    /// Whether the backward pass reads the layer's own output.
    var keepsOutput: Bool { get }

    /// Returns the side of the output plane for square input planes of these sides.
    ///
    /// - Throws: ``LearningError`` (`settings`) if an input is too small.
    func side(_ inputs: [Int]) throws(LearningError) -> Int

    /// Adds the forward step of training, and returns how to add the backward step.
    func train(_ inputs: [Value], _ training: TrainingBuilder) throws(LearningError) -> Differentiable

    /// Adds the forward step with fixed weights.
    func infer(_ inputs: [Value], _ inference: InferenceBuilder) throws(LearningError) -> Value
}

extension Layer {
    /// Most layers keep the size of the plane.
    func side(_ inputs: [Int]) throws(LearningError) -> Int { inputs[0] }
}

/// A layer's output in a training program, and its backward step.
struct Differentiable {
    typealias Backward = ([Value]) throws(LearningError) -> [Value?]

    let output: Value
    /// Adds the backward steps and returns the gradients of the inputs; nil for an input that needs no gradient. The
    /// argument has one gradient of the output for each layer that uses the output, at least one.
    let backward: Backward
}

/// A square window of a convolution or pool.
struct Window: Hashable, Sendable {
    let kernel, stride, padding: Int

    static func square(kernel: Int, stride: Int, padding: Int) -> Window {
        Window(kernel: kernel, stride: stride, padding: padding)
    }

    /// A window as large as the plane, encoded as a kernel, stride and padding of 0.
    static let wholePlane = Window(kernel: 0, stride: 0, padding: 0)

    var strides: [Int64] { [Int64(stride), Int64(stride)] }
    var paddings: [Int64] { [Int64(padding), Int64(padding)] }

    /// Returns ⌊(side + 2·padding − kernel) / stride⌋ + 1.
    /// - Throws: ``LearningError`` (`settings`) if the window is larger than the plane.
    func side(over side: Int) throws(LearningError) -> Int {
        let difference = side + 2 * padding - kernel
        guard difference >= 0 else {
            throw LearningError(
                .settings, "a window of \(kernel) does not fit into a plane of \(side) with padding \(padding)",
                nextStep: "use larger images")
        }
        return difference / stride + 1
    }
}

/// A layer that is y = scale·x + shift for each channel with fixed weights. Such a layer can be folded into the
/// convolution before the layer.
protocol ChannelAffine: Layer {
    var name: String { get }
    var channels: Int { get }
    /// Whether the layer ends with a ReLU.
    var relu: Bool { get }

    func affine(_ inference: InferenceBuilder) throws(LearningError) -> (scale: [Float], shift: [Float])
}

extension ChannelAffine {
    var keepsOutput: Bool { false }

    /// The trained scale and shift. They start as the identity.
    var scaleAndShift: [Parameter] {
        [
            Parameter("\(name).weight", [channels], .trained, .constant(1)),
            Parameter("\(name).bias", [channels], .trained, .constant(0)),
        ]
    }

    /// Returns the flags of oneDNN's batch normalization with scale and shift, and with the layer's ReLU.
    func normalizationFlags(_ others: dnnl_normalization_flags_t...) -> UInt32 {
        let relu = relu ? [dnnl_fuse_norm_relu] : []
        return ([dnnl_use_scale, dnnl_use_shift] + relu + others).reduce(0) { $0 | UInt32($1.rawValue) }
    }
}
