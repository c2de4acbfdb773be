import Core
import Foundation
import Learning
import Storage
import Testing

@testable import Validation

@Suite final class ModelFileTests {
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
        do { try FileManager.default.removeItem(at: root) } catch { Issue.record(error) }
    }

    @Test("The name none gives no weights") func none() throws {
        #expect(try StartingWeights.named("none", in: workspace) == nil)
    }

    @Test("Weights are found by name in the workspace, and by path") func found() throws {
        #expect(try StartingWeights.named("mine.safetensors", in: workspace)?.digest == weights.digest)
        #expect(
            try StartingWeights.named(root.appending(path: "weights/mine.safetensors").path, in: workspace)?.digest
                == weights.digest)
    }

    @Test("The error for missing weights names the expected file") func missing() throws {
        let error = try #require(throws: CurareError.self) {
            try StartingWeights.named("absent.safetensors", in: self.workspace)
        }
        #expect(error.code == .missingInput)
        #expect(error.location?.hasSuffix("weights/absent.safetensors") == true)
    }

    @Test("A file without weights is bad input") func damaged() throws {
        let error = try #require(throws: CurareError.self) {
            try StartingWeights.named("text.safetensors", in: self.workspace)
        }
        #expect(error.code == .badInput)
    }

    @Test("A folder is bad input, and a missing file is missing input") func notAFile() throws {
        let folder = try #require(throws: CurareError.self) { try ModelFile(self.root) }
        #expect(folder.code == .badInput)
        let missing = try #require(throws: CurareError.self) { try ModelFile(self.root.appending(path: "absent")) }
        #expect(missing.code == .missingInput)
    }

    @Test("A model file keeps network, classes and profile") func metadata() throws {
        let profile = try #require(Profile(name: "32-centre-srgb"))
        let file = root.appending(path: "model.safetensors")
        try ModelFile(weights: weights, model: "resnet18", classes: ["ada", "bo"], profile: profile).write(
            to: file, version: "v@1", digest: "d")
        let read = try ModelFile(file)
        #expect(read.weights.digest == weights.digest)
        #expect(read.model == "resnet18")
        #expect(read.classes == ["ada", "bo"])
        #expect(read.profile == profile)
    }
}
