import Core
import Foundation
import Storage
import Testing
import WorkflowTestSupport

@testable import Workflows

@Suite struct CheckTests {
    /// A study with a version, a finished run and an unfinished run. Tests must not change it.
    private static let study = Result {
        let scratch = try Scratch()
        let study = try SmallStudy.shared.copy(in: scratch)
        try PlantedRuns.write(to: Workspace(root: study.folder))
        return (scratch: scratch, study: study)
    }

    private static func copy(in scratch: Scratch) throws -> WorkspaceFixture {
        let folder = scratch.url("study")
        try FileManager.default.copyItem(at: study.get().study.folder, to: folder)
        return WorkspaceFixture(folder)
    }

    private func check(_ study: WorkspaceFixture, repairs: Bool = false, isDeep: Bool = true) throws
        -> CheckWorkspace.Result
    {
        try study.run(CheckWorkspace.self, CheckWorkspace.Request(repairs: repairs, isDeep: isDeep))
    }

    /// The originals, models and versions, and the whole catalog's withdrawals: what no repair may change.
    private func keptFiles(_ study: WorkspaceFixture) throws -> [String: Data] {
        try bytes(below: study.folder).filter { path, _ in
            path.hasPrefix("photos/") && !path.hasSuffix(".partial")
                || path.hasPrefix("versions/small/1/") || path.hasSuffix(".safetensors") && !path.contains(".features")
        }
    }

    @Test(arguments: [false, true]) func soundWorkspaceHasNoFault(isDeep: Bool) throws {
        let scratch = try Scratch()
        let study = try Self.copy(in: scratch)
        let before = try bytes(below: study.folder)
        let result = try check(study, isDeep: isDeep)
        #expect(result.problems.map { "\($0.kind) \($0.path): \($0.detail)" } == [])
        #expect(result.ok && !result.isNegative && result.repaired == 0 && result.notChecked == [])
        let after = try bytes(below: study.folder)
        #expect(Set(before.keys).symmetricDifference(after.keys).filter { !$0.hasSuffix(".lock") } == [])
        #expect(before.filter { after[$0.key] != $0.value }.keys.filter { !$0.hasPrefix("curare.sqlite") } == [])
    }

    @Test func manyFaultsArePlanted() {
        #expect(PlantedFault.all.count >= 33)
        #expect(Set(PlantedFault.all.map(\.name)).count == PlantedFault.all.count)
    }

    @Test(arguments: PlantedFault.all) func plantedFaultIsFoundAndRepaired(_ fault: PlantedFault) throws {
        let scratch = try Scratch()
        let study = try Self.copy(in: scratch)
        try fault.plant(Workspace(root: study.folder))
        let kept = try keptFiles(study)
        let found = try check(study)
        #expect(!found.ok && found.isNegative)
        #expect(Set(found.problems.map(\.kind)) == [fault.kind], "\(found.problems)")
        let repaired = try check(study, repairs: true)
        #expect(repaired.ok == fault.isRepaired, "\(repaired.problems)")
        #expect((repaired.repaired > 0) == fault.isRepaired)
        #expect(found.problems.contains(where: \.repairable) == fault.isRepaired)
        #expect(try keptFiles(study) == kept)
        #expect(try check(study).problems.map(\.kind) == repaired.problems.map(\.kind))
    }

    @Test func lostOriginalsAreListedByDigest() throws {
        let scratch = try Scratch()
        let study = try Self.copy(in: scratch)
        let original = try PlantedFault.first(below: study.url("photos"), ".png")
        try FileManager.default.removeItem(at: original)
        let result = try check(study, repairs: true)
        #expect(result.originalsToRestore.map(\.photo) == [original.deletingPathExtension().lastPathComponent])
        #expect(result.problems.map(\.repairable) == [false])
    }

    /// The image of a lost original cannot be made again.
    @Test func imageOfALostOriginalIsNotRepairable() throws {
        let scratch = try Scratch()
        let study = try Self.copy(in: scratch)
        let original = try PlantedFault.first(below: study.url("photos"), ".png")
        try FileManager.default.removeItem(at: original)
        try FileManager.default.removeItem(
            at: PlantedFault.first(below: study.url("images"), original.lastPathComponent))
        let result = try check(study, repairs: true)
        #expect(result.problems.map(\.kind) == ["missing-image", "missing-original"])
        #expect(result.problems.map(\.repairable) == [false, false])
        #expect(result.repaired == 0)
    }

    @Test func otherProcessMakesNoLeftovers() throws {
        let scratch = try Scratch()
        let study = try Self.copy(in: scratch)
        try AtomicFile.write(Data("x".utf8), to: study.url("photos/ab/.x.partial"))
        let digest = String(repeating: "ab", count: 32)
        try AtomicFile.write(Data("x".utf8), to: study.url("photos/ab/\(digest).jpg"))
        do {
            let lock = try FolderLock(Workspace(root: study.folder))
            let result = try check(study)
            #expect(result.ok)
            #expect(result.notChecked.map { $0.hasPrefix("leftovers and files without records") } == [true])
            // A repair waits for the other process.
            let error = #expect(throws: CurareError.self) { try check(study, repairs: true) }
            #expect(error?.code == .busy)
            withExtendedLifetime(lock) {}
        }
        #expect(try check(study).problems.map(\.kind) == ["leftover", "unknown-original"])
    }

    // MARK: Withdrawals

    private func kinds(_ study: WorkspaceFixture) throws -> [String] { try check(study).problems.map(\.kind) }

