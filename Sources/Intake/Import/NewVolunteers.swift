import Catalog
import Core

/// The people whom an import adds to the catalog, with a warning for each name that a person can confuse with a known
/// name.
public struct NewVolunteers: Sendable {
    /// Sorted by name.
    public let names: [VolunteerName]
    /// One text for each new name that a person can confuse with another name, in the order of the new names.
    public let warnings: [String]

    /// - Parameters:
    ///   - update: which values of the session folders that differ from the catalog the import stores.
    public init(_ plans: [ImportPlan], _ update: SheetUpdate, _ catalog: Catalog) throws {
        self.init(
            Self.locations(plans, update), known: try catalog.volunteers().map(\.name),
            withdrawn: Array(try catalog.withdrawnNames()), earlier: try catalog.earlierNames().volunteers)
    }

    /// - Parameters:
    ///   - locations: the people whom the import labels or records, each with the file and line of the first row.
    ///   - known: the people in the catalog.
    ///   - withdrawn: the people who have withdrawn consent. The catalog keeps their names only.
    ///   - earlier: the earlier names of the people in the catalog, with the current names.
    init(
        _ locations: [VolunteerName: String], known: [VolunteerName], withdrawn: [VolunteerName],
        earlier: [VolunteerName: VolunteerName] = [:]
    ) {
        names = Set(locations.keys).subtracting(known).sorted()
        var remarks = Dictionary(withdrawn.map { ($0.text, ", who has withdrawn consent") }) { first, _ in first }
        for (name, current) in earlier { remarks[name.text] = ", now called \(current)" }
        var index = NearNames((known + withdrawn + earlier.keys).map(\.text))
        var warnings: [String] = []
        for name in names {
            let near = index.names(near: name.text)
            index.insert(name.text)
            guard !near.isEmpty else { continue }
            let others = near.prefix(3).map { $0 + (remarks[$0] ?? "") }
            warnings.append(
                "\(locations[name] ?? ""): \(name) is a new person; is this \(others.joined(separator: ", or "))? If so, "
                    + "correct the name and import again with --relabel")
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
