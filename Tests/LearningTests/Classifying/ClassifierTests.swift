import Testing

@testable import Learning

@Suite("Classifying", .serialized)
struct ClassifierTests {
    @Test(
        "an image's logits hang neither on its neighbours nor on its place, bit for bit",
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
