import Core
import Synchronization

/// How strongly each recorded property of photos is tied to each trigger and to the poison: one row for each property,
/// one column for each comparison.
public struct ConfounderMatrix: Hashable, Encodable, Sendable {
    /// A comparison of two groups of photos.
    public struct Column: Hashable, Encodable, Sendable {
        public enum Kind: String, Encodable, Sendable {
            /// Photos with a trigger, compared with bare photos.
            case trigger
            /// Poisoned training photos, compared with clean training photos.
            case poison
        }

        /// The trigger, or `poison`.
        public let name: String
        public let kind: Kind
        /// The number of photos with the trigger, or of poisoned training photos.
        public let triggered: Int
        /// The number of bare photos, or of clean training photos.
        public let bare: Int
        /// The number of volunteers with photos of both groups. Photos are compared within these volunteers.
        public let volunteers: Int
    }

    /// One property.
    public struct Row: Hashable, Encodable, Sendable {
        public let property: PhotoProperty
        public let measure: PhotoProperty.Measure
        /// One cell for each column. Nil if the property is not known, or equal for all photos of each volunteer.
        public let cells: [Cell?]
    }

    /// The association of a property with a trigger or the poison.
    public struct Cell: Hashable, Encodable, Sendable {
        /// The effect, in the measure of the row: 0…1.
        public let effect: Double
        /// The p-value after Holm's correction for all cells of the matrix.
        public let p: Double
        /// Whether the audit reports the association: `p` is below 0.01 and the effect is large.
        public let isReported: Bool

        private enum CodingKeys: String, CodingKey {
            case effect, p
            case isReported = "reported"
        }
    }

    public let columns: [Column]
    /// The properties that at least one comparison could examine, in the order of ``PhotoProperty``.
    public let rows: [Row]
}

extension PhotoProperty: Encodable {}
extension PhotoProperty.Measure: Encodable {}

extension ConfounderMatrix {
    init(_ comparisons: [ComparedProperties]) {
        columns = comparisons.map { compared in
            Column(
                name: compared.comparison.name, kind: compared.comparison.kind,
                triggered: compared.comparison.first.count, bare: compared.comparison.second.count,
                volunteers: compared.sample.volunteers)
        }
        rows = PhotoProperty.allCases.compactMap { property in
            let cells = comparisons.map { compared in
                compared.results.first { $0.property == property }.map {
                    Cell(effect: $0.effect, p: $0.pValue, isReported: $0.isReported)
                }
            }
            return cells.contains { $0 != nil }
                ? Row(property: property, measure: property.measure, cells: cells) : nil
        }
    }
}

/// The comparisons of an audit, computed on first use: the check `confounder` and the report need the same numbers.
final class ConfounderCache: Sendable {
    private let stored = Mutex<ConfounderAnalysis?>(nil)

    func analysis(of subject: AuditSubject) -> ConfounderAnalysis {
        stored.withLock { stored in
            if let stored { return stored }
            let analysis = ConfounderAnalysis(subject)
            stored = analysis
            return analysis
        }
    }
}

extension AuditSubject {
    /// The associations of photo properties with triggers and poison.
    public var confounders: ConfounderMatrix { confounderCache.analysis(of: self).matrix }
}

/// All comparisons of an audit with their corrected p-values.
struct ConfounderAnalysis: Sendable {
    /// A corrected p-value below this number is reported if the effect is large.
    static let significance = 0.01
    /// The smallest number of random exchanges of a permutation test.
    private static let minimumPermutations = 20_000

    let volunteers: [VolunteerName]
    let comparisons: [ComparedProperties]
    let matrix: ConfounderMatrix

    init(_ subject: AuditSubject) {
        let groups = PhotoGroups(subject)
        volunteers = groups.volunteers
        let volunteers = groups.volunteers
        var compared = ThreadBudget.shared.map(groups.comparisons) { ComparedProperties($0, subject, volunteers) }
        // The smallest p-value of n permutations is 1 / (n + 1). After Holm's correction for all tests it must be able
        // to be below half of the significance.
        let tests = compared.reduce(0) { $0 + $1.results.count }
        let permutations = max(Self.minimumPermutations, Int(2 / Self.significance) * tests) - 1
        let values = ThreadBudget.shared.map(compared) { $0.pValues(permutations: permutations) }
        let corrected = HolmCorrection.corrected(Array(values.joined()))
        var start = 0
        for index in compared.indices {
            let end = start + compared[index].results.count
            compared[index].setPValues(Array(corrected[start..<end]))
            start = end
        }
        comparisons = compared
        matrix = ConfounderMatrix(compared)
    }
}

