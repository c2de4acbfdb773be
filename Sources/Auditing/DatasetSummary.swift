import Core

/// Properties of the photos of a catalog or a version that a datasheet states.
public struct DatasetSummary: Hashable, Sendable {
    public private(set) var photos = 0
    /// Photos without a label.
    public private(set) var unlabelled = 0
    /// Photos whose location is only a suggestion.
    public private(set) var suggested = 0
    /// Photos that no version may use today.
    public private(set) var withoutConsent = 0
    /// Photos that have not been measured.
    public private(set) var unmeasured = 0
    /// Photos by the format of the original file.
    public private(set) var formats: [String: Int] = [:]
    /// The shortest and the longest of the longer sides of all photos, in pixels. Nil without photos.
    public private(set) var longerSide: ClosedRange<Int>?

    /// The summary of no photos.
    public init() {}

    /// Adds the properties of a photo.
    public mutating func add(_ fact: PhotoFacts) {
        photos += 1
        if fact.label == nil { unlabelled += 1 }
        if fact.isSuggested { suggested += 1 }
        if !fact.consented { withoutConsent += 1 }
        if fact.perceptualHash == nil { unmeasured += 1 }
        formats[fact.format, default: 0] += 1
        let side = max(fact.width, fact.height)
        longerSide = min(longerSide?.lowerBound ?? side, side)...max(longerSide?.upperBound ?? side, side)
    }
}
