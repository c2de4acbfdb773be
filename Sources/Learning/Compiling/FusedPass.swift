/// One pass over memory in inference: a layer, and those of the layers behind it that oneDNN computes along with it.
///
/// A convolution takes along the batch norm or affine layer behind it (folded into its weights), then the sum of a residual block if the other addend is
/// there already and nothing else needs it later, and a ReLU.
struct FusedPass: Sendable {
    let first: Graph.Node
    let inputs: [Graph.Node]
    /// The node whose output it gives.
    private(set) var last: Graph.Node
    private(set) var line: (any ChannelLine)?
    private(set) var addend: Graph.Node?
    private(set) var relu = false

    /// - Parameter end: the node to stop at; nil for all of the model.
    static func passes(of model: Graph, upTo end: Graph.Node? = nil) -> [FusedPass] {
        let end = end ?? model.output
        var passes: [FusedPass] = []
        var done: Set<Graph.Node> = [model.input]
        for (index, entry) in model.entries.prefix(end.index).enumerated()
        where !done.contains(Graph.Node(index: index + 1)) {
            let node = Graph.Node(index: index + 1)
            var pass = FusedPass(first: node, inputs: entry.inputs, last: node)
            done.insert(node)
            if entry.layer is Convolution { pass.extend(model, upTo: end, &done) }
            passes.append(pass)
        }
        return passes
    }

    private mutating func extend(_ model: Graph, upTo end: Graph.Node, _ done: inout Set<Graph.Node>) {
        while !relu, let next = only(model.consumers(of: last)), next.index <= end.index, let layer = model.layer(next)
        {
            switch layer {
            case let line as any ChannelLine where self.line == nil && addend == nil:
                (self.line, relu) = (line, line.relu)
            case is ReLU:
                relu = true
            case let sum as Sum where addend == nil:
                let others = model.entries[next.index - 1].inputs.filter { $0 != last }
                // Not its own input: a window reads what another has written already.
                guard let other = only(others), other != model.input, !inputs.contains(other), done.contains(other),
                    model.consumers(of: other).allSatisfy({ $0 == next || done.contains($0) })
                else { return }
                (addend, relu) = (other, sum.relu)
            default:
                return
            }
            last = next
            done.insert(next)
        }
    }

    private func only(_ nodes: [Graph.Node]) -> Graph.Node? { nodes.count == 1 ? nodes[0] : nil }
}
