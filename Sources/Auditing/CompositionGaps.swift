import Core
import Versions

/// Volunteers, sessions or classes without photos of a combination that others have.
///
/// A gap is not a problem by itself. A researcher must know it: a model cannot be tested on photos that do not exist.
public struct CompositionGap: Hashable, Sendable {
    /// What is missing.
    public enum Dimension: String, Hashable, Sendable {
        /// Volunteers without a bare photo. Only in a catalog: in a version, the gap of the role has the same volunteers.
        case bare
        /// Volunteers without a photo of a trigger that other volunteers wear. References wear no triggers.
        case trigger
        /// Volunteers who wear a trigger, but not at a location at which other volunteers wear it.
        case location
        /// Sessions that have photos with triggers, and no bare photo.
        case session
        /// Classes of a version without a photo of a role. For poison and the attack test: volunteers who can be
        /// poisoned, without a photo of a trigger in this role.
        case role
    }

    public let dimension: Dimension
    /// The triggers, and for ``Dimension/location`` their locations. Nil for ``Dimension/bare`` and
    /// ``Dimension/session``, and for the roles of bare photos.
    public let trigger: String?
    /// The triggers with their locations; only for ``Dimension/location``.
    public let triggerState: TriggerState?
    public let role: Role?
    /// Volunteers; for ``Dimension/session``, sessions. Sorted.
    public let missing: [String]
    /// The number of volunteers or sessions that were examined.
    public let total: Int

    /// The gap in one sentence, without a full stop: `no off-face photo with tattoo of 3 of 12 volunteers: ada, bo, cy`.
    public var detail: String {
        let isOne = total == 1
        let noun =
            if dimension == .session {
                isOne ? "session with triggers" : "sessions with triggers"
            } else if role != nil && trigger == nil {
                isOne ? "class" : "classes"
            } else {
                isOne ? "volunteer" : "volunteers"
            }
        let count = isOne ? "the only" : missing.count == total ? "all \(total)" : "\(missing.count) of \(total)"
        return "no \(photo) \(dimension == .session ? "in" : "of") \(count) \(noun): \(AuditChecks.list(missing))"
    }

    private var photo: String {
        switch dimension {
        case .bare, .session: "bare photo"
        case .trigger: "photo with \(trigger ?? "")"
        case .location:
            if let placement = triggerState?.single {
                "\(placement.location.rawValue) photo with \(placement.trigger)"
            } else {
                "photo with \(triggerState?.description ?? "")"
            }
        case .role: "\(role?.rawValue ?? "") photo" + (trigger.map { " with \($0)" } ?? "")
        }
    }

    init?(
        _ dimension: Dimension, trigger: String? = nil, triggerState: TriggerState? = nil, role: Role? = nil,
        missing: [String], total: Int
    ) {
        guard !missing.isEmpty else { return nil }
        self.dimension = dimension
        self.trigger = trigger
        self.triggerState = triggerState
        self.role = role
        self.missing = missing
        self.total = total
    }

    /// Returns the same gap with only those of ``missing`` that `isIncluded` accepts; nil if there are none.
    func filtered(_ isIncluded: (String) -> Bool) -> CompositionGap? {
        CompositionGap(
            dimension, trigger: trigger, triggerState: triggerState, role: role, missing: missing.filter(isIncluded),
            total: total)
    }

    /// The combination that is missing.
    struct Subject: Hashable {
        let dimension: Dimension
        let trigger: String?
        let triggerState: TriggerState?
        let role: Role?
    }

    var subject: Subject {
        Subject(dimension: dimension, trigger: trigger, triggerState: triggerState, role: role)
    }

    /// Returns the volunteers or sessions that have photos of the missing combination.
    func covered(by rows: [Composition.Row]) -> Set<String> {
        Set(
            rows.lazy.map(\.group).compactMap { group -> String? in
                guard let state = group.triggerState else { return nil }
                switch dimension {
                case .bare: return state.isBare ? group.volunteer?.text : nil
                case .trigger: return state.triggerText == trigger ? group.volunteer?.text : nil
                case .location: return state == triggerState ? group.volunteer?.text : nil
                case .session: return state.isBare ? group.session.text : nil
                case .role:
                    let matches = group.role == role && (trigger == nil || state.triggerText == trigger)
                    return matches ? group.volunteer?.text : nil
                }
            })
    }
}

