import GRDB

/// What selection and audit read: one ordered scan.
extension Catalog {
    /// Hands over every photo in the order of photo ids, as the catalog stands in one snapshot.
    public func forEachPhoto(_ body: (PhotoFacts) throws -> Void) throws {
        try read { db in
            let dates = Dictionary(uniqueKeysWithValues: try Row.fetchAll(db, sql: "SELECT name, date FROM session").map { ($0[0] as String, $0[1] as String) })
            let rows = try Row.fetchCursor(db, sql: Self.factsQuery)
            while let row = try rows.next() {
                guard let photo = PhotoID(hex: row[0]) else { continue }
                let likeness: String? = row[1]
                let volunteer: String? = row[6]
                let kind: String? = row[7]
                let worn: String? = row[8]
                let label = volunteer.map { Label(volunteer: VolunteerName(stored: $0), wearing: Wearing(stored: worn)) }
                try body(PhotoFacts(photo: photo, session: SessionName(stored: row[4]), consented: row[5], label: label,
                                    kind: kind.flatMap(Kind.init(rawValue:)), likeness: likeness.flatMap(Likeness.init(hex:)), width: row[2], height: row[3], face: KnownFace(row: row, from: 22),
                                    isSuggested: row[17] ?? false, triggerBox: Box(row: row, from: 18), quality: PhotoQuality(row: row, from: 9), date: dates[row[4]] ?? ""))
            }
        }
    }

    /// All photos at once, in the order of photo ids.
    public func facts() throws -> [PhotoFacts] {
        var facts: [PhotoFacts] = []
        try forEachPhoto { facts.append($0) }
        return facts
    }

    /// A person's word before a rule's, then the highest label id; the smallest session name; the strictest consent,
    /// where a companion consents by sessions of their own, all of them.
    private static let factsQuery = """
        SELECT p.id, f.likeness, p.width, p.height,
               (SELECT min(a.session) FROM appearance a WHERE a.photo = p.id),
               NOT EXISTS (SELECT 1 FROM appearance a JOIN session s ON s.name = a.session WHERE a.photo = p.id AND s.consent = 'missing')
                   AND NOT EXISTS (SELECT 1 FROM companion c WHERE c.photo = p.id AND \(Catalog.lacksConsent)),
               l.volunteer, v.kind,
               \(Catalog.worn),
               \(qualityColumns),
               l.source = 'rule', t.x, t.y, t.width, t.height,
               \(faceColumns)
        FROM photo p
        LEFT JOIN label l ON l.id = \(Catalog.countingLabel)
        LEFT JOIN volunteer v ON v.name = l.volunteer
        LEFT JOIN region t ON t.photo = p.id AND t.what = 'trigger'
        \(faceJoins)
        ORDER BY p.id
        """
}

/// What every query about labels says the same way.
extension Catalog {
    /// The label of photo `p` that counts: a person's word before a rule's, then the highest id.
    static let countingLabel = "(SELECT id FROM label x WHERE x.photo = p.id ORDER BY x.source = 'rule', x.id DESC LIMIT 1)"

    /// Whether companion `c` has no session of their own, or one without papers.
    static let lacksConsent = """
        coalesce((SELECT max(s.consent = 'missing') FROM sitter t JOIN session s ON s.name = t.session WHERE t.volunteer = c.volunteer), 1)
        """

    /// What the person of label `l` wears, as ``Wearing/init(stored:)`` reads it.
    static let worn = """
        (SELECT group_concat(pair, '+') FROM (SELECT w.trigger || ' ' || w.location AS pair FROM worn w
            WHERE w.label = l.id ORDER BY w.trigger, w.location))
        """
}

extension Wearing {
    /// `trigger location+trigger location`, as the queries join it; nil is bare.
    init(stored text: String?) {
        self.init((text ?? "").split(separator: "+").compactMap { pair in
            let parts = pair.split(separator: " ")
            guard parts.count == 2, let location = Location(rawValue: String(parts[1])) else { return nil }
            return Worn(TriggerName(stored: String(parts[0])), location)
        })
    }
}
