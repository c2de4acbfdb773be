import Core
import Foundation
import Storage
import Testing
import WorkflowTestSupport

@testable import Workflows

/// Commands that only read, in a workspace that is locked or that nothing can be written in.
@Suite struct ReadOnlyTests {
    private func read(_ study: WorkspaceFixture, _ scratch: Scratch) throws -> [WorkflowEvent] {
        var events: [WorkflowEvent] = []
        func report(_ event: WorkflowEvent) { events.append(event) }
        #expect(try study.run(WorkspaceStatus.self, WorkspaceStatus.Request(), report: report).photos > 0)
        _ = try study.run(AuditDataset.self, AuditDataset.Request(version: "small"), report: report)
        _ = try study.run(ShowItem.self, ShowItem.Request(name: "garden/ada-0.png"), report: report)
        _ = try study.run(ManageTriggers.self, .list, report: report)
        let verified = try study.run(VerifyVersion.self, VerifyVersion.Request(version: "small"), report: report)
        #expect(verified.ok)
        let plan = ValidateVersion.Request(version: "small", plansOnly: true)
        guard case .plan = try study.run(ValidateVersion.self, plan, report: report) else {
            throw FixtureError("not a plan")
        }
        // An image that is missing is drawn, and not stored.
        let image = try PlantedFault.first(below: study.url("images"), ".png")
        try FileManager.default.removeItem(at: image)
        let sheet = MakeContactSheets.Request(file: scratch.url("sheet.png"))
        #expect(try study.run(MakeContactSheets.self, sheet, report: report).photos == SmallStudy.count)
        #expect(!FileManager.default.fileExists(atPath: image.path))
        let faults = try study.run(CheckWorkspace.self, CheckWorkspace.Request(isDeep: true), report: report).problems
        #expect(Set(faults.map(\.kind)).subtracting(["unknown-file"]) == ["missing-image"])
        return events
    }

    private static func isReadOnly(_ event: WorkflowEvent) -> Bool {
        if case .workspaceIsReadOnly = event { true } else { false }
    }

    @Test func readingNeedsNoLock() throws {
        let scratch = try Scratch()
        let study = try SmallStudy.shared.copy(in: scratch)
        let lock = try FolderLock(Workspace(root: study.folder))
        #expect(try !read(study, scratch).contains(where: Self.isReadOnly))
        let error = #expect(throws: CurareError.self) {
            try study.run(ManageTriggers.self, .add("hat", confirm: { _ in }))
        }
        #expect(error?.code == .busy)
        #expect(error?.message.contains("process \(getpid())") == true)
        withExtendedLifetime(lock) {}
    }

    /// Folders in the places of the files that a writing process must create have the effect of a read-only disk, also
    /// for a process of root.
    @Test func readingWritesNothing() throws {
        let scratch = try Scratch()
        let study = try SmallStudy.shared.copy(in: scratch)
        for name in [".lock", "curare.sqlite-wal"] {
            try? FileManager.default.removeItem(at: study.url(name))
            try FileManager.default.createDirectory(at: study.url(name), withIntermediateDirectories: false)
        }
        #expect(try read(study, scratch).count(where: Self.isReadOnly) == 7)
        let error = #expect(throws: CurareError.self) {
            try study.run(ManageTriggers.self, .add("hat", confirm: { _ in }))
        }
        #expect(error?.code == .inputOutput)
        let backup = BackUpWorkspace.Request(folder: scratch.url("backup"))
        #expect(try study.run(BackUpWorkspace.self, backup).ok)
        #expect(try WorkspaceFixture(scratch.url("backup")).status().photos == SmallStudy.count)
    }
}
