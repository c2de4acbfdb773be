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
    public let classes: Int
    private(set) var entries: [Entry] = []

    init(classes: Int) { self.classes = classes }

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

    private mutating func append(_ layer: any Layer, _ inputs: [Node], channels: Int) -> Node {
        entries.append(Entry(layer: layer, inputs: inputs, channels: channels))
        return output
    }

    // MARK: Layers

    mutating func convolution(_ name: String, _ x: Node, to channels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias: Bool = false) -> Node {
        append(Convolution(name: name, inputs: self.channels(x), outputs: channels, kernel: kernel, stride: stride, padding: padding, bias: bias), [x], channels: channels)
    }

    mutating func batchNorm(_ name: String, _ x: Node, relu: Bool = false) -> Node {
        append(BatchNorm(name: name, channels: channels(x), relu: relu), [x], channels: channels(x))
    }

    mutating func relu(_ x: Node) -> Node { append(ReLU(), [x], channels: channels(x)) }

    mutating func maxPool(_ x: Node, kernel: Int, stride: Int, padding: Int = 0) -> Node {
        append(Pool(kind: .max, window: .square(kernel: kernel, stride: stride, padding: padding)), [x], channels: channels(x))
    }

    mutating func averagePool(_ x: Node, kernel: Int, stride: Int) -> Node {
        append(Pool(kind: .average, window: .square(kernel: kernel, stride: stride, padding: 0)), [x], channels: channels(x))
    }

    mutating func globalAveragePool(_ x: Node) -> Node { append(Pool(kind: .average, window: .wholePlane), [x], channels: channels(x)) }

    /// `a + b`, then ReLU if asked.
    mutating func sum(_ a: Node, _ b: Node, relu: Bool = false) -> Node { append(Sum(relu: relu), [a, b], channels: channels(a)) }

    /// - Parameter plane: height times width of what comes in, 1 behind a global pool.
    mutating func linear(_ name: String, _ x: Node, to outputs: Int, plane: Int = 1) -> Node {
        append(Linear(name: name, inputs: channels(x) * plane, outputs: outputs), [x], channels: outputs)
    }
}
