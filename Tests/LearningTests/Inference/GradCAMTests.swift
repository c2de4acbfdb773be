import Foundation
import Testing

@testable import Learning

@Suite("Grad-CAM", .serialized)
struct ActivationMapTests {
    /// PyTorch's results in double precision (Golden/make_maps.py).
    private struct Account: Decodable {
        struct Found: Decodable {
            let `class`: Int
            /// One for each image.
            let maps, samples: [[Double]]
        }

        let size, side: Int
        let logits: [[Double]]
        let found: [Found]

        static func all() throws -> [String: Account] {
            let file = try #require(Bundle.module.url(forResource: "Golden/maps", withExtension: "json"))
            return try JSONDecoder().decode([String: Account].self, from: Data(contentsOf: file))
        }
    }

    /// Compares within a fraction of the largest value.
    private func compare(_ numbers: [Float], to expected: [Double], _ tolerance: Double, _ what: String) {
        let largest = expected.map(abs).max() ?? 0
        #expect(numbers.count == expected.count)
        for (a, b) in zip(numbers, expected) {
            #expect(abs(Double(a) - b) <= tolerance * largest, "\(what): \(a), not \(b)")
        }
    }

    @Test("the maps of all models match PyTorch's gradients", arguments: Models.names)
    func agrees(name: String) throws {
        let golden = try #require(Account.all()[name])
        let model = try Models.named(name, classes: 10)
        let explainer = try GradCAM(
            model, FormulaNumbers.weights(for: model, calm: true), size: golden.size, on: .open(threads: 2))
        let images = ArraySource(images: FormulaNumbers.pixels(images: 2, size: golden.size), labels: [])
        #expect(try model.saliencySide(size: golden.size) == golden.side)
        var filled = 0
        for found in golden.found {
            for (image, explanation) in try explainer.explain(images, as: found.class).enumerated() {
                #expect(explanation.label == found.class)
                #expect((explanation.map.width, explanation.map.height) == (golden.side, golden.side))
                compare(explanation.logits, to: golden.logits[image], 1e-4, "\(name), logit")
                compare(explanation.map.values, to: found.maps[image], 1e-3, "\(name), class \(found.class)")
                let over = explanation.map.scaled(to: golden.size)
                let places = stride(from: 0, to: golden.size * golden.size, by: golden.size * golden.size / 40)
                compare(
                    places.map { over[$0] }, to: found.samples[image], 1e-3,
                    "\(name), class \(found.class), over the image")
                filled += found.maps[image].contains { $0 > 0 } ? 1 : 0
            }
        }
        #expect(filled >= 2)
    }

    /// docs/trainer.md has these sizes. torchvision's networks have maps of 7 × 7, VGG-16 of 14 × 14, at 224 px.
    @Test(
        "the smallest images with maps of 7 × 7",
        arguments: [
            ("resnet18", 193), ("resnet50", 193), ("densenet121", 221), ("vgg16", 112), ("dlib-resnet29", 455),
        ])
    func smallestSizes(name: String, size: Int) throws {
        let model = try Models.named(name, classes: 2)
        #expect(model.smallestSize(in: 16...1024, forSaliencySide: 7) == size)
        #expect(model.smallestSize(in: 16...(size - 1), forSaliencySide: 7) == nil)
        #expect(try model.saliencySide(size: 224) == ["vgg16": 14, "dlib-resnet29": 3][name, default: 7])
    }

    @Test("images that are too small for the model are an error") func tooSmallImages() throws {
        let model = try Models.named("dlib-resnet29", classes: 2)
        #expect(throws: LearningError.self) { try model.saliencySide(size: 16) }
    }

    @Test("the gradient of the feature maps matches differences of the logit")
    func differences() throws {
        let model = SmallModels.everyLayer
        let weights = try FormulaNumbers.weights(for: model)
        let compiled = try GradCAMProgram(model, weights, batch: 2, size: 12, on: Engine(), team: .open(threads: 2))
        let memory = compiled.program.memory
        let images = ArraySource(images: FormulaNumbers.pixels(images: 2, size: 12), labels: [])
        memory.copy(
            try Batch.classification(0..<2, of: images, size: 12, model.pixels, capacity: 2).images,
            to: compiled.input.buffer
        )
        for requested in 0..<3 {
            for place in 0..<2 { memory.int32s(compiled.requested)[place] = Int32(requested) }
            try compiled.program.run()
            #expect(compiled.planes.layout.dims == [2, 5, 6, 6])
            for image in 0..<2 {
                func numbers(_ value: Value, _ each: Int) -> [Double] {
                    (0..<each).map { Double(memory.floats(value.buffer)[image * each + $0]) }
                }
                let planes = numbers(compiled.planes, 180)
                let gradient = numbers(compiled.gradient, 180)
                #expect(abs(try head(planes, weights)[requested] - numbers(compiled.logits, 3)[requested]) < 1e-5)
                for place in stride(from: 0, to: 180, by: 7) {
                    var (ahead, behind) = (planes, planes)
                    ahead[place] += 1e-4
                    behind[place] -= 1e-4
                    let slope = try (head(ahead, weights)[requested] - head(behind, weights)[requested]) / 2e-4
                    #expect(abs(slope - gradient[place]) < 1e-5, "\(place): \(slope), not \(gradient[place])")
                }
            }
        }
    }

