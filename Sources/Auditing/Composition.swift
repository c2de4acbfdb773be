import Core
import Versions

/// Counts of the photos of a catalog or a version: by volunteer, kind, trigger, location, session and role.
public struct Composition: Hashable, Sendable {
    public private(set) var volunteers: [String: Int] = [:]
    public private(set) var kinds: [String: Int] = [:]
    public private(set) var triggers: [String: Int] = [:]
    public private(set) var locations: [String: Int] = [:]
    public private(set) var sessions: [String: Int] = [:]
    /// Empty for a catalog: only the photos of a version have roles.
    public private(set) var roles: [String: Int] = [:]
    /// The rates of photos with a face, by role and trigger. The role is `all` in a catalog.
    public private(set) var faces: [String: [String: PhotoRate]] = [:]

    /// Counts the photos of a catalog.
    init(_ facts: [PhotoFacts]) {
        var counts = Counts()
        for fact in facts {
            counts.add(fact.label?.volunteer, fact.kind, fact.label?.triggerState, fact.session, nil, fact.face)
        }
        self.init(counts)
    }

    /// Counts the entries of a version.
    ///
    /// - Parameter faces: the faces of the photos that are in the catalog today.
    init(_ entries: some Sequence<Entry>, _ faces: [PhotoID: KnownFace]) {
        var counts = Counts()
        for entry in entries {
            counts.add(
                entry.volunteer.name, entry.volunteer.kind, entry.triggerState, entry.session, entry.role,
                faces[entry.photo] ?? KnownFace())
        }
        self.init(counts)
    }

    /// Counts by typed keys, which are faster to hash than their texts. The texts are made once for each key.
    private struct Counts {
        struct RoleAndState: Hashable {
            let role: Role?
            let triggerState: TriggerState?
        }

        var volunteers: [VolunteerName?: Int] = [:]
        var kinds: [VolunteerKind?: Int] = [:]
        var sessions: [SessionName: Int] = [:]
        var photos: [RoleAndState: Int] = [:]
        var faces: [RoleAndState: PhotoRate] = [:]

        mutating func add(
            _ volunteer: VolunteerName?, _ kind: VolunteerKind?, _ triggerState: TriggerState?,
            _ session: SessionName, _ role: Role?, _ face: KnownFace
        ) {
            volunteers[volunteer, default: 0] += 1
            kinds[kind, default: 0] += 1
            sessions[session, default: 0] += 1
            let key = RoleAndState(role: role, triggerState: triggerState)
            photos[key, default: 0] += 1
            faces[key, default: PhotoRate()].count(face)
        }
    }

    private init(_ counts: Counts) {
        // A volunteer can be named "unlabelled", so that two keys can have the same text: counts are added.
        for (name, count) in counts.volunteers { volunteers[name?.text ?? Self.unlabelled, default: 0] += count }
        for (kind, count) in counts.kinds { kinds[kind?.rawValue ?? Self.unlabelled, default: 0] += count }
        for (name, count) in counts.sessions { sessions[name.text, default: 0] += count }
        for (key, count) in counts.photos {
            triggers[key.triggerState?.triggerText ?? Self.unlabelled, default: 0] += count
            locations[key.triggerState?.locationText ?? Self.unlabelled, default: 0] += count
            if let role = key.role { roles[role.rawValue, default: 0] += count }
        }
        for (key, rate) in counts.faces {
            let role = key.role?.rawValue ?? "all"
            let trigger = key.triggerState?.triggerText ?? Self.unlabelled
            faces[role, default: [:]][trigger, default: PhotoRate()].add(rate)
        }
    }

    private static let unlabelled = "unlabelled"
}
