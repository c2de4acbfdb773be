import Testing

@testable import Learning

@Suite("Classifier", .serialized)
struct ClassifierTests {
    @Test(
        "logits do not depend on other images or on the index in the batch",
        arguments: ["resnet18", "plain"])
    func neighbours(name: String) throws {
        let model = name == "plain" ? SmallModels.plain(classes: 5) : try Models.named(name, classes: 5)
        let classifier = try Classifier(model, FormulaNumbers.weights(for: model), size: 32, on: .open(threads: 2))
        let images = FormulaNumbers.pixels(images: 37, size: 32)
        let together = try classifier.logits(of: ArraySource(images: images, labels: []))
        #expect(together.count == 37 && together.allSatisfy { $0.count == 5 })
        #expect(try classifier.logits(of: ArraySource(images: images.reversed(), labels: [])) == together.reversed())
        for n in [0, 17, 36] {
            #expect(try classifier.logits(of: ArraySource(images: [images[n]], labels: [])) == [together[n]])
        }
    }

    @Test("no images give no logits")
    func none() throws {
        let model = SmallModels.plain(classes: 5)
        let classifier = try Classifier(model, .initial(for: model, seed: 1), size: 16, on: .open(threads: 2))
        #expect(try classifier.logits(of: ArraySource(images: [], labels: [])).isEmpty)
    }
}

@Suite("Fused passes of inference")
struct FusedPassTests {
    @Test(
        "ResNet-18 has 23 passes: 20 fused convolutions, two pools and the linear layer"
    )
    func resnet18() throws {
        let passes = FusedPass.passes(of: try Models.named("resnet18", classes: 10))
        #expect(passes.count == 23)
        #expect(passes.filter { $0.affine != nil }.count == 20)
        #expect(passes.filter { $0.addend != nil && $0.relu }.count == 8)
    }

    @Test("a convolution does not overwrite its own input")
    func ownInput() {
        #expect(FusedPass.passes(of: SmallModels.everyLayer).allSatisfy { $0.addend == nil })
    }

    @Test("an addend that is needed later is not overwritten")
    func neededLater() {
        var model = Graph(classes: 2)
        let x = model.convolution("a", model.input, to: 16, kernel: 3, padding: 1)
        let y = model.sum(model.convolution("b", x, to: 16, kernel: 3, padding: 1), x)
        let z = model.sum(y, x)
        _ = model.linear("fc", model.globalAveragePool(z), to: 2)
        #expect(FusedPass.passes(of: model).allSatisfy { $0.addend != x })
    }
}