    /// The layers of ``SmallModels/everyLayer`` after its last feature maps (5 × 6 × 6): means over 2 × 2, linear,
    /// ReLU, linear.
    private func head(_ planes: [Double], _ weights: Weights) throws -> [Double] {
        func tensor(_ name: String) throws -> [Double] {
            guard case .float32(let numbers)? = weights.tensors[name]?.values else {
                throw LearningError(.weights, name, nextStep: "")
            }
            return numbers.map(Double.init)
        }
        let pooled = (0..<45).map { k in
            let (channel, row, column) = (k / 9, k % 9 / 3, k % 3)
            return [(0, 0), (0, 1), (1, 0), (1, 1)].reduce(0.0) {
                $0 + planes[channel * 36 + (2 * row + $1.0) * 6 + 2 * column + $1.1]
            } / 4
        }
        func linear(_ name: String, _ x: [Double]) throws -> [Double] {
            let (w, b) = (try tensor("\(name).weight"), try tensor("\(name).bias"))
            return b.indices.map { o in x.indices.reduce(b[o]) { $0 + w[o * x.count + $1] * x[$1] } }
        }
        return try linear("k", linear("i", pooled).map { max(0, $0) })
    }

    @Test(
        "logits equal those of inference, the predicted class is the default, and other images do not matter"
    )
    func ownClass() throws {
        let model = try Models.named("resnet18", classes: 5)
        let weights = Weights.initial(for: model, seed: 3)
        let team = try ThreadTeam.open(threads: 2)
        let images = ArraySource(images: FormulaNumbers.pixels(images: 11, size: 32), labels: [])
        let logits = try Classifier(model, weights, size: 32, on: team).logits(of: images)
        let explainer = try GradCAM(model, weights, size: 32, on: team)
        let all = try explainer.explain(images)
        #expect(all.count == 11)
        for (explanation, logits) in zip(all, logits) {
            #expect(explanation.logits == logits)
            #expect(logits[explanation.label] == logits.max())
        }
        let alone = try explainer.explain(ArraySource(images: [images.images[9]], labels: []))
        #expect(alone[0] == all[9])
        #expect(try explainer.explain(ArraySource(images: [], labels: [])).isEmpty)
    }

    @Test("an unknown class, weights that are not finite, and a model without a pool are errors")
    func invalidInput() throws {
        let model = SmallModels.plain(classes: 3)
        let weights = Weights.initial(for: model, seed: 1)
        let team = try ThreadTeam.open(threads: 2)
        let images = ArraySource(images: FormulaNumbers.pixels(images: 1, size: 16), labels: [])
        let class3 = #expect(throws: LearningError.self) {
            try GradCAM(model, weights, size: 16, on: team).explain(images, as: 3)
        }
        #expect(class3?.code == .data)
        var broken = weights.tensors
        broken["conv2.weight"] = try Tensor([32, 16, 3, 3], .float32(Array(repeating: .nan, count: 32 * 16 * 9)))
        let nan = #expect(throws: LearningError.self) { _ = try GradCAM(model, Weights(broken), size: 16, on: team) }
        #expect(nan?.message.contains("conv2.weight") == true)
        var flat = Graph(classes: 2)
        _ = flat.linear("fc", flat.input, to: 2, plane: 64)
        let none = #expect(throws: LearningError.self) {
            _ = try GradCAM(flat, .initial(for: flat, seed: 1), size: 8, on: team)
        }
        #expect(none?.code == .settings)
    }

    @Test(
        "a map without positive values is empty, scaling to its own size changes nothing, and interpolation is the mean of two values"
    )
    func scaled() {
        #expect(SaliencyMap(width: 2, height: 2, values: [0, 0, 0, 0]).isEmpty)
        let map = SaliencyMap(width: 2, height: 2, values: [0, 1, 2, 3])
        #expect(!map.isEmpty)
        #expect(map.scaled(to: 2) == [0, 1, 2, 3])
        #expect(map.scaled(to: 4) == [0, 0.25, 0.75, 1, 0.5, 0.75, 1.25, 1.5, 1.5, 1.75, 2.25, 2.5, 2, 2.25, 2.75, 3])
        #expect(map.scaled(to: 1) == [1.5])
    }
}
