import Catalog
import Core
import Foundation
import Intake
import Storage
import Validation
import Versions

/// Searches a workspace for faults. Changes nothing.
public struct WorkspaceChecker {
    /// A part of a check that takes long.
    public enum Step: Hashable, Sendable {
        case originals, images, runs
    }

    public struct Report: Sendable {
        public internal(set) var problems: [WorkspaceProblem] = []
        /// What could not be checked, and why.
        public internal(set) var notChecked: [String] = []

        public var ok: Bool { problems.isEmpty }
    }

    private let workspace: Workspace
    private let isDeep: Bool
    private let threads: ThreadBudget
    private let progress: (Step, _ done: Int, _ total: Int) -> Void

    /// - Parameters:
    ///   - isDeep: also reads all originals and images, and compares their digests.
    ///   - progress: called while a long step runs.
    public init(
        _ workspace: Workspace, isDeep: Bool, threads: ThreadBudget = .shared,
        progress: @escaping (Step, Int, Int) -> Void = { _, _, _ in }
    ) {
        self.workspace = workspace
        self.isDeep = isDeep
        self.threads = threads
        self.progress = progress
    }

    /// Returns the faults, sorted by path.
    ///
    /// - Parameter holdsLock: whether the caller has the lock of the workspace. A repair takes the lock before the
    ///   check. Otherwise an import in another process could still add the records of images that the check reports as
    ///   unknown, and the repair would remove these images.
    /// - Throws: ``CurareError`` (66) if there is no catalog file; (75) if another process blocks the catalog.
    public func check(holdsLock: Bool = false) throws -> Report {
        guard workspace.exists else {
            throw MissingPath.error(
                "there is no catalog here", at: workspace.catalogFile.path,
                next: "restore the workspace from a backup")
        }
        var report = Report()
        let catalog = try checkCatalog(&report)
        let records = try catalog.map { try readRecords(of: $0, &report) } ?? nil
        let (entries, busyFolders) = listing(holdsLock: holdsLock, &report)
        report.problems += LayoutCheck(
            workspace: workspace, entries: entries, records: records, busyFolders: busyFolders
        ).problems()
        if isDeep, let records { try checkContents(entries, records, &report) }
        try checkVersions(&report)
        try checkNamedVersions(records, &report)
        try checkRuns(records, &report)
        if isDeep { checkFeatures(entries, &report) }
        try checkQuarantine(&report)
        report.problems.sort { ($0.path, $0.kind.rawValue, $0.detail) < ($1.path, $1.kind.rawValue, $1.detail) }
        return report
    }

    private func path(_ file: URL) -> String { workspace.path(of: file) }

    // MARK: Catalog

    private static let needsCatalog =
        "originals, images and the versions of exports, because the catalog is damaged"

    /// Checks the catalog, and returns it if its records can be read.
    private func checkCatalog(_ report: inout Report) throws -> Catalog? {
        let file = path(workspace.catalogFile)
        let damage = try Catalog.damage(of: workspace)
        report.problems += damage.pages.map { WorkspaceProblem(.damagedCatalog, file, $0) }
        // REINDEX works on a file without other damage only.
        report.problems += damage.indexes.map {
            WorkspaceProblem(.damagedIndex, file, $0, isRepairable: damage.isReadable)
        }
        report.problems += damage.references.map { WorkspaceProblem(.brokenReference, file, $0) }
        report.problems += damage.schema.map { WorkspaceProblem(.otherSchema, file, $0.description) }
        report.problems += damage.labels.map {
            WorkspaceProblem(
                .labelWithoutPerson, file,
                "photo \($0.photo.prefix(12)) has a label of \($0.volunteer), who is not in the study")
        }
        guard damage.isReadable, damage.indexes.isEmpty else {
            report.notChecked.append(Self.needsCatalog)
            return nil
        }
        return try Catalog.openForReading(workspace)
    }

