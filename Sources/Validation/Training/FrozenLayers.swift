import Core
import Learning
import Storage
import Versions

/// The layers of a model that stay as they are: they look at each photo once, and what they gave is kept for the next training.
final class FrozenLayers {
    /// Their numbers.
    let weights: Weights
    private let layers: Graph
    /// Asked for where something is looked up, which layers that never look do not.
    private lazy var digest = weights.digest
    private let request: TrainingRequest
    private let workspace: Workspace
    private let team: ThreadTeam
    private let images: ([Entry]) -> VersionImages
    private var compiled: Classifier?

    /// - Parameters:
    ///   - layers: of a model, from its image on.
    ///   - weights: of the whole model.
    ///   - images: reads entries' images.
    init(
        _ layers: Graph, of weights: Weights, _ request: TrainingRequest, in workspace: Workspace, on team: ThreadTeam,
        images: @escaping ([Entry]) -> VersionImages
    ) {
        (self.layers, self.request, self.workspace, self.team, self.images) = (layers, request, workspace, team, images)
        self.weights = weights.of(layers)
    }

    /// How many numbers they give for a photo.
    var width: Int { get throws { try classifier().outputs } }

    /// What looking at photos takes, with what is kept of them.
    func need(photos: Int) throws -> MemoryNeed { try classifier().need.keeping(bytes(photos: photos)) }

    /// Of what they give for all views of so many photos.
    func bytes(photos: Int) throws -> Int { try views.count * photos * width * MemoryLayout<Float>.stride }

    /// The views of a training: each sees all photos, drawn once by the request's augmentation; nil for images as they are.
    var views: [Int?] { request.augment == Recipe.Augment.none.rawValue ? [nil] : Array(0..<request.views) }

    /// - Parameter seen: called with the number of pictures done, and of all.
    /// - Returns: for each of ``views``, what the last of the layers gives for each entry.
    func outputs(of entries: [Entry], seen: (Int, Int) -> Void) throws -> [[[Float]]] {
        let views = views
        let count = entries.count
        return try views.enumerated().map { number, view in
            try outputs(of: entries, view: view) { seen((number + 1) * count - $1 + $0, views.count * count) }
        }
    }

    /// - Parameters:
    ///   - view: its number; nil for images as they are.
    ///   - seen: called with the number of photos done, and of those that had to be looked at.
    /// - Returns: what the last of the layers gives for each entry.
    func outputs(of entries: [Entry], view: Int?, seen: (Int, Int) -> Void) throws -> [[Float]] {
        let augmentation = Augmentation(rawValue: request.augment) ?? .none
        let store = FeatureStore(
            workspace, layers: digest, size: request.size,
            view: view.map { "\(request.augment)-\(request.seed)-\($0)" }, engine: EngineFacts(team: team))
        var known = store.read()
        // A view hangs on the photo's id, not on its pixels alone.
        func key(_ entry: Entry) -> String { view == nil ? entry.image.hex : "\(entry.key.text) \(entry.image.hex)" }
        var missing: [String: Entry] = [:]
        for entry in entries where known[key(entry)] == nil { missing[key(entry)] = entry }
        if !missing.isEmpty {
            let order = missing.keys.sorted()
            let rows = try classifier().logits(
                of: images(order.compactMap { missing[$0] }),
                seen: view.map { View(augmentation, seed: request.seed, number: $0) }
            ) { seen($0, order.count) }
            for (key, row) in zip(order, rows) { known[key] = row }
            try store.write(known)
        }
        return entries.compactMap { known[key($0)] }
    }

    private func classifier() throws -> Classifier {
        if let compiled { return compiled }
        let made = try Classifier(layers, weights, size: request.size, on: team)
        compiled = made
        return made
    }
}