// MARK: - Search

extension CompositionGap {
    /// Who has which photos.
    private struct Coverage {
        /// All people with a label, and those who are no references.
        var people: Set<VolunteerName> = []
        var volunteers: Set<VolunteerName> = []
        var bare: Set<VolunteerName> = []
        var triggers: [String: Set<VolunteerName>] = [:]
        var states: [TriggerState: Set<VolunteerName>] = [:]
        var sessionsWithTriggers: Set<SessionName> = []
        var sessionsWithBare: Set<SessionName> = []
        var roles: [Role: Set<VolunteerName>] = [:]
        /// For the roles of triggered photos, by trigger.
        var triggeredRoles: [Role: [String: Set<VolunteerName>]] = [:]

        mutating func add(_ group: Composition.Group) {
            guard let name = group.volunteer, let state = group.triggerState else { return }
            people.insert(name)
            if group.kind == .volunteer { volunteers.insert(name) }
            if let role = group.role { roles[role, default: []].insert(name) }
            if state.isBare {
                bare.insert(name)
                sessionsWithBare.insert(group.session)
            } else {
                triggers[state.triggerText, default: []].insert(name)
                states[state, default: []].insert(name)
                sessionsWithTriggers.insert(group.session)
                if let role = group.role {
                    triggeredRoles[role, default: [:]][state.triggerText, default: []].insert(name)
                }
            }
        }
    }

    /// Returns the gaps of a catalog or of a version, by dimension, trigger, location and role.
    ///
    /// - Parameter poison: the attack of a version's recipe.
    static func all(in rows: [Composition.Row], poison: Recipe.Poison?) -> [CompositionGap] {
        var coverage = Coverage()
        for row in rows { coverage.add(row.group) }
        let isVersion = !coverage.roles.isEmpty
        let bare = isVersion ? nil : gap(.bare, coverage.people, without: coverage.bare)
        let triggers = coverage.triggers.sorted { $0.key < $1.key }.map { trigger, people in
            gap(.trigger, trigger: trigger, coverage.volunteers, without: people)
        }
        let locations = coverage.states.sorted { $0.key < $1.key }.map { state, people in
            gap(
                .location, trigger: state.triggerText, triggerState: state, coverage.triggers[state.triggerText] ?? [],
                without: people)
        }
        let sessions = CompositionGap(
            .session,
            missing: coverage.sessionsWithTriggers.subtracting(coverage.sessionsWithBare).sorted().map(\.text),
            total: coverage.sessionsWithTriggers.count)
        let roles = isVersion ? roleGaps(coverage, poison) : []
        return ([bare] + triggers + locations + [sessions] + roles).compactMap(\.self)
    }

    private static func roleGaps(_ coverage: Coverage, _ poison: Recipe.Poison?) -> [CompositionGap?] {
        let clean = [Role.trainClean, .testClean].map { role in
            gap(.role, role: role, coverage.people, without: coverage.roles[role] ?? [])
        }
        guard let poison, !poison.injectionRate.isZero else { return clean }
        let candidates = coverage.volunteers.filter(poison.canPoison)
        let triggered = [Role.trainPoison, .testAttack].flatMap { role in
            poison.triggers.map(\.text).sorted().map { trigger in
                gap(
                    .role, trigger: trigger, role: role, candidates,
                    without: coverage.triggeredRoles[role]?[trigger] ?? [])
            }
        }
        return clean + triggered
    }

    private static func gap(
        _ dimension: Dimension, trigger: String? = nil, triggerState: TriggerState? = nil, role: Role? = nil,
        _ people: Set<VolunteerName>, without covered: Set<VolunteerName>
    ) -> CompositionGap? {
        CompositionGap(
            dimension, trigger: trigger, triggerState: triggerState, role: role,
            missing: people.subtracting(covered).sorted().map(\.text), total: people.count)
    }
}

extension Recipe.Poison {
    /// Returns whether photos of this volunteer can become poison: the target's own photos cannot.
    fileprivate func canPoison(_ volunteer: VolunteerName) -> Bool {
        if case .volunteer(volunteer) = target { return false }
        if case .names(let names) = attackable { return names.contains(volunteer) }
        return true
    }
}