    /// A person removes the damaged version with the option of `withdraw`, or by hand.
    @Test(arguments: [false, true]) func finishedWithdrawalExplainsMissingFiles(isRemovedByHand: Bool) throws {
        let scratch = try Scratch()
        let study = try Self.copy(in: scratch)
        let version = study.url("versions/small/1")
        try FileManager.default.removeItem(at: VersionFiles(version).manifest)
        if isRemovedByHand {
            #expect(try study.withdraw("ada").undecided.map(\.path) == ["versions/small/1"])
            #expect(try kinds(study) == ["pending-withdrawal", "damaged-version"])
            try FileManager.default.removeItem(at: version)
            #expect(try kinds(study) == ["pending-withdrawal", "missing-version"])
            #expect(try study.withdraw("ada").complete)
        } else {
            #expect(try study.withdraw("ada", removesUndecided: true).complete)
        }
        let model = study.url("runs/\(PlantedRuns.finished)/model.safetensors")
        #expect(!FileManager.default.fileExists(atPath: version.path))
        #expect(!FileManager.default.fileExists(atPath: model.path))
        #expect(try kinds(study) == [])
        // The withdrawal explains neither other versions nor other runs.
        let other = study.url("runs/small-1-9")
        try FileManager.default.copyItem(at: model.deletingLastPathComponent(), to: other)
        try PlantedFault.edit(RunFiles(other).report) {
            $0 = Data(String(decoding: $0, as: UTF8.self).replacing("small-1-1", with: "small-1-9").utf8)
        }
        #expect(try Set(kinds(study)) == ["missing-model"])
        try PlantedFault.edit(RunFiles(other).request) {
            $0 = Data(String(decoding: $0, as: UTF8.self).replacing("small@1", with: "small@2").utf8)
        }
        #expect(try Set(kinds(study)) == ["missing-model", "missing-version"])
    }

    @Test func restoredVersionIsMissedAfterTheWithdrawal() throws {
        let scratch = try Scratch()
        let study = try Self.copy(in: scratch)
        let manifest = VersionFiles(study.url("versions/small/1")).manifest
        let bytes = try Data(contentsOf: manifest)
        try FileManager.default.removeItem(at: manifest)
        #expect(try !study.withdraw("ada").complete)
        try AtomicFile.write(bytes, to: manifest, mode: 0o400)
        #expect(try study.withdraw("ada").complete)
        #expect(try kinds(study) == [])
        try FileManager.default.removeItem(at: study.url("versions/small/1"))
        #expect(try kinds(study) == ["missing-version"])
    }

    /// A version that is missing at a withdrawal can contain the person, so that nobody should restore the version.
    @Test func withdrawalExplainsVersionsThatWereMissingBefore() throws {
        let scratch = try Scratch()
        let study = try Self.copy(in: scratch)
        try FileManager.default.removeItem(at: study.url("versions/small/1"))
        #expect(try kinds(study) == ["missing-version"])
        #expect(try study.withdraw("ada").complete)
        #expect(try kinds(study) == [])
    }

    @Test func missingCatalogIsAnError() throws {
        let scratch = try Scratch()
        let study = try Self.copy(in: scratch)
        try FileManager.default.removeItem(at: study.url("curare.sqlite"))
        let error = #expect(throws: CurareError.self) { try check(study) }
        #expect(error?.code == .missingInput)
    }

    // MARK: Backups

    @Test(arguments: [true, false]) func backupIsAWorkspaceWithTheSameContent(mayLink: Bool) throws {
        let scratch = try Scratch()
        let study = try Self.copy(in: scratch)
        try scratch.write("mine", to: "study/notes.txt")
        let folder = scratch.url("backup")
        let written = try study.run(
            BackUpWorkspace.self, BackUpWorkspace.Request(folder: folder, mayLink: mayLink))
        #expect(written.ok && written.skipped == ["notes.txt"])
        let own = try bytes(below: study.folder).filter { !$0.key.hasPrefix("curare.sqlite") }
        let copied = try bytes(below: folder).filter { !$0.key.hasPrefix("curare.sqlite") }
        #expect(copied == own.filter { $0.key != "notes.txt" && !$0.key.hasSuffix(".lock") })
        #expect(written.files == copied.count + 1)
        #expect(written.linked == (mayLink ? copied.count : 0))
        let backup = WorkspaceFixture(folder)
        #expect(try backup.status().photos == SmallStudy.count)
        let verified = try study.run(BackUpWorkspace.self, BackUpWorkspace.Request(folder: folder, verifies: true))
        #expect(verified.problems.map(\.kind) == [] && verified.ok)
        try PlantedFault.flip(PlantedFault.first(below: backup.url("photos"), ".png"))
        let damaged = try study.run(BackUpWorkspace.self, BackUpWorkspace.Request(folder: folder, verifies: true))
        #expect(damaged.problems.map(\.kind) == ["changed-original"] && damaged.isNegative)
    }

    @Test func backupNeedsANewFolderOutsideTheWorkspace() throws {
        let scratch = try Scratch()
        let study = try Self.copy(in: scratch)
        try FileManager.default.createDirectory(at: scratch.url("there"), withIntermediateDirectories: false)
        for path in ["there", "study/backup", "study"] {
            let error = #expect(throws: CurareError.self, "\(path)") {
                try study.run(BackUpWorkspace.self, BackUpWorkspace.Request(folder: scratch.url(path)))
            }
            #expect(error?.code == .badInput)
        }
        #expect(try check(study).ok)
    }
}
