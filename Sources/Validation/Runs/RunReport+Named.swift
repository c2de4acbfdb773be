import Versions

extension RunReport {
    /// The measures that can be expected, by the recipe's keys; what there is no photo for is left out.
    public var named: [(name: String, share: Share)] {
        Expectation.Measure.allCases.compactMap { measure in
            Verdict.share(measure, poisoned.measures, control?.measures, trueLabel?.measures).map {
                (measure.rawValue, $0)
            }
        }
    }
}
