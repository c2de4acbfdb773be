import CDNNL

/// A model's logits for an image, and the saliency map of one class.
public struct ImageSaliency: Hashable, Sendable {
    /// The class of the saliency map.
    public let label: Int
    /// One for each class.
    public let logits: [Float]
    public let map: SaliencyMap
}

/// A trained model, compiled to compute saliency maps (Grad-CAM).
///
/// All batches have one size, as in ``Classifier``. A map therefore depends only on the image, the weights and the
/// machine. The logits equal those of ``Classifier``.
public final class GradCAM {
    private let batch: Int
    private let model: Graph
    private let size: Int
    private let team: ThreadTeam
    private let compiled: GradCAMProgram

    /// - Parameters:
    ///   - size: width and height of the images, in pixels.
    ///   - batch: images computed at once.
    /// - Throws: ``LearningError``: `weights` if they do not fit the model; `settings` if the images are too small;
    ///   `threads`.
    public init(_ model: Graph, _ weights: Weights, size: Int, batch: Int = 8, on team: ThreadTeam)
        throws(LearningError)
    {
        try InferenceProgram.check(model, weights, size: size, on: team)
        compiled = try GradCAMProgram(model, weights, batch: batch, size: size, on: Engine(), team: team)
        self.model = model
        self.size = size
        self.batch = batch
        self.team = team
    }

    /// Returns a saliency map for each example, in order.
    ///
    /// - Parameters:
    ///   - examples: may be empty. Labels are not used.
    ///   - label: the class of all maps; nil for the predicted class of each image (the first with the highest logit).
    ///   - progress: called with the number of images done. An error of this closure stops the computation.
    /// - Throws: ``LearningError``: `data` for an image of a wrong size or a class out of range, `threads`; errors of
    ///   `examples` and `progress`.
    public func explain(_ examples: some ExampleSource, as label: Int? = nil, progress: (Int) throws -> Void = { _ in })
        throws -> [ImageSaliency]
    {
        if let label, !(0..<model.classes).contains(label) {
            throw LearningError(
                .data, "there is no class \(label): the model has \(model.classes)",
                nextStep: "use a class from 0 to \(model.classes - 1)")
        }
        try team.recount()
        let memory = compiled.program.memory
        let count = examples.count
        var all: [ImageSaliency] = []
        for start in stride(from: 0, to: count, by: batch) {
            let indices = start..<min(start + batch, count)
            memory.copy(
                try Batch.classification(indices, of: examples, size: size, model.pixels, capacity: batch).images,
                to: compiled.input.buffer)
            for index in 0..<batch { memory.int32s(compiled.requested)[index] = Int32(label ?? -1) }
            try compiled.program.run()
            for index in indices.indices { all.append(saliency(index - start)) }
            try progress(all.count)
        }
        return all
    }

    private func saliency(_ index: Int) -> ImageSaliency {
        let memory = compiled.program.memory
        let dims = compiled.planes.layout.dims
        let each = dims[1] * dims[2] * dims[3]
        func numbers(_ value: Value, _ each: Int) -> UnsafeBufferPointer<Float> {
            UnsafeBufferPointer(start: memory.floats(value.buffer) + index * each, count: each)
        }
        return ImageSaliency(
            label: Int(memory.int32s(compiled.requested)[index]),
            logits: Array(numbers(compiled.logits, model.classes)),
            map: SaliencyMap(
                planes: numbers(compiled.planes, each), gradient: numbers(compiled.gradient, each), channels: dims[1],
                width: dims[3], height: dims[2]))
    }
}

/// Saliency map of an image for a class: the positive part of the gradient-weighted sum of the last feature maps
/// (Grad-CAM, Selvaraju et al., ICCV 2017, equations 1 and 2).
///
///     a[c] = 1/(h·w) · Σ_ij dz/dA[c,i,j];   map[i,j] = max(0, Σ_c a[c] · A[c,i,j])
///
/// A are the feature maps (channels × h × w) before the model's last pool; z is the logit of the class.
public struct SaliencyMap: Hashable, Sendable {
    public let width, height: Int
    /// width × height, row-major. All values are at least 0; values that are not finite become 0.
    public let values: [Float]

