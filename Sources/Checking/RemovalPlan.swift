import Catalog
import Core
import Foundation
import Storage
import Validation
import Versions

/// What a removal removes, and what depends on it. A person reads this before they confirm the removal.
public struct RemovalPlan: Sendable {
    /// A version, a run, or the models of a run.
    public struct Item: Sendable {
        public let kind: RemovalRecord.Kind
        /// `NAME@V`, or the name of the run.
        public let name: String
        public let size: FolderSize
        /// The exports of a version. Curare does not change them.
        public let exports: [ExportRecord]
        /// The runs that started from weights of this run, and are not removed.
        public let startedRuns: [String]
    }

    /// A run that a prune keeps because its verdict or its place in the order is unknown.
    public struct SkippedRun: Hashable, Sendable {
        public let run: String
        public let reason: String
    }

    /// Versions first, then runs.
    public private(set) var items: [Item] = []
    /// The finished runs that a prune keeps because of its rule. Nil for a removal by name.
    public let kept: [String]?
    public let skipped: [SkippedRun]

    /// The size of all items.
    public var size: FolderSize { items.reduce(FolderSize()) { $0 + $1.size } }
}

// MARK: - Removal by name

extension RemovalPlan {
    /// Plans the removal of versions and runs. Changes nothing.
    ///
    /// - Parameters:
    ///   - names: `NAME@V` for a version; every other name is a run.
    ///   - withRuns: whether the runs of the versions are removed too.
    /// - Throws: ``CurareError`` (66) when a version or run does not exist; (65) when a name is a version without a number,
    ///   a grid or a pattern, when another version extends one of the versions, or when a version has runs and `withRuns`
    ///   is false.
    public init(removing names: [String], withRuns: Bool, _ workspace: Workspace, _ catalog: Catalog) throws {
        let store = VersionStore(workspace)
        var versions: [VersionReference] = []
        var runs: [String] = []
        for name in names {
            try Self.requireNoGroup(name, store, catalog)
            if name.contains("@") {
                let reference = try VersionReference.parse(name)
                _ = try store.folder(reference, catalog)
                if !versions.contains(reference) { versions.append(reference) }
            } else {
                try Self.requireRun(name, store)
                if !runs.contains(name) { runs.append(name) }
            }
        }
        try Self.requireNoExtension(of: versions, store)
        let dependent = try Self.runs(of: versions, workspace).filter { !runs.contains($0.run) }
        guard withRuns || dependent.isEmpty else {
            throw CurareError(
                .badInput,
                "\(dependent.count == 1 ? "1 run belongs" : "\(dependent.count) runs belong") to the versions to remove",
                at: workspace.runs.path, next: "add --with-runs to remove these runs too",
                problems: dependent.map { CurareError.Problem($0.run, "a run of \($0.version)") })
        }
        kept = nil
        skipped = []
        items = try versions.map { reference in
            Item(
                kind: .version, name: reference.description, size: try FolderSize(of: store.folder(reference)),
                exports: try catalog.exports(of: reference.description), startedRuns: [])
        }
        try addRuns(runs + dependent.map(\.run), .run, workspace)
    }

    /// Checks that a name is neither a pattern nor a grid. A removal cannot be undone, so the user names each item.
    private static func requireNoGroup(_ name: String, _ store: VersionStore, _ catalog: Catalog) throws {
        var versions: [VersionReference] = []
        let kind: String
        if let pattern = VersionPattern(name) {
            kind = "a pattern"
            versions = try store.list().filter(pattern.matches)
        } else {
            kind = "a grid"
            // A name can be that of a run or a version too.
            guard let grid = VersionName(name), try store.numbers(of: grid).isEmpty,
                try !store.workspace.runFolders().contains(where: { $0.lastPathComponent == name })
            else { return }
            let members = Set(try catalog.gridMembers().filter { $0.grid == name }.map(\.name))
            guard !members.isEmpty else { return }
            versions = try store.list().filter { members.contains($0.name.text) }
        }
        let listed = versions.prefix(20).map(\.description).joined(separator: " ")
        let more = versions.count > 20 ? " and \(versions.count - 20) more; list all with: curare versions" : ""
        throw CurareError(
            .badInput, "remove takes versions (NAME@V) and runs, and \"\(name.prefix(80))\" is \(kind)",
            at: store.workspace.versions.path,
            next: versions.isEmpty
                ? "list the versions with: curare versions" : "name the versions: \(listed)\(more)")
    }

