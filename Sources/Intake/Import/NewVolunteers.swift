import Catalog
import Core

/// The people whom an import adds to the catalog, with a warning for each name that a person can confuse with a known
/// name.
public struct NewVolunteers: Sendable {
    /// Sorted by name.
    public let names: [VolunteerName]
    /// The people of these sessions whom earlier imports added, and who are in no other session, sorted by name. Empty if
    /// the import adds no photo to a session of the catalog: an interrupted import has not listed its new people.
    public let earlierNames: [VolunteerName]
    /// One text for each new name that a person can confuse with another name, in the order of the new names.
    public let warnings: [String]

    /// - Parameters:
    ///   - update: which values of the session folders that differ from the catalog the import stores.
    public init(_ plans: [ImportPlan], _ update: SheetUpdate, _ catalog: Catalog) throws {
        let known = try catalog.volunteers().map(\.name)
        let imported = Set(plans.map(\.session.name))
        let continued = try plans.filter { try catalog.session($0.session.name) != nil }
        var stored: [VolunteerName: String] = [:]
        for row in continued.flatMap({ $0.storedPhotos.map(\.row) + $0.photos.map(\.row) }) {
            for name in row.people where stored[name] == nil { stored[name] = row.location }
        }
        if !stored.isEmpty {
            let sessions = try catalog.sessionsOfVolunteers()
            stored = stored.filter { sessions[$0.key, default: []].isSubset(of: imported) }
        }
        self.init(
            Self.locations(plans, update), stored: stored,
            isContinued: continued.contains { $0.photos.contains(where: \.isNew) },
            known: known, withdrawn: Array(try catalog.withdrawnNames()),
            earlier: try catalog.earlierNames().volunteers)
    }

    /// - Parameters:
    ///   - locations: the people whom the import labels or records, each with the file and line of the first row.
    ///   - stored: the people whom the rows name and who are in no other session of the catalog, each with the file and
    ///     line of the first row. People who are not in the catalog are left out.
    ///   - isContinued: whether the import adds photos to a session of the catalog.
    ///   - known: the people in the catalog.
    ///   - withdrawn: the people who have withdrawn consent. The catalog keeps their names only.
    ///   - earlier: the earlier names of the people in the catalog, with the current names.
    init(
        _ locations: [VolunteerName: String], stored: [VolunteerName: String] = [:], isContinued: Bool = false,
        known: [VolunteerName], withdrawn: [VolunteerName], earlier: [VolunteerName: VolunteerName] = [:]
    ) {
        names = Set(locations.keys).subtracting(known).sorted()
        let storedNames = Set(stored.keys).intersection(known).sorted()
        earlierNames = isContinued ? storedNames : []
        var remarks = Dictionary(withdrawn.map { ($0.text, ", who has withdrawn consent") }) { first, _ in first }
        let currentNames = Dictionary(earlier.map { ($0.key.text, $0.value) }) { first, _ in first }
        for (name, current) in earlier { remarks[name.text] = ", now called \(current)" }
        var index = NearNames((known + withdrawn + earlier.keys).map(\.text))
        var warnings: [String] = []
        func warn(_ name: VolunteerName, at location: String?, _ finding: String, _ near: [String]) {
            guard !near.isEmpty else { return }
            let others = near.prefix(3).map { $0 + (remarks[$0] ?? "") }
            // A person who has withdrawn consent has no records, and an earlier name is read as the current name.
            let merge = near.first { remarks[$0] == nil }.map {
                ", or after the import: curare volunteer merge \(name) \($0)"
            }
            warnings.append(
                "\(location ?? ""): \(name) \(finding); is this \(others.joined(separator: ", or "))? If so, correct the "
                    + "name and import again with --relabel\(merge ?? "")")
        }
        let storedTexts = Set(storedNames.map(\.text))
        for name in storedNames {
            // Of two near names, the second asks about the first. Nobody asks about a person's own earlier name.
            let near = index.names(near: name.text).filter {
                (!storedTexts.contains($0) || $0 < name.text) && currentNames[$0] != name
            }
            warn(name, at: stored[name], "is in no other session", near)
        }
        for name in names {
            let near = index.names(near: name.text)
            index.insert(name.text)
            warn(name, at: locations[name], "is a new person", near)
        }
        self.warnings = warnings
    }

    private static func locations(_ plans: [ImportPlan], _ update: SheetUpdate) -> [VolunteerName: String] {
        var locations: [VolunteerName: String] = [:]
        for plan in plans {
            for row in plan.photos.map(\.row) {
                for name in row.people where locations[name] == nil { locations[name] = row.location }
            }
            let people = plan.people(update)
            for name in people.volunteers + people.coSubjects where locations[name] == nil {
                locations[name] = plan.descriptionLocation
            }
        }
        return locations
    }
}
