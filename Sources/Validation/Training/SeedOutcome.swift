import Core
import Learning
import Versions

/// What training with one seed came to: each model's measures, and what it took every test photo for.
struct SeedOutcome: Codable, Sendable {
    struct Trained: Codable, Sendable {
        let model: RunReport.Model
        /// In the order of the version's test photos.
        let tested: [TestedPhoto]
    }

    let seed: Int
    let poisoned: Trained
    /// Nil for a version without poison.
    let control, trueLabel: Trained?

    func verdict(_ expectations: [Expectation]) -> Verdict {
        Verdict(
            expectations, poisoned: poisoned.model.measures, control: control?.model.measures,
            trueLabel: trueLabel?.model.measures)
    }

    /// A line for each test photo.
    var lines: [TestedByAll] {
        poisoned.tested.indices.map {
            TestedByAll(poisoned.tested[$0], control: control?.tested[$0], trueLabel: trueLabel?.tested[$0])
        }
    }
}