    private static func requireRun(_ name: String, _ store: VersionStore) throws {
        do {
            _ = try RunFolder.find(name, in: store.workspace)
        } catch let error as CurareError where error.code == .missingInput {
            let numbers = try VersionName(name).map(store.numbers) ?? []
            guard !numbers.isEmpty else { throw error }
            throw CurareError(
                .badInput, "\(name) is the name of a version without its number", at: store.workspace.versions.path,
                next: "name one of: \(numbers.suffix(20).map { "\(name)@\($0)" }.joined(separator: ", "))")
        }
    }

    /// Checks that no other version extends one of `versions`. A version that cannot be read may extend each of them.
    private static func requireNoExtension(of versions: [VersionReference], _ store: VersionStore) throws {
        guard !versions.isEmpty else { return }
        var problems: [CurareError.Problem] = []
        for other in try store.list() where !versions.contains(other) {
            do {
                guard let base = try store.manifest(of: other).recipe.extends,
                    versions.contains(where: { $0.name == base.name && (base.number ?? $0.number) == $0.number })
                else { continue }
                problems.append(CurareError.Problem("\(other)", "extends \(base)"))
            } catch let error as CurareError {
                problems.append(
                    CurareError.Problem("\(other)", "cannot be read, and may extend them: \(error.message)"))
            }
        }
        guard problems.isEmpty else {
            throw CurareError(
                .badInput, "other versions need the versions to remove", at: store.workspace.versions.path,
                next: "keep the versions, or name the other versions in the same command", problems: problems)
        }
    }

    /// Returns the runs of `versions`, finished or not, with the version of each. A run without a readable request and
    /// report belongs to the version that its name contains.
    private static func runs(of versions: [VersionReference], _ workspace: Workspace) throws -> [(
        run: String, version: String
    )] {
        let names = versions.map(\.description)
        return try workspace.runFolders().compactMap { folder -> (run: String, version: String)? in
            let run = RunArchive(folder)
            let version =
                run.version ?? names.first { RunFolder.number(of: run.id, ofVersion: $0) != nil }
            return version.flatMap { names.contains($0) ? (run: run.id, version: $0) : nil }
        }
    }
}

// MARK: - Prune

/// Which finished runs a prune keeps.
public struct PruneRule: Hashable, Sendable {
    /// The number of runs of each version that are kept, the newest first.
    public var newest: Int
    /// Runs with this verdict are kept too. Nil for no such runs.
    public var verdict: Verdict.Outcome?
    /// Whether only the models are removed, so that the reports stay.
    public var removesOnlyModels: Bool

    public init(newest: Int = 0, verdict: Verdict.Outcome? = nil, removesOnlyModels: Bool = false) {
        self.newest = newest
        self.verdict = verdict
        self.removesOnlyModels = removesOnlyModels
    }

    /// A finished run.
    struct Candidate: Hashable, Sendable {
        let run: String
        /// `NAME@V`.
        let version: String
        /// K of `NAME-V-K`.
        let number: Int
        let verdict: Verdict.Outcome
    }

    /// Returns the runs that the rule does not keep, in the order of `runs`.
    func removed(of runs: [Candidate]) -> [String] {
        let newest = Dictionary(grouping: runs, by: \.version).values.flatMap { runs in
            runs.sorted { $0.number > $1.number }.prefix(self.newest).map(\.run)
        }
        let kept = Set(newest)
        return runs.filter { !kept.contains($0.run) && (verdict == nil || $0.verdict != verdict) }.map(\.run)
    }
}

