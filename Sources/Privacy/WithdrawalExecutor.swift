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
///
/// All versions, runs and exports count as affected, except those that are proved to be unrelated; see
/// ``VersionEvidence``. When files are left that may hold data of the person and that cannot be cleaned, the withdrawal
/// stays incomplete until a person has decided about them.
public struct WithdrawalExecutor {
    /// The steps of a withdrawal, in order. Tests interrupt a withdrawal after each step.
    enum Step: CaseIterable {
        case recorded, originals, images, quarantine, runs, versions, undecided, flushed, wiped
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
    ///   - redacts: whether the pseudonym, the photo ids and the image digests in versions and runs are replaced too.
    /// - Throws: ``CurareError`` (66) when the person or the session is not in the study and never was.
    public func plan(_ subject: WithdrawalSubject, keepsModels: Bool = false, redacts: Bool = false) throws
        -> WithdrawalPlan
    {
        try WithdrawalPlan(subject, keepsModels: keepsModels, redacts: redacts, workspace, catalog)
    }

    /// Carries out a plan.
    ///
    /// - Parameters:
    ///   - removesUndecided: whether the undecided files that the plan lists are removed too.
    ///   - made: the time to record, in UTC, ISO 8601.
    /// - Returns: the files that are left and that may hold data of the person. The withdrawal is complete when there
    ///   are none.
    /// - Throws: ``CurareError`` (75) when a training is in progress, or another process keeps the catalog open; (74)
    ///   when a file cannot be removed. The withdrawal is then pending, and ``finishPending()`` continues it.
    @discardableResult
    public func carryOut(_ plan: WithdrawalPlan, removesUndecided: Bool = false, made: String) throws
        -> [UndecidedFile]
    {
        try carryOut(plan, removesUndecided: removesUndecided, made: made) { _ in }
    }

    /// - Parameter completed: called after each step.
    @discardableResult
    func carryOut(
        _ plan: WithdrawalPlan, removesUndecided: Bool = false, made: String, completed: (Step) throws -> Void
    ) throws -> [UndecidedFile] {
        let locks = try lockRuns()
        let withdrawal = try catalog.begin(plan.order, made: made)
        try completed(.recorded)
        let left = try finish(withdrawal, removing: removesUndecided ? Set(plan.undecided.map(\.path)) : [], completed)
        withExtendedLifetime(locks) {}
        return left
    }

    /// Whether a withdrawal was interrupted.
    public var isPending: Bool {
        get throws { try !catalog.withdrawals(.pending).isEmpty }
    }

    /// The withdrawals that are incomplete because a person must decide about files.
    public var incomplete: [Withdrawal] {
        get throws { try catalog.withdrawals(.incomplete) }
    }

    /// Finishes all interrupted withdrawals.
    ///
    /// - Returns: the withdrawals, each with the files about which a person must decide.
    public func finishPending() throws -> [(withdrawal: Withdrawal, undecided: [UndecidedFile])] {
        let pending = try catalog.withdrawals(.pending)
        guard !pending.isEmpty else { return [] }
        let locks = try lockRuns()
        let finished = try pending.map { ($0, try finish($0, removing: []) { _ in }) }
        withExtendedLifetime(locks) {}
        return finished
    }

    /// Locks all runs. A training has images and features in memory, and would write them into the workspace again.
    private func lockRuns() throws -> [FolderLock] {
        try WithdrawalPlan.runs(in: workspace).compactMap { run -> FolderLock? in
            do {
                return try run.lock()
            } catch let error as CurareError where error.code == .busy {
                throw CurareError(
                    .busy, "a training is in progress and has photos in memory", at: run.files.folder.path,
                    next: "stop the training, then run this command again; the training can be resumed afterwards")
            }
        }
    }

    /// - Parameter confirmed: the undecided files that a person wants to remove.
    private func finish(
        _ withdrawal: Withdrawal, removing confirmed: Set<RelativePath>, _ completed: (Step) throws -> Void
    ) throws -> [UndecidedFile] {
        let photos = try catalog.withdrawnPhotos(by: withdrawal)
        let files = PhotoFiles(workspace, photos)
        for file in try files.originals() { try PhotoFiles.remove(file) }
        try completed(.originals)
        for file in try files.images() { try PhotoFiles.remove(file) }
        for folder in try files.overlaidImageFolders() { try FileRemoval.remove(folder) }
        try removePartialFiles(below: [workspace.photos, workspace.images, workspace.quarantine, workspace.runs])
        try completed(.images)
        for path in try catalog.paths(of: withdrawal) { try PhotoFiles.remove(workspace.root.appending(path: path)) }
        try completed(.quarantine)
        // Before the redaction, which changes the digests of versions.
        try VersionStore(workspace).recoverReplaced()
        let evidence = try VersionEvidence(
            withdrawal.subject, earlierNames: withdrawal.earlierNames, photos: photos,
            recorded: Set(withdrawal.versions), in: workspace)
        let runs = try clearRuns(withdrawal, photos, evidence)
        try completed(.runs)
        try clearVersions(withdrawal, photos, evidence)
        try completed(.versions)
        let left = try settle(runs.damaged, confirmed, photos, evidence, unrelatedRuns: runs.unrelated)
        try completed(.undecided)
        // The catalog may record the end only when a power failure can no longer restore the files.
        try AtomicFile.flushAll(below: workspace.root)
        try completed(.flushed)
        try catalog.wipe()
        try completed(.wiped)
        try catalog.end(withdrawal, isComplete: left.isEmpty)
        return left
    }