    private func readRecords(of catalog: Catalog, _ report: inout Report) throws -> LayoutCheck.Records? {
        do {
            let withdrawals = try catalog.withdrawals()
            for withdrawal in withdrawals where withdrawal.state != .done {
                report.problems.append(
                    WorkspaceProblem(
                        .pendingWithdrawal, path(workspace.catalogFile),
                        "the withdrawal of \(withdrawal.subject) is not complete", isRepairable: withdrawal.isPending))
            }
            let removals = try catalog.removals()
            report.problems += removals.filter(\.isPending).map {
                WorkspaceProblem(
                    .pendingRemoval, path(workspace.catalogFile),
                    "the removal of \($0.kind == .models ? "the models of " : "")\($0.name) is not complete",
                    isRepairable: true)
            }
            var images: [Profile: [PhotoID: ImageDigest]] = [:]
            for profile in try catalog.profiles() { images[profile] = try catalog.images(profile) }
            _ = try (catalog.defaultProfile(), catalog.groupDistance(), catalog.sessions())
            // A broken reference is reported already, and makes this query fail.
            let brokenKinds: Set<WorkspaceProblem.Kind> = [.brokenReference, .labelWithoutPerson]
            if !report.problems.contains(where: { brokenKinds.contains($0.kind) }) {
                try catalog.forEachPhoto(nil, Catalog.FetchOptions()) { _ in }
                _ = try (catalog.annotations(), catalog.acceptedFindings())
            }
            return LayoutCheck.Records(
                originals: try catalog.originals(), images: images, withdrawn: try catalog.withdrawnPhotos(),
                exports: try catalog.exports(), withdrawals: withdrawals, removals: removals)
        } catch let error as CurareError where error.code == .badInput {
            report.problems.append(WorkspaceProblem(.damagedCatalog, path(workspace.catalogFile), error.message))
            report.notChecked.append(Self.needsCatalog)
            return nil
        }
    }

    // MARK: Files

    /// Lists the workspace, and the folders in which other processes write.
    private func listing(holdsLock: Bool, _ report: inout Report) -> (
        entries: [WorkspaceEntry], busyFolders: Set<String>
    ) {
        var busy: Set<String> = []
        // While this process has the lock, no other process makes unfinished files.
        let lock = holdsLock ? nil : lock(workspace.root, "workspace")
        if lock?.isBusy == true {
            busy.insert("")
            report.notChecked.append(
                "leftovers and files without records, because another process changes the workspace")
        }
        var unreadable: [WorkspaceProblem] = []
        let entries = workspace.entries { error in
            unreadable.append(
                WorkspaceProblem(
                    .unreadable, error.location.map { path(URL(filePath: $0)) } ?? "", error.message))
        }
        report.problems += unreadable
        let runs = Set(
            entries.compactMap { entry -> String? in
                guard case .runFile(let run) = entry.item else { return nil }
                return run
            })
        for run in runs where self.lock(workspace.runFolder(run), "run").isBusy {
            busy.insert(path(workspace.runFolder(run)))
        }
        withExtendedLifetime(lock) {}
        return (entries, busy)
    }

    /// Takes a lock, where this is possible. Without the permission to write, no lock is taken.
    private func lock(_ folder: URL, _ name: String) -> (lock: FolderLock?, isBusy: Bool) {
        do {
            return (try FolderLock(folder, name), false)
        } catch {
            return (nil, (error as? CurareError)?.code == .busy)
        }
    }

    /// Compares the digests of originals and images.
    private func checkContents(
        _ entries: [WorkspaceEntry], _ records: LayoutCheck.Records, _ report: inout Report
    ) throws {
        let faulty = Set(report.problems.map(\.path))
        let present = Set(entries.map(\.path))
        func isToCheck(_ path: String) -> Bool { present.contains(path) && !faulty.contains(path) }
        let originals = records.originals.map { original in
            (photo: original.photo, file: workspace.photoFile(original.photo, format: original.format))
        }.filter { isToCheck(path($0.file)) }
        var changed: Set<PhotoID> = []
        var done = 0
        try threads.forEach(originals) { original in
            Result { PhotoID(hex: try ChunkedFileReader.digest(of: original.file).hex) }
        } inOrder: { original, digest in
            if try digest.get() != original.photo {
                changed.insert(original.photo)
                report.problems.append(
                    WorkspaceProblem(
                        .changedOriginal, path(original.file),
                        "the bytes have another SHA-256; restore the file with the SHA-256 in its name",
                        photo: original.photo))
            }
            done += 1
            progress(.originals, done, originals.count)
        }
        try checkImages(entries, records, except: faulty, changedOriginals: changed, &report)
    }

