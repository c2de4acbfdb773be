import Core
import Versions

/// Tests with too few photos for the expectations of the recipe.
struct LowPowerCheck: AuditCheck {
    static let definition = CheckDefinition(
        .lowPower, title: "Too few test photos for the recipe's expectations",
        definition: """
            Computes, for each measure in the recipe's `expect`, how many test photos a conclusive verdict needs. A \
            verdict is inconclusive if the 95% interval of the measure includes the required value. Wilson's interval of \
            a rate p excludes the value b if there are at least z²·b(1 − b)/(p − b)² photos, z = 1.96. The verdict also \
            resamples whole people, so that photos of few people can remain inconclusive with enough photos.
            """,
        threshold: """
            The best possible rate, 1 for a lower bound and 0 for an upper bound; and the rate in the middle between the \
            required value and the best possible rate.
            """,
        severity: """
            Warning if even the best possible rate is inconclusive, because no result can then prove the expectation. \
            Info if the rate in the middle is inconclusive, because only a clear result is then conclusive.
            """,
        source: """
            Wilson, "Probable inference, the law of succession, and statistical inference", 1927; Brown, Cai and \
            DasGupta, "Interval Estimation for a Binomial Proportion", 2001.
            """, scope: .version)

    /// The photos with which a measure is computed.
    enum Test: CaseIterable {
        case clean, attack, heldOutAttack, targetOwn, transfer, other

        init(_ measure: Expectation.Measure) {
            self =
                switch measure {
                case .cleanAccuracy, .controlCleanAccuracy, .trueLabelCleanAccuracy: .clean
                case .attackSuccess, .controlAttackSuccess, .trueLabelAttackSuccess: .attack
                case .attackSuccessHeldOut: .heldOutAttack
                case .targetOwn: .targetOwn
                case .transfer: .transfer
                case .falseActivation: .other
                }
        }

        /// The name in messages.
        var name: String {
            switch self {
            case .clean: "clean test"
            case .attack: "attack test"
            case .heldOutAttack: "held-out attack test"
            case .targetOwn: "test of the target's own triggered photos"
            case .transfer: "transfer test"
            case .other: "test of other triggers"
            }
        }

        /// How a version gets more photos of the test. Drawn attack tests are copies of clean test photos.
        func advice(isDrawn: Bool) -> String {
            switch self {
            case .clean: "import more bare photos, or lower the key train of split"
            case .attack, .heldOutAttack:
                isDrawn
                    ? "import more bare photos, or lower the key train of split"
                    : "import more photos with the trigger, or raise hold_out"
            case .targetOwn: "import more photos of the target with the trigger"
            case .transfer, .other: "import more photos with these triggers"
            }
        }

        /// Returns whether the test contains an entry of a version with this target.
        func contains(_ entry: Entry, target: VolunteerName?) -> Bool {
            switch self {
            case .clean: entry.role == .testClean
            case .attack: entry.role == .testAttack
            case .heldOutAttack: entry.role == .testAttack && entry.heldOut == true
            case .targetOwn: entry.role == .testTargetOwn
            case .transfer: entry.role == .testTransfer && entry.volunteer.name != target
            case .other: entry.role == .testOther && entry.volunteer.name != target
            }
        }
    }

    func findings(in subject: AuditSubject) -> [Finding] {
        guard let version = subject.version, !version.manifest.recipe.expectations.isEmpty else { return [] }
        let recipe = version.manifest.recipe
        let target: VolunteerName? = if case .volunteer(let name) = recipe.poison?.target { name } else { nil }
        let byTest = Dictionary(grouping: recipe.expectations) { Test($0.measure) }
        var counts: [Test: Int] = [:]
        for entry in version.entries.list {
            for test in byTest.keys where test.contains(entry, target: target) { counts[test, default: 0] += 1 }
        }
        return Test.allCases.compactMap { test in
            byTest[test].flatMap {
                Self.finding(test, $0, photos: counts[test] ?? 0, isDrawn: recipe.poison?.source == .digital)
            }
        }
    }

    /// Returns the finding about one test, with the expectation that needs most photos.
    static func finding(
        _ test: Test, _ expectations: [Expectation], photos: Int, isDrawn: Bool = false
    ) -> Finding? {
        let needs = expectations.map(Need.init)
        if photos == 0, let need = needs.max(by: { $0.atBest < $1.atBest }) {
            return Finding(
                .lowPower, .warning, count: need.atBest,
                "\(need.expectation) cannot be measured, because the version has no photo for the \(test.name); at least "
                    + "\(need.atBest) photos are necessary; \(test.advice(isDrawn: isDrawn))")
        }
        if let need = needs.max(by: { $0.atBest < $1.atBest }), photos < need.atBest {
            return Finding(
                .lowPower, .warning, count: need.atBest - photos,
                "\(need.expectation) can never be conclusive with the \(photos) photos of the \(test.name): even with the "
                    + "best possible result, Wilson's 95% interval includes \(need.expectation.bound). "
                    + "\(need.atBest - photos) more photos are necessary, and \(need.inTheMiddle - photos) more for a "
                    + "measured rate of \(need.middle); \(test.advice(isDrawn: isDrawn))")
        }
        if let need = needs.max(by: { $0.inTheMiddle < $1.inTheMiddle }), photos < need.inTheMiddle {
            return Finding(
                .lowPower, .info, count: need.inTheMiddle - photos,
                "\(need.expectation) is inconclusive for a measured rate of \(need.middle), because the \(test.name) has "
                    + "only \(photos) photos; for a conclusive verdict at this rate, \(need.inTheMiddle - photos) more "
                    + "photos are necessary; \(test.advice(isDrawn: isDrawn))")
        }
        return nil
    }

    /// The numbers of photos that a conclusive verdict on an expectation needs.
    private struct Need {
        let expectation: Expectation
        /// With the best possible rate.
        let atBest: Int
        /// With the rate in the middle between the bound and the best possible rate.
        let inTheMiddle: Int
        /// That rate as text.
        let middle: String

        /// One photo is enough for the bounds 0 and 1, because no interval includes them.
        init(_ expectation: Expectation) {
            let bound = min(max(expectation.bound.double, 0), 1)
            let best: Double =
                switch expectation.comparison {
                case .atLeast, .above: 1
                case .atMost, .below: 0
                }
            let middle = (bound + best) / 2
            self.expectation = expectation
            atBest = Interval.trials(for: best, toExclude: bound) ?? 1
            inTheMiddle = Interval.trials(for: middle, toExclude: bound) ?? 1
            // Four decimal places without the zeros at the end, without a locale.
            let units = Int((middle * 10_000).rounded())
            self.middle = "\(ExactDecimal(units: units, places: 4))"
        }
    }
}
