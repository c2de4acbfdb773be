/// One seeded drawing of an augmentation, the same for a photo whenever it is asked for.
public struct View: Hashable, Sendable {
    let augmentation: Augmentation
    let seed, number: Int

    /// The view that epoch `number` of a training with this seed sees.
    public init(_ augmentation: Augmentation, seed: Int, number: Int) {
        (self.augmentation, self.seed, self.number) = (augmentation, seed, number)
    }
}

/// A trained model, compiled for inference; a part of one gives features or planes in place of logits.
///
/// It computes in batches of one size, the last filled up with black images, so that an image's logits hang on it, the weights and the
/// machine alone, not on its neighbours or their number.
public final class Classifier {
    private let batch: Int
    private let model: Graph
    private let size: Int
    private let team: ThreadTeam
    private let compiled: InferenceProgram

    /// - Parameters:
    ///   - size: of the images, pixels a side.
    ///   - batch: images computed at once.
    /// - Throws: ``LearningError``: `weights` where they do not fit the model; `settings` where the images are too small for it; `threads`.
    public init(_ model: Graph, _ weights: Weights, size: Int, batch: Int = 32, on team: ThreadTeam)
        throws(LearningError)
    {
        guard (1...4096).contains(size) else {
            throw LearningError(.settings, "an image size of \(size)", next: "give 1 to 4096")
        }
        try team.recount()
        try weights.check(fit: model)
        compiled = try InferenceProgram(model, weights, batch: batch, size: size, on: Engine(), team: team)
        (self.model, self.size, self.batch, self.team) = (model, size, batch, team)
    }

    /// Numbers that it gives for an image.
    public var outputs: Int { compiled.logits.layout.count / batch }

    /// The memory that it takes.
    public var need: MemoryNeed { compiled.need }

    /// Computes one batch of whatever was asked for last, and says how long each step took.
    public func timed() throws(LearningError) -> [StepTime] { try compiled.program.timed() }

    /// - Parameters:
    ///   - examples: none is fine; labels are not asked for.
    ///   - view: how images are changed before; nil leaves them as they are.
    ///   - progress: called with the number of images done; throwing from it stops the classification.
    /// - Returns: for each example its logits, one a class; of a part of a model, what the last layer gives, channel after channel, row after row.
    /// - Throws: ``LearningError``: `data` for an image of a wrong size, `threads`; whatever examples and `progress` throw.
    public func logits(
        of examples: some ExampleSource, seen view: View? = nil, progress: (Int) throws -> Void = { _ in }
    ) throws -> [[Float]] {
        try run(examples.count, progress) { [size, batch, model] in
            try Batch.classification($0, of: examples, size: size, model.pixels, room: batch, seen: view).images
        }
    }

    /// The same of a part of a model, for what the part before it gave.
    public func logits(ofMaps maps: [[Float]]) throws -> [[Float]] {
        let each = compiled.input.layout.count / batch
        guard maps.allSatisfy({ $0.count == each }) else {
            throw LearningError(.data, "a map is not \(each) numbers", next: "give what the part before this one gave")
        }
        return try run(maps.count, { _ in }) { [batch] in
            maps[$0].flatMap(\.self) + Array(repeating: 0, count: (batch - $0.count) * each)
        }
    }

    private func run(
        _ count: Int, _ progress: (Int) throws -> Void, input: @escaping @Sendable (Range<Int>) throws -> [Float]
    ) throws -> [[Float]] {
        try team.recount()
        let starts = Array(stride(from: 0, to: count, by: batch))
        let batches = Prefetch(starts.indices) { [batch] in try input(starts[$0]..<min(starts[$0] + batch, count)) }
        defer { batches.stop() }
        let memory = compiled.program.memory
        let outputs = outputs
        var all: [[Float]] = []
        all.reserveCapacity(count)
        for start in starts {
            memory.copy(try batches.next(), to: compiled.input.slot)
            try compiled.program.run()
            for place in 0..<min(batch, count - start) {
                all.append(
                    Array(
                        UnsafeBufferPointer(
                            start: memory.floats(compiled.logits.slot) + place * outputs, count: outputs)))
            }
            try progress(all.count)
        }
        return all
    }
}
