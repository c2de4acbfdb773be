import Core

/// The photos of a catalog in the order of their ids, walked through as often as somebody asks: what a million photos have to say need not be in memory at once.
public struct FactSource {
    /// Hands over every photo, in the order of ids.
    let forEach: (_ body: (PhotoFacts) throws -> Void) throws -> Void

    /// - Parameter walk: hands every photo to its argument, in the order of ids, and the same ones each time.
    public init(walk: @escaping (_ body: (PhotoFacts) throws -> Void) throws -> Void) {
        forEach = walk
    }

    /// The same photos, all in memory from now on.
    public func kept() throws -> FactSource {
        var facts: [PhotoFacts] = []
        try forEach { facts.append($0) }
        return FactSource(facts)
    }

    /// - Parameter facts: in the order of photo ids.
    public init(_ facts: [PhotoFacts]) {
        forEach = { body in try facts.forEach(body) }
    }
}
