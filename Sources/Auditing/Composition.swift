import Catalog
import Core
import Versions

/// What a catalog or version is made of: numbers of photos along each of its dimensions.
public struct Composition: Hashable, Sendable {
    public private(set) var volunteers: [String: Int] = [:]
    public private(set) var kinds: [String: Int] = [:]
    public private(set) var triggers: [String: Int] = [:]
    public private(set) var locations: [String: Int] = [:]
    public private(set) var sessions: [String: Int] = [:]
    /// Empty for a catalog, which gives no roles.
    public private(set) var roles: [String: Int] = [:]
    /// On how many photos a face was found, by role × trigger; `all` stands for the role in a catalog.
    public private(set) var faces: [String: [String: PhotoRate]] = [:]

    init(_ facts: [PhotoFacts]) {
        var tally = CatalogCounts()
        for fact in facts {
            tally.count(fact.label?.volunteer, fact.kind, fact.label?.triggerState, fact.session, nil, fact.face)
        }
        self.init(tally)
    }

    /// - Parameter known: today's facts of the photos that today's catalog knows.
    init(_ entries: some Sequence<Entry>, _ known: [PhotoID: KnownFace]) {
        var tally = CatalogCounts()
        for entry in entries {
            tally.count(
                entry.volunteer.name, entry.volunteer.kind, entry.triggerState, entry.session, entry.role,
                known[entry.photo] ?? KnownFace())
        }
        self.init(tally)
    }

    /// Counted by what costs nothing to compare; there are few of each.
    private struct CatalogCounts {
        struct Sort: Hashable {
            let role: Role?
            let triggerState: TriggerState?
        }

        var volunteers: [VolunteerName?: Int] = [:], kinds: [VolunteerKind?: Int] = [:], sessions: [SessionName: Int] = [:]
        var photos: [Sort: Int] = [:], faces: [Sort: PhotoRate] = [:]

        mutating func count(
            _ volunteer: VolunteerName?, _ kind: VolunteerKind?, _ triggerState: TriggerState?, _ session: SessionName, _ role: Role?,
            _ face: KnownFace
        ) {
            volunteers[volunteer, default: 0] += 1
            kinds[kind, default: 0] += 1
            sessions[session, default: 0] += 1
            let sort = Sort(role: role, triggerState: triggerState)
            photos[sort, default: 0] += 1
            faces[sort, default: PhotoRate()].count(face)
        }
    }

    private init(_ tally: CatalogCounts) {
        for (name, count) in tally.volunteers { volunteers[name?.text ?? Self.unlabelled, default: 0] += count }
        for (kind, count) in tally.kinds { kinds[kind?.rawValue ?? Self.unlabelled, default: 0] += count }
        for (name, count) in tally.sessions { sessions[name.text, default: 0] += count }
        for (sort, count) in tally.photos {
            triggers[sort.triggerState?.triggerText ?? Self.unlabelled, default: 0] += count
            locations[sort.triggerState?.locationText ?? Self.unlabelled, default: 0] += count
            if let role = sort.role { roles[role.rawValue, default: 0] += count }
        }
        for (sort, rate) in tally.faces {
            faces[sort.role?.rawValue ?? "all", default: [:]][
                sort.triggerState?.triggerText ?? Self.unlabelled, default: PhotoRate()
            ].add(rate)
        }
    }

    private static let unlabelled = "unlabelled"
}
