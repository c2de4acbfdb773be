import Core
import Versions

extension Checks {
    /// More than this many times as many photos in one class as in another is worth a word.
    static let imbalance = 3

    static func missingImages(_ photos: [PhotoID], _ hasImage: (PhotoID) -> Bool) -> Finding? {
        missingImages(photos.filter { !hasImage($0) })
    }

    /// The same of a version, whose drawn copies have images of their own.
    static func missingImages(of entries: some Collection<Entry>, _ hasImage: (Entry) -> Bool) -> Finding? {
        missingImages(entries.filter { !hasImage($0) }.map(\.photo))
    }

    private static func missingImages(_ missing: [PhotoID]) -> Finding? {
        guard let first = missing.min() else { return nil }
        return Finding(
            .missingImage, .error, count: missing.count,
            "\(missing.count) images are not in their place, such as that of photo \(first.short); validate and export make them again"
        )
    }

    static func imbalance(bare facts: [PhotoFacts]) -> Finding? {
        imbalance(
            facts.lazy.filter { $0.label?.triggerState.isBare == true }.compactMap { $0.label?.volunteer }, of: "bare photos"
        )
    }

    static func imbalance(training entries: some Collection<Entry>) -> Finding? {
        imbalance(entries.lazy.filter(\.role.isTraining).map(\.label), of: "training photos")
    }

    private static func imbalance(_ classes: some Sequence<VolunteerName>, of what: String) -> Finding? {
        let sizes = classes.reduce(into: [VolunteerName: Int]()) { $0[$1, default: 0] += 1 }.sorted {
            ($0.value, $0.key) < ($1.value, $1.key)
        }
        guard let least = sizes.first, let most = sizes.last, most.value > imbalance * least.value else { return nil }
        let small = sizes.count { $0.value * imbalance < most.value }
        return Finding(
            .imbalance, .warning, count: small, "\(most.key) has \(most.value) \(what), \(least.key) has \(least.value)"
        )
    }
}
