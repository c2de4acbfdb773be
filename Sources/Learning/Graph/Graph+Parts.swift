/// What transfer learning takes apart: the last layer, the trunk before it, and what stays as it is.
extension Graph {
    /// The last layer, which tells classes apart; nil where the model does not end in a linear one.
    var head: Linear? { entries.last?.layer as? Linear }

    /// All but the last layer: what transfer learning takes from elsewhere. Its output is the features that the last layer weighs.
    public var trunk: Graph { Graph(self, from: input, to: Node(index: entries.count - 1)) }

    /// What the last layer says of features that the trunk gave: w·x + b for each class, in double precision.
    ///
    /// - Throws: ``LearningError`` (`weights`) where the weights hold no such layer.
    public func logits(ofFeatures features: [[Float]], _ weights: Weights) throws(LearningError) -> [[Float]] {
        guard let head, case .float32(let w)? = weights.tensors["\(head.name).weight"]?.values,
            case .float32(let b)? = weights.tensors["\(head.name).bias"]?.values,
            w.count == head.outputs * head.inputs, b.count == head.outputs,
            features.allSatisfy({ $0.count == head.inputs })
        else {
            throw LearningError(
                .weights, "the weights' last layer does not fit the model or the features",
                next: "use weights made for this model")
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
        guard var last = entries.lastIndex(where: { $0.layer.parameters.contains { $0.name.hasPrefix("\(name).") } })
        else {
            let names = parameters.map { $0.name.prefix { $0 != "." } }.reduce(into: [Substring]()) {
                if $0.last != $1 { $0.append($1) }
            }
            throw LearningError(
                .settings, "no layer is called \(name.prefix(80))",
                next: "name one of: \(names.joined(separator: ", ")), or a layer within")
        }
        while last + 1 < entries.count, entries[last + 1].layer.parameters.isEmpty,
            !(entries[last + 1].layer is Dropout), entries[last + 1].inputs.allSatisfy({ $0.index <= last + 1 })
        {
            last += 1
        }
        guard last + 1 < entries.count else {
            throw LearningError(
                .settings, "freezing up to \(name.prefix(80)) leaves nothing to train",
                next: "freeze up to an earlier layer")
        }
        return Node(index: last + 1)
    }

    /// The model in two: what stays as it is when the layer `name` and all before it do, and what is trained on what that gives.
    ///
    /// - Returns: nil where a layer behind takes something from before the last frozen one, as within DenseNet's blocks.
    /// - Throws: ``LearningError`` (`settings`) as ``frozenNode(upTo:)``.
    public func parts(frozenUpTo name: String) throws(LearningError) -> (frozen: Graph, trained: Graph)? {
        let cut = try frozenNode(upTo: name)
        guard entries.dropFirst(cut.index).allSatisfy({ $0.inputs.allSatisfy { $0.index >= cut.index } }) else {
            return nil
        }
        return (Graph(self, from: input, to: cut), Graph(self, from: cut, to: output))
    }

    /// Tensors of the layers up to a node.
    func parameters(upTo node: Node) -> [Parameter] { entries.prefix(node.index).flatMap(\.layer.parameters) }

    /// The feature maps that the last pool is given: behind all convolutions, and still a plane each. Nil where the model has no pool.
    var lastPlanes: Node? { entries.last { $0.layer is Pool }?.inputs.first }
}
