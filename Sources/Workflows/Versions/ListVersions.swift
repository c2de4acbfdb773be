import Catalog
import Core
import Foundation
import Storage
import Validation
import Versions

/// Lists the versions of a workspace, damaged versions too.
public struct ListVersions: Workflow {
    public struct Request {
        /// `NAME` (all versions of that name), `NAME@V`, names of grids, or patterns. Empty for all versions.
        public var names: [String]

        public init(names: [String] = []) {
            self.names = names
        }
    }

    public struct Result: WorkflowResult {
        /// By name and number.
        public let versions: [VersionSummary]
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65, 66) if a name matches no version; (74) if the versions cannot be listed.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.reading(context)
        let names = try VersionNames(session)
        let filter = try VersionFilter(request.names, names, session)
        let listed = names.list.filter(filter.admits)
        try filter.requireMatches(in: listed, of: "version", session)
        let runs = Dictionary(grouping: try RunRecord.all(in: session.workspace)) { $0.version ?? "" }
        return Result(
            versions: listed.map { version in
                VersionSummary(version, names, runs: runs[version.description] ?? [], session.workspace)
            })
    }
}

/// A version in a list.
public struct VersionSummary: Encodable {
    /// `NAME@V`
    public let version: String
    /// Whether the name alone means this version.
    public let current: Bool
    /// Why the version cannot be read. Then only the keys about the name, the folder and the runs
    /// are present.
    public let damage: String?
    public let recipe: RecipeSummary?
    public let n: Int?
    public let m: Int?
    /// The reached injection rate.
    public let rate: Double?
    /// The number of entries: photos, and copies with drawn triggers.
    public let photos: Int?
    /// When the version was made: UTC, ISO 8601. Absent if the provenance is missing or damaged.
    public let made: String?
    /// The name of the grid that has versions of this name.
    public let grid: String?
    /// The size of the version's files. Images are not included.
    public let bytes: Int
    /// The names of the version's runs.
    public let runs: [String]
    /// The verdict of the last finished run.
    public let verdict: String?
    let manifest: Manifest?

    private enum CodingKeys: CodingKey {
        case version, current, damage, recipe, n, m, rate, photos, made, grid, bytes, runs, verdict
    }

    init(_ version: VersionReference, _ names: VersionNames, runs: [RunRecord], _ workspace: Workspace) {
        let folder = workspace.versionFolder(version.name.text, version.number ?? 0)
        var manifest: Manifest?
        var provenance: Provenance?
        var damage: String?
        var sizes: [String: Int] = [:]
        // The list shows the damage of one version, and all other versions.
        do {
            sizes = try FolderListing.sizes(below: folder)
            manifest = try VersionStore.manifest(in: folder)
            provenance = try Provenance.read(in: folder)
        } catch let error as any ReportableError {
            damage = error.message
        } catch {
            damage = "the version cannot be read: \(error)"
        }
        self.version = version.description
        current = version == names.current(version.name)
        self.damage = damage
        self.manifest = manifest
        recipe = manifest.map { RecipeSummary($0.recipe) }
        n = manifest?.clean
        m = manifest?.poison
        rate = manifest?.rateReached.double
        photos = manifest?.counts.byRole.values.reduce(0, +)
        made = provenance?.made
        grid = names.grid(of: version.name)
        bytes = sizes.values.reduce(0, +)
        self.runs = runs.map(\.id)
        verdict = runs.compactMap(\.report).last?.verdict.outcome.rawValue
    }
}

/// A selection of versions for a list. A version counts as selected if its folder is missing too.
struct VersionFilter {
    private let criteria: [(text: String, admits: (VersionReference) -> Bool)]

    /// - Throws: ``CurareError`` (65) if a text is neither a version nor a pattern.
    init(_ texts: [String], _ names: VersionNames, _ session: WorkspaceSession) throws {
        criteria = try texts.map { text in
            if let pattern = VersionPattern(text) { return (text, { pattern.matches($0) }) }
            let reference = try VersionReference.parse(text)
            if reference.number != nil { return (text, { $0 == reference }) }
            if names.current(reference.name) == nil, let grid = names.grid(reference.name) {
                let members = Set(grid.versions.map(\.name))
                return (text, { members.contains($0.name) })
            }
            return (text, { $0.name == reference.name })
        }
    }

    func admits(_ version: VersionReference) -> Bool {
        criteria.isEmpty || criteria.contains { $0.admits(version) }
    }

    /// Checks that each text selects one of `versions`.
    ///
    /// - Parameter item: what the list has: `version`, `run`.
    /// - Throws: ``CurareError`` (66) with the texts that select nothing.
    func requireMatches(in versions: [VersionReference], of item: String, _ session: WorkspaceSession) throws {
        let unmatched = criteria.filter { criterion in !versions.contains(where: criterion.admits) }.map(\.text)
        guard !unmatched.isEmpty else { return }
        let names = unmatched.map { String($0.prefix(80)) }.joined(separator: ", ")
        throw CurareError(
            .missingInput, "there is no \(item) of \(names)", at: session.workspace.root.path,
            next: "list all with: curare \(item)s")
    }
}
