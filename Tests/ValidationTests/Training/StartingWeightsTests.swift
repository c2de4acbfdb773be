import Core
import Foundation
import Learning
import Storage
import Testing

@testable import Validation

@Suite final class StartingWeightsTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "curare-weights-\(UUID().uuidString)")
    private var workspace: Workspace { Workspace(root: root) }
    private let weights: Weights

    init() throws {
        weights = try Weights(["fc.weight": Tensor([2], .float32([1, 2]))])
        try Workspace(root: root).makeFolders()
        try AtomicFile.makeFolder(root.appending(path: "weights"))
        try AtomicFile.write(to: root.appending(path: "weights/mine.safetensors")) { [weights] put in
            try weights.safetensors(put: put)
        }
        try Data("no weights".utf8).write(to: root.appending(path: "weights/text.safetensors"))
    }

    deinit {
        try? FileManager.default.removeItem(at: root)
    }

    @Test func noneIsNone() throws {
        #expect(try StartingWeights.named("none", in: workspace) == nil)
    }

    @Test func aFileOfTheWorkspaceIsFoundByItsNameAndAnyByItsPath() throws {
        #expect(try StartingWeights.named("mine.safetensors", in: workspace)?.digest == weights.digest)
        #expect(
            try StartingWeights.named(root.appending(path: "weights/mine.safetensors").path, in: workspace)?.digest
                == weights.digest)
    }

    @Test func aMissingFileSaysWhereItWasLookedFor() throws {
        let refusal = try #require(throws: CurareError.self) {
            try StartingWeights.named("absent.safetensors", in: self.workspace)
        }
        #expect(refusal.code == .missingInput && "\(refusal)".contains("weights/absent.safetensors"))
    }

    @Test func whatHoldsNoWeightsIsRefused() throws {
        let refusal = try #require(throws: CurareError.self) {
            try StartingWeights.named("text.safetensors", in: self.workspace)
        }
        #expect(refusal.code == .badInput)
    }
}
