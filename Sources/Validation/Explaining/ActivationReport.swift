import Core

/// Where a run's models look on its attack photos. Each map speaks of the class that its model takes the photo for.
public struct ActivationReport: Hashable, Codable, Sendable {
    /// An attack photo that the page shows.
    public struct Photo: Hashable, Codable, Sendable {
        public let photo, volunteer, trigger, location: String
        /// The shares of the image that are on the trigger's box and inside the face's outline.
        public let areas: RegionShares
        /// By model: `poisoned`, `control`, `true-label`.
        public let models: [String: MapAnswer]
    }

    /// A mean over as many photos.
    public struct Mean: Hashable, Codable, Sendable {
        public let mean: Double
        public let photos: Int

        /// Nil where none of `values` is known.
        init?(_ values: [Double?]) {
            let known = values.compactMap(\.self)
            guard !known.isEmpty else { return nil }
            (mean, photos) = (known.reduce(0, +) / Double(known.count), known.count)
        }
    }

    /// Means of shares; nil where none is known.
    public struct Means: Hashable, Codable, Sendable {
        public let trigger, face: Mean?
    }

    /// All attack photos with one trigger, or the first of them.
    public struct Trigger: Hashable, Codable, Sendable {
        /// Looked at, and of how many attack photos with this trigger.
        public let photos, of: Int
        public let areas: Means
        /// By model.
        public let models: [String: Means]

        init(_ looked: [Photo], of: Int) {
            (photos, self.of) = (looked.count, of)
            areas = Means(trigger: Mean(looked.map(\.areas.trigger)), face: Mean(looked.map(\.areas.face)))
            models = Dictionary(
                uniqueKeysWithValues: Set(looked.flatMap(\.models.keys)).map { model in
                    (
                        model,
                        Means(
                            trigger: Mean(looked.map { $0.models[model]?.trigger }),
                            face: Mean(looked.map { $0.models[model]?.face }))
                    )
                })
        }
    }

    public let photos: [Photo]
    /// By what is worn, as entries say it.
    public let byTrigger: [String: Trigger]
}
