/// Cohen's kappa: how much two annotators agree beyond the agreement that is expected by chance, for unordered classes.
///
/// Sources: Cohen, Educational and Psychological Measurement, 1960; the standard error: Fleiss, Cohen and Everitt,
/// Psychological Bulletin, 1969, equation 13.
public struct CohenKappa: Hashable, Sendable {
    /// Why ``value`` is nil, or why it has no meaning.
    public enum Caveat: String, Sendable {
        /// No photo has a label of both annotators.
        case noPhotos = "no-photos"
        /// Both annotators gave all photos the same class. Kappa is 0/0.
        case oneClass = "one-class"
        /// One annotator gave all photos one class. Kappa is 0 for every number of equal labels.
        case oneClassOfOneAnnotator = "one-class-of-one-annotator"
    }

    /// The number of photos with a label of both annotators.
    public let photos: Int
    /// The number of photos with equal labels.
    public let agreed: Int
    /// The agreement by chance, from the frequencies of the classes. Nil without photos.
    public let expected: Double?
    /// From -1 to 1; nil if kappa is not defined.
    public let value: Double?
    /// The 95% confidence interval from the asymptotic standard error, inside -1 to 1. Nil if kappa is not defined, or if
    /// the standard error is 0: for example, without any difference.
    public let interval: ClosedRange<Double>?
    public let caveat: Caveat?

    /// The share of photos with equal labels. Nil without photos.
    public var observed: Double? { photos == 0 ? nil : Double(agreed) / Double(photos) }

    private struct Cell: Hashable {
        let first: String
        let second: String
    }

    /// - Parameter labels: the class from each annotator, for each photo.
    public init(_ labels: [(first: String, second: String)]) {
        var cells: [Cell: Int] = [:]
        for (first, second) in labels { cells[Cell(first: first, second: second), default: 0] += 1 }
        var firsts: [String: Int] = [:]
        var seconds: [String: Int] = [:]
        for (cell, count) in cells {
            firsts[cell.first, default: 0] += count
            seconds[cell.second, default: 0] += count
        }
        photos = labels.count
        agreed = cells.reduce(0) { $0 + ($1.key.first == $1.key.second ? $1.value : 0) }
        let classes = Set(firsts.keys).union(seconds.keys).sorted()
        // Whole numbers show exactly whether the expected agreement is 1.
        let chance = classes.reduce(0) { $0 + firsts[$1, default: 0] * seconds[$1, default: 0] }
        let all = photos * photos
        guard photos > 0, chance < all else {
            expected = photos == 0 ? nil : 1
            value = nil
            interval = nil
            caveat = photos == 0 ? .noPhotos : .oneClass
            return
        }
        let n = Double(photos)
        let byChance = Double(chance) / Double(all)
        let kappa = (Double(agreed) / n - byChance) / (1 - byChance)
        expected = byChance
        value = kappa
        caveat = firsts.count == 1 || seconds.count == 1 ? .oneClassOfOneAnnotator : nil
        var sum = 0.0
        for cell in cells.keys.sorted(by: { ($0.first, $0.second) < ($1.first, $1.second) }) {
            let share = Double(cells[cell, default: 0]) / n
            // The shares of the cell's classes, each from the other annotator.
            let crossed = Double(seconds[cell.first, default: 0] + firsts[cell.second, default: 0]) / n
            let factor = cell.first == cell.second ? 1 - crossed * (1 - kappa) : crossed * (1 - kappa)
            sum += share * factor * factor
        }
        let centre = kappa - byChance * (1 - kappa)
        let variance = sum - centre * centre
        // A variance of 0 is not exactly 0 after rounding. One difference among a million photos gives more than 1e-7.
        if variance > 1e-12 {
            let halfWidth = 1.959963984540054 * (variance / n).squareRoot() / (1 - byChance)
            interval = max(-1, kappa - halfWidth)...min(1, kappa + halfWidth)
        } else {
            interval = nil
        }
    }
}
