/// A model as a pure description: layers in a graph, in the order in which they are computed.
///
/// Nothing in it hangs on a batch or an image size; ``Trainer`` and ``Classifier`` compile it for theirs. Models are written with the
/// methods below, one a layer, and each gives the node whose output the next takes.
public struct Graph: Sendable {
    /// A layer's place in the graph.
    struct Node: Hashable, Sendable {
        let index: Int
    }

    struct Entry: Sendable {
        let layer: any Layer
        let inputs: [Node]
        /// Of its output.
        let channels: Int
    }

    /// Channels of an image: red, green, blue.
    static let colours = 3

    /// How many numbers the last layer gives for an image; channels, where it gives planes.
    public let classes: Int
    /// How it takes colours.
    let pixels: PixelScale
    private(set) var entries: [Entry] = []
    /// Of what goes in: colours, or what another part of the model gives.
    let inputChannels: Int

    init(classes: Int, pixels: PixelScale = .imageNet) {
        (self.classes, self.pixels, inputChannels) = (classes, pixels, Self.colours)
    }

    /// A part of `model`: what makes `end` of `first`. No layer in it may take what lies before `first`.
    init(_ model: Graph, from first: Node, to end: Node) {
        (pixels, inputChannels) = (model.pixels, model.channels(first))
        entries = model.entries[first.index..<end.index].map { entry in
            Entry(
                layer: entry.layer, inputs: entry.inputs.map { Node(index: $0.index - first.index) },
                channels: entry.channels)
        }
        classes = model.channels(end)
    }

    /// The images: batch × 3 × size × size, normalized; of a later part, batch × channels × side × side.
    let input = Node(index: 0)

    /// All tensors, in forward order.
    public var parameters: [Parameter] { entries.flatMap(\.layer.parameters) }

    /// The node whose output is the logits.
    var output: Node { Node(index: entries.count) }

    func channels(_ node: Node) -> Int { node == input ? inputChannels : entries[node.index - 1].channels }

    /// Nodes that take `node`'s output, in order.
    func consumers(of node: Node) -> [Node] {
        entries.indices.filter { entries[$0].inputs.contains(node) }.map { Node(index: $0 + 1) }
    }

    func layer(_ node: Node) -> (any Layer)? { node == input ? nil : entries[node.index - 1].layer }

    private mutating func append(_ layer: any Layer, _ inputs: [Node], channels: Int) -> Node {
        entries.append(Entry(layer: layer, inputs: inputs, channels: channels))
        return output
    }

    // MARK: Layers

    mutating func convolution(
        _ name: String, _ x: Node, to channels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias: Bool = false,
        fan: Convolution.Fan = .out
    ) -> Node {
        append(
            Convolution(
                name: name, inputs: self.channels(x), outputs: channels, kernel: kernel, stride: stride,
                padding: padding, bias: bias, fan: fan), [x], channels: channels)
    }

    mutating func batchNorm(_ name: String, _ x: Node, relu: Bool = false) -> Node {
        append(BatchNorm(name: name, channels: channels(x), relu: relu), [x], channels: channels(x))
    }

    /// Normalizes all the inputs' channels, one behind another. They must be as many as fill vectors: multiples of 16.
    mutating func batchNorm(_ name: String, joining inputs: [Node], relu: Bool = false) -> Node {
        let channels = inputs.reduce(0) { $0 + self.channels($1) }
        return append(
            JoinedBatchNorm(norm: BatchNorm(name: name, channels: channels, relu: relu)), inputs, channels: channels)
    }

    mutating func affine(_ name: String, _ x: Node, relu: Bool = false) -> Node {
        append(Affine(name: name, channels: channels(x), relu: relu), [x], channels: channels(x))
    }

    mutating func dropout(_ name: String, _ x: Node, probability: Double) -> Node {
        append(Dropout(name: name, probability: probability), [x], channels: channels(x))
    }

    mutating func relu(_ x: Node) -> Node { append(ReLU(), [x], channels: channels(x)) }

    mutating func maxPool(_ x: Node, kernel: Int, stride: Int, padding: Int = 0) -> Node {
        append(
            Pool(kind: .max, window: .square(kernel: kernel, stride: stride, padding: padding)), [x],
            channels: channels(x))
    }

    mutating func averagePool(_ x: Node, kernel: Int, stride: Int) -> Node {
        append(
            Pool(kind: .average, window: .square(kernel: kernel, stride: stride, padding: 0)), [x],
            channels: channels(x))
    }

    mutating func globalAveragePool(_ x: Node) -> Node {
        append(Pool(kind: .average, window: .wholePlane), [x], channels: channels(x))
    }

    mutating func adaptiveAveragePool(_ x: Node, side: Int) -> Node {
        append(AdaptiveAveragePool(side: side), [x], channels: channels(x))
    }

    /// `a + b`, then ReLU if asked.
    mutating func sum(_ a: Node, _ b: Node, relu: Bool = false) -> Node {
        append(Sum(relu: relu), [a, b], channels: channels(a))
    }

    /// `a + b`, each filled up with zeros to the larger of the two.
    mutating func paddedSum(_ a: Node, _ b: Node) -> Node {
        append(PaddedSum(), [a, b], channels: max(channels(a), channels(b)))
    }

    /// - Parameter plane: height times width of what comes in, 1 behind a global pool.
    mutating func linear(
        _ name: String, _ x: Node, to outputs: Int, plane: Int = 1, bias: Bool = true,
        initial: Linear.Initial = .uniform
    ) -> Node {
        append(
            Linear(name: name, inputs: channels(x) * plane, outputs: outputs, bias: bias, initial: initial), [x],
            channels: outputs)
    }
}
