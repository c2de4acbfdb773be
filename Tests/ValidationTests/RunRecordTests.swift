import Core
import Foundation
import Storage
import Testing

@testable import Validation

/// Runs on disk, whatever state they are in.
@Suite final class RunRecordTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "curare-records-\(UUID().uuidString)")
    private var workspace: Workspace { Workspace(root: root) }

    init() throws {
        try workspace.makeFolders()
    }

    deinit {
        do { try FileManager.default.removeItem(at: root) } catch { Issue.record(error) }
    }

    private static let request = """
        {"version":"v@1","digest":"d","model":"resnet18","seed":4,"epochs":1,"batch":4,"size":32,"augment":"none",
        "schedule":"cosine","learning_rate":0.1,"momentum":0.9,"weight_decay":0,"weights":"none","freeze":"none",
        "views":8,"warm_up":0,"patience":0,"threads":2,"optimizer":"sgd","decay":"all","label_smoothing":0,
        "overrides":{}}
        """

    private func record(request: String? = request, report: String? = nil) throws -> RunRecord {
        let files = RunFiles(workspace.runFolder("v-1-1"))
        try FileManager.default.createDirectory(at: files.folder, withIntermediateDirectories: true)
        if let request { try AtomicFile.write(Data(request.utf8), to: files.request) }
        if let report { try AtomicFile.write(Data(report.utf8), to: files.report) }
        return RunRecord(files.folder)
    }

    @Test func runWithoutReportIsUnfinished() throws {
        let run = try record()
        guard case .unfinished = run.state else { throw CurareError(.bug, "not unfinished") }
        #expect(run.version == "v@1" && run.report == nil && run.sizes["request.json"] == Self.request.utf8.count)
        #expect(run.request?.settings["train.learning_rate"] == "0.1" && run.request?.settings["seeds"] == "1")
    }

    @Test(
        "A damaged run has its reason, and its version where a file still states it",
        arguments: [
            (nil, nil, "request.json is missing", nil), ("", nil, "request.json cannot be decoded", nil),
            (request, "{", "report.json cannot be decoded", "v@1"),
            (nil, #"{"version":"v@2","version_digest":"d"}"#, "report.json cannot be decoded", "v@2"),
        ] as [(String?, String?, String, String?)])
    func damaged(_ request: String?, _ report: String?, _ reason: String, _ version: String?) throws {
        let run = try record(request: request, report: report)
        guard case .damaged(let found) = run.state else { throw CurareError(.bug, "not damaged") }
        #expect(found == reason && run.version == version && run.request == nil)
    }

    @Test func folderInPlaceOfTheReportIsDamage() throws {
        let files = RunFiles(workspace.runFolder("v-1-1"))
        try FileManager.default.createDirectory(at: files.report, withIntermediateDirectories: true)
        guard case .damaged = RunRecord(files.folder).state else { throw CurareError(.bug, "not damaged") }
    }

    @Test func runsAreSortedByVersionAndNumber() throws {
        for id in ["b-1-1", "a-2-1", "a-10-1", "a-2-10", "a-2-9", "odd", "a-b-1-1"] {
            try FileManager.default.createDirectory(at: workspace.runFolder(id), withIntermediateDirectories: true)
        }
        let expected = ["a-2-1", "a-2-9", "a-2-10", "a-10-1", "a-b-1-1", "b-1-1", "odd"]
        #expect(try RunRecord.all(in: workspace).map(\.id) == expected)
        #expect(try RunRecord.folders(in: workspace).map(\.lastPathComponent) == expected)
    }
}
