import Core

/// One seeded augmentation. A photo always gets the same augmentation.
public struct AugmentedView: Hashable, Sendable {
    let augmentation: Augmentation
    let seed, number: Int

    /// - Parameter number: the epoch whose augmentation is used.
    public init(_ augmentation: Augmentation, seed: Int, number: Int) {
        self.augmentation = augmentation
        self.seed = seed
        self.number = number
    }
}

/// A trained model, compiled for inference. A part of a model returns features or feature maps instead of logits.
///
/// All batches have one size; black images fill the last batch. The logits of an image therefore depend only on the
/// image, the weights and the machine, and not on the other images.
public final class Classifier {
    private let batch: Int
    private let model: Graph
    private let size: Int
    private let team: ThreadTeam
    private let compiled: InferenceProgram

    /// - Parameters:
    ///   - size: width and height of the images, in pixels.
    ///   - batch: images computed at once.
    /// - Throws: ``LearningError``: `weights` if they do not fit the model; `settings` if the images are too small;
    ///   `threads`.
    public init(_ model: Graph, _ weights: Weights, size: Int, batch: Int = 32, on team: ThreadTeam)
        throws(LearningError)
    {
        try InferenceProgram.check(model, weights, size: size, on: team)
        compiled = try InferenceProgram(model, weights, batch: batch, size: size, on: Engine(), team: team)
        self.model = model
        self.size = size
        self.batch = batch
        self.team = team
    }

    /// Number of values that the model returns for an image.
    public var outputs: Int { compiled.logits.layout.count / batch }

    /// Memory of the compiled model.
    public var memoryEstimate: MemoryEstimate { compiled.memoryEstimate }

    /// Computes the last batch again and returns the time of each step.
    public func profile() throws(LearningError) -> [StepTime] { try compiled.program.profile() }

    /// Returns the logits of each example.
    ///
    /// - Parameters:
    ///   - examples: may be empty. Labels are not used.
    ///   - view: the augmentation; nil for none.
    ///   - progress: called with the number of images done. An error of this closure stops the classification.
    /// - Returns: one logit for each class; for a part of a model, the output of its last layer, row-major.
    /// - Throws: ``LearningError``: `data` for an image of a wrong size, `threads`; errors of `examples` and
    ///   `progress`.
    public func logits(
        of examples: some ExampleSource, view: AugmentedView? = nil, progress: (Int) throws -> Void = { _ in }
    ) throws -> [[Float]] {
        try run(examples.count, progress) { [size, batch, model] in
            try Batch.classification($0, of: examples, size: size, model.pixels, capacity: batch, view: view).images
        }
    }

    /// Returns the output of a later part of a model for the feature maps of the earlier part.
    public func logits(ofFeatureMaps maps: [[Float]]) throws -> [[Float]] {
        let each = compiled.input.layout.count / batch
        guard maps.allSatisfy({ $0.count == each }) else {
            throw LearningError(
                .data, "a feature map does not have \(each) numbers",
                nextStep: "use the output of the earlier part of the model")
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
        let batches = Prefetcher(starts.indices) { [batch] in try input(starts[$0]..<min(starts[$0] + batch, count)) }
        defer { batches.stop() }
        let memory = compiled.program.memory
        let outputs = outputs
        var all: [[Float]] = []
        all.reserveCapacity(count)
        for start in starts {
            memory.copy(try batches.next(), to: compiled.input.buffer)
            try compiled.program.run()
            for index in 0..<min(batch, count - start) {
                all.append(
                    Array(
                        UnsafeBufferPointer(
                            start: memory.floats(compiled.logits.buffer) + index * outputs, count: outputs)))
            }
            try progress(all.count)
        }
        return all
    }
}
