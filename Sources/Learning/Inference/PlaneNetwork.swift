import CDNNL
import Foundation

/// A fully convolutional network for inputs of any size. A run uses one thread, so that callers can run inputs in
/// parallel. The output depends only on the input, the weights and the processor, and not on the calling thread.
final class PlaneNetwork: Sendable {
    private let model: Graph
    private let weights: Weights
    private let idle = IdlePrograms()

    /// - Throws: ``LearningError`` (`weights`) if the weights do not fit the model.
    init(_ model: Graph, _ weights: Weights) throws(LearningError) {
        try weights.check(fit: model)
        self.model = model
        self.weights = weights
    }

    /// Returns the output of the network, row-major: channels × height × width.
    ///
    /// The first run for an input size compiles the network for the size, which takes a few milliseconds.
    ///
    /// - Parameter planes: the input, row-major: channels × height × width.
    /// - Throws: ``LearningError``: `data` if the planes do not have this size; `settings` if the planes are too small.
    func output(of planes: [Float], height: Int, width: Int) throws(LearningError) -> [Float] {
        guard height > 0, width > 0, planes.count == model.inputChannels * height * width else {
            throw LearningError(
                .data, "\(planes.count) numbers are not \(model.inputChannels) planes of \(height) × \(width)",
                nextStep: "report this error")
        }
        // OpenMP keeps the number of threads for each calling thread.
        let threads = omp_get_max_threads()
        defer { omp_set_num_threads(threads) }
        let team = try ThreadTeam.open(threads: 1)
        let compiled: CompiledPlane
        if let program = idle.take(height: height, width: width) {
            compiled = program
        } else {
            compiled = CompiledPlane(
                height: height, width: width,
                inference: try InferenceProgram(
                    model, weights, batch: 1, height: height, width: width, on: Engine(scratchpads: .program),
                    team: team))
        }
        let inference = compiled.inference
        let memory = inference.program.memory
        memory.copy(planes, to: inference.input.buffer)
        try inference.program.run()
        let output = Array(
            UnsafeBufferPointer(start: memory.floats(inference.logits.buffer), count: inference.logits.layout.count))
        idle.put(compiled)
        return output
    }
}

/// A network that is compiled for one input size.
private struct CompiledPlane {
    let height, width: Int
    let inference: InferenceProgram
}

/// Compiled networks that no thread uses now. The least recently used are removed, because each has its own memory.
private final class IdlePrograms: @unchecked Sendable {
    private static let limit = 8
    private let lock = NSLock()
    /// The most recently used program is last.
    private var programs: [CompiledPlane] = []

    func take(height: Int, width: Int) -> CompiledPlane? {
        lock.withLock {
            programs.lastIndex { $0.height == height && $0.width == width }.map { programs.remove(at: $0) }
        }
    }

    func put(_ program: CompiledPlane) {
        lock.withLock {
            programs.append(program)
            if programs.count > Self.limit { programs.removeFirst() }
        }
    }
}
