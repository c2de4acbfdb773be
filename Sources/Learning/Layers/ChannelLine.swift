/// A layer that with fixed weights is a line for each channel, y = scale·x + shift, and so can be folded into the convolution before it.
protocol ChannelLine: Layer {
    /// Whether a ReLU follows within the layer.
    var relu: Bool { get }

    func line(_ inference: InferenceBuilder) throws(LearningError) -> (scale: [Float], shift: [Float])
}
