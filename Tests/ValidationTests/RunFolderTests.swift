import Core
import Foundation
import Storage
import Testing

@testable import Learning
@testable import Validation

@Suite final class RunFolderTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "curare-runs-\(UUID().uuidString)")
    private var workspace: Workspace { Workspace(root: root) }

    init() throws {
        try Workspace(root: root).makeFolders()
    }

    deinit {
        do { try FileManager.default.removeItem(at: root) } catch { Issue.record(error) }
    }

    private func request(seed: Int = 1, version: String = "v@1") throws -> TrainingRequest {
        let json = """
            {"version":"\(version)","digest":"d","model":"resnet18","seed":\(seed),"epochs":1,"batch":4,"size":32,
            "augment":"none","schedule":"cosine","learning_rate":0.1,"momentum":0.9,"weight_decay":0,"weights":"none",
            "freeze":"none","views":8,"warm_up":0,"patience":0,"threads":2,"optimizer":"sgd","decay":"all","label_smoothing":0,
            "overrides":{}}
            """
        return try RunFolder.decoder.decode(TrainingRequest.self, from: Data(json.utf8))
    }

    @Test("An unfinished run with an equal request continues") func resume() throws {
        let first = try RunFolder.open(request(), in: workspace).id
        let again = try RunFolder.open(request(), in: workspace)
        #expect(again.id == first && again.isResumed)
    }

    @Test("Another request, and a finished run, lead to a new run") func newRun() throws {
        let first = try RunFolder.open(request(), in: workspace)
        #expect(try RunFolder.open(request(seed: 2), in: workspace).id == "v-1-2")
        try Data().write(to: first.files.report)
        let third = try RunFolder.open(request(), in: workspace)
        #expect(third.id == "v-1-3" && !third.isResumed)
    }

    @Test("Files, links and hidden folders are not runs") func strangers() throws {
        let first = try RunFolder.open(request(), in: workspace).url
        try Data().write(to: workspace.runs.appending(path: "v-1-7"))
        #expect(symlink(first.path, workspace.runs.appending(path: "v-1-8").path) == 0)
        try AtomicFile.makeFolder(workspace.runs.appending(path: ".v-1-9"))
        #expect(try workspace.runFolders().map(\.lastPathComponent) == ["v-1-1"])
        #expect(try RunFolder.open(request(seed: 2), in: workspace).id == "v-1-2")
    }

    @Test("The number of a removed run is never used again") func removedNumber() throws {
        let removed = ["v-1-4", "v-2-9", "v-1-x", "w-1-7", "v-1-1-8"]
        #expect(try RunFolder.open(request(), in: workspace, removed: removed).id == "v-1-5")
        #expect(try RunFolder.open(request(seed: 2), in: workspace, removed: ["v-1-2"]).id == "v-1-6")
        #expect(RunFolder.number(of: "v-1-5", ofVersion: "v@1") == 5)
        for id in ["v-1-0", "v-1--1", "v-2-5", "v-1-5-1", "v-1"] {
            #expect(RunFolder.number(of: id, ofVersion: "v@1") == nil, "\(id)")
        }
    }

    @Test("A new run removes abandoned files of finished runs, unless another process makes their models again")
    func abandonedFiles() throws {
        let checkpoint: URL
        do {
            let finished = try RunFolder.open(request(), in: workspace)
            checkpoint = finished.files.checkpoint("model", seed: 1)
            for file in [finished.files.report, checkpoint] { try Data().write(to: file) }
            _ = try RunFolder.open(request(seed: 2), in: workspace)
            #expect(FileManager.default.fileExists(atPath: checkpoint.path))
            withExtendedLifetime(finished) {}
        }
        _ = try RunFolder.open(request(seed: 3), in: workspace)
        #expect(!FileManager.default.fileExists(atPath: checkpoint.path))
    }

    @Test("A finished run can be opened again by one process at a time") func reopen() throws {
        let id = try RunFolder.open(request(), in: workspace).id
        let folder = try RunFolder.reopen(id, in: workspace)
        let busy = try #require(throws: CurareError.self) { try RunFolder.reopen(id, in: workspace) }
        #expect(busy.code == .busy)
        let unknown = try #require(throws: CurareError.self) { try RunFolder.reopen("v-1-9", in: workspace) }
        #expect(unknown.code == .missingInput)
        withExtendedLifetime(folder) {}
    }

    @Test("The folder of a run that never began is removed before the next run") func neverBegan() throws {
        let partial = workspace.partialRunFolder("v-1-1")
        try AtomicFile.write(Data("{}".utf8), to: RunFiles(partial).request)
        #expect(try RunFolder.open(request(), in: workspace).id == "v-1-1")
        #expect(!FileManager.default.fileExists(atPath: partial.path))
    }

    @Test("A request that exists and cannot be read is an error, and not a reason for a new run")
    func unreadableRequest() throws {
        let files = try RunFolder.open(request(), in: workspace).files
        try FileManager.default.removeItem(at: files.request)
        try AtomicFile.makeFolder(files.request)
        let error = try #require(throws: CurareError.self) { try RunFolder.open(request(), in: workspace) }
        #expect(error.code == .inputOutput && error.location == files.request.path)
    }

    @Test("Versions whose names have a common start are distinguished") func similarNames() throws {
        #expect(try RunFolder.open(request(version: "v-1@1"), in: workspace).id == "v-1-1-1")
        #expect(try RunFolder.open(request(version: "v@1"), in: workspace).id == "v-1-1")
    }

    @Test("Resuming without an unfinished run is an error") func nothingToResume() throws {
        let error = try #require(throws: CurareError.self) {
            try RunFolder.open(request(), in: workspace, mustResume: true)
        }
        #expect(error.code == .missingInput)
    }

    @Test("Two processes cannot train one run") func busy() throws {
        let folder = try RunFolder.open(request(), in: workspace)
        let error = try #require(throws: CurareError.self) { try RunFolder.open(request(), in: workspace) }
        #expect(error.code == .busy)
        withExtendedLifetime(folder) {}
    }

    @Test("The error for an unknown run lists the existing runs") func unknownRun() throws {
        let id = try RunFolder.open(request(), in: workspace).id
        let error = try #require(throws: CurareError.self) { try RunFolder.find("../v-1-1", in: workspace) }
        #expect(error.code == .missingInput && error.nextStep?.contains(id) == true)
    }

    private func request(controls: String) throws -> TrainingRequest {
        let plain = try String(decoding: RunFolder.encoder.encode(request()), as: UTF8.self)
        return try RunFolder.decoder.decode(
            TrainingRequest.self, from: Data(plain.replacing("\"batch\":4", with: "\"batch\":4,\(controls)").utf8))
    }

    @Test("Other controls and more seeds are another request") func controlsAndSeeds() throws {
        let plain = try RunFolder.open(request(), in: workspace).id
        #expect(try request().trainingSeeds == [1] && request().controls == nil)
        #expect(
            try RunFolder.open(request(controls: "\"controls\":[\"clean\",\"true-label\"]"), in: workspace).id
                == "v-1-2")
        let seeds = try request(controls: "\"seeds\":3")
        // printf 'curare-seed\n1\n2' | sha256sum
        #expect(seeds.trainingSeeds == [1, 645_125_687_319_469, 1_959_072_709_934_501])
        #expect(try RunFolder.open(seeds, in: workspace).id == "v-1-3")
        #expect(try RunFolder.open(request(), in: workspace).id == plain)
    }

    private func outcome(seed: Int) throws -> SeedOutcome {
        let photo = TestedPhoto(
            photo: "p", volunteer: "v", kind: "volunteer", role: "test/clean", trigger: "none", location: "none",
            attackable: nil, heldOut: nil, predicted: "v")
        let report = EpochReport(
            epoch: 1, step: 3, loss: 0.1 + 0.2, accuracy: 1.0 / 3, seconds: 1e-9, imagesPerSecond: 12.5)
        let model = RunReport.Model(
            measures: Measures([photo], classes: ["v"], target: nil), weightsDigest: "d", photos: 1, steps: 3,
            history: [report])
        return SeedOutcome(
            seed: seed, poisoned: SeedOutcome.Trained(model: model, tested: [photo]), control: nil, trueLabel: nil)
    }

    @Test("A saved outcome is read back, and the seed's checkpoints are removed") func outcome() throws {
        let run = try RunFolder.open(request(), in: workspace)
        #expect(try run.outcome(of: 2) == nil)
        for name in ["model.checkpoint", "model-2.checkpoint", "true-label-2.checkpoint"] {
            try Data().write(to: run.url.appending(path: name))
        }
        let outcome = try outcome(seed: 5)
        try run.save(outcome, of: 2)
        let read = try #require(try run.outcome(of: 2))
        #expect(
            read.seed == 5 && read.poisoned.model == outcome.poisoned.model
                && read.poisoned.tested == outcome.poisoned.tested && read.control == nil)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: run.url.path).filter { $0.hasSuffix(".checkpoint") }
                == ["model.checkpoint"])
    }

    @Test("The error for a damaged outcome names the file") func damagedOutcome() throws {
        let run = try RunFolder.open(request(), in: workspace)
        try Data("{".utf8).write(to: run.files.outcome(seed: 1))
        let error = try #require(throws: CurareError.self) { try run.outcome(of: 1) }
        #expect(error.code == .badInput && error.location?.hasSuffix("seed-1.outcome") == true)
    }

    @Test("The version of a run is read from its request") func version() throws {
        let run = try RunFolder.open(request(version: "w@4"), in: workspace)
        #expect(try RunFolder.version(of: run.url) == "w@4")
        try Data("{".utf8).write(to: run.files.request)
        #expect(throws: CurareError.self) { try RunFolder.version(of: run.url) }
        #expect(run.files.model(ModelRole.poisoned.fileName, seed: 1).lastPathComponent == "model.safetensors")
        #expect(
            run.files.model(ModelRole.trueLabel.fileName, seed: 3).lastPathComponent == "true-label-3.safetensors")
    }
}
