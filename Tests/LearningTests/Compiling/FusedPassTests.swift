import Testing

@testable import Learning

@Suite("Passes of inference")
struct FusedPassTests {
    @Test(
        "ResNet-18 runs in 23: each of its 20 convolutions takes along all up to the ReLU, then two pools and the linear layer"
    )
    func resnet18() throws {
        let passes = FusedPass.passes(of: try Models.named("resnet18", classes: 10))
        #expect(passes.count == 23)
        #expect(passes.filter { $0.line != nil }.count == 20)
        #expect(passes.filter { $0.addend != nil && $0.relu }.count == 8)
    }

    @Test("a convolution does not write over what it reads")
    func ownInput() {
        #expect(FusedPass.passes(of: SmallModels.everyLayer).allSatisfy { $0.addend == nil })
    }

    @Test("an addend that is needed later is not written over")
    func neededLater() {
        var model = Graph(classes: 2)
        let x = model.convolution("a", model.input, to: 16, kernel: 3, padding: 1)
        let y = model.sum(model.convolution("b", x, to: 16, kernel: 3, padding: 1), x)
        let z = model.sum(y, x)
        _ = model.linear("fc", model.globalAveragePool(z), to: 2)
        #expect(FusedPass.passes(of: model).allSatisfy { $0.addend != x })
    }
}
