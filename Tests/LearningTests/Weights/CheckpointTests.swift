import Testing

@testable import Learning

@Suite("Checkpoint file")
struct CheckpointTests {
    private let model = SmallModels.plain(classes: 3)
    private let plan = TrainingPlan(size: 16, batch: 4, steps: 9, seed: 7)

    private func checkpoint(step: Int = 3) -> Checkpoint {
        let weights = Weights.initial(for: model, seed: 1)
        let trained = Set(model.parameters.filter { $0.kind == .trained }.map(\.name))
        let report = EpochReport(
            epoch: 1, step: 3, loss: 0.1 + 0.2, accuracy: 1.0 / 3, seconds: 1e-9, imagesPerSecond: 12.5)
        return Checkpoint(
            plan: plan, step: step, weights: weights,
            momentum: Weights(weights.tensors.filter { trained.contains($0.key) }), history: [report], examples: "abc")
    }

    @Test("writing and reading returns the same checkpoint")
    func roundTrip() throws {
        #expect(try Checkpoint(safetensors: checkpoint().safetensors()) == checkpoint())
    }

    @Test("weights that are not a checkpoint are an error")
    func weightsAlone() throws {
        let bytes = try Weights.initial(for: model, seed: 1).safetensors()
        let error = #expect(throws: LearningError.self) { try Checkpoint(safetensors: bytes) }
        #expect(error?.code == .checkpoint)
    }

    @Test("a step after the plan's last is an error", arguments: [-1, 10])
    func step(step: Int) throws {
        let bytes = try checkpoint(step: step).safetensors()
        #expect(throws: LearningError.self) { try Checkpoint(safetensors: bytes) }
    }

    @Test("every changed bit is an error")
    func changedBits() throws {
        let bytes = try checkpoint().safetensors()
        // Every 997th bit: of the header, the weights and the optimizer's state.
        for bit in stride(from: 0, to: bytes.count * 8, by: 997) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: LearningError.self, "bit \(bit)") { try Checkpoint(safetensors: damaged) }
        }
    }

    @Test("a checkpoint without a digest is an error")
    func withoutDigest() throws {
        let file = try Weights.read(safetensors: checkpoint().safetensors())
        let bytes = try file.weights.safetensors(metadata: file.metadata)
        let error = #expect(throws: LearningError.self) { try Checkpoint(safetensors: bytes) }
        #expect(error?.message.contains("digest") == true)
    }

    @Test("an unknown tensor is an error")
    func stray() throws {
        let file = try Weights.read(safetensors: checkpoint().safetensors())
        var tensors = file.weights.tensors
        tensors["other"] = try Tensor([1], .float32([0]))
        let bytes = try Weights(tensors).safetensors(metadata: file.metadata)
        let error = #expect(throws: LearningError.self) { try Checkpoint(safetensors: bytes) }
        #expect(error?.message.contains("other") == true)
    }

    @Test(
        "a checkpoint of a program with other or unknown arithmetic is an error",
        arguments: ["\"arithmetic\":\"1\",", ""])
    func arithmetic(stated: String) throws {
        let file = try Weights.read(safetensors: checkpoint().safetensors())
        let own = "\"arithmetic\":\"\(Models.arithmetic)\","
        let account = try #require(file.metadata["checkpoint"])
        #expect(account.contains(own))
        var metadata = file.metadata
        metadata["checkpoint"] = account.replacing(own, with: stated)
        let bytes = try file.weights.safetensors(metadata: metadata)
        let error = #expect(throws: LearningError.self) { try Checkpoint(safetensors: bytes) }
        #expect(error?.code == .checkpoint)
    }

    @Test("momentum with a missing tensor or one of a wrong size is an error")
    func momentum() throws {
        let whole = checkpoint()
        let team = try ThreadTeam.open(threads: 2)
        for change in [nil, try Tensor([2], .float32([0, 0]))] as [Tensor?] {
            var momentum = whole.momentum.tensors
            momentum["fc.bias"] = change
            let damaged = Checkpoint(
                plan: plan, step: 3, weights: whole.weights, momentum: Weights(momentum), history: [], examples: "abc")
            let error = #expect(throws: LearningError.self) {
                _ = try Trainer(model, plan, on: team, from: .checkpoint(damaged))
            }
            #expect(error?.code == .checkpoint)
        }
    }
}