extension RemovalPlan {
    /// Plans the removal of all finished runs that `rule` does not keep, or of their models. Changes nothing.
    public init(pruning rule: PruneRule, _ workspace: Workspace) throws {
        var candidates: [PruneRule.Candidate] = []
        var skipped: [SkippedRun] = []
        for folder in try workspace.runFolders() {
            let run = folder.lastPathComponent
            guard RunFiles(folder).isFinished else {
                skipped.append(SkippedRun(run: run, reason: "the run is not finished"))
                continue
            }
            do {
                let report = try RunReport.read(from: folder)
                guard let number = RunFolder.number(of: run, ofVersion: report.version) else {
                    skipped.append(SkippedRun(run: run, reason: "the name is not that of a run of \(report.version)"))
                    continue
                }
                candidates.append(
                    PruneRule.Candidate(
                        run: run, version: report.version, number: number, verdict: report.verdict.outcome))
            } catch let error as CurareError where error.code == .badInput {
                skipped.append(SkippedRun(run: run, reason: error.message))
            }
        }
        let removed = rule.removed(of: candidates)
        kept = candidates.map(\.run).filter { !removed.contains($0) }
        self.skipped = skipped
        try addRuns(removed, rule.removesOnlyModels ? .models : .run, workspace)
    }

    /// Adds runs or their models. A run without model files has no models to remove.
    private mutating func addRuns(_ runs: [String], _ kind: RemovalRecord.Kind, _ workspace: Workspace) throws {
        let started = try Self.startedRuns(of: runs, workspace)
        for run in runs {
            let folder = workspace.runFolder(run)
            let size =
                kind == .models
                ? try FolderSize(of: RemovalExecutor.models(of: run, workspace)) : try FolderSize(of: folder)
            guard kind == .run || size.files > 0 else { continue }
            items.append(Item(kind: kind, name: run, size: size, exports: [], startedRuns: started[run] ?? []))
        }
    }

    /// Returns the runs that started from weights of `runs` and are not among them. A run whose request or report cannot
    /// be read is left out, because nothing depends on this list.
    private static func startedRuns(of runs: [String], _ workspace: Workspace) throws -> [String: [String]] {
        var owners: [String: String] = [:]
        for run in runs {
            do {
                for model in try RunReport.read(from: workspace.runFolder(run)).recordedModels {
                    owners[model.digest] = run
                }
            } catch let error as CurareError where error.code != .inputOutput {
                continue
            }
        }
        guard !owners.isEmpty else { return [:] }
        var started: [String: [String]] = [:]
        for folder in try workspace.runFolders() where !runs.contains(folder.lastPathComponent) {
            guard let start = try RunFolder.request(of: folder)?.startDigest, let owner = owners[start] else {
                continue
            }
            started[owner, default: []].append(folder.lastPathComponent)
        }
        return started
    }
}

extension VersionStore {
    /// Returns the folder of a version, as ``folder(_:)`` does.
    ///
    /// - Throws: ``CurareError`` (66) when the version does not exist. The error of a version that was removed is
    ///   different.
    public func folder(_ reference: VersionReference, _ catalog: Catalog) throws -> URL {
        do {
            return try folder(reference)
        } catch let error as CurareError where error.code == .missingInput {
            let removed = try catalog.removed(.version).compactMap(VersionReference.init).filter {
                $0 == reference || (reference.number == nil && $0.name == reference.name)
            }
            guard !removed.isEmpty else { throw error }
            let names = removed.map(\.description).joined(separator: ", ")
            let others = try numbers(of: reference.name).suffix(20).map { "\(reference.name)@\($0)" }
            throw CurareError(
                .missingInput, "\(names) \(removed.count == 1 ? "was" : "were") removed", at: error.location,
                next: others.isEmpty
                    ? "make a new version with: curare split RECIPE.yaml"
                    : "existing versions: \(others.joined(separator: ", "))")
        }
    }
}
