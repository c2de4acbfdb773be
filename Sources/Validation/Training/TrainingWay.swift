import Core
import Learning
import Storage
import Versions

/// How a request's models come about.
enum TrainingWay {
    /// All layers, from random weights.
    case scratch
    /// The last layer alone, on what another task's layers give.
    case head(FrozenTrunk)
    /// From another task's weights, all layers or those behind the frozen ones.
    case tuning(FineTuning)

    /// - Parameter starting: what the request names; nil for none.
    /// - Throws: `LearningError` where it does not fit the model, or the request freezes up to a layer that there is not.
    init(
        _ graph: Graph, _ version: Version, _ request: TrainingRequest, from starting: StartingWeights?,
        in workspace: Workspace, on team: ThreadTeam
    ) throws {
        guard let weights = try starting?.weights.transferred(to: graph, head: Weights([:])) else {
            self = .scratch
            return
        }
        func images(_ entries: [Entry]) -> VersionImages { version.images(entries, in: workspace) }
        self =
            request.isTrunkFrozen
            ? .head(FrozenTrunk(graph, weights, request, in: workspace, on: team, images: images))
            : try .tuning(FineTuning(graph, weights, request, in: workspace, on: team, images: images))
    }
}