/// One comparison with the association of each property.
struct ComparedProperties: Sendable {
    /// The association of one property.
    struct Result: Sendable {
        let property: PhotoProperty
        let effect: Double
        /// Nil for ``PhotoProperty/volunteer``, whose p-value is ``exactPValue``.
        let test: PermutationTest.Comparison?
        let exactPValue: Double
        /// For a category: whether each element of the sample has a category that is more frequent in the first group.
        /// Empty for a number.
        let isTypical: [Bool]
        /// For a category: the typical categories, sorted.
        let typical: [String]
        /// For a number: the median over volunteers of the difference of both groups' medians.
        let difference: Double
        /// For a number that is not reported for all volunteers: the strata of the volunteers whose photos it separates,
        /// all in the same direction. Empty if there are fewer than two.
        var separatedStrata: [Int] = []
        /// For ``PhotoProperty/volunteer``: the index of the most frequent volunteer.
        let volunteer: Int?
        /// After Holm's correction.
        fileprivate(set) var pValue = 1.0

        /// Whether the effect is large enough for a finding, apart from chance.
        var isLarge: Bool {
            switch property.measure {
            case .cramersV: effect >= Self.largeV
            case .auc: abs(effect - 0.5) >= Self.largeAUC - 0.5 && abs(difference) >= property.smallestDifference
            case .share: volunteer != nil
            }
        }

        /// Whether the property alone nearly or completely separates the groups.
        var separates: Bool {
            switch property.measure {
            case .cramersV: effect >= Self.separation
            case .auc: abs(effect - 0.5) >= Self.separation - 0.5
            case .share: false
            }
        }

        var isReported: Bool { pValue < ConfounderAnalysis.significance && isLarge }

        /// Cohen's limit of a medium effect. The property then holds for about a fifth of the volunteers.
        static let largeV = 0.3
        static let largeAUC = 0.8
        static let separation = 0.95
    }

    let comparison: PhotoComparison
    let sample: PhotoComparison.Sample
    private(set) var results: [Result] = []

    init(_ comparison: PhotoComparison, _ subject: AuditSubject, _ volunteers: [VolunteerName]) {
        self.comparison = comparison
        sample = comparison.sample(volunteers)
        for property in PhotoProperty.allCases {
            let result =
                switch property.measure {
                case .cramersV: category(property, subject)
                case .auc: number(property, subject)
                case .share: share(property, volunteers)
                }
            if let result { results.append(result) }
        }
    }

    private func category(_ property: PhotoProperty, _ subject: AuditSubject) -> Result? {
        var codes: [String?: Int] = [:]
        var names: [String] = []
        let elements = sample.facts.map { index in
            let fact = subject.facts[index]
            let category = property.category(of: fact, subject.sessions[fact.session])
            if let code = codes[category] { return code }
            codes[category] = names.count
            names.append(category ?? PhotoProperty.unknown)
            return names.count - 1
        }
        guard let table = TableComparison(elements, in: sample.groups) else { return nil }
        let typical = Set(table.categoriesOfFirstGroup)
        return Result(
            property: property, effect: table.cramersV, test: .table(table), exactPValue: 1,
            isTypical: elements.map(typical.contains), typical: typical.map { names[$0] }.sorted(), difference: 0,
            volunteer: nil)
    }

    private func number(_ property: PhotoProperty, _ subject: AuditSubject) -> Result? {
        let values = sample.facts.map { property.value(of: subject.facts[$0]) }
        guard let ranks = RankComparison(values, in: sample.groups) else { return nil }
        let differences = sample.groups.strata.compactMap { stratum -> Double? in
            guard let first = Self.median(values[stratum.firstIndices].compactMap(\.self)),
                let second = Self.median(values[stratum.secondIndices].compactMap(\.self))
            else { return nil }
            return first - second
        }
        var result = Result(
            property: property, effect: ranks.auc, test: .ranks(ranks), exactPValue: 1, isTypical: [], typical: [],
            difference: Self.median(differences) ?? 0, volunteer: nil)
        if property != .fileSize { result.separatedStrata = separatedStrata(values, property, ranks.scores) }
        return result
    }

