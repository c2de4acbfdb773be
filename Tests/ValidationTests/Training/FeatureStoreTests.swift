import Core
import Foundation
import Learning
import Storage
import Testing

@testable import Validation

@Suite final class FeatureStoreTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "curare-features-\(UUID().uuidString)")
    private let engine: EngineFacts

    init() throws {
        engine = EngineFacts(team: try ThreadTeam.open(threads: 2))
        try Workspace(root: root).makeFolders()
    }

    deinit {
        try? FileManager.default.removeItem(at: root)
    }

    private func store(layers: String = "a", size: Int = 32, view: String? = nil) -> FeatureStore {
        FeatureStore(
            Workspace(root: root), layers: String(repeating: layers, count: 64), size: size, view: view, engine: engine)
    }

    @Test func whatIsWrittenIsReadByTheSameTrunkSizeAndViewAlone() throws {
        #expect(store().read().isEmpty)
        try store().write(["photo": [1, 2, 3]])
        #expect(store().read() == ["photo": [1, 2, 3]])
        #expect(
            store(layers: "b").read().isEmpty && store(size: 64).read().isEmpty
                && store(view: "light-1-0").read().isEmpty)
        #expect(Workspace(root: root).runFolders().isEmpty)
    }

    @Test func aDamagedFileCountsAsNone() throws {
        try store().write(["photo": [1, 2, 3]])
        let folder = root.appending(path: "runs/.features")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let file = folder.appending(path: try #require(names.first))
        try Data("damaged".utf8).write(to: file)
        #expect(store().read().isEmpty)
    }

    /// As an earlier program, or one on another machine, would have left it.
    @Test(arguments: ["engine", "layers"]) func whatWasMadeOtherwiseCountsAsNone(_ key: String) throws {
        try store().write(["photo": [1, 2, 3]])
        let folder = root.appending(path: "runs/.features")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let file = folder.appending(path: try #require(names.first))
        let there = try Weights.read(safetensors: Data(contentsOf: file))
        for other in [nil, "other"] {
            var made = there.metadata
            made[key] = other
            try AtomicFile.write(to: file) { put in try there.weights.safetensors(metadata: made, put: put) }
            #expect(store().read().isEmpty)
        }
        try AtomicFile.write(to: file) { put in try there.weights.safetensors(metadata: there.metadata, put: put) }
        #expect(store().read() == ["photo": [1, 2, 3]])
    }
}
