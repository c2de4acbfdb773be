import Catalog
import Checking
import Core
import Foundation
import Storage
import Versions

/// The version that a name without a number means.
public struct VersionChoice: Hashable, Sendable {
    /// With its number.
    public let version: VersionReference
    /// The highest number of this name.
    public let highest: Int
    /// The number of photos whose labels changed after the version was made.
    public let relabelled: Int
    /// The version that the last split of the name returned, if it does not exist any more.
    public let missing: VersionReference?

    init(version: VersionReference, highest: Int, relabelled: Int, missing: VersionReference? = nil) {
        self.version = version
        self.highest = highest
        self.relabelled = relabelled
        self.missing = missing
    }

    /// Whether a user may expect another version: another number is higher, the version of the last split is missing,
    /// or labels have changed.
    public var isNotable: Bool { version.number != highest || missing != nil || relabelled > 0 }
}

/// The versions of a workspace by name, and the version that each name means.
///
/// A name means the version that the last split of the name returned. If no split is recorded, or if the folder of the
/// version is missing, the name means the highest number.
struct VersionNames {
    /// All versions, by name and number.
    let list: [VersionReference]
    private let numbers: [VersionName: [Int]]
    private let recorded: [String: Int]
    private let members: [GridMember]

    init(_ session: WorkspaceSession) throws {
        list = try session.versions.list()
        numbers = Dictionary(grouping: list, by: \.name).mapValues { $0.compactMap(\.number) }
        recorded = try session.catalog.currentVersions()
        members = try session.catalog.gridMembers()
    }

    /// Returns the version that a name means. Nil if no version has the name.
    ///
    /// - Parameter removed: versions that do not count, because they are about to be removed.
    func current(_ name: VersionName, without removed: Set<VersionReference> = []) -> VersionReference? {
        let numbers = (numbers[name] ?? []).filter { !removed.contains(VersionReference(name: name, number: $0)) }
        guard let highest = numbers.last else { return nil }
        let number = recorded[name.text].flatMap { numbers.contains($0) ? $0 : nil }
        return VersionReference(name: name, number: number ?? highest)
    }

    /// Returns the version that the last split of a name returned, if it does not exist any more.
    func missing(_ name: VersionName) -> VersionReference? {
        guard let number = recorded[name.text], numbers[name]?.contains(number) != true else { return nil }
        return VersionReference(name: name, number: number)
    }

    /// Returns the versions of a grid, by name, and the keys that the grid varies. Nil if the grid has no version.
    func grid(_ name: VersionName) -> (versions: [VersionReference], varied: [String])? {
        let members = members.filter { $0.grid == name.text }
        let versions = members.compactMap { VersionName($0.name) }.sorted().compactMap { current($0) }
        guard !versions.isEmpty else { return nil }
        var seen: Set<String> = []
        return (versions, members.flatMap(\.varied).filter { seen.insert($0).inserted })
    }

    /// Returns the name of the grid that has versions of this name; of several grids, the first by name. Nil for no grid.
    func grid(of name: VersionName) -> String? { members.first { $0.name == name.text }?.grid }

    /// Returns the highest number of a name. Nil if no version has the name.
    func highest(_ name: VersionName) -> Int? { numbers[name]?.last }

    /// Returns the versions that a pattern matches, by name and number. Without a number in the pattern, each name
    /// contributes the version that it means.
    func matches(_ pattern: VersionPattern) -> [VersionReference] {
        list.filter { pattern.matches($0) && (pattern.hasNumber || $0 == current($0.name)) }
    }
}

extension WorkspaceSession {
    /// Returns the version that a user named by `NAME` or `NAME@V`, with its number. All workflows use this function.
    ///
    /// Reports the choice for a `NAME`, if a user may expect another version.
    ///
    /// - Throws: ``CurareError`` (65) if `text` has neither form; (66) if there is no such version.
    func resolve(_ text: String) throws -> VersionReference {
        let reference = try VersionReference.parse(text)
        let names = try VersionNames(self)
        guard reference.number == nil, let version = names.current(reference.name) else {
            // Throws an error for a version that does not exist.
            _ = try versions.folder(reference, catalog)
            return reference
        }
        try reportChoices([version], names)
        return version
    }

    /// Returns the versions that a user named, each once, in the order of the texts: `NAME@V`, `NAME`, the name of a
    /// grid, or a pattern. If a version and a grid have the same name, the name means the version. A grid and a pattern
    /// mean, for each name, the version that the name means.
    ///
    /// Reports the choices that a user may not expect.
    ///
    /// - Throws: ``CurareError`` (65) if a text has no such form; (66) if a text matches no version.
    func resolve(all texts: [String]) throws -> [VersionReference] {
        let names = try VersionNames(self)
        var versions: [VersionReference] = []
        var chosen: Set<VersionReference> = []
        for text in texts {
            if let pattern = VersionPattern(text) {
                let matches = names.matches(pattern)
                guard !matches.isEmpty else { throw noMatch(pattern, names) }
                versions += matches
                if !pattern.hasNumber { chosen.formUnion(matches) }
                continue
            }
            let reference = try VersionReference.parse(text)
            if reference.number == nil, let current = names.current(reference.name) {
                versions.append(current)
                chosen.insert(current)
            } else if reference.number == nil, let grid = names.grid(reference.name) {
                versions += grid.versions
                chosen.formUnion(grid.versions)
            } else {
                // Throws an error for a version that does not exist.
                _ = try self.versions.folder(reference, catalog)
                versions.append(reference)
            }
        }
        var seen: Set<VersionReference> = []
        let unique = versions.filter { seen.insert($0).inserted }
        try reportChoices(unique.filter(chosen.contains), names)
        return unique
    }

    /// Returns the provenance of a version. Nil if it is missing or damaged.
    ///
    /// - Throws: ``CurareError`` (74) if the file exists and cannot be read.
    func provenance(of version: VersionReference) throws -> Provenance? {
        do {
            return try Provenance.read(in: versions.folder(version))
        } catch let error as CurareError where error.code == .badInput || error.code == .missingInput {
            return nil
        }
    }

    private func reportChoices(_ versions: [VersionReference], _ names: VersionNames) throws {
        let choices = try versions.compactMap { version in
            try names.highest(version.name).map {
                VersionChoice(
                    version: version, highest: $0, relabelled: try relabelledPhotos(of: version),
                    missing: names.missing(version.name))
            }
        }.filter(\.isNotable)
        if !choices.isEmpty { report(.chosenVersions(choices)) }
    }

    /// Returns the number of photos whose labels changed after the version was made. 0 for a damaged version: the
    /// workflow that reads the version reports the damage.
    private func relabelledPhotos(of version: VersionReference) throws -> Int {
        guard let cutOff = try provenance(of: version)?.labelCutOff else { return 0 }
        let photos = try catalog.photosWithNewLabels(after: cutOff)
        guard !photos.isEmpty else { return 0 }
        let facts = try catalog.facts(of: photos, Catalog.FetchOptions(landmarks: .none, quality: false))
        do {
            return try versions.read(version).relabelledCount(facts, catalog.earlierNames())
        } catch let error as CurareError where error.code == .badInput || error.code == .missingInput {
            return 0
        }
    }

    private func noMatch(_ pattern: VersionPattern, _ names: VersionNames) -> CurareError {
        let known = Set(names.list.map(\.name)).sorted().suffix(20).map(\.text).joined(separator: ", ")
        return CurareError(
            .missingInput, "no version matches the pattern \(pattern)", at: workspace.versions.path,
            next: known.isEmpty
                ? "make a version with: curare split RECIPE.yaml"
                : "names of versions: \(known)")
    }
}
