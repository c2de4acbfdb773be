/// A model as a description: a graph of layers in the order of computation.
///
/// A graph has no batch or image size; ``Trainer`` and ``Classifier`` compile the graph for their batch and image size.
/// Each method below adds a layer and returns its node.
public struct Graph: Sendable {
    /// The index of a layer.
    struct Node: Hashable, Sendable {
        let index: Int
    }

    struct Entry: Sendable {
        let layer: any Layer
        let inputs: [Node]
        /// Channels of the output.
        let channels: Int
    }

    /// Channels of an image: red, green, blue.
    static let colours = 3

    /// Number of values of the last layer for an image; channels, if the last layer returns feature maps.
    public let classes: Int
    /// Normalization of the input.
    let pixels: PixelNormalization
    private(set) var entries: [Entry] = []
    /// Channels of the input.
    let inputChannels: Int

    init(classes: Int, pixels: PixelNormalization = .imageNet) {
        self.classes = classes
        self.pixels = pixels
        inputChannels = Self.colours
    }

    /// The part of `model` from `first` to `end`. No layer in the part may read a node before `first`.
    init(_ model: Graph, from first: Node, to end: Node) {
        pixels = model.pixels
        inputChannels = model.channels(first)
        entries = model.entries[first.index..<end.index].map { entry in
            Entry(
                layer: entry.layer, inputs: entry.inputs.map { Node(index: $0.index - first.index) },
                channels: entry.channels)
        }
        classes = model.channels(end)
    }

    /// The input: normalized images, batch × 3 × size × size. For a later part of a model: batch × channels × side ×
    /// side.
    let input = Node(index: 0)

    /// All tensors, in forward order.
    public var parameters: [Parameter] { entries.flatMap(\.layer.parameters) }

    /// The node whose output is the logits.
    var output: Node { Node(index: entries.count) }

    func channels(_ node: Node) -> Int { node == input ? inputChannels : entries[node.index - 1].channels }

    /// Returns the nodes that read `node`, in order.
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

    /// Normalizes the concatenated channels of the inputs. The channels of each input must be a multiple of 16.
    mutating func batchNorm(_ name: String, concatenating inputs: [Node], relu: Bool = false) -> Node {
        let channels = inputs.reduce(0) { $0 + self.channels($1) }
        return append(
            ConcatBatchNorm(norm: BatchNorm(name: name, channels: channels, relu: relu)), inputs, channels: channels)
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

    /// `a + b`, optionally followed by ReLU.
    mutating func sum(_ a: Node, _ b: Node, relu: Bool = false) -> Node {
        append(Sum(relu: relu), [a, b], channels: channels(a))
    }

    /// `a + b`, each padded with zeros to the larger shape.
    mutating func paddedSum(_ a: Node, _ b: Node) -> Node {
        append(PaddedSum(), [a, b], channels: max(channels(a), channels(b)))
    }

    /// - Parameter plane: height times width of the input; 1 after a global pool.
    mutating func linear(
        _ name: String, _ x: Node, to outputs: Int, plane: Int = 1, bias: Bool = true,
        initial: Linear.Initial = .uniform
    ) -> Node {
        append(
            Linear(name: name, inputs: channels(x) * plane, outputs: outputs, bias: bias, initial: initial), [x],
            channels: outputs)
    }
}

/// Parts of a model for transfer learning: the last layer (head), the layers before it (trunk), and the frozen layers.
extension Graph {
    /// The last layer; nil if the model does not end in a linear layer.
    var head: Linear? { entries.last?.layer as? Linear }

    /// All layers but the last. The output is the input of the last layer.
    public var trunk: Graph { Graph(self, from: input, to: Node(index: entries.count - 1)) }

    /// Returns the logits of the last layer for the trunk's features: w·x + b, in double precision.
    ///
    /// - Throws: ``LearningError`` (`weights`) if the weights do not fit the last layer.
    public func logits(ofFeatures features: [[Float]], _ weights: Weights) throws(LearningError) -> [[Float]] {
        guard let head, case .float32(let w)? = weights.tensors["\(head.name).weight"]?.values,
            case .float32(let b)? = weights.tensors["\(head.name).bias"]?.values,
            w.count == head.outputs * head.inputs, b.count == head.outputs,
            features.allSatisfy({ $0.count == head.inputs })
        else {
            throw LearningError(
                .weights, "the last layer of the weights does not fit the model or the features",
                nextStep: "use weights of this model")
        }
        return features.map { row in
            (0..<head.outputs).map { output in
                var sum = Double(b[output])
                for k in 0..<head.inputs { sum += Double(w[output * head.inputs + k]) * Double(row[k]) }
                return Float(sum)
            }
        }
    }