    init(width: Int, height: Int, values: [Float]) {
        self.width = width
        self.height = height
        self.values = values
    }

    /// - Parameters:
    ///   - planes: channels × height × width, row-major.
    ///   - gradient: the same.
    init(
        planes: UnsafeBufferPointer<Float>, gradient: UnsafeBufferPointer<Float>, channels: Int, width: Int, height: Int
    ) {
        let plane = width * height
        var sum = [Double](repeating: 0, count: plane)
        for channel in 0..<channels {
            let range = channel * plane..<(channel + 1) * plane
            let weight = range.reduce(0.0) { $0 + Double(gradient[$1]) } / Double(plane)
            for index in 0..<plane { sum[index] += weight * Double(planes[range.lowerBound + index]) }
        }
        self.init(width: width, height: height, values: sum.map { $0.isFinite ? Float(max(0, $0)) : 0 })
    }

    /// Whether all values are 0.
    public var isEmpty: Bool { !values.contains { $0 > 0 } }

    /// Returns the map interpolated to `side` × `side` pixels, row-major.
    ///
    /// The interpolation is PyTorch's bilinear one without aligned corners. Border values extend outwards.
    public func scaled(to side: Int) -> [Float] {
        let columns = Self.samples(width, over: side)
        let rows = Self.samples(height, over: side)
        return rows.flatMap { row in
            columns.map { column in
                func value(_ y: Int, _ x: Int) -> Double { Double(values[y * width + x]) }
                let upper =
                    value(row.first, column.first) * (1 - column.factor) + value(row.first, column.second)
                    * column.factor
                let lower =
                    value(row.second, column.first) * (1 - column.factor) + value(row.second, column.second)
                    * column.factor
                return Float(upper * (1 - row.factor) + lower * row.factor)
            }
        }
    }

    /// For each of `side` pixels the two map columns next to it, and the weight of the second.
    private static func samples(_ count: Int, over side: Int) -> [(first: Int, second: Int, factor: Double)] {
        (0..<side).map { pixel in
            let position = max(0, (Double(pixel) + 0.5) * Double(count) / Double(side) - 0.5)
            let first = min(count - 1, Int(position))
            return (first, min(count - 1, first + 1), position - Double(first))
        }
    }
}

/// A model compiled for Grad-CAM. One run computes the logits of a batch, the last feature maps before pooling, and the
/// gradient of one logit for each image with respect to the feature maps.
///
/// The forward pass is bit-identical to inference. Weights are constants without gradients.
struct GradCAMProgram {
    let program: Program
    /// batch × 3 × size × size.
    let input: Value
    /// The class of each image; below 0 for the class with the highest logit. A run writes the class that was used.
    let requested: BufferID
    /// batch × classes, row-major.
    let logits: Value
    /// Input of the last pool, and the gradient of the requested logits: batch × channels × height × width, row-major.
    let planes, gradient: Value

