import Testing

@testable import Learning

@Suite("Dropout")
struct DropoutTests {
    private func kept(_ mask: DropoutMask) -> [Bool] { (0..<10_000).map(mask.keeps) }

    @Test("the mask has the requested rate and depends on seed, step and layer")
    func mask() {
        let first = kept(DropoutMask(seed: 1, step: 5, layer: "a", probability: 0.3))
        #expect(first == kept(DropoutMask(seed: 1, step: 5, layer: "a", probability: 0.3)))
        #expect(abs(first.count { !$0 } - 3000) < 150)
        for other in [
            DropoutMask(seed: 2, step: 5, layer: "a", probability: 0.3),
            DropoutMask(seed: 1, step: 6, layer: "a", probability: 0.3),
            DropoutMask(seed: 1, step: 5, layer: "b", probability: 0.3),
        ] {
            // Two independent masks agree at 0.3² + 0.7² of all indices.
            #expect(abs(zip(first, kept(other)).count { $0 == $1 } - 5800) < 300)
        }
    }

    @Test("a probability of 0 drops nothing")
    func none() {
        #expect(kept(DropoutMask(seed: 1, step: 0, layer: "a", probability: 0)).allSatisfy { $0 })
    }

    @Test("a resumed run drops the same values as an uninterrupted run")
    func resumed() throws {
        var model = Graph(classes: 3)
        let x = model.dropout(
            "drop", model.globalAveragePool(model.convolution("conv", model.input, to: 16, kernel: 3)), probability: 0.5
        )
        _ = model.linear("fc", x, to: 3)
        let examples = ArraySource(images: FormulaNumbers.pixels(images: 8, size: 8), labels: [0, 1, 2, 0, 1, 2, 0, 1])
        let plan = TrainingPlan(size: 8, batch: 4, steps: 6, seed: 3)
        let team = try ThreadTeam.open(threads: 2)
        var middle: Checkpoint?
        let whole = try Trainer(model, plan, on: team).run(
            over: examples, eachEpoch: { report, checkpoint in if report.epoch == 1 { middle = try checkpoint() } })
        let resumed = try Trainer(model, plan, on: team, from: .checkpoint(#require(middle))).run(over: examples)
        #expect(resumed.weights.digest == whole.weights.digest)
    }
}
