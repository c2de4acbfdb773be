import Catalog
import Core
import Foundation
import Intake
import Storage
import Validation
import Versions

/// Removes a person or a session from a workspace.
///
/// A withdrawal first changes the catalog in one transaction, which also records the withdrawal as pending. The
/// withdrawal then removes files, and finally overwrites the freed pages of the catalog. Every step can be repeated:
/// after a kill, the next command that opens the workspace finishes the withdrawal. The caller must hold the
/// workspace's lock.
public struct WithdrawalExecutor {
    /// The steps of a withdrawal, in order. Tests interrupt a withdrawal after each.
    enum Step: CaseIterable {
        case recorded, originals, images, quarantine, runs, versions, flushed, wiped
    }

    private let workspace: Workspace
    private let catalog: Catalog

    public init(_ workspace: Workspace, _ catalog: Catalog) {
        self.workspace = workspace
        self.catalog = catalog
    }

    /// Plans a withdrawal. Changes nothing.
    ///
    /// - Parameters:
    ///   - keepsModels: whether models that trained on the photos are kept.
    ///   - redacts: whether versions and runs lose the pseudonym and the photo ids too.
    /// - Throws: ``CurareError`` (66) when the person or the session is not in the study and never was.
    public func plan(_ subject: WithdrawalSubject, keepsModels: Bool = false, redacts: Bool = false) throws
        -> WithdrawalPlan
    {
        try WithdrawalPlan(subject, keepsModels: keepsModels, redacts: redacts, workspace, catalog)
    }

    /// Carries out a plan.
    ///
    /// - Parameter made: the time to record, in UTC, ISO 8601.
    /// - Returns: an error for each version or run that could not be redacted because it is damaged. A person must
    ///   review these versions and runs.
    /// - Throws: ``CurareError`` (75) when a training is in progress, or another process keeps the catalog open; (74)
    ///   when a file cannot be removed. The withdrawal is then pending, and ``finishPending()`` continues it.
    @discardableResult
    public func carryOut(_ plan: WithdrawalPlan, made: String) throws -> [CurareError] {
        try carryOut(plan, made: made) { _ in }
    }

    /// - Parameter completed: called after each step.
    @discardableResult
    func carryOut(_ plan: WithdrawalPlan, made: String, completed: (Step) throws -> Void) throws -> [CurareError] {
        let locks = try lockRuns()
        let withdrawal = try catalog.begin(plan.order, made: made)
        try completed(.recorded)
        let errors = try finish(withdrawal, completed)
        withExtendedLifetime(locks) {}
        return errors
    }

    /// Whether a withdrawal was interrupted.
    public var isPending: Bool {
        get throws { try !catalog.withdrawals(pendingOnly: true).isEmpty }
    }

    /// Finishes all interrupted withdrawals.
    ///
    /// - Returns: the withdrawals, each with the errors of what could not be redacted.
    public func finishPending() throws -> [(withdrawal: Withdrawal, problems: [CurareError])] {
        let pending = try catalog.withdrawals(pendingOnly: true)
        guard !pending.isEmpty else { return [] }
        let locks = try lockRuns()
        let finished = try pending.map { ($0, try finish($0) { _ in }) }
        withExtendedLifetime(locks) {}
        return finished
    }

    /// Locks all runs. A training has images and features in memory, and would write them into the workspace again.
    private func lockRuns() throws -> [FolderLock] {
        try workspace.runFolders().map { folder in
            do {
                return try RunArchive(folder).lock()
            } catch let error as CurareError where error.code == .busy {
                throw CurareError(
                    .busy, "a training is in progress and has photos in memory", at: folder.path,
                    next: "stop the training, then run this command again; the training can be resumed afterwards")
            }
        }
    }

    private func finish(_ withdrawal: Withdrawal, _ completed: (Step) throws -> Void) throws -> [CurareError] {
        let photos = try catalog.withdrawnPhotos(by: withdrawal)
        let files = PhotoFiles(workspace, photos)
        for file in try files.originals() { try PhotoFiles.remove(file) }
        try completed(.originals)
        for file in try files.images() + files.overlaidImages() { try PhotoFiles.remove(file) }
        try removePartialFiles(below: [workspace.photos, workspace.images, workspace.quarantine, workspace.runs])
        try completed(.images)
        for path in try catalog.paths(of: withdrawal) { try PhotoFiles.remove(workspace.root.appending(path: path)) }
        try completed(.quarantine)
        var errors = try clearRuns(withdrawal, photos)
        try completed(.runs)
        errors += try clearVersions(withdrawal, photos)
        try completed(.versions)
        // The catalog may record the end only when a power failure can no longer restore the files.
        try AtomicFile.flushAll(below: workspace.root)
        try completed(.flushed)
        try catalog.wipe()
        try completed(.wiped)
        try catalog.end(withdrawal)
        return errors
    }

    private func clearRuns(_ withdrawal: Withdrawal, _ photos: Set<PhotoID>) throws -> [CurareError] {
        // Cached features of the photos under frozen layers. Trainings compute them again.
        let features = workspace.features
        for name in try FolderListing.names(in: features) {
            try PhotoFiles.remove(features.appending(path: name))
        }
        var errors: [CurareError] = []
        for run in try workspace.runFolders().map(RunArchive.init)
        where try run.mayBelong(to: Set(withdrawal.versions)) || run.tested(photos) {
            try run.removePictures()
            if !withdrawal.keepsModels || !run.isFinished { try run.removeModels() }
            guard withdrawal.redacts else { continue }
            try collectingInputErrors(&errors) { try run.redact(photos, withdrawal.subject.volunteer) }
        }
        return errors
    }

    private func clearVersions(_ withdrawal: Withdrawal, _ photos: Set<PhotoID>) throws -> [CurareError] {
        var errors: [CurareError] = []
        for text in withdrawal.versions where withdrawal.redacts {
            try collectingInputErrors(&errors) {
                guard let reference = VersionReference(text) else {
                    throw CurareError(
                        .badInput, "the catalog records the invalid version name \"\(text)\" with this withdrawal",
                        next: "redact the version by hand, and report this as a bug")
                }
                try VersionStore(workspace).redact(reference, photos: photos, withdrawal.subject)
            }
        }
        try removePartialFiles(below: [workspace.versions])
        return errors
    }

    /// Calls `body` and collects the error of a damaged or missing version or run, so that one of them does not block
    /// the withdrawal.
    private func collectingInputErrors(_ errors: inout [CurareError], _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as CurareError where [.badInput, .missingInput].contains(error.code) {
            errors.append(error)
        }
    }

    /// Removes the partially written files and folders of killed processes.
    private func removePartialFiles(below folders: [URL]) throws {
        for folder in folders {
            for file in try FolderListing.paths(below: folder).map({ folder.appending(path: $0) })
            where AtomicFile.isPartial(file.lastPathComponent) {
                do {
                    try FileManager.default.removeItem(at: file)
                } catch  where FileManager.default.fileExists(atPath: file.path) {
                    throw CurareError(
                        .inputOutput, "could not remove a partially written file: \(error.localizedDescription)",
                        at: file.path,
                        next: "make the folder writable, then run any command: it continues the withdrawal")
                }
            }
        }
    }
}
