import Versions

/// A run held against what its recipe expects.
public struct Verdict: Hashable, Codable, Sendable {
    public enum Answer: String, Codable, Sendable {
        case pass, fail
        /// The recipe expects nothing.
        case none
    }

    /// One expectation and what came of it.
    public struct Held: Hashable, Codable, Sendable {
        /// The recipe's key.
        public let measure: String
        /// `>= 0.9`
        public let bound: String
        /// Nil where the version has no photo to measure it on; such an expectation does not hold.
        public let value: Double?
        public let holds: Bool
        /// False where one of the two intervals has the bound inside, or there is no value.
        public let decisive: Bool
    }

    public let answer: Answer
    /// Whether every expectation was decided.
    public let decisive: Bool
    public let expectations: [Held]

    init(_ expectations: [Expectation], poisoned: Measures, control: Measures?, trueLabel: Measures? = nil) {
        let held = expectations.map { expectation in
            let share = Self.share(expectation.measure, poisoned, control, trueLabel)
            let bound = expectation.bound.double
            let straddles = share.map { $0.wilson.straddles(bound) || $0.resampled?.straddles(bound) == true }
            return Held(
                measure: expectation.measure.rawValue, bound: expectation.boundText, value: share?.rate,
                holds: share.map { expectation.holds($0.rate) } ?? false, decisive: straddles.map { !$0 } ?? false)
        }
        answer = held.isEmpty ? .none : held.allSatisfy(\.holds) ? .pass : .fail
        decisive = held.allSatisfy(\.decisive)
        self.expectations = held
    }

    static func share(
        _ measure: Expectation.Measure, _ poisoned: Measures, _ control: Measures?, _ trueLabel: Measures?
    ) -> Share? {
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
