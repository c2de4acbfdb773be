import Core
import GRDB

/// A photo that an import stores. Its file is in the workspace already.
public struct NewPhoto: Sendable {
    public let photo: Photo
    public let sessionPhoto: SessionPhoto
    /// The label from the session folder; nil if the folder gives no label, or if the catalog has the label already.
    public let label: Label?
    /// A label from a rule.
    public let suggestion: Label?
    /// Other people who are visible.
    public let coSubjects: [VolunteerName]
    public let triggerBox: Box?
    public let faceBox: Box?
    /// Nil if the catalog has the measurements already.
    public let measures: PhotoMeasures?
    public let image: Image?

    public init(
        photo: Photo, sessionPhoto: SessionPhoto, label: Label?, suggestion: Label? = nil,
        coSubjects: [VolunteerName] = [], triggerBox: Box? = nil, faceBox: Box? = nil, measures: PhotoMeasures? = nil,
        image: Image? = nil
    ) {
        self.photo = photo
        self.sessionPhoto = sessionPhoto
        self.label = label
        self.suggestion = suggestion
        self.coSubjects = coSubjects
        self.triggerBox = triggerBox
        self.faceBox = faceBox
        self.measures = measures
        self.image = image
    }
}

/// The values that the catalog has for a photo. An import of the same photo compares its row with these values.
public struct KnownPhoto: Hashable, Sendable {
    /// The label that counts.
    public internal(set) var label: Label?
    /// The origin of ``label``; nil if the photo has no label.
    public internal(set) var source: LabelSource?
    /// The last label from each origin.
    public internal(set) var lastLabels: [LabelSource: Label] = [:]
    /// The notes of the photo, by session.
    public internal(set) var notes: [SessionName: String?] = [:]
    /// Other people who are visible.
    public internal(set) var coSubjects: Set<VolunteerName> = []
    /// The boxes that count.
    public internal(set) var boxes: [Region: Box] = [:]
    /// The boxes of the last `session.csv`.
    public internal(set) var sheetBoxes: [Region: Box] = [:]
    /// The regions whose box a person set or removed by hand.
    public internal(set) var correctedRegions: Set<Region> = []

    /// Creates the values of a photo without corrections by hand.
    ///
    /// - Parameter source: the origin of the label, which is also the last label from this origin.
    public init(
        label: Label? = nil, source: LabelSource = .sheet, notes: [SessionName: String?] = [:],
        coSubjects: Set<VolunteerName> = [], boxes: [Region: Box] = [:]
    ) {
        self.label = label
        if let label {
            self.source = source
            lastLabels = [source: label]
        }
        self.notes = notes
        self.coSubjects = coSubjects
        self.boxes = boxes
        sheetBoxes = boxes
    }

    /// Whether ``label`` comes from a rule.
    public var isSuggested: Bool { source == .rule }

    /// Adds the values of the same photo in a session that is planned before this one. Values of this record take
    /// precedence, but a person's label replaces a suggestion.
    public mutating func merge(_ other: KnownPhoto) {
        if label == nil || (isSuggested && other.label != nil) {
            label = other.label
            source = other.source
        }
        lastLabels.merge(other.lastLabels) { first, _ in first }
        notes.merge(other.notes) { first, _ in first }
        coSubjects.formUnion(other.coSubjects)
        boxes.merge(other.boxes) { first, _ in first }
        sheetBoxes.merge(other.sheetBoxes) { first, _ in first }
        correctedRegions.formUnion(other.correctedRegions)
    }
}

/// A difference between a session's files and the catalog, with the new value.
public enum Correction: Hashable, Sendable {
    /// The kinds of corrections. The raw values are keys of the JSON result of an import.
    public enum Kind: String, CaseIterable, Sendable {
        case labels, boxes, notes, also, sessions
    }

    case label(PhotoID, Label)
    case coSubjects(PhotoID, Set<VolunteerName>)
    /// A box of nil removes the marked box.
    case box(PhotoID, Region, Box?)
    case note(PhotoID, SessionName, String?)
    /// All properties of a session except its name and its kind.
    case session(Session)

    public var kind: Kind {
        switch self {
        case .label: .labels
        case .coSubjects: .also
        case .box: .boxes
        case .note: .notes
        case .session: .sessions
        }
    }
}