    private func checkImages(
        _ entries: [WorkspaceEntry], _ records: LayoutCheck.Records, except faulty: Set<String>,
        changedOriginals: Set<PhotoID>, _ report: inout Report
    ) throws {
        var images: [(file: URL, digest: ImageDigest)] = []
        var photos: [URL: PhotoID] = [:]
        let lost = Set(records.originals.map(\.photo)).intersection(
            report.problems.filter { $0.kind == .missingOriginal || $0.kind == .changedOriginal }.compactMap(\.photo))
        for entry in entries where entry.kind == .file && !faulty.contains(entry.path) {
            let file = workspace.root.appending(path: entry.path)
            switch entry.item {
            case .image(let photo, let profile):
                guard let digest = records.images[profile]?[photo] else { continue }
                images.append((file, digest))
                photos[file] = photo
            case .overlaidImage(let digest, _): images.append((file, digest))
            default: continue
            }
        }
        let changed = try ImageInspection(threads: threads).changed(images) { progress(.images, $0, $1) }
        for file in changed {
            let isLost = photos[file].map { lost.contains($0) || changedOriginals.contains($0) } ?? false
            report.problems.append(
                WorkspaceProblem(
                    .changedImage, path(file), "the image has other pixels than recorded", isRepairable: !isLost,
                    photo: photos[file]))
        }
    }

    private func checkFeatures(_ entries: [WorkspaceEntry], _ report: inout Report) {
        for entry in entries where entry.kind == .file && entry.item == .features {
            do {
                let file = try ModelFile(workspace.root.appending(path: entry.path))
                if file.hasDigest { continue }
            } catch {
                // Any error means that a training would not use the file.
            }
            report.problems.append(
                WorkspaceProblem(
                    .changedFeatures, entry.path, "the file is damaged; a training computes the features again",
                    isRepairable: true))
        }
    }

    // MARK: Versions, runs, quarantine

    private func checkVersions(_ report: inout Report) throws {
        let store = VersionStore(workspace)
        for reference in try store.list() {
            let folder = try store.folder(reference)
            do {
                let version = try VersionStore.read(folder)
                report.problems += try Verification.files(folder, version).map {
                    WorkspaceProblem(.damagedVersion, path(folder), $0.detail)
                }
            } catch let error as CurareError {
                let file = error.location.flatMap { $0.hasPrefix(folder.path) ? URL(filePath: $0) : nil } ?? folder
                report.problems.append(WorkspaceProblem(.damagedVersion, path(file), error.message))
            }
        }
    }

    /// Reports each version that runs or exports name and whose folder does not exist. A folder about which a person
    /// decided in a withdrawal, or that was missing at the withdrawal, is not reported when the withdrawal is done. A
    /// version that a person removed is not reported.
    private func checkNamedVersions(_ records: LayoutCheck.Records?, _ report: inout Report) throws {
        let decided = (records?.withdrawals ?? []).filter { $0.state == .done }.flatMap(\.undecidedVersions)
        let removed = (records?.removals ?? []).filter { $0.kind == .version }.map(\.name)
        report.problems += MissingVersions(
            known: Set(
                try VersionStore(workspace).list() + (decided + removed).compactMap(VersionReference.init)),
            runs: try workspace.runFolders().compactMap { RunArchive($0).version },
            exports: (records?.exports ?? []).map(\.version)
        ).problems(in: workspace)
    }

    /// A run that a withdrawal cleared may lack models, the page and predictions. A run whose models a person removed may
    /// lack models.
    private func checkRuns(_ records: LayoutCheck.Records?, _ report: inout Report) throws {
        let cleared = Set((records?.withdrawals ?? []).flatMap(\.clearedRuns))
        let withoutModels = Set((records?.removals ?? []).filter { $0.kind == .models }.map(\.name))
        let runs = try workspace.runFolders()
        for (index, run) in runs.enumerated() {
            progress(.runs, index, runs.count)
            do {
                let inspection = try RunInspection(
                    of: run, mayLackFiles: cleared.contains(run.lastPathComponent),
                    mayLackModels: withoutModels.contains(run.lastPathComponent))
                for damage in inspection.damage { report.problems.append(problem(damage, in: run)) }
            } catch let error as CurareError {
                report.problems.append(
                    WorkspaceProblem(.unreadable, path(URL(filePath: error.location ?? run.path)), error.message))
            }
        }
    }

    private func problem(_ damage: RunDamage, in run: URL) -> WorkspaceProblem {
        let kind: WorkspaceProblem.Kind =
            switch damage.kind {
            case .document: .damagedRun
            case .missingModel: .missingModel
            case .changedModel: .changedModel
            case .changedCheckpoint: .changedCheckpoint
            }
        return WorkspaceProblem(
            kind, path(run.appending(path: damage.file)), damage.detail, isRepairable: kind == .changedCheckpoint)
    }

    private func checkQuarantine(_ report: inout Report) throws {
        for file in try QuarantinedFile.all(in: workspace) where file.people == nil {
            report.problems.append(
                WorkspaceProblem(
                    .damagedQuarantine, file.paths.first ?? path(workspace.quarantine),
                    "the note is missing, is damaged or names no people, so a withdrawal cannot find out who is in the file"
                ))
        }
    }
}
