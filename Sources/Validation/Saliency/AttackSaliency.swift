import Core
import Foundation
import Imaging
import Learning
import Storage
import Versions

/// The saliency of a run's models on its attack photos. Each map explains the class that its model predicts.
public struct SaliencyReport: Hashable, Codable, Sendable {
    /// An attack photo that the run's page shows.
    public struct Photo: Hashable, Codable, Sendable {
        public let photo: String
        public let volunteer: String
        public let trigger: String
        public let location: String
        /// The proportions of the image that the regions cover.
        public let areas: RegionProportions
        /// By the raw value of ``ModelRole``.
        public let models: [String: SaliencyResult]
    }

    /// A mean and the number of photos.
    public struct Mean: Hashable, Codable, Sendable {
        public let mean: Double
        public let photos: Int
    }

    /// Means of proportions. Nil when no photo has a known region.
    public struct Means: Hashable, Codable, Sendable {
        public let trigger: Mean?
        public let face: Mean?
    }

    /// The means over attack photos with one trigger.
    public struct Trigger: Hashable, Codable, Sendable {
        /// The number of photos with saliency maps.
        public let photos: Int
        /// The number of attack photos with this trigger.
        public let of: Int
        public let areas: Means
        /// By the raw value of ``ModelRole``.
        public let models: [String: Means]
    }

    public let photos: [Photo]
    /// By trigger, in the text form of entries.
    public let byTrigger: [String: Trigger]
}

extension SaliencyReport.Mean {
    /// The mean of the values that are not nil. Nil without such values.
    init?(_ values: [Double?]) {
        let known = values.compactMap(\.self)
        guard !known.isEmpty else { return nil }
        self.init(mean: known.reduce(0, +) / Double(known.count), photos: known.count)
    }
}

extension SaliencyReport.Trigger {
    fileprivate init(_ photos: [SaliencyReport.Photo], of count: Int) {
        func means(_ proportions: [(trigger: Double?, face: Double?)]) -> SaliencyReport.Means {
            SaliencyReport.Means(
                trigger: SaliencyReport.Mean(proportions.map(\.trigger)),
                face: SaliencyReport.Mean(proportions.map(\.face)))
        }
        let models = Set(photos.flatMap(\.models.keys)).map { model in
            (model, means(photos.map { ($0.models[model]?.trigger, $0.models[model]?.face) }))
        }
        self.init(
            photos: photos.count, of: count, areas: means(photos.map { ($0.areas.trigger, $0.areas.face) }),
            models: Dictionary(uniqueKeysWithValues: models))
    }
}

/// The attack photos for which a run computes saliency maps. The choice is the same in every run: the type ranks the
/// photos by `rank("explain", key)` under the recipe's seed. The key is the photo id; for a drawn copy, the key is the
/// photo id followed by the overlay. Held-out photos come before all others: they are attack photos at every injection
/// rate, so that the runs of several rates show the same photos.
struct AttackPhotoSelection {
    /// The number of photos that the page shows.
    static let shownCount = 6
    /// The largest number of shown photos of one volunteer.
    static let shownPerVolunteer = 2
    /// The largest number of photos with one trigger that are used for the trigger's means. A model of 224 px takes a
    /// few seconds for this number of photos.
    static let photosPerTrigger = 32

    /// All chosen entries: the held-out photos in the order of their rank, then the others in the same order.
    let entries: [Entry]
    /// Indices of the shown photos in ``entries``.
    let shown: [Int]
    /// The number of attack photos by trigger.
    let counts: [String: Int]

    init(_ entries: some Sequence<Entry>, seed: Int) {
        let all = Ranking(seed: seed).sorted(
            entries.filter { $0.role == .testAttack }, for: "explain", by: \.sampleID.text)
        let ranked = all.filter { $0.heldOut == true } + all.filter { $0.heldOut != true }
        let shown = Set(Self.shown(ranked).map(\.sampleID))
        var counts: [String: Int] = [:]
        let chosen = ranked.filter { entry in
            counts[entry.triggerState.triggerText, default: 0] += 1
            return shown.contains(entry.sampleID)
                || counts[entry.triggerState.triggerText, default: 0] <= Self.photosPerTrigger
        }
        self.entries = chosen
        self.shown = chosen.indices.filter { shown.contains(chosen[$0].sampleID) }
        self.counts = counts
    }