/// Imports: the queries before an import and the writes of an import.
extension Catalog {
    /// Returns the stored values of all photos, or of those photos in `photos` that the catalog contains. Makes one
    /// query for each table.
    public func known(_ photos: [PhotoID]? = nil) throws -> [PhotoID: KnownPhoto] {
        let photos = PhotoList(photos)
        let clause = photos.clause("photo")
        return try read { db in
            var known: [PhotoID: KnownPhoto] = [:]
            let notes = try Row.fetchCursor(
                db, sql: "SELECT photo, session, note FROM session_photo\(clause)", arguments: photos.arguments)
            while let row = try notes.next() {
                let photo: PhotoID = try row.digest("photo", in: "session_photo")
                known[photo, default: KnownPhoto()].notes[SessionName(stored: row["session"])] = .some(row["note"])
            }
            let coSubjects = try RawRows(db, "SELECT photo, volunteer FROM co_subject\(clause)", photos.arguments)
            while try coSubjects.next() {
                let volunteer = VolunteerName(stored: coSubjects.text(1))
                known[try coSubjects.photo(0), default: KnownPhoto()].coSubjects.insert(volunteer)
            }
            var regions = try RegionRows(db, photos)
            while let region = try regions.next() {
                known[region.photo, default: KnownPhoto()].add(region)
            }
            let labels = try LabelCache(db, photos)
            let sources = WordColumn<LabelSource>("label.source")
            // The last label from each origin, in the order of ids.
            let history = try RawRows(db, "SELECT photo, id, source FROM label\(clause) ORDER BY id", photos.arguments)
            var sourcesByLabel: [Int: LabelSource] = [:]
            while try history.next() {
                let source = try sources.word(history.bytes(2))
                sourcesByLabel[history.int(1)] = source
                known[try history.photo(0), default: KnownPhoto()].lastLabels[source] = try labels.label(history.int(1))
            }
            var effective = try EffectiveLabels(db, photos)
            while let label = try effective.next() {
                known[label.photo, default: KnownPhoto()].label = try labels.label(label.id)
                known[label.photo, default: KnownPhoto()].source = sourcesByLabel[label.id]
            }
            return known
        }
    }

