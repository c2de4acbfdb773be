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

    /// How many numbers the last layer gives for an image.
    public private(set) var classes: Int
    /// How it takes colours.
    let pixels: PixelScale
    private(set) var entries: [Entry] = []

    init(classes: Int, pixels: PixelScale = .imageNet) { (self.classes, self.pixels) = (classes, pixels) }

    /// The images: batch × 3 × size × size, normalized.
    let input = Node(index: 0)

    /// All tensors, in forward order.
    public var parameters: [Parameter] { entries.flatMap(\.layer.parameters) }

    /// The node whose output is the logits.
    var output: Node { Node(index: entries.count) }

    func channels(_ node: Node) -> Int { node == input ? Self.colours : entries[node.index - 1].channels }

    /// Nodes that take `node`'s output, in order.
    func consumers(of node: Node) -> [Node] {
        entries.indices.filter { entries[$0].inputs.contains(node) }.map { Node(index: $0 + 1) }
    }

    func layer(_ node: Node) -> (any Layer)? { node == input ? nil : entries[node.index - 1].layer }

    // MARK: Parts

    /// The last layer, which tells classes apart; nil where the model does not end in a linear one.
    var head: Linear? { entries.last?.layer as? Linear }

    /// All but the last layer: what transfer learning takes from elsewhere. Its output is the features that the last layer weighs.
    public var trunk: Graph {
        var trunk = self
        trunk.entries.removeLast()
        trunk.classes = trunk.channels(trunk.output)
        return trunk
    }

    /// What the last layer says of features that the trunk gave: w·x + b for each class, in double precision.
    ///
    /// - Throws: ``LearningError`` (`weights`) where the weights hold no such layer.
    public func logits(ofFeatures features: [[Float]], _ weights: Weights) throws(LearningError) -> [[Float]] {
        guard let head, case .float32(let w)? = weights.tensors["\(head.name).weight"]?.values, case .float32(let b)? = weights.tensors["\(head.name).bias"]?.values,
              w.count == head.outputs * head.inputs, b.count == head.outputs, features.allSatisfy({ $0.count == head.inputs }) else {
            throw LearningError(.weights, "the weights' last layer does not fit the model or the features", next: "use weights made for this model")
        }
        return features.map { row in
            (0..<head.outputs).map { output in
                var sum = Double(b[output])
                for k in 0..<head.inputs { sum += Double(w[output * head.inputs + k]) * Double(row[k]) }
                return Float(sum)
            }
        }
    }

    /// The last node of what stays as it is when the layer `name` and all before it do: it, and what has no tensors behind it, but no dropout.
    ///
    /// - Parameter name: a layer's, such as `layer2` or `layer2.0.conv1`.
    /// - Throws: ``LearningError`` (`settings`) where no layer is called so, or where nothing is left to train.
    func frozenNode(upTo name: String) throws(LearningError) -> Node {
        guard var last = entries.lastIndex(where: { $0.layer.parameters.contains { $0.name.hasPrefix("\(name).") } }) else {
            let names = parameters.map { $0.name.prefix { $0 != "." } }.reduce(into: [Substring]()) { if $0.last != $1 { $0.append($1) } }
            throw LearningError(.settings, "no layer is called \(name.prefix(80))", next: "name one of: \(names.joined(separator: ", ")), or a layer within")
        }
        while last + 1 < entries.count, entries[last + 1].layer.parameters.isEmpty, !(entries[last + 1].layer is Dropout), entries[last + 1].inputs.allSatisfy({ $0.index <= last + 1 }) {
            last += 1
        }
        guard last + 1 < entries.count else { throw LearningError(.settings, "freezing up to \(name.prefix(80)) leaves nothing to train", next: "freeze up to an earlier layer") }
        return Node(index: last + 1)
    }

    /// Tensors of the layers up to a node.
    func parameters(upTo node: Node) -> [Parameter] { entries.prefix(node.index).flatMap(\.layer.parameters) }

    /// The feature maps that the last pool is given: behind all convolutions, and still a plane each. Nil where the model has no pool.
    var lastPlanes: Node? { entries.last { $0.layer is Pool }?.inputs.first }

    private mutating func append(_ layer: any Layer, _ inputs: [Node], channels: Int) -> Node {
        entries.append(Entry(layer: layer, inputs: inputs, channels: channels))
        return output
    }

    // MARK: Layers

    mutating func convolution(_ name: String, _ x: Node, to channels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias: Bool = false,
                              fan: Convolution.Fan = .out) -> Node {
        append(Convolution(name: name, inputs: self.channels(x), outputs: channels, kernel: kernel, stride: stride, padding: padding, bias: bias, fan: fan), [x], channels: channels)
    }

    mutating func batchNorm(_ name: String, _ x: Node, relu: Bool = false) -> Node {
        append(BatchNorm(name: name, channels: channels(x), relu: relu), [x], channels: channels(x))
    }

    /// Normalizes all the inputs' channels, one behind another. They must be as many as fill vectors: multiples of 16.
    mutating func batchNorm(_ name: String, joining inputs: [Node], relu: Bool = false) -> Node {
        let channels = inputs.reduce(0) { $0 + self.channels($1) }
        return append(JoinedBatchNorm(norm: BatchNorm(name: name, channels: channels, relu: relu)), inputs, channels: channels)
    }

    mutating func affine(_ name: String, _ x: Node, relu: Bool = false) -> Node {
        append(Affine(name: name, channels: channels(x), relu: relu), [x], channels: channels(x))
    }

    mutating func dropout(_ name: String, _ x: Node, probability: Double) -> Node { append(Dropout(name: name, probability: probability), [x], channels: channels(x)) }

    mutating func relu(_ x: Node) -> Node { append(ReLU(), [x], channels: channels(x)) }

    mutating func maxPool(_ x: Node, kernel: Int, stride: Int, padding: Int = 0) -> Node {
        append(Pool(kind: .max, window: .square(kernel: kernel, stride: stride, padding: padding)), [x], channels: channels(x))
    }

    mutating func averagePool(_ x: Node, kernel: Int, stride: Int) -> Node {
        append(Pool(kind: .average, window: .square(kernel: kernel, stride: stride, padding: 0)), [x], channels: channels(x))
    }

    mutating func globalAveragePool(_ x: Node) -> Node { append(Pool(kind: .average, window: .wholePlane), [x], channels: channels(x)) }

    mutating func adaptiveAveragePool(_ x: Node, side: Int) -> Node { append(AdaptiveAveragePool(side: side), [x], channels: channels(x)) }

    /// `a + b`, then ReLU if asked.
    mutating func sum(_ a: Node, _ b: Node, relu: Bool = false) -> Node { append(Sum(relu: relu), [a, b], channels: channels(a)) }

    /// `a + b`, each filled up with zeros to the larger of the two.
    mutating func paddedSum(_ a: Node, _ b: Node) -> Node { append(PaddedSum(), [a, b], channels: max(channels(a), channels(b))) }

    /// - Parameter plane: height times width of what comes in, 1 behind a global pool.
    mutating func linear(_ name: String, _ x: Node, to outputs: Int, plane: Int = 1, bias: Bool = true, initial: Linear.Initial = .uniform) -> Node {
        append(Linear(name: name, inputs: channels(x) * plane, outputs: outputs, bias: bias, initial: initial), [x], channels: outputs)
    }
}
