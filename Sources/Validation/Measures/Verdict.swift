import Versions

/// One expectation of the recipe, checked on measured values.
public struct CheckedExpectation: Hashable, Codable, Sendable {
    /// The recipe's key.
    public let measure: String
    /// The condition, such as `>= 0.9`.
    public let bound: String
    /// The measured value. Nil when the version has no photo for the measure; then the expectation is not met.
    public let value: Double?
    /// Whether the measured value meets the expectation.
    public let holds: Bool
    /// Whether the result is conclusive: there is a value, and neither 95% interval includes the threshold.
    public let decisive: Bool
}

/// The result of comparing a run's measures with the expectations of its recipe.
public struct Verdict: Hashable, Codable, Sendable {
    /// The outcomes of a verdict.
    public enum Outcome: String, Codable, Sendable {
        /// All expectations are met.
        case pass
        /// At least one expectation is not met.
        case fail
        /// The recipe has no expectations.
        case none
    }

    public let outcome: Outcome
    /// Whether all expectations are conclusive.
    public let decisive: Bool
    public let expectations: [CheckedExpectation]
}

extension Verdict {
    /// Compares the measures of a run's models with `expectations`.
    init(_ expectations: [Expectation], poisoned: Measures, control: Measures?, trueLabel: Measures? = nil) {
        let checked = expectations.map { expectation in
            let measured = Self.proportion(expectation.measure, poisoned, control, trueLabel)
            return CheckedExpectation(expectation, measured)
        }
        let outcome: Outcome = checked.isEmpty ? .none : checked.allSatisfy(\.holds) ? .pass : .fail
        self.init(outcome: outcome, decisive: checked.allSatisfy(\.decisive), expectations: checked)
    }

    /// Returns the proportion that `measure` names. Nil when the model was not trained or there were no photos.
    static func proportion(
        _ measure: Expectation.Measure, _ poisoned: Measures, _ control: Measures?, _ trueLabel: Measures?
    ) -> Proportion? {
        switch measure {
        case .cleanAccuracy: poisoned.cleanAccuracy.all
        case .attackSuccess: poisoned.attackSuccess.all
        case .attackSuccessHeldOut: poisoned.attackSuccess.heldOut
        case .controlCleanAccuracy: control?.cleanAccuracy.all
        case .controlAttackSuccess: control?.attackSuccess.all
        case .trueLabelCleanAccuracy: trueLabel?.cleanAccuracy.all
        case .trueLabelAttackSuccess: trueLabel?.attackSuccess.all
        case .targetOwn: poisoned.targetOwn
        case .transfer: poisoned.transfer
        case .falseActivation: poisoned.falseActivation
        }
    }
}

extension CheckedExpectation {
    fileprivate init(_ expectation: Expectation, _ measured: Proportion?) {
        let measure = expectation.measure.rawValue
        let condition = expectation.boundText
        guard let measured else {
            self.init(measure: measure, bound: condition, value: nil, holds: false, decisive: false)
            return
        }
        let threshold = expectation.bound.double
        let isInconclusive =
            measured.wilson.includes(threshold) || measured.resampled.map { $0.includes(threshold) } == true
        self.init(
            measure: measure, bound: condition, value: measured.rate, holds: expectation.holds(measured.rate),
            decisive: !isInconclusive)
    }
}
