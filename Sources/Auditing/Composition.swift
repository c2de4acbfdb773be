import Catalog
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
        for fact in facts {
            faces["all", default: [:]][fact.label?.wearing.triggerText ?? "unlabelled", default: PhotoRate()].count(fact.face)
            count(fact.label?.volunteer.text ?? "unlabelled", fact.kind?.rawValue ?? "unlabelled", fact.label?.wearing, fact.session)
        }
    }

    init(_ entries: [Entry], _ known: [PhotoID: KnownFace]) {
        for entry in entries {
            faces[entry.role.rawValue, default: [:]][entry.wearing.triggerText, default: PhotoRate()].count(known[entry.photo] ?? KnownFace())
            count(entry.volunteer.name.text, entry.volunteer.kind.rawValue, entry.wearing, entry.session)
            roles[entry.role.rawValue, default: 0] += 1
        }
    }

    private mutating func count(_ volunteer: String, _ kind: String, _ wearing: Wearing?, _ session: SessionName) {
        volunteers[volunteer, default: 0] += 1
        kinds[kind, default: 0] += 1
        triggers[wearing?.triggerText ?? "unlabelled", default: 0] += 1
        locations[wearing?.locationText ?? "unlabelled", default: 0] += 1
        sessions[session.text, default: 0] += 1
    }
}
