import Core
import GRDB

/// What selection and audit read: every photo in one ordered scan, or some photos by their ids.
extension Catalog {
    /// Whether a face's landmarks are read: 68 points a photo, which few ask for and which are most of a scan's time and memory.
    public enum LandmarkSelection: Sendable {
        case all, none
        /// Where a trigger's box is marked, to hold it against them.
        case besideTriggerBoxes
    }

    /// What a walk through the photos reads of their measures beside perceptualHash and face.
    public struct FetchOptions: Sendable {
        public var landmarks: LandmarkSelection
        /// Whether ``PhotoFacts/quality`` is read; otherwise it is nil for all.
        public var quality: Bool

        public init(landmarks: LandmarkSelection = .all, quality: Bool = true) {
            (self.landmarks, self.quality) = (landmarks, quality)
        }
    }

    /// Hands over every photo in the order of photo ids, as the catalog stands in one snapshot.
    ///
    /// - Parameter some: those photos alone, found by their ids and not by a scan.
    public func forEachPhoto(
        _ some: [PhotoID]? = nil, _ reading: FetchOptions = FetchOptions(), _ body: (PhotoFacts) throws -> Void
    ) throws {
        try read { db in
            var scan = try FactsScan(db, some, reading)
            while let facts = try scan.next() { try body(facts) }
        }
    }

    /// All photos at once, in the order of photo ids; or `some` of them.
    public func facts(of some: [PhotoID]? = nil, _ reading: FetchOptions = FetchOptions()) throws -> [PhotoFacts] {
        var facts: [PhotoFacts] = []
        if some == nil {
            facts.reserveCapacity(try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM photo") ?? 0 })
        }
        try forEachPhoto(some, reading) { facts.append($0) }
        return facts
    }

    /// The photo and all others of the same volunteer in its session, in the order of photo ids: what says where its face may be.
    public func sitting(of photo: PhotoID) throws -> [PhotoFacts] {
        guard let own = try facts(of: [photo]).first else { return [] }
        let others = try facts(of: photos(in: own.session).map(\.photo))
        return others.filter {
            $0.photo == photo || $0.session == own.session && $0.label?.volunteer == own.label?.volunteer
        }
    }
}

/// What every query about labels says the same way.
extension Catalog {
    /// The label of photo `p` that counts: a person's word before a rule's, then the highest id.
    static let countingLabel =
        "(SELECT id FROM label x WHERE x.photo = p.id ORDER BY x.source = 'rule', x.id DESC LIMIT 1)"

    /// Whether companion `c` has no session of their own, or one without papers.
    static let lacksConsent = """
        coalesce((SELECT max(s.consent = 'missing') FROM sitter t JOIN session s ON s.name = t.session WHERE t.volunteer = c.volunteer), 1)
        """

    /// What the person of label `l` wears, as ``TriggerState/init(stored:)`` reads it.
    static let worn = """
        (SELECT group_concat(pair, '+') FROM (SELECT w.trigger || ' ' || w.location AS pair FROM worn w
            WHERE w.label = l.id ORDER BY w.trigger, w.location))
        """
}

extension TriggerState {
    /// `trigger location+trigger location`, as the queries join it; nil is bare.
    init(stored text: String?) {
        self.init(
            (text ?? "").split(separator: "+").compactMap { pair in
                let parts = pair.split(separator: " ")
                guard parts.count == 2, let location = Location(rawValue: String(parts[1])) else { return nil }
                return TriggerPlacement(TriggerName(stored: String(parts[0])), location)
            })
    }
}
