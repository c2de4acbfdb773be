import Foundation
import Testing

@testable import Learning

@Suite("dlib's face network")
struct DlibResNet29Tests {
    /// The file that `make face-weights` writes.
    static let weights = FileManager.default.homeDirectoryForCurrentUser.appending(
        path: ".local/share/curare/face.safetensors")

    /// dlib_embedding.cpp computed the expected numbers.
    @Test(
        "the 128 numbers match dlib's",
        .enabled(if: FileManager.default.fileExists(atPath: weights.path), "run make face-weights"))
    func embedding() throws {
        let file = try #require(Bundle.module.url(forResource: "Golden/dlib-embedding", withExtension: "json"))
        let expected = try JSONDecoder().decode([Double].self, from: Data(contentsOf: file))
        let weights = try Weights.read(safetensors: Array(Data(contentsOf: Self.weights))).weights
        let images = ArraySource(images: FormulaNumbers.pixels(images: 2, size: 150), labels: [])
        let numbers = try Classifier(Models.dlibEmbedding(), weights, size: 150, on: .open(threads: 2)).logits(
            of: images
        ).flatMap { $0 }
        #expect(numbers.count == expected.count)
        for (number, expected) in zip(numbers, expected) { #expect(abs(Double(number) - expected) < 1e-4) }
    }

    @Test(
        "the trunk has 256 features, and training a new last layer gives gradients in the first layer"
    )
    func trains() throws {
        let model = try Models.named("dlib-resnet29", classes: 3)
        let team = try ThreadTeam.open(threads: 2)
        #expect(model.trunk.classes == 256)
        let images = ArraySource(images: FormulaNumbers.pixels(images: 2, size: 103), labels: [0, 1])
        let trainer = try Trainer(
            model, TrainingPlan(size: 103, batch: 2, steps: 1, learningRate: 0.001, seed: 1), on: team)
        _ = try trainer.run(over: images)
        guard case .float32(let numbers)? = try trainer.gradients().tensors["conv1.weight"]?.values else { return }
        #expect(numbers.contains { $0 != 0 })
    }

    @Test("images that are too small are an error")
    func small() throws {
        let model = try Models.named("dlib-resnet29", classes: 3)
        let error = #expect(throws: LearningError.self) {
            _ = try Trainer(model, TrainingPlan(size: 64, batch: 1, steps: 1, seed: 1), on: .open(threads: 2))
        }
        #expect(error?.code == .settings)
    }
}