    /// - Throws: ``LearningError`` (`settings`) for a model without a pool after its convolutions, or with an
    ///   unsupported layer after it.
    init(_ model: Graph, _ weights: Weights, batch: Int, size: Int, on engine: Engine, team: ThreadTeam)
        throws(LearningError)
    {
        guard let last = model.lastFeatureMaps else {
            throw LearningError(
                .settings, "the model has no pool after its convolutions, so it has no saliency maps",
                nextStep: "use one of: \(Models.names.joined(separator: ", "))")
        }
        let builder = ProgramBuilder(on: engine, team: team)
        let inference = InferenceBuilder(builder, weights)
        let training = try TrainingBuilder(builder)
        let input = builder.value(try .plain([batch, Graph.colours, size, size]), in: .persistent)
        var outputs = try inference.emit(FusedPass.passes(of: model, upTo: last), of: model, input)
        // Later steps must not overwrite the feature maps: the caller reads them.
        outputs[last]?.overwritable = false
        guard let planes = outputs[last] else {
            throw LearningError(.settings, "the last feature maps are not computed", nextStep: "report this error")
        }

        var backwards: [Graph.Node: Differentiable.Backward] = [:]
        let layers = model.entries.enumerated().map { (node: Graph.Node(index: $0 + 1), entry: $1) }.dropFirst(
            last.index)
        for (node, entry) in layers {
            let layer = try Self.fixed(entry.layer, entry.inputs.compactMap { outputs[$0] }, inference, training)
            outputs[node] = layer.output
            backwards[node] = layer.backward
        }
        guard let scores = outputs[model.output], scores.layout.dims.count == 2 else {
            throw LearningError(
                .settings, "the model does not end in a linear layer",
                nextStep: "end the model with a linear layer of one output for each class")
        }
        let logits = try builder.conform(scores, to: .plain(scores.layout.dims))
        let requested = builder.value(try .plain([batch]), in: .persistent).buffer
        var gradients = [model.output: [Self.choose(requested, among: logits, builder)]]
        for (node, entry) in layers.reversed() {
            guard let back = try backwards[node]?(gradients[node] ?? []) else { continue }
            for (input, gradient) in zip(entry.inputs, back) {
                if let gradient { gradients[input, default: []].append(gradient) }
            }
        }
        let gradient = try training.total(gradients[last] ?? [])
        // Copies that no later step overwrites: the caller reads them after the run.
        self.gradient = try Self.persistentCopy(gradient, builder)
        self.planes = try Self.persistentCopy(planes, builder)
        self.logits = try Self.persistentCopy(logits, builder)
        program = try builder.build()
        self.input = input
        self.requested = requested
    }

    /// Builds a layer with fixed weights and its backward step. Dropout keeps all values.
    private static func fixed(
        _ layer: any Layer, _ inputs: [Value], _ inference: InferenceBuilder, _ training: TrainingBuilder
    ) throws(LearningError) -> Differentiable {
        switch layer {
        case let linear as Linear:
            return try linear.fixed(inputs[0], inference, training)
        case is Dropout:
            return Differentiable(output: inputs[0]) { gradients throws(LearningError) in
                [try training.total(gradients)]
            }
        case is ReLU, is Pool, is AdaptiveAveragePool:
            return try layer.train(inputs, training)
        default:
            throw LearningError(
                .settings, "saliency maps do not support a layer after the last pool of the model",
                nextStep: "use one of: \(Models.names.joined(separator: ", "))")
        }
    }

    /// Adds the gradient of the requested logits with respect to all logits: 1 at the class of each image, 0 elsewhere.
    private static func choose(_ requested: BufferID, among logits: Value, _ program: ProgramBuilder) -> Value {
        let gradient = program.value(logits.layout)
        let batch = logits.layout.dims[0]
        let classes = logits.layout.dims[1]
        program.emitLoop(touching: [logits.buffer, gradient.buffer, requested]) { memory, _ in
            let scores = memory.floats(logits.buffer)
            let out = memory.floats(gradient.buffer)
            let used = memory.int32s(requested)
            for n in 0..<batch {
                var chosen = Int(used[n])
                if chosen < 0 {
                    chosen = 0
                    for k in 0..<classes where scores[n * classes + k] > scores[n * classes + chosen] { chosen = k }
                }
                for k in 0..<classes { out[n * classes + k] = k == chosen ? 1 : 0 }
                used[n] = Int32(chosen)
            }
        }
        return gradient
    }

    private static func persistentCopy(_ value: Value, _ program: ProgramBuilder) throws(LearningError) -> Value {
        let copy = program.value(try .plain(value.layout.dims), in: .persistent)
        try program.emit(
            PrimitiveDescription(reorder: value.layout, to: copy.layout, on: program.engine),
            [Argument(DNNL_ARG_FROM, value), Argument(DNNL_ARG_TO, copy)])
        return copy
    }
}