    /// Returns the last frozen node if the layer `name` and all layers before it are frozen. Following layers without
    /// parameters are included, except dropout.
    ///
    /// - Parameter name: a layer, such as `layer2` or `layer2.0.conv1`.
    /// - Throws: ``LearningError`` (`settings`) if no layer has this name, or if no layer is left to train.
    func frozenNode(upTo name: String) throws(LearningError) -> Node {
        guard var last = entries.lastIndex(where: { $0.layer.parameters.contains { $0.name.hasPrefix("\(name).") } })
        else {
            let names = parameters.map { $0.name.prefix { $0 != "." } }.reduce(into: [Substring]()) {
                if $0.last != $1 { $0.append($1) }
            }
            throw LearningError(
                .settings, "the model has no layer \(name.prefix(80))",
                nextStep: "name one of: \(names.joined(separator: ", ")), or a layer inside one of them")
        }
        while last + 1 < entries.count, entries[last + 1].layer.parameters.isEmpty,
            !(entries[last + 1].layer is Dropout), entries[last + 1].inputs.allSatisfy({ $0.index <= last + 1 })
        {
            last += 1
        }
        guard last + 1 < entries.count else {
            throw LearningError(
                .settings, "freezing up to \(name.prefix(80)) leaves no layer to train",
                nextStep: "freeze up to an earlier layer")
        }
        return Node(index: last + 1)
    }

    /// Divides the model into the frozen layers (up to the layer `name`) and the trained layers.
    ///
    /// - Returns: nil if a trained layer reads a node before the last frozen node, as in DenseNet's blocks.
    /// - Throws: ``LearningError`` (`settings`) as ``frozenNode(upTo:)``.
    public func parts(frozenUpTo name: String) throws(LearningError) -> (frozen: Graph, trained: Graph)? {
        let cut = try frozenNode(upTo: name)
        guard entries.dropFirst(cut.index).allSatisfy({ $0.inputs.allSatisfy { $0.index >= cut.index } }) else {
            return nil
        }
        return (Graph(self, from: input, to: cut), Graph(self, from: cut, to: output))
    }

    /// Returns the parameters of the layers up to a node.
    func parameters(upTo node: Node) -> [Parameter] { entries.prefix(node.index).flatMap(\.layer.parameters) }

    /// The input of the last pool: the last feature maps. Nil if the model has no pool.
    var lastFeatureMaps: Node? { entries.last { $0.layer is Pool }?.inputs.first }

    /// Returns the side of the last feature maps, and so of a saliency map, for images of `size` × `size` pixels. Nil if
    /// the model has no pool.
    ///
    /// - Throws: ``LearningError`` (`settings`) if the images are too small for the model.
    public func saliencySide(size: Int) throws(LearningError) -> Int? {
        guard let last = lastFeatureMaps else { return nil }
        var sides = [size]
        for entry in entries.prefix(last.index) {
            sides.append(try entry.layer.side(entry.inputs.map { sides[$0.index] }))
        }
        return sides[last.index]
    }

    /// Returns the smallest size of images whose saliency maps have at least `side` × `side` cells. Nil if no size in
    /// `sizes` is large enough.
    public func smallestSize(in sizes: ClosedRange<Int>, forSaliencySide side: Int) -> Int? {
        sizes.first { size in
            do throws(LearningError) {
                return try saliencySide(size: size).map { $0 >= side } ?? false
            } catch {
                // The images are too small for the model.
                return false
            }
        }
    }
}

/// A named tensor of a model: name and shape of torchvision, and initial values.
public struct Parameter: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Updated by the optimizer.
        case trained
        /// A running mean or variance, updated by the forward pass of training.
        case statistic
        /// `num_batches_tracked`: one 64-bit integer.
        case counter
    }

    /// Distribution of the initial values.
    public enum InitialValues: Hashable, Sendable {
        case constant(Float)
        /// With mean 0.
        case normal(deviation: Double)
        /// From −bound to bound.
        case uniform(bound: Double)
    }

    public let name: String
    public let shape: [Int]
    public let kind: Kind
    public let initial: InitialValues

    init(_ name: String, _ shape: [Int], _ kind: Kind = .trained, _ initial: InitialValues) {
        self.name = name
        self.shape = shape
        self.kind = kind
        self.initial = initial
    }

    /// The layer's name: the tensor's name up to the last dot.
    var layer: String { name.split(separator: ".").dropLast().joined(separator: ".") }

    public var count: Int { shape.reduce(1, *) }
}
