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
    ///   - relabel: whether the import stores the values of the session folders that differ from the catalog.
    public init(_ plans: [ImportPlan], relabel: Bool, _ catalog: Catalog) throws {
        self.init(
            Self.locations(plans, relabel: relabel), known: try catalog.volunteers().map(\.name),
            withdrawn: try catalog.withdrawals().compactMap(\.subject.volunteer))
    }

    /// - Parameters:
    ///   - locations: the people whom the import labels or records, each with the file and line of the first row.
    ///   - known: the people in the catalog.
    ///   - withdrawn: the people who have withdrawn consent. The catalog keeps their names only.
    init(_ locations: [VolunteerName: String], known: [VolunteerName], withdrawn: [VolunteerName]) {
        names = Set(locations.keys).subtracting(known).sorted()
        let withdrawnTexts = Set(withdrawn.map(\.text))
        var index = NearNames((known + withdrawn).map(\.text))
        var warnings: [String] = []
        for name in names {
            let near = index.names(near: name.text)
            index.insert(name.text)
            guard !near.isEmpty else { continue }
            let others = near.prefix(3).map { withdrawnTexts.contains($0) ? "\($0), who has withdrawn consent" : $0 }
            warnings.append(
                "\(locations[name] ?? ""): \(name) is a new person; is this \(others.joined(separator: ", or "))? If so, "
                    + "correct the name and import again with --relabel")
        }
        self.warnings = warnings
    }

    private static func locations(_ plans: [ImportPlan], relabel: Bool) -> [VolunteerName: String] {
        var locations: [VolunteerName: String] = [:]
        for plan in plans {
            for row in plan.photos.map(\.row) {
                for name in row.people where locations[name] == nil { locations[name] = row.location }
            }
            let people = plan.people(relabel: relabel)
            for name in people.volunteers + people.coSubjects where locations[name] == nil {
                locations[name] = plan.descriptionLocation
            }
        }
        return locations
    }
}
