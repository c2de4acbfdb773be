/// What a model said of an image, and where it looked.
public struct Explanation: Hashable, Sendable {
    /// The class that the map speaks of.
    public let label: Int
    /// One a class.
    public let logits: [Float]
    public let map: ActivationMap
}

/// A trained model, compiled to draw activation maps (``ActivationMap``).
///
/// As with ``Classifier``, images go in batches of one size, so that an image's map hangs on it, the weights and the machine alone. Logits are those that the classifier gives.
public final class Explainer {
    private let batch: Int
    private let model: Graph
    private let size: Int
    private let team: ThreadTeam
    private let compiled: ActivationProgram

    /// - Parameters:
    ///   - size: of the images, pixels a side.
    ///   - batch: images computed at once.
    /// - Throws: ``LearningError``: `weights` where they do not fit the model; `settings` where the images are too small for it; `threads`.
    public init(_ model: Graph, _ weights: Weights, size: Int, batch: Int = 8, on team: ThreadTeam)
        throws(LearningError)
    {
        guard (1...4096).contains(size) else {
            throw LearningError(.settings, "an image size of \(size)", next: "give 1 to 4096")
        }
        try team.recount()
        try weights.check(fit: model)
        compiled = try ActivationProgram(model, weights, batch: batch, size: size, on: Engine(), team: team)
        (self.model, self.size, self.batch, self.team) = (model, size, batch, team)
    }

    /// - Parameters:
    ///   - examples: none is fine; labels are not asked for.
    ///   - label: the class that all maps speak of; nil lets each speak of the one that the model takes the image for (the first of the highest logit).
    ///   - progress: called with the number of images done; throwing from it stops.
    /// - Returns: in the order of `examples`.
    /// - Throws: ``LearningError``: `data` for an image of a wrong size or a class that is none, `threads`; whatever examples and `progress` throw.
    public func explain(_ examples: some ExampleSource, as label: Int? = nil, progress: (Int) throws -> Void = { _ in })
        throws -> [Explanation]
    {
        if let label, !(0..<model.classes).contains(label) {
            throw LearningError(
                .data, "a map of class \(label) of \(model.classes)",
                next: "ask for a class from 0 to \(model.classes - 1)")
        }
        try team.recount()
        let memory = compiled.program.memory
        let count = examples.count
        var all: [Explanation] = []
        for start in stride(from: 0, to: count, by: batch) {
            let indices = start..<min(start + batch, count)
            memory.copy(
                try Batch.classification(indices, of: examples, size: size, model.pixels, room: batch).images,
                to: compiled.input.slot)
            for place in 0..<batch { memory.integers(compiled.wanted)[place] = Int32(label ?? -1) }
            try compiled.program.run()
            for place in indices.indices { all.append(explanation(place - start)) }
            try progress(all.count)
        }
        return all
    }

    private func explanation(_ place: Int) -> Explanation {
        let memory = compiled.program.memory
        let dims = compiled.planes.layout.dims
        let each = dims[1] * dims[2] * dims[3]
        func numbers(_ value: Value, _ each: Int) -> UnsafeBufferPointer<Float> {
            UnsafeBufferPointer(start: memory.floats(value.slot) + place * each, count: each)
        }
        return Explanation(
            label: Int(memory.integers(compiled.wanted)[place]), logits: Array(numbers(compiled.logits, model.classes)),
            map: ActivationMap(
                planes: numbers(compiled.planes, each), gradient: numbers(compiled.gradient, each), channels: dims[1],
                width: dims[3], height: dims[2]))
    }
}
