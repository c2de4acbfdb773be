/// A trained model, compiled for inference.
///
/// It computes in batches of one size, the last filled up with black images, so that an image's logits hang on it, the weights and the
/// machine alone, not on its neighbours or their number.
public final class Classifier {
    static let batch = 32

    private let model: Graph
    private let size: Int
    private let team: ThreadTeam
    private let compiled: InferenceProgram

    /// - Parameter size: of the images, pixels a side.
    /// - Throws: ``LearningError``: `weights` where they do not fit the model; `settings` where the images are too small for it; `threads`.
    public init(_ model: Graph, _ weights: Weights, size: Int, on team: ThreadTeam) throws(LearningError) {
        guard (1...4096).contains(size) else { throw LearningError(.settings, "an image size of \(size)", next: "give 1 to 4096") }
        try team.recount()
        try weights.check(fit: model)
        compiled = try InferenceProgram(model, weights, batch: Self.batch, size: size, on: Engine(), team: team)
        (self.model, self.size, self.team) = (model, size, team)
    }

    /// - Parameters:
    ///   - examples: none is fine; labels are not asked for.
    ///   - progress: called with the number of images done; throwing from it stops the classification.
    /// - Returns: for each example its logits, one a class.
    /// - Throws: ``LearningError``: `data` for an image of a wrong size, `threads`; whatever examples and `progress` throw.
    public func logits(of examples: some ExampleSource, progress: (Int) throws -> Void = { _ in }) throws -> [[Float]] {
        try team.recount()
        let count = examples.count
        let starts = Array(stride(from: 0, to: count, by: Self.batch))
        let batches = Prefetch(starts.indices) { [size] place in
            try Batch.classification(starts[place]..<min(starts[place] + Self.batch, count), of: examples, size: size, room: Self.batch)
        }
        defer { batches.stop() }
        let memory = compiled.program.memory
        var all: [[Float]] = []
        all.reserveCapacity(count)
        for start in starts {
            let batch = try batches.next()
            memory.copy(batch.images, to: compiled.input.slot)
            try compiled.program.run()
            for place in 0..<min(Self.batch, count - start) {
                all.append(Array(UnsafeBufferPointer(start: memory.floats(compiled.logits.slot) + place * model.classes, count: model.classes)))
            }
            try progress(all.count)
        }
        return all
    }
}
