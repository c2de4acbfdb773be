import Core
import Foundation
import Imaging
import Learning
import Storage
import Versions

/// The activation maps of a run's models on its attack photos: as numbers for the report, as pictures for its page.
struct AttackMaps {
    /// An attack photo under each model's map.
    struct Shown {
        let photo: ActivationReport.Photo
        let image: Picture
        let maps: [(model: RunFolder.Part, picture: Picture)]
    }

    let report: ActivationReport
    let shown: [Shown]
    /// Pixels of a picture's side on the page.
    static let side = 224

    /// - Parameters:
    ///   - models: the run's; their files are read one after another.
    ///   - looked: called with the number of maps done, and of how many.
    /// - Returns: nil where the version has no attack photos.
    init?(
        _ version: Version, _ models: [(part: RunFolder.Part, file: URL)], _ graph: Graph, _ regions: KnownRegions,
        in workspace: Workspace, on team: ThreadTeam,
        looked: (Int, Int) -> Void
    ) throws {
        let choice = AttackChoice(version.entries.list, seed: version.manifest.recipe.seed)
        let profile = version.manifest.recipe.profile
        guard version.target != nil, !choice.entries.isEmpty else { return nil }
        let images = version.images(choice.entries, in: workspace)
        let names = version.manifest.classes.map(\.name.text)
        let seen = try choice.entries.enumerated().map { try regions.seen($1, images.picture(at: $0), profile) }
        var answers: [[String: MapAnswer]] = seen.map { _ in [:] }
        var maps: [(RunFolder.Part, [Explanation])] = []
        for (number, model) in models.enumerated() {
            let explained = try Explainer(graph, ModelFile(model.file).weights, size: profile.size, on: team).explain(
                images
            ) { looked(number * seen.count + $0, models.count * seen.count) }
            for index in seen.indices {
                answers[index][model.part.rawValue] = MapAnswer(explained[index], seen[index], classes: names)
            }
            maps.append((model.part, explained))
        }
        let photos = choice.entries.indices.map { index in
            let entry = choice.entries[index]
            return ActivationReport.Photo(
                photo: entry.photo.hex, volunteer: entry.volunteer.name.text, trigger: entry.triggerState.triggerText,
                location: entry.triggerState.locationText,
                areas: seen[index].areas, models: answers[index])
        }
        // Photos beyond the first of a trigger are shown, but in no mean.
        let byTrigger = Dictionary(grouping: photos, by: \.trigger).map { trigger, photos in
            (
                trigger,
                ActivationReport.Trigger(
                    Array(photos.prefix(AttackChoice.ofOneTrigger)), of: choice.counts[trigger] ?? 0)
            )
        }
        report = ActivationReport(
            photos: choice.shown.map { photos[$0] }, byTrigger: Dictionary(uniqueKeysWithValues: byTrigger))
        shown = try choice.shown.map { index in
            Shown(
                photo: photos[index], image: try seen[index].drawn(nil, side: Self.side),
                maps: try maps.map { ($0.0, try seen[index].drawn($0.1[index].map, side: Self.side)) })
        }
    }
}
