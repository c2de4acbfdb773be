import Foundation
import Testing

@testable import Learning

@Suite("What torchvision's models give", .serialized)
struct TorchvisionTests {
    /// As make_golden.py writes it: of each gradient its norm, and its first, middle and last number.
    private struct Account: Decodable {
        let inference, losses: [Double]
        let gradients: [String: [Double]]

        init(_ name: String) throws {
            let file = try #require(Bundle.module.url(forResource: "Golden/\(name)", withExtension: "json"))
            self = try JSONDecoder().decode(Account.self, from: Data(contentsOf: file))
        }
    }

    private let images = ArraySource(images: FormulaNumbers.pixels(images: 4, size: 64), labels: [0, 3, 7, 3])

    /// Within 1e-4 of the largest.
    private func hold(_ logits: [[Float]], to expected: [Double]) {
        let largest = expected.map(abs).max() ?? 0
        for (a, b) in zip(logits.flatMap { $0 }, expected) {
            #expect(abs(Double(a) - b) <= 1e-4 * largest, "logit \(a), not \(b)")
        }
    }

    @Test(
        "logits, all gradients, ten steps' losses",
        arguments: [("resnet50", 0.0001), ("densenet121", 0.001), ("vgg16", 0.00001)])
    func agrees(name: String, rate: Double) throws {
        let golden = try Account(name)
        let model = try Models.named(name, classes: 10)
        let team = try ThreadTeam.open(threads: 2)
        let weights = try FormulaNumbers.weights(for: model, calm: true)
        hold(try Classifier(model, weights, size: 64, on: team).logits(of: images), to: golden.inference)
        #expect(golden.inference.count == 40)

        let plan = TrainingPlan(size: 64, batch: 4, steps: 10, learningRate: rate, schedule: .constant, seed: 1)
        let trainer = try Trainer(model, plan, on: team, from: .weights(weights))
        _ = try trainer.run(
            over: images,
            eachStep: { report in
                let expected = golden.losses[report.step - 1]
                #expect(
                    abs(report.loss - expected) <= 0.01 * expected,
                    "loss \(report.loss) of step \(report.step), not \(expected)")
                if report.step == 1 { try hold(trainer.gradients(), to: golden.gradients) }
            })
    }

    private func hold(_ gradients: Weights, to accounts: [String: [Double]]) throws {
        #expect(Set(gradients.names) == Set(accounts.keys))
        // Behind a normalization some gradients are 0: what stands there is rounding, of the size that the others' is.
        let rounding = 1e-7 * (accounts.values.map { $0[0] }.max() ?? 0)
        for (name, account) in accounts {
            guard case .float32(let numbers)? = gradients.tensors[name]?.values else { continue }
            let norm = numbers.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            let usual = account[0] / Double(numbers.count).squareRoot()
            #expect(
                abs(norm - account[0]) <= 1e-3 * account[0] + rounding,
                "the norm of \(name) is \(norm), not \(account[0])")
            for k in 0..<3 {
                let (number, expected) = (Double(numbers[(numbers.count - 1) * k / 2]), account[k + 1])
                #expect(
                    abs(number - expected) <= 1e-3 * max(abs(expected), usual) + rounding,
                    "\(name): \(number), not \(expected)")
            }
        }
    }
}