    /// Stores a session and its people. A session that exists already is not changed.
    ///
    /// - Parameters:
    ///   - volunteers: the people who posed.
    ///   - coSubjects: other people who are visible in the session's photos.
    public func store(_ session: Session, volunteers: [VolunteerName], coSubjects: [VolunteerName]) throws {
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO session (name, date, kind, consent, photographer, camera, place)
                    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    session.name.text, session.date, session.kind.rawValue, session.consent.rawValue,
                    session.photographer, session.camera, session.place,
                ])
            // A person who was only a co-subject until now gets the kind of the first session in which they pose.
            let insertVolunteer = try db.makeStatement(
                sql: """
                    INSERT INTO volunteer (name, kind) VALUES (?, ?)
                    ON CONFLICT DO UPDATE SET kind = excluded.kind
                    WHERE NOT EXISTS (SELECT 1 FROM session_volunteer p WHERE p.volunteer = volunteer.name)
                    """)
            let insertSessionVolunteer = try db.makeStatement(
                sql: "INSERT INTO session_volunteer (session, volunteer) VALUES (?, ?) ON CONFLICT DO NOTHING")
            let insertCoSubject = try db.makeStatement(
                sql: "INSERT INTO volunteer (name, kind) VALUES (?, ?) ON CONFLICT DO NOTHING")
            for name in volunteers {
                try insertVolunteer.execute(arguments: [name.text, session.kind.rawValue])
                try insertSessionVolunteer.execute(arguments: [session.name.text, name.text])
            }
            for name in coSubjects {
                try insertCoSubject.execute(arguments: [name.text, VolunteerKind.volunteer.rawValue])
            }
        }
    }

    /// Stores photos in one transaction, and returns the number of new photos. A known photo is added to its new
    /// session.
    ///
    /// - Parameters:
    ///   - made: the time of the labels, UTC, ISO 8601.
    ///   - corrections: the corrections by hand when the import was planned. Newer ones count before the new labels.
    @discardableResult
    public func store(
        _ batch: [NewPhoto], source: LabelSource = .sheet, made: String, planned corrections: HandCorrections? = nil
    ) throws -> Int {
        try write { db in
            let writer = try PhotoWriter(db)
            var count = 0
            for new in batch {
                if try writer.insert(new, source, made) { count += 1 }
                if new.label != nil { try Self.keepNewerLabel(of: new.photo.id, than: corrections, db) }
            }
            return count
        }
    }

    /// Stores the corrections of a session's files in one transaction.
    ///
    /// - Parameters:
    ///   - made: the time of the labels, UTC, ISO 8601.
    ///   - planned: the corrections by hand when the import was planned. Newer ones count before the session's values.
    public func apply(_ corrections: [Correction], made: String, planned: HandCorrections? = nil) throws {
        try write { db in
            let labels = try LabelWriter(db)
            for correction in corrections {
                switch correction {
                case .label(let photo, let label):
                    try labels.append(label, to: photo, .sheet, made)
                    try Self.keepNewerLabel(of: photo, than: planned, db)
                case .coSubjects(let photo, let names): try Self.replaceCoSubjects(of: photo, by: names, db)
                case .box(let photo, let region, let box):
                    let newer = try Self.newerBox(of: photo, region, than: planned, db)
                    try Self.setBox(of: photo, region, .sheet(box), made: made, db)
                    if let newer {
                        try Self.setBox(
                            of: photo, region, .correction(newer.box), made: newer.made, author: newer.author, db)
                    }
                case .note(let photo, let session, let note):
                    try db.execute(
                        sql: "UPDATE session_photo SET note = ? WHERE photo = ? AND session = ?",
                        arguments: [note, photo.hex, session.text])
                case .session(let session): try Self.update(session, db)
                }
            }
        }
    }

    private static func replaceCoSubjects(of photo: PhotoID, by names: Set<VolunteerName>, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM co_subject WHERE photo = ?", arguments: [photo.hex])
        for name in names {
            try db.execute(
                sql: "INSERT INTO co_subject (photo, volunteer) VALUES (?, ?)", arguments: [photo.hex, name.text])
        }
    }

    private static func update(_ session: Session, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE session SET date = ?, consent = ?, photographer = ?, camera = ?, place = ? WHERE name = ?
                """,
            arguments: [
                session.date, session.consent.rawValue, session.photographer, session.camera, session.place,
                session.name.text,
            ])
    }

    /// Stores images. An image that is stored already keeps its digest.
    public func store(images: [Image]) throws {
        try write { db in
            for image in images { try Self.insert(image, db) }
        }
    }

    fileprivate static func insert(_ image: Image, _ db: Database) throws {
        let sql = "INSERT INTO image (photo, profile, digest) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        try db.cachedStatement(sql: sql).execute(
            arguments: [image.photo.hex, image.profile.name, image.digest.hex])
    }
}

/// The statements that store a photo with the values of its row in `session.csv`.
private struct PhotoWriter {
    private let db: Database
    private let photo: Statement
    private let sessionPhoto: Statement
    private let coSubject: Statement
    private let labels: LabelWriter

    init(_ db: Database) throws {
        self.db = db
        photo = try db.makeStatement(
            sql: """
                INSERT INTO photo (id, bytes, format, width, height, captured, camera, first_session)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """)
        sessionPhoto = try db.makeStatement(
            sql: """
                INSERT INTO session_photo (photo, session, file, note, revision)
                VALUES (?1, ?2, ?3, ?4,
                    (SELECT ifnull(max(revision), 0) + 1 FROM session_photo WHERE session = ?2 AND file = ?3))
                ON CONFLICT DO NOTHING
                """)
        coSubject = try db.makeStatement(
            sql: "INSERT INTO co_subject (photo, volunteer) VALUES (?, ?) ON CONFLICT DO NOTHING")
        labels = try LabelWriter(db)
    }

    /// Stores a photo, and returns whether it was new.
    func insert(_ new: NewPhoto, _ source: LabelSource, _ made: String) throws -> Bool {
        let id = new.photo.id
        let entry = new.sessionPhoto
        try photo.execute(arguments: [
            id.hex, new.photo.bytes, new.photo.format, new.photo.width, new.photo.height, new.photo.captured,
            new.photo.camera, entry.session.text,
        ])
        let isNew = db.changesCount > 0
        try sessionPhoto.execute(arguments: [id.hex, entry.session.text, entry.file, entry.note])
        for name in new.coSubjects { try coSubject.execute(arguments: [id.hex, name.text]) }
        if let box = new.triggerBox { try Catalog.insert(box, .trigger, of: id, db) }
        if let box = new.faceBox { try Catalog.insert(box, .face, of: id, db) }
        if let measures = new.measures { try Catalog.insert(measures, of: id, db) }
        if let label = new.label { try labels.append(label, to: id, source, made) }
        if let label = new.suggestion { try labels.append(label, to: id, .rule, made) }
        if let image = new.image { try Catalog.insert(image, db) }
        return isNew
    }
}
