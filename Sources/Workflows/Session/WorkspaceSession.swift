import Catalog
import Checking
import Core
import Foundation
import Intake
import Privacy
import Storage
import Validation
import Versions

/// An open workspace. No other type opens a workspace.
///
/// Opening a workspace first completes every withdrawal that was interrupted, so that no data of a withdrawn person is
/// read.
struct WorkspaceSession {
    let workspace: Workspace
    let catalog: Catalog
    /// The lock of the workspace, until this value is destroyed. Nil in a session that only reads.
    private let lock: FolderLock?

    private let wait: Duration
    /// Receives the events of the workflow.
    let report: (WorkflowEvent) -> Void

    private init(_ workspace: Workspace, _ catalog: Catalog, _ context: WorkflowContext, lock: FolderLock? = nil) {
        self.workspace = workspace
        self.catalog = catalog
        self.lock = lock
        wait = context.wait
        report = context.report
    }

    /// Opens the workspace to read it. Takes no lock, and writes nothing where nothing can be written.
    ///
    /// - Throws: ``CurareError`` (66) if there is no workspace; (75) if a withdrawal is unfinished and another process
    ///   holds the workspace; (74) if a withdrawal is unfinished and nothing can be written.
    static func reading(_ context: WorkflowContext) throws -> WorkspaceSession {
        let workspace = try context.location.find()
        let session = WorkspaceSession(workspace, try Catalog.openForReading(workspace), context)
        let isPending = try WithdrawalExecutor(session.workspace, session.catalog).isPending
        if session.catalog.isReadOnly {
            guard !isPending else {
                throw CurareError(
                    .inputOutput, "a withdrawal is unfinished, and nothing can be written to complete it",
                    at: workspace.root.path, next: "run any command where you may write in the workspace")
            }
            context.report(.workspaceIsReadOnly)
        } else if isPending {
            _ = try writing(context)
        }
        return session
    }

    /// Opens the workspace to change it, and keeps other processes from changing it. Reports incomplete withdrawals.
    ///
    /// - Parameters:
    ///   - subject: who is withdrawn by this command, and therefore not reported.
    ///   - requiresRemovals: whether a pending removal that fails is an error. Otherwise it is reported, and the command
    ///     goes on: a withdrawal must not depend on it.
    /// - Throws: ``CurareError`` (66) if there is no workspace; (75) if another process holds the workspace.
    static func writing(
        _ context: WorkflowContext, withdrawing subject: WithdrawalSubject? = nil, requiresRemovals: Bool = false
    ) throws -> WorkspaceSession {
        let workspace = try context.location.find()
        let lock = try FolderLock(workspace, wait: context.wait)
        let session = WorkspaceSession(workspace, try Catalog(workspace), context, lock: lock)
        for (withdrawal, undecided) in try WithdrawalExecutor(workspace, session.catalog).finishPending()
        where undecided.isEmpty {
            context.report(.finishedWithdrawal(of: withdrawal.subject))
        }
        do {
            let removals = try RemovalExecutor(workspace, session.catalog).finishPending()
            if !removals.isEmpty { context.report(.finishedRemoval(of: removals.map(\.name))) }
        } catch let error as any ReportableError where !requiresRemovals {
            context.report(.failedRemoval(error))
        }
        try session.reportIncompleteWithdrawals(context, except: subject)
        return session
    }

    /// Opens the workspace to read it for a dry run, or to change it.
    ///
    /// - Parameters:
    ///   - subject: who is withdrawn by this command.
    ///   - requiresRemovals: whether a pending removal that fails is an error.
    static func open(
        _ context: WorkflowContext, dryRun: Bool, withdrawing subject: WithdrawalSubject? = nil,
        requiresRemovals: Bool = false
    ) throws -> WorkspaceSession {
        try dryRun
            ? reading(context) : writing(context, withdrawing: subject, requiresRemovals: requiresRemovals)
    }

