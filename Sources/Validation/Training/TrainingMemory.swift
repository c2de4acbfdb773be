import Core
import Learning
import Storage
import Versions

/// The memory that a run's training takes, in bytes: what `validate --plan` answers.
public struct TrainingMemory: Encodable, Sendable {
    public let model: String
    public let batch, size: Int
    public let parameters, activations, workspace, total: Int

    /// - Throws: `LearningError` for what cannot be trained at all; what does not fit into the machine is no error here.
    public init(_ version: Version, _ request: TrainingRequest, in workspace: Workspace, threads: Int) throws {
        let graph = try Models.named(request.model, classes: version.manifest.classes.count)
        let team = try ThreadTeam.open(threads: threads)
        let photos = version.entries.list.count(where: \.role.isTraining)
        let plan = try request.plan(examples: photos)
        let need =
            switch try TrainingWay(
                graph, version, request, from: .named(request.weights, in: workspace), in: workspace, on: team)
            {
            case .head(let trunk): try trunk.need(photos: photos)
            case .tuning(let tuning): try tuning.need(plan, photos: photos)
            case .scratch: try MemoryNeed(graph, plan, Weights([:]), on: team)
            }
        (model, batch, size) = (request.model, request.batch, request.size)
        (parameters, activations, self.workspace, total) = (
            need.parameters, need.activations, need.workspace, need.bytes
        )
    }
}
