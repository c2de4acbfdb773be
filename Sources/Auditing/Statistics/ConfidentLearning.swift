/// Confident learning: which labels disagree with out-of-sample probabilities.
///
/// Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels" (JAIR 70, 2021). The
/// thresholds, the joint and the issues are those of cleanlab 2.9: `get_confident_thresholds`,
/// `compute_confident_joint(calibrate=False)` and `find_label_issues(filter_by="low_self_confidence")`.
struct ConfidentLearning {
    /// For each class: the mean probability of the class over the examples that have the class as their label. An
    /// example counts confidently for a class from this probability on. 2 for a class without examples.
    let thresholds: [Double]
    /// Counts by given label (row) and confident class (column), row-major. A count on the diagonal is at least 1.
    let joint: [Int]
    /// The examples whose label is probably wrong: as many as the joint counts outside of its diagonal, with the lowest
    /// self-confidence, the lowest first.
    let issues: [Int]

    /// cleanlab compares probabilities with this tolerance. A label stays if its probability is this near to the largest.
    private static let tolerance = 1e-6

    /// - Parameters:
    ///   - labels: the class of each example, 0 ..< `classes`.
    ///   - probabilities: out-of-sample probabilities, a row of `classes` numbers for each example. The probability of
    ///     an example's own label is its self-confidence.
    init(labels: [Int], probabilities: [Float], classes: Int) {
        precondition(probabilities.count == labels.count * classes)
        var sums = [Double](repeating: 0, count: classes)
        var counts = [Int](repeating: 0, count: classes)
        for (example, label) in labels.enumerated() {
            sums[label] += Double(probabilities[example * classes + label])
            counts[label] += 1
        }
        let thresholds = (0..<classes).map {
            counts[$0] == 0 ? 2 : max(2 * Self.tolerance, sums[$0] / Double(counts[$0]))
        }
        var joint = [Int](repeating: 0, count: classes * classes)
        var issueCount = 0
        for (example, label) in labels.enumerated() {
            let row = probabilities[example * classes..<(example + 1) * classes]
            guard let confident = Self.confidentClass(row, thresholds) else { continue }
            joint[label * classes + confident] += 1
            guard confident != label else { continue }
            let largest = row.max().map(Double.init) ?? 0
            if Double(row[row.startIndex + label]) + Self.tolerance < largest { issueCount += 1 }
        }
        for label in 0..<classes { joint[label * classes + label] = max(1, joint[label * classes + label]) }
        self.thresholds = thresholds
        self.joint = joint
        let ranked = labels.indices.sorted {
            let left = probabilities[$0 * classes + labels[$0]]
            let right = probabilities[$1 * classes + labels[$1]]
            return (left, $0) < (right, $1)
        }
        issues = Array(ranked.prefix(issueCount))
    }

    /// Returns the class for which an example counts; nil if no probability reaches its threshold.
    private static func confidentClass(_ row: ArraySlice<Float>, _ thresholds: [Double]) -> Int? {
        var first: Int?
        var reached = 0
        var largest = row.startIndex
        for index in row.indices {
            if row[index] > row[largest] { largest = index }
            if Double(row[index]) >= thresholds[index - row.startIndex] - tolerance {
                reached += 1
                first = first ?? index - row.startIndex
            }
        }
        return reached > 1 ? largest - row.startIndex : first
    }
}
