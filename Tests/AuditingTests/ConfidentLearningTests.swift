import Core
import Testing

@testable import Auditing

/// Numbers between −1 and 1, and whole numbers, from a linear congruential generator. `Tests/Interop` has the same.
struct CongruentialGenerator {
    private var state: Int

    init(_ seed: Int) { state = seed }

    mutating func next(below limit: Int) -> Int {
        state = (state * 1_103_515_245 + 12345) % (1 << 31)
        return (state >> 16) % limit
    }

    mutating func number() -> Double { Double(next(below: 2001) - 1000) / 1000 }
}

/// `Tests/Interop/confident_learning.py` computed the expected numbers with cleanlab.
@Suite struct ConfidentLearningTests {
    static let thresholds: [Double] = [0.641671317, 0.634399414, 0.692313058, 0.597290039]
    static let joint = [9, 0, 0, 1, 1, 11, 1, 0, 0, 0, 6, 0, 0, 1, 0, 12]
    static let issues = [27, 18, 28, 49]

    @Test("Thresholds, joint and issues are those of cleanlab") func cleanlab() {
        var generator = CongruentialGenerator(1)
        var labels: [Int] = []
        var probabilities: [Float] = []
        for example in 0..<60 {
            let truth = example % 4
            labels.append(generator.next(below: 5) == 0 ? generator.next(below: 4) : truth)
            var row = (0..<4).map { _ in generator.next(below: 200) }
            row[truth] += 1024 - row.reduce(0, +)
            probabilities += row.map { Float($0) / 1024 }
        }
        let learning = ConfidentLearning(labels: labels, probabilities: probabilities, classes: 4)
        for (own, expected) in zip(learning.thresholds, Self.thresholds) { #expect(abs(own - expected) < 1e-8) }
        #expect(learning.joint == Self.joint)
        #expect(learning.issues == Self.issues)
    }

    @Test("Labels that the probabilities confirm have no issue, and a class may have no example") func clean() {
        let learning = ConfidentLearning(
            labels: [0, 1, 0], probabilities: [0.9, 0.1, 0, 0.2, 0.8, 0, 0.7, 0.3, 0], classes: 3)
        #expect(learning.issues == [])
        #expect(learning.thresholds[2] == 2)
        #expect(ConfidentLearning(labels: [], probabilities: [], classes: 2).issues == [])
    }
}

@Suite struct LinearProbeTests {
    /// scikit-learn's `LogisticRegression(C=0.3, solver="newton-cholesky")` computed the expected weights.
    @Test("The weights are those of scikit-learn") func weights() {
        var generator = CongruentialGenerator(777)
        let rows = (0..<30).map { _ in (0..<4).map { _ in generator.number() } }
        let isPositive = rows.map { $0[0] + 0.5 * $0[1] + 0.4 * generator.number() > 0 }
        let expected = [1.090902809, 0.501173826, 0.097462445, -0.033717161, -0.135343136]
        for (own, expected) in zip(LinearProbe(rows, isPositive: isPositive).weights, expected) {
            #expect(abs(own - expected) < 1e-6)
        }
    }
}
