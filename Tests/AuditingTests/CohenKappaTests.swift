import Auditing
import Testing

/// The expected values are those of scikit-learn and statsmodels: `Tests/Agreement/kappa.py`.
@Suite struct CohenKappaTests {
    /// The labels of the script. The second annotator differs in each photo whose index is a multiple of `period`; never for
    /// 0. With -1, the second annotator gives all photos the class 0.
    private func labels(_ count: Int, _ classes: Int, _ period: Int) -> [(first: String, second: String)] {
        (0..<count).map { index in
            let first = (index * index + index / 3) % classes
            let other = period > 0 && index % period == 0 ? (first + 1) % classes : first
            return ("\(first)", "\(period < 0 ? 0 : other)")
        }
    }

    private func isClose(_ value: Double?, _ expected: Double) -> Bool {
        value.map { abs($0 - expected) < 1e-12 } ?? false
    }

    @Test(
        "Kappa and its interval are those of scikit-learn and statsmodels",
        arguments: [
            (20, 2, 3, 13, 0.44, 0.375, 0.08360769209345192, 0.6663923079065484),
            (97, 3, 4, 72, 0.3338293123605059, 0.6131142310146778, 0.482538383314872, 0.7436900787144836),
            (500, 6, 10, 450, 0.181496, 0.8778258872284069, 0.845822173954906, 0.9098296005019079),
            (31, 2, 1, 0, 0.43704474505723206, -0.77634011090573, -1, -0.40784780033582746),
        ])
    func values(
        _ count: Int, _ classes: Int, _ period: Int, _ agreed: Int, _ expected: Double, _ value: Double, _ low: Double,
        _ high: Double
    ) throws {
        let kappa = CohenKappa(labels(count, classes, period))
        #expect(kappa.photos == count && kappa.agreed == agreed && kappa.caveat == nil)
        #expect(kappa.observed == Double(agreed) / Double(count) && isClose(kappa.expected, expected))
        #expect(isClose(kappa.value, value))
        #expect(isClose(kappa.interval?.lowerBound, low) && isClose(kappa.interval?.upperBound, high))
        let swapped = CohenKappa(labels(count, classes, period).map { (first: $0.second, second: $0.first) })
        #expect(isClose(swapped.value, value))
    }

    @Test("Without a difference kappa is 1, and has no interval") func equal() {
        let kappa = CohenKappa(labels(12, 4, 0))
        #expect(kappa.value == 1 && kappa.agreed == 12 && kappa.interval == nil && kappa.caveat == nil)
    }

    @Test("With one class kappa is not defined") func oneClass() {
        let kappa = CohenKappa(labels(40, 1, 7))
        #expect(kappa.value == nil && kappa.interval == nil && kappa.caveat == .oneClass)
        #expect(kappa.observed == 1 && kappa.expected == 1)
    }

    @Test("Without photos kappa is not defined") func noPhotos() {
        let kappa = CohenKappa([])
        #expect(kappa.value == nil && kappa.caveat == .noPhotos && kappa.observed == nil && kappa.expected == nil)
    }

    @Test("With one class of one annotator kappa is 0 without a meaning") func oneClassOfOneAnnotator() {
        let kappa = CohenKappa(labels(30, 3, -1))
        #expect(isClose(kappa.value, 0) && kappa.agreed == 10 && kappa.interval == nil)
        #expect(kappa.caveat == .oneClassOfOneAnnotator)
    }
}
