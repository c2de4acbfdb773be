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
        do { try FileManager.default.removeItem(at: root) } catch { Issue.record(error) }
    }

    private func store(layers: String = "a", size: Int = 32, view: String? = nil) -> FeatureStore {
        FeatureStore(
            Workspace(root: root), layers: String(repeating: layers, count: 64), size: size, view: view, engine: engine)
    }

    @Test("Features are found only for the same layers, size and view") func found() throws {
        #expect(try store().read().isEmpty)
        try store().write(["photo": [1, 2, 3]])
        #expect(try store().read() == ["photo": [1, 2, 3]])
        #expect(try store(layers: "b").read().isEmpty)
        #expect(try store(size: 64).read().isEmpty)
        #expect(try store(view: "light-1-0").read().isEmpty)
        #expect(try Workspace(root: root).runFolders().isEmpty)
    }

    @Test("A damaged file counts as empty") func damaged() throws {
        try store().write(["photo": [1, 2, 3]])
        let folder = root.appending(path: "runs/.features")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let file = folder.appending(path: try #require(names.first))
        try Data("damaged".utf8).write(to: file)
        #expect(try store().read().isEmpty)
    }

    @Test("A file with a changed bit in its numbers counts as empty") func changedBit() throws {
        try store().write(["photo": [1, 2, 3]])
        let folder = root.appending(path: "runs/.features")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let file = folder.appending(path: try #require(names.first))
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 6] ^= 1
        try bytes.write(to: file)
        #expect(try store().read().isEmpty)
    }

    @Test("A file of another engine or other layers counts as empty", arguments: ["engine", "layers"])
    func otherOrigin(_ key: String) throws {
        try store().write(["photo": [1, 2, 3]])
        let folder = root.appending(path: "runs/.features")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let file = folder.appending(path: try #require(names.first))
        let stored = try Weights.read(safetensors: Data(contentsOf: file))
        for other in [nil, "other"] {
            var metadata = stored.metadata
            metadata[key] = other
            try AtomicFile.write(to: file) { put in
                try stored.weights.safetensors(metadata: metadata, hasDigest: true, put: put)
            }
            #expect(try store().read().isEmpty)
        }
        for hasDigest in [true, false] {
            try AtomicFile.write(to: file) { put in
                try stored.weights.safetensors(metadata: stored.metadata, hasDigest: hasDigest, put: put)
            }
            #expect(try store().read() == (hasDigest ? ["photo": [1, 2, 3]] : [:]))
        }
    }
}
