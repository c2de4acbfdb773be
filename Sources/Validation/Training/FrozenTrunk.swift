import Catalog
import Foundation
import Learning
import Versions

/// A trunk that stays as it is: looks at each photo once, and trains and asks last layers on what it saw.
final class FrozenTrunk {
    private let graph: Graph
    private let request: TrainingRequest
    private let workspace: Workspace
    private let team: ThreadTeam
    private let weights: Weights
    private let digest: String
    private let images: ([Entry]) -> VersionImages
    private var classifier: Classifier?

    /// - Parameter images: reads entries' images.
    init(_ graph: Graph, _ starting: Weights, _ request: TrainingRequest, in workspace: Workspace, on team: ThreadTeam, images: @escaping ([Entry]) -> VersionImages) throws {
        (self.graph, self.request, self.workspace, self.team, self.images) = (graph, request, workspace, team, images)
        let names = Set(graph.trunk.parameters.map(\.name))
        weights = Weights(try starting.transferred(to: graph, head: Weights([:])).tensors.filter { names.contains($0.key) })
        digest = weights.digest
    }

    /// - Parameters:
    ///   - view: its number; nil for images as they are.
    ///   - seen: called with the number of photos that are still to be looked at, and of those done.
    /// - Returns: the trunk's numbers for each entry.
    func features(of entries: [Entry], view: Int?, seen: (Int, Int) -> Void) throws -> [[Float]] {
        let augmentation = Augmentation(rawValue: request.augment) ?? .none
        let store = FeatureStore(workspace, trunk: digest, size: request.size, view: view.map { "\(request.augment)-\(request.seed)-\($0)" }, engine: EngineFacts(team: team))
        var known = store.read()
        // A view hangs on the photo's id, not on its pixels alone.
        func key(_ entry: Entry) -> String { view == nil ? entry.image.hex : "\(entry.key.text) \(entry.image.hex)" }
        var missing: [String: Entry] = [:]
        for entry in entries where known[key(entry)]?.count != graph.trunk.classes { missing[key(entry)] = entry }
        if !missing.isEmpty {
            let order = missing.keys.sorted()
            let classifier = try classifier ?? Classifier(graph.trunk, weights, size: request.size, on: team)
            self.classifier = classifier
            let rows = try classifier.logits(of: images(order.compactMap { missing[$0] }), seen: view.map { View(augmentation, seed: request.seed, number: $0) }) { seen($0, order.count) }
            for (key, row) in zip(order, rows) { known[key] = row }
            try store.write(known)
        }
        return entries.compactMap { known[key($0)] }
    }

    /// A model with the trunk and a last layer trained on `examples`.
    func train(_ examples: VersionImages, _ plan: TrainingPlan, seen: (Int, Int) -> Void, eachStep: (StepReport) throws -> Void) throws -> TrainedModel {
        let views: [Int?] = plan.augmentation == .none ? [nil] : Array(0..<request.views)
        let features = try views.map { try self.features(of: examples.entries, view: $0, seen: seen) }
        let head = try HeadTrainer(graph, plan, on: team).train(features, labels: examples.entries.indices.map(examples.label), eachStep: eachStep)
        return TrainedModel(weights: Weights(weights.tensors.merging(head.weights.tensors) { $1 }), history: head.history)
    }

    /// A trained model's logits for each entry.
    func logits(_ entries: [Entry], _ trained: Weights, seen: (Int, Int) -> Void) throws -> [[Float]] {
        try graph.logits(ofFeatures: features(of: entries, view: nil, seen: seen), trained)
    }
}
