import Catalog
import Core
import Foundation
import Storage
import Validation
import Versions

/// Takes a person, or a session, out of a workspace: first the records with one transaction, which is the intention; then files; then what freed pages hold.
/// Every step may be done again, so that whoever opens the workspace after a kill finishes it. For the holder of the workspace's lock alone.
public struct Withdrawing {
    /// How far a withdrawal has come; tests cut it off at each.
    enum Step: CaseIterable {
        case recorded, originals, images, quarantine, runs, versions, flushed, wiped
    }

    private let workspace: Workspace
    private let catalog: Catalog

    public init(_ workspace: Workspace, _ catalog: Catalog) {
        (self.workspace, self.catalog) = (workspace, catalog)
    }

    /// What withdrawing would do; nothing is changed.
    ///
    /// - Throws: ``CurareError`` (66) where nobody of that name, or no such session, is or was in the study.
    public func plan(_ subject: WithdrawalSubject, keepsModels: Bool = false, redacts: Bool = false) throws
        -> WithdrawalPlan
    {
        try WithdrawalPlan(subject, keepsModels: keepsModels, redacts: redacts, workspace, catalog)
    }

    /// Does what the plan says.
    ///
    /// - Parameter made: UTC, ISO 8601.
    /// - Returns: what could not be redacted because it is damaged, and must be looked at by a person.
    /// - Throws: ``CurareError`` (75) where a training is going on, or another process reads the catalog and does not end; (74) where a file cannot be removed. Once the
    ///   intention is written, the next call of ``finishPending()`` goes on.
    @discardableResult
    public func carryOut(_ plan: WithdrawalPlan, made: String) throws -> [CurareError] {
        try carryOut(plan, made: made) { _ in }
    }

    @discardableResult
    func carryOut(_ plan: WithdrawalPlan, made: String, reached: (Step) throws -> Void) throws -> [CurareError] {
        let locks = try lockRuns()
        let withdrawal = try catalog.begin(plan.order, made: made)
        try reached(.recorded)
        let problems = try finish(withdrawal, reached)
        withExtendedLifetime(locks) {}
        return problems
    }

    /// Whether one was cut off.
    public var isPending: Bool {
        get throws { try !catalog.withdrawals(pendingOnly: true).isEmpty }
    }

    /// Finishes what was cut off.
    ///
    /// - Returns: those that were finished, with what could not be redacted.
    public func finishPending() throws -> [(withdrawal: Withdrawal, problems: [CurareError])] {
        let pending = try catalog.withdrawals(pendingOnly: true)
        guard !pending.isEmpty else { return [] }
        let locks = try lockRuns()
        let finished = try pending.map { ($0, try finish($0) { _ in }) }
        withExtendedLifetime(locks) {}
        return finished
    }

    /// A training has images, and features of images, in memory, and would write them down again.
    private func lockRuns() throws -> [FolderLock] {
        try workspace.runFolders().map { folder in
            do { return try PastRun(folder).lock() } catch let refusal as CurareError where refusal.code == .busy {
                throw CurareError(
                    .busy, "a training is going on, and holds photos in memory", at: folder.path,
                    next:
                        "stop it: it goes on from its last epoch when its command is run again; then run this one again"
                )
            }
        }
    }

    private func finish(_ withdrawal: Withdrawal, _ reached: (Step) throws -> Void) throws -> [CurareError] {
        let photos = try catalog.withdrawnPhotos(by: withdrawal)
        let files = PhotoFiles(workspace, photos)
        for file in files.originals { try PhotoFiles.remove(file) }
        try reached(.originals)
        for file in files.images + files.drawn { try PhotoFiles.remove(file) }
        try removePartial(below: [workspace.photos, workspace.images, workspace.quarantine, workspace.runs])
        try reached(.images)
        for path in try catalog.paths(of: withdrawal) { try PhotoFiles.remove(workspace.root.appending(path: path)) }
        try reached(.quarantine)
        var problems = try clearRuns(withdrawal, photos)
        try reached(.runs)
        problems += try clearVersions(withdrawal, photos)
        try reached(.versions)
        // No power cut may bring back what the catalog says is gone.
        try AtomicFile.flushAll(below: workspace.root)
        try reached(.flushed)
        try catalog.wipe()
        try reached(.wiped)
        try catalog.end(withdrawal)
        return problems
    }

    private func clearRuns(_ withdrawal: Withdrawal, _ photos: Set<PhotoID>) throws -> [CurareError] {
        // What a frozen trunk saw of each photo: it is computed again when it is needed.
        let features = workspace.runs.appending(path: ".features")
        for name in (try? FileManager.default.contentsOfDirectory(atPath: features.path)) ?? [] {
            try PhotoFiles.remove(features.appending(path: name))
        }
        var problems: [CurareError] = []
        for run in workspace.runFolders().map(PastRun.init)
        where run.version.map(withdrawal.versions.contains) == true || run.tested(photos) {
            try run.removePictures()
            if !withdrawal.keepsModels || !run.isFinished { try run.removeModels() }
            guard withdrawal.redacts else { continue }
            try collecting(&problems) { try run.redact(photos, withdrawal.subject.volunteer) }
        }
        return problems
    }

    private func clearVersions(_ withdrawal: Withdrawal, _ photos: Set<PhotoID>) throws -> [CurareError] {
        var problems: [CurareError] = []
        for reference in withdrawal.versions.compactMap(VersionReference.init) where withdrawal.redacts {
            try collecting(&problems) {
                try VersionStore(workspace).redact(reference, photos: photos, withdrawal.subject)
            }
        }
        try removePartial(below: [workspace.versions])
        return problems
    }

    /// A damaged version or run must not keep everything else waiting.
    private func collecting(_ problems: inout [CurareError], _ body: () throws -> Void) throws {
        do { try body() } catch let refusal as CurareError where [.badInput, .missingInput].contains(refusal.code) {
            problems.append(refusal)
        }
    }

    /// What killed processes left half-written, files and folders.
    private func removePartial(below folders: [URL]) throws {
        for folder in folders {
            guard let paths = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else {
                continue
            }
            for case let file as URL in paths where AtomicFile.isPartial(file.lastPathComponent) {
                do { try FileManager.default.removeItem(at: file) } catch
                    where FileManager.default.fileExists(atPath: file.path)
                {
                    throw CurareError(
                        .inputOutput, "what was left half-written could not be removed: \(error.localizedDescription)",
                        at: file.path, next: "see that you may write there, then run any command again: it goes on")
                }
            }
        }
    }
}
