import Catalog
import Core
import Foundation
import Storage
import Validation
import Versions

/// Removes versions, runs and models from a workspace.
///
/// A removal is first recorded in the catalog. Then each folder is renamed to the name of an unfinished folder, so that no
/// reader sees a part of it, and deleted. Every step can be repeated: after a kill, the next command that changes the
/// workspace finishes the removal. The caller must have the lock of the workspace.
public struct RemovalExecutor {
    /// The steps of a removal, in order. Tests interrupt a removal after each step. `renamed` and `removed` follow each
    /// item.
    enum Step: CaseIterable {
        case recorded, renamed, removed, flushed
    }

    private let workspace: Workspace
    private let catalog: Catalog

    public init(_ workspace: Workspace, _ catalog: Catalog) {
        self.workspace = workspace
        self.catalog = catalog
    }

    /// Carries out a plan.
    ///
    /// - Parameter made: the time to record, in UTC, ISO 8601.
    /// - Throws: ``CurareError`` (75) when a training is in progress in one of the runs; (74) when a file cannot be
    ///   removed. The removal is then pending, and ``finishPending()`` continues it.
    public func carryOut(_ plan: RemovalPlan, made: String) throws {
        try carryOut(plan, made: made) { _ in }
    }

    /// - Parameter completed: called after each step.
    func carryOut(_ plan: RemovalPlan, made: String, completed: (Step) throws -> Void) throws {
        guard !plan.items.isEmpty else { return }
        let locks = try plan.items.filter { $0.kind != .version }.compactMap { try lock($0.name) }
        try catalog.begin(removals: plan.items.map { (kind: $0.kind, name: $0.name) }, made: made)
        try completed(.recorded)
        _ = try finishPending(completed)
        withExtendedLifetime(locks) {}
    }

    /// Finishes all interrupted removals.
    ///
    /// - Returns: the removals that were pending.
    public func finishPending() throws -> [RemovalRecord] { try finishPending { _ in } }

    private func finishPending(_ completed: (Step) throws -> Void) throws -> [RemovalRecord] {
        let pending = try catalog.removals().filter(\.isPending)
        guard !pending.isEmpty else { return [] }
        for record in pending {
            switch record.kind {
            case .version: try removeVersion(record.name, completed)
            case .run: try removeRun(record.name, completed)
            case .models: for file in try Self.models(of: record.name, workspace) { try FileRemoval.remove(file) }
            }
            try completed(.removed)
        }
        // The catalog may record the end only when a power failure can no longer restore the files.
        try AtomicFile.flushAll(below: workspace.root)
        try completed(.flushed)
        try catalog.endRemovals()
        return pending
    }

    private func lock(_ run: String) throws -> FolderLock? {
        do {
            return try RunArchive(workspace.runFolder(run)).lock()
        } catch let error as CurareError where error.code == .busy {
            throw CurareError(
                .busy, "a training is in progress in run \(run)", at: workspace.runFolder(run).path,
                next: "stop the training or wait until it ends, then run this command again")
        }
    }

    private func removeVersion(_ name: String, _ completed: (Step) throws -> Void) throws {
        guard let reference = VersionReference(name), let number = reference.number else { return }
        let folder = workspace.versionFolder(reference.name.text, number)
        let partial = workspace.partialVersionFolder(reference.name.text, number)
        try FileRemoval.remove(partial)
        if FolderListing.isFolder(at: folder.path) { try AtomicFile.moveFolder(folder, to: partial) }
        try completed(.renamed)
        try FileRemoval.remove(partial)
        try FileRemoval.removeIfEmpty(folder.deletingLastPathComponent())
    }

    private func removeRun(_ run: String, _ completed: (Step) throws -> Void) throws {
        let folder = workspace.runFolder(run)
        if FolderListing.isFolder(at: folder.path) {
            try AtomicFile.moveFolder(folder, to: workspace.partialRunFolder(run))
        }
        try completed(.renamed)
        // Nobody else makes unfinished folders of runs while this process has the lock of the workspace.
        for name in try FolderListing.namesIfFolder(workspace.runs) where AtomicFile.isPartial(name) {
            try FileRemoval.remove(workspace.runs.appending(path: name))
        }
    }

    /// Returns the model files of a run.
    static func models(of run: String, _ workspace: Workspace) throws -> [URL] {
        let folder = workspace.runFolder(run)
        return try FolderListing.namesIfFolder(folder).filter(RunFiles.isModel).map { folder.appending(path: $0) }
    }
}