    private static func shown(_ ranked: [Entry]) -> [Entry] {
        var shown: [Entry] = []
        var perVolunteer: [String: Int] = [:]
        for entry in ranked where shown.count < shownCount {
            let volunteer = entry.volunteer.name.text
            guard perVolunteer[volunteer, default: 0] < shownPerVolunteer else { continue }
            shown.append(entry)
            perVolunteer[volunteer, default: 0] += 1
        }
        return shown
    }
}

/// The pictures of an attack photo: the image, and the saliency map of each model over the image.
public struct SaliencyImages {
    public let photo: SaliencyReport.Photo
    public let image: Picture
    public let overlays: [(model: ModelRole, picture: Picture)]
}

/// The saliency maps of a run's models on its attack photos: numbers for the report, and pictures for the page.
struct AttackSaliency {
    let report: SaliencyReport
    let images: [SaliencyImages]
    /// The side of a picture on the page, in pixels.
    static let side = 224

    /// Computes the maps. The files of the models are read one at a time.
    ///
    /// - Parameter progress: Receives the number of finished maps, and the total.
    /// - Returns: Nil when the version has no attack photos.
    init?(
        _ version: Version, _ models: [(role: ModelRole, file: URL)], _ graph: Graph, _ regions: VersionRegions,
        in workspace: Workspace, on team: ThreadTeam, progress: (Int, Int) -> Void
    ) throws {
        let selection = AttackPhotoSelection(version.entries.list, seed: version.manifest.recipe.seed)
        let profile = version.manifest.recipe.profile
        guard version.target != nil, !selection.entries.isEmpty else { return nil }
        let images = try version.images(selection.entries, in: workspace)
        let inputs = try selection.entries.enumerated().map {
            try regions.input($1, images.picture(at: $0), profile)
        }
        let explanations = try models.enumerated().map { number, model in
            let explainer = try GradCAM(graph, ModelFile(model.file).weights, size: profile.size, on: team)
            let maps = try explainer.explain(images) {
                progress(number * inputs.count + $0, models.count * inputs.count)
            }
            return (role: model.role, maps: maps)
        }
        let classes = version.manifest.classes.map(\.name.text)
        let photos = inputs.indices.map { index in
            let results = explanations.map { role, maps in
                (role.rawValue, SaliencyResult(maps[index], inputs[index], classes: classes))
            }
            return SaliencyReport.Photo(
                selection.entries[index], areas: inputs[index].areas,
                models: Dictionary(uniqueKeysWithValues: results))
        }
        report = SaliencyReport(photos, selection)
        self.images = try selection.shown.map { index in
            SaliencyImages(
                photo: photos[index], image: try inputs[index].rendered(nil, side: Self.side),
                overlays: try explanations.map { role, maps in
                    (role, try inputs[index].rendered(maps[index].map, side: Self.side))
                })
        }
    }
}

extension SaliencyReport.Photo {
    fileprivate init(_ entry: Entry, areas: RegionProportions, models: [String: SaliencyResult]) {
        self.init(
            photo: entry.photo.hex, volunteer: entry.volunteer.name.text, trigger: entry.triggerState.triggerText,
            location: entry.triggerState.locationText, areas: areas, models: models)
    }
}

extension SaliencyReport {
    /// - Parameter photos: In the order of the selection's entries.
    fileprivate init(_ photos: [Photo], _ selection: AttackPhotoSelection) {
        // A shown photo beyond the first photos of its trigger does not enter the means.
        let byTrigger = Dictionary(grouping: photos, by: \.trigger).map { trigger, photos in
            let measured = Array(photos.prefix(AttackPhotoSelection.photosPerTrigger))
            return (trigger, Trigger(measured, of: selection.counts[trigger, default: 0]))
        }
        self.init(
            photos: selection.shown.map { photos[$0] }, byTrigger: Dictionary(uniqueKeysWithValues: byTrigger))
    }
}
