import Testing

@testable import Learning

@Suite("SeededRandom")
struct SeededRandomTests {
    @Test("the same text gives the same numbers, another text gives others")
    func text() {
        var a = SeededRandom(["x", "1"])
        var b = SeededRandom(["x", "1"])
        var c = SeededRandom(["x", "2"])
        let (first, second, third) = (a.next(), b.next(), c.next())
        #expect(first == second && first != third)
    }

    @Test("integers below a bound are uniform")
    func below() {
        var random = SeededRandom(["below"])
        var counts = [0, 0, 0]
        for _ in 0..<30_000 { counts[random.below(3)] += 1 }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
    }

    @Test("normal numbers have mean 0 and deviation 1, in both numbers of a pair")
    func normals() {
        var random = SeededRandom(["normal"])
        let pairs = (0..<50_000).map { _ in random.normals() }
        for numbers in [pairs.map(\.0), pairs.map(\.1)] {
            let mean = numbers.reduce(0, +) / 50_000
            #expect(abs(mean) < 0.02)
            #expect(abs(numbers.reduce(0) { $0 + $1 * $1 } / 50_000 - 1) < 0.03)
        }
    }

    @Test("initial weights have the deviation of the paper, and each tensor has its own stream")
    func initial() throws {
        let model = try Models.named("resnet18", classes: 10)
        let weights = Weights.initial(for: model, seed: 5)
        guard case .float32(let first)? = weights.tensors["layer2.0.conv2.weight"]?.values,
            case .float32(let second)? = weights.tensors["layer2.1.conv1.weight"]?.values,
            case .float32(let head)? = weights.tensors["fc.weight"]?.values
        else {
            Issue.record("a tensor is missing")
            return
        }
        let variance = first.reduce(0.0) { $0 + Double($1 * $1) } / Double(first.count)
        #expect(abs(variance / (2.0 / (128 * 9)) - 1) < 0.03)
        #expect(first != second)
        let bound = Float(1 / 512.0.squareRoot())
        #expect(head.allSatisfy { abs($0) <= bound } && head.contains { abs($0) > 0.95 * bound })
        #expect(weights.tensors["layer4.1.bn2.running_var"]?.values == .float32(Array(repeating: 1, count: 512)))
    }
}