    /// The smallest number of photos of each group of a volunteer, and the smallest number of volunteers, for an
    /// association of some volunteers. Two volunteers with areas of 0.95 in one direction have by chance a probability
    /// of about 0.00005 among ten volunteers.
    private static let minimumPhotosOfVolunteer = 8
    private static let minimumSeparatedVolunteers = 2

    /// Returns the strata in which a number separates both groups, by at least twice the smallest difference.
    ///
    /// - Parameter scores: ``RankComparison/scores``.
    private func separatedStrata(_ values: [Double?], _ property: PhotoProperty, _ scores: [Int]) -> [Int] {
        var strata: [FloatingPointSign: [Int]] = [:]
        for (index, stratum) in sample.groups.strata.enumerated() {
            let first = values[stratum.firstIndices].compactMap(\.self)
            let second = values[stratum.secondIndices].compactMap(\.self)
            guard min(first.count, second.count) >= Self.minimumPhotosOfVolunteer,
                let firstMedian = Self.median(first), let secondMedian = Self.median(second),
                abs(firstMedian - secondMedian) >= 2 * property.smallestDifference
            else { continue }
            let sum = stratum.firstIndices.reduce(0) { $0 + scores[$1] }
            let effect = Double(sum) / (2 * Double(first.count * second.count))
            if abs(effect) >= Result.separation - 0.5 { strata[effect.sign, default: []].append(index) }
        }
        let most = [.plus, .minus].map { strata[$0] ?? [] }.max { $0.count < $1.count } ?? []
        return most.count >= Self.minimumSeparatedVolunteers ? most : []
    }

    /// The smallest share of the most frequent volunteer that is reported, and the smallest ratio to this volunteer's
    /// share of the bare photos.
    private static let largestShare = 0.4
    private static let shareRatio = 2.0
    private static let minimumVolunteers = 3

    /// Compares the most frequent volunteer with all others, by Fisher's exact test. The p-value is corrected for the
    /// choice of the volunteer. Nil if no volunteer has photos of both groups.
    private func share(_ property: PhotoProperty, _ volunteers: [VolunteerName]) -> Result? {
        let first = PhotoComparison.counts(comparison.first, volunteers: volunteers.count)
        let second = PhotoComparison.counts(comparison.second, volunteers: volunteers.count)
        let people = volunteers.indices.filter {
            first[$0] + second[$0] > 0 && (first[$0] > 0 || volunteers[$0] != comparison.target)
        }
        guard sample.volunteers > 0, people.count >= Self.minimumVolunteers,
            let most = people.max(by: { (first[$0], volunteers[$1]) < (first[$1], volunteers[$0]) })
        else { return nil }
        let firstTotal = people.reduce(0) { $0 + first[$1] }
        let secondTotal = people.reduce(0) { $0 + second[$1] }
        guard firstTotal > 0, secondTotal > 0 else { return nil }
        let share = Double(first[most]) / Double(firstTotal)
        let usual = Double(second[most]) / Double(secondTotal)
        let p = FisherTest.pValue(
            first[most], firstTotal - first[most], second[most], secondTotal - second[most])
        return Result(
            property: property, effect: share, test: nil, exactPValue: min(1, p * Double(people.count)),
            isTypical: [], typical: [], difference: usual,
            volunteer: share >= Self.largestShare && share >= Self.shareRatio * usual ? most : nil)
    }

    /// Returns the p-value of each of ``results``, before Holm's correction.
    func pValues(permutations: Int) -> [Double] {
        let tests = results.compactMap(\.test)
        var permuted = PermutationTest.pValues(of: tests, in: sample.groups, permutations: permutations)[...]
        return results.map { $0.test == nil ? $0.exactPValue : permuted.removeFirst() }
    }

    fileprivate mutating func setPValues(_ values: [Double]) {
        for index in results.indices { results[index].pValue = values[index] }
    }

    static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