    /// Removes models and pictures from all runs, except those that are proved to be unrelated.
    ///
    /// - Returns: the files that cannot be redacted, and the names of the unrelated runs.
    private func clearRuns(_ withdrawal: Withdrawal, _ photos: Set<PhotoID>, _ evidence: VersionEvidence) throws -> (
        damaged: [UndecidedFile], unrelated: Set<String>
    ) {
        // Cached features of the photos under frozen layers. Trainings compute them again.
        try FileRemoval.remove(workspace.features)
        var unrelated: Set<String> = []
        var affected: [RunArchive] = []
        for run in try WithdrawalPlan.runs(in: workspace) {
            if evidence.isUnrelated(run) { unrelated.insert(run.id) } else { affected.append(run) }
        }
        // A person can have removed the folder of a damaged version before the withdrawal.
        let named = Set(try affected.compactMap(\.version) + catalog.exports().map(\.version))
            .compactMap(VersionReference.init).filter { $0.number != nil }
        let missing = Set(named.map(\.description)).subtracting(evidence.existing)
        try catalog.record(
            clearedRuns: affected.filter { try $0.isFinished }.map(\.id),
            undecidedVersions: (evidence.unreadable + evidence.changed).map(\.description) + missing.sorted(),
            intactVersions: evidence.intact, by: withdrawal)
        var damaged: [UndecidedFile] = []
        for run in affected {
            try run.removePictures()
            if try withdrawal.keepsModels && run.isFinished {
                try run.removeOtherFiles()
            } else {
                try run.removeModels()
            }
            guard withdrawal.redacts else { continue }
            try run.redact(photos, withdrawal.subject.names(withEarlier: withdrawal.earlierNames))
            damaged += try WithdrawalPlan.damagedFiles(of: [run], in: workspace)
        }
        return (damaged, unrelated)
    }

    /// Redacts the affected versions, if this was requested. Damaged versions are not changed.
    private func clearVersions(_ withdrawal: Withdrawal, _ photos: Set<PhotoID>, _ evidence: VersionEvidence) throws {
        let damaged = Set((evidence.unreadable + evidence.changed).map(\.description))
        let affected = Set(evidence.affected.map(\.version)).union(withdrawal.versions)
        if withdrawal.redacts {
            for reference in affected.subtracting(damaged).sorted().compactMap(VersionReference.init) {
                try VersionStore(workspace).redact(
                    reference, photos: photos, withdrawal.subject, earlierNames: withdrawal.earlierNames)
            }
        }
        try removePartialFiles(below: [workspace.versions])
    }

    /// Removes copies of the photos at other places, and the undecided files that a person wants to remove.
    ///
    /// - Parameter damaged: the files of runs that cannot be redacted.
    /// - Returns: the undecided files that are left.
    private func settle(
        _ damaged: [UndecidedFile], _ confirmed: Set<RelativePath>, _ photos: Set<PhotoID>,
        _ evidence: VersionEvidence, unrelatedRuns: Set<String>
    ) throws -> [UndecidedFile] {
        let survey = try WorkspaceSurvey(
            workspace, catalog, withdrawn: photos, evidence, unrelatedRuns: unrelatedRuns, removed: [])
        for path in survey.copies + survey.leftovers { try FileRemoval.remove(path, below: workspace.root) }
        let undecided = survey.undecided + damaged
        for file in undecided where confirmed.contains(file.path) {
            try FileRemoval.remove(file.path, below: workspace.root)
        }
        if !confirmed.isEmpty { try workspace.makeFolders() }
        return undecided.filter { !confirmed.contains($0.path) && FileRemoval.exists($0.path, below: workspace.root) }
    }

    /// Removes the partially written files and folders of killed processes.
    private func removePartialFiles(below folders: [URL]) throws {
        for folder in folders {
            for file in try FolderListing.paths(below: folder).map({ folder.appending(path: $0) })
            where AtomicFile.isPartial(file.lastPathComponent) {
                try FileRemoval.remove(file)
            }
        }
    }
}
