import Core
import Foundation
import Learning
import Storage
import Versions

/// Layers of a model that are not trained. Their output for each photo is computed once and cached on disk.
final class FrozenLayers {
    /// The weights of these layers.
    let weights: Weights
    private let layers: Graph
    /// Lazy, because layers whose output is never needed need no digest.
    private lazy var digest = weights.digest
    private let request: TrainingRequest
    private let workspace: Workspace
    private let team: ThreadTeam
    private let images: ([Entry]) throws -> VersionImages
    private var compiled: Classifier?

    /// - Parameters:
    ///   - layers: The first layers of a model.
    ///   - weights: The weights of the whole model.
    ///   - images: Returns the images of entries.
    init(
        _ layers: Graph, of weights: Weights, _ request: TrainingRequest, in workspace: Workspace, on team: ThreadTeam,
        images: @escaping ([Entry]) throws -> VersionImages
    ) {
        self.layers = layers
        self.weights = weights.of(layers)
        self.request = request
        self.workspace = workspace
        self.team = team
        self.images = images
    }

    /// The number of output values for a photo.
    var width: Int { get throws { try classifier().outputs } }

    /// Returns the memory that computing and keeping the output for `photos` photos needs.
    func need(photos: Int) throws -> MemoryEstimate { try classifier().memoryEstimate.keeping(bytes(photos: photos)) }

    /// Returns the size of the output for all views of `photos` photos, in bytes.
    func bytes(photos: Int) throws -> Int { try views.count * photos * width * MemoryLayout<Float>.stride }

    /// The views of a training. A view is one random augmentation of every photo. Nil is the unchanged image.
    var views: [Int?] { request.augment == .none ? [nil] : Array(0..<request.views) }

    /// Returns the output for each of ``views`` and each entry.
    ///
    /// - Parameter progress: Receives the number of finished images, and the total.
    func outputs(of entries: [Entry], progress: (Int, Int) -> Void) throws -> [[[Float]]] {
        let views = views
        let count = entries.count
        return try views.enumerated().map { number, view in
            try outputs(of: entries, view: view) { progress((number + 1) * count - $1 + $0, views.count * count) }
        }
    }

    /// Returns the output for each entry. An output that is already in the cache is not computed again.
    ///
    /// - Parameters:
    ///   - view: The number of the view. Nil for the unchanged image.
    ///   - progress: Receives the number of computed outputs, and the number that the cache does not have.
    func outputs(of entries: [Entry], view: Int?, progress: (Int, Int) -> Void) throws -> [[Float]] {
        let store = FeatureStore(
            workspace, layers: digest, size: request.size,
            view: view.map { "\(request.augment.rawValue)-\(request.seed)-\($0)" }, engine: EngineFacts(team: team))
        var known = try store.read()
        // An augmented view depends on the photo's id as well as on the pixels.
        func key(_ entry: Entry) -> String {
            view == nil ? entry.image.hex : "\(entry.sampleID.text) \(entry.image.hex)"
        }
        var missing: [String: Entry] = [:]
        for entry in entries where known[key(entry)] == nil { missing[key(entry)] = entry }
        if !missing.isEmpty {
            let order = missing.sorted { $0.key < $1.key }
            let rows = try classifier().logits(
                of: images(order.map(\.value)),
                view: view.map { AugmentedView(request.augment, seed: request.seed, number: $0) }
            ) { progress($0, order.count) }
            for (key, row) in zip(order.map(\.key), rows) { known[key] = row }
            try store.write(known)
        }
        return try entries.map { entry in
            guard let row = known[key(entry)] else {
                throw CurareError(
                    .bug, "no features were computed for photo \(entry.photo.short)", next: "please report this")
            }
            return row
        }
    }

    private func classifier() throws -> Classifier {
        if let compiled { return compiled }
        let made = try Classifier(layers, weights, size: request.size, on: team)
        compiled = made
        return made
    }
}

/// A model of which only the last layer is trained, on the output of all other layers.
struct FrozenTrunk {
    private let graph: Graph
    private let layers: FrozenLayers
    private let team: ThreadTeam

    /// - Parameter weights: The weights of the whole model.
    init(
        _ graph: Graph, _ weights: Weights, _ request: TrainingRequest, in workspace: Workspace, on team: ThreadTeam,
        images: @escaping ([Entry]) throws -> VersionImages
    ) {
        self.graph = graph
        self.team = team
        layers = FrozenLayers(graph.trunk, of: weights, request, in: workspace, on: team, images: images)
    }

    /// Returns the memory that training on `photos` photos needs. The memory of the last layer itself is negligible.
    func need(photos: Int) throws -> MemoryEstimate { try layers.need(photos: photos) }

    /// Trains the last layer on `examples` and returns the whole model.
    func train(
        _ examples: VersionImages, _ plan: TrainingPlan, progress: (Int, Int) -> Void,
        eachStep: (StepReport) throws -> Void
    ) throws -> TrainedModel {
        let features = try layers.outputs(of: examples.entries, progress: progress)
        let head = try HeadTrainer(graph, plan, on: team).train(
            features, labels: examples.entries.indices.map(examples.label), eachStep: eachStep)
        return TrainedModel(
            weights: Weights(layers.weights.tensors.merging(head.weights.tensors) { $1 }), history: head.history)
    }

    /// Returns the logits of a trained model for each entry.
    func logits(_ entries: [Entry], _ trained: Weights, progress: (Int, Int) -> Void) throws -> [[Float]] {
        try graph.logits(ofFeatures: layers.outputs(of: entries, view: nil, progress: progress), trained)
    }
}

/// The output of frozen layers on disk: a safetensors file for each set of layers, image size and view, with a tensor
/// for each image.
struct FeatureStore {
    private let file: URL
    private let metadata: [String: String]

    /// - Parameters:
    ///   - layers: The digest of the layers' weights.
    ///   - view: The name of the view: augmentation, seed and number. Nil for unchanged images.
    init(_ workspace: Workspace, layers: String, size: Int, view: String?, engine: EngineFacts) {
        let suffix = view.map { "-\($0)" } ?? ""
        file = workspace.features.appending(path: "\(layers.prefix(16))-\(size)\(suffix).safetensors")
        metadata = ["layers": layers, "engine": "\(engine)"]
    }

    /// Returns the stored output by image.
    ///
    /// A missing or damaged file, and a file of another machine or another arithmetic, count as empty. The caller
    /// computes missing features.
    ///
    /// - Throws: ``CurareError`` with code 74 when the file exists and cannot be read.
    func read() throws -> [String: [Float]] {
        guard let bytes = try RegularFile.contentsIfPresent(file) else { return [:] }
        do {
            let stored = try Weights.read(safetensors: bytes)
            guard stored.hasDigest, stored.metadata == metadata else { return [:] }
            return stored.weights.tensors.compactMapValues { tensor in
                guard case .float32(let values) = tensor.values else { return nil }
                return values
            }
        } catch {
            return [:]
        }
    }

    func write(_ features: [String: [Float]]) throws {
        let tensors = try features.mapValues { try Tensor([$0.count], .float32($0)) }
        try AtomicFile.write(to: file) { put in
            try Weights(tensors).safetensors(metadata: metadata, hasDigest: true, put: put)
        }
    }
}