    /// Reports each withdrawal that waits for a decision.
    func reportIncompleteWithdrawals(_ context: WorkflowContext, except subject: WithdrawalSubject? = nil) throws {
        for withdrawal in try WithdrawalExecutor(workspace, catalog).incomplete where withdrawal.subject != subject {
            context.report(.incompleteWithdrawal(of: withdrawal.subject))
        }
    }

    var versions: VersionStore { VersionStore(workspace) }

    /// Lets other processes change labels and trigger boxes while this session changes other records; see
    /// ``Storage/FolderLock/releaseLabels()``.
    func releaseLabels() { lock?.releaseLabels() }

    /// The versions that runs, exports, withdrawals and removals name. Folders of these versions can be missing.
    func namedVersions() throws -> [VersionReference] {
        let runs = try workspace.runFolders().compactMap { RunArchive($0).version }
        let exports = try catalog.exports().map(\.version)
        let withdrawn = try catalog.withdrawals().flatMap { $0.versions + $0.undecidedVersions }
        let removed = try catalog.removed(.version)
        return (runs + exports + withdrawn + removed).compactMap(VersionReference.init)
    }

    /// Runs `change` with the workspace's lock, also in a session that otherwise only reads.
    ///
    /// - Parameter wait: how long to wait for another process; nil for the time that the user chose.
    /// - Throws: ``CurareError`` (75) if another process holds the workspace; the errors of `change`.
    func locked<Value>(wait: Duration? = nil, _ change: () throws -> Value) throws -> Value {
        let held = try lock ?? FolderLock(workspace, wait: wait ?? self.wait)
        return try withExtendedLifetime(held) { try change() }
    }

    /// Returns the maker of this workspace's images.
    func imageMaker(_ context: WorkflowContext) -> ImageMaker {
        ImageMaker(workspace, catalog, threads: context.threadBudget, faces: .installed)
    }

    /// The image files that exist for `profile`.
    func imageFiles(_ profile: Profile) throws -> FileIndex { try FileIndex(workspace.imageFolder(profile)) }

    /// The catalog's photos, as a sequence that can be read several times.
    ///
    /// - Parameters:
    ///   - options: Which facts to fetch: face landmarks, quality.
    ///   - visit: Receives each photo before the reader does.
    func facts(
        _ options: Catalog.FetchOptions = Catalog.FetchOptions(landmarks: .none, quality: false),
        visit: @escaping (PhotoFacts) -> Void = { _ in }
    ) -> FactSource {
        FactSource { [catalog] body in
            try catalog.forEachPhoto(nil, options) { fact in
                visit(fact)
                try body(fact)
            }
        }
    }

    /// Verifies the files, the selection and the catalog facts of `version`, and that its originals exist.
    ///
    /// - Parameter folder: The folder that `version` was read from.
    func verify(_ version: Version, in folder: URL) throws -> Verification {
        let originals = try FileIndex(workspace.photos)
        return try Verification(
            version, in: folder,
            facts: facts(Catalog.FetchOptions(landmarks: version.hasCopies ? .all : .none, quality: false)),
            withdrawn: catalog.withdrawnPhotos(), names: catalog.earlierNames()
        ) { fact in
            let suffix = Workspace.suffix(of: fact.format)
            return originals.holds(fact.photo, suffix) ? nil : "\(fact.photo).\(suffix)"
        }
    }

    /// Returns a version that may be trained or exported today, its folder, and warnings about the version.
    ///
    /// - Parameter name: `NAME` or `NAME@V`; see ``resolve(_:)``.
    /// - Throws: ``CurareError`` if there is no such version, if its files changed, or if a consent is missing.
    func versionForUse(_ name: String) throws -> (version: Version, folder: URL, warnings: [String]) {
        let folder = try versions.folder(resolve(name))
        let version = try VersionStore.read(folder)
        return (version, folder, try verify(version, in: folder).validateForUse(version))
    }
}
