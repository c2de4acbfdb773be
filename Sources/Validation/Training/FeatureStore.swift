import Core
import Foundation
import Learning
import Storage

/// What frozen layers gave, kept for the next run: a safetensors file for each such part of a model, image size and view, a tensor for each image.
///
/// A file of another machine or of other arithmetic, or a damaged one, counts as none: it is computed again.
struct FeatureStore {
    private let file: URL
    private let made: [String: String]

    /// - Parameters:
    ///   - layers: the digest of the layers' weights.
    ///   - view: names the augmentation, seed and number; nil for images as they are.
    init(_ workspace: Workspace, layers: String, size: Int, view: String?, engine: EngineFacts) {
        file = workspace.runs.appending(path: ".features").appending(
            path: "\(layers.prefix(16))-\(size)\(view.map { "-\($0)" } ?? "").safetensors")
        made = ["layers": layers, "engine": "\(engine)"]
    }

    func read() -> [String: [Float]] {
        guard let data = FileManager.default.contents(atPath: file.path),
            let read = try? Weights.read(safetensors: data), read.metadata == made
        else { return [:] }
        return read.weights.tensors.compactMapValues { tensor in
            guard case .float32(let numbers) = tensor.values else { return nil }
            return numbers
        }
    }

    func write(_ features: [String: [Float]]) throws {
        try AtomicFile.makeFolder(file.deletingLastPathComponent())
        let tensors = try features.mapValues { try Tensor([$0.count], .float32($0)) }
        try AtomicFile.write(to: file) { put in try Weights(tensors).safetensors(metadata: made, put: put) }
    }
}
