import Catalog
import Foundation
import Testing
@testable import Validation

@Suite final class RunFolderTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "curare-runs-\(UUID().uuidString)")
    private var workspace: Workspace { Workspace(root: root) }

    init() throws {
        try Workspace(root: root).makeFolders()
    }

    deinit {
        try? FileManager.default.removeItem(at: root)
    }

    private func request(seed: Int = 1, version: String = "v@1") throws -> TrainingRequest {
        let json = """
            {"version":"\(version)","digest":"d","model":"resnet18","seed":\(seed),"epochs":1,"batch":4,"size":32,"augment":"none","schedule":"cosine","learning_rate":0.1,
            "momentum":0.9,"weight_decay":0,"weights":"none","freeze":"none","views":8,"warm_up":0,"patience":0,"optimizer":"sgd","decay":"all","label_smoothing":0,"overrides":{}}
            """
        return try RunFolder.decoder.decode(TrainingRequest.self, from: Data(json.utf8))
    }

    @Test func anUnfinishedRunOfTheSameRequestGoesOn() throws {
        let first = try RunFolder.open(request(), in: workspace).id
        let again = try RunFolder.open(request(), in: workspace)
        #expect(again.id == first && again.isResumed)
    }

    @Test func anotherRequestAndAFinishedRunBeginANewOne() throws {
        let first = try RunFolder.open(request(), in: workspace)
        #expect(try RunFolder.open(request(seed: 2), in: workspace).id == "v-1-2")
        try Data().write(to: first.file("report.json"))
        let third = try RunFolder.open(request(), in: workspace)
        #expect(third.id == "v-1-3" && !third.isResumed)
    }

    @Test func versionsWhoseNamesBeginAlikeAreToldApart() throws {
        #expect(try RunFolder.open(request(version: "v-1@1"), in: workspace).id == "v-1-1-1")
        #expect(try RunFolder.open(request(version: "v@1"), in: workspace).id == "v-1-1")
    }

    @Test func resumingNothingIsRefused() throws {
        let refusal = try #require(throws: Refusal.self) { try RunFolder.open(request(), in: workspace, mustResume: true) }
        #expect(refusal.code == .missingInput)
    }

    @Test func twoProcessesCannotTrainOneRun() throws {
        let held = try RunFolder.open(request(), in: workspace)
        let refusal = try #require(throws: Refusal.self) { try RunFolder.open(request(), in: workspace) }
        #expect(refusal.code == .busy)
        withExtendedLifetime(held) {}
    }

    @Test func aRunThatIsNotThereIsNamedWithThoseThatAre() throws {
        let id = try RunFolder.open(request(), in: workspace).id
        let refusal = try #require(throws: Refusal.self) { try RunFolder.find("../v-1-1", in: workspace) }
        #expect(refusal.code == .missingInput && refusal.next?.contains(id) == true)
    }
}
