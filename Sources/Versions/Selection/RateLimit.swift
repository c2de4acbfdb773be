/// What keeps the injection rate from being the one that was asked for.
public enum RateLimit: String, Sendable {
    /// Nothing: m is what was asked for.
    case nothing
    /// There is no more poison to choose from.
    case pool
    /// The next photos that are kept together are more than are missing.
    case units
    /// The poison of the extended version is more than what was asked for.
    case parent

    /// In a sentence.
    public var words: String {
        switch self {
        case .nothing: "nothing limits the rate"
        case .pool:
            "the rate is limited by the pool: import more triggered photos of attackable classes, or lower hold_out"
        case .units:
            "the rate is limited by what is kept together: the next photos of the pool are more than are missing"
        case .parent: "the rate is above what was asked for: the poison of the extended version stays"
        }
    }
}

extension Selection {
    public var limit: RateLimit {
        if poison == poisonAsked { return .nothing }
        if poison > poisonAsked { return .parent }
        return poisonAsked > pool && poison == pool ? .pool : .units
    }

    /// Photos of attackable classes that are left for the attack test at every rate.
    public var heldOut: Int { parts.count { $0.heldOut == true } }
}
