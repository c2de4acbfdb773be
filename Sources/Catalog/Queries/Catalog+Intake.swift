import Core
import GRDB

/// One photo as an import hands it over: measured, its file already in place.
public struct NewPhoto: Sendable {
    public let photo: Photo
    public let appearance: SessionPhoto
    /// What is added to the photo's history; nil where the sheet does not say who is in it, or the catalog knows already.
    public let label: Label?
    /// What a rule adds to the history.
    public let suggestion: Label?
    /// Other people visible.
    public let also: [VolunteerName]
    public let triggerBox: Box?
    public let faceBox: Box?
    /// Nil where the catalog knows already.
    public let measures: PhotoMeasures?
    public let image: Image?

    public init(
        photo: Photo, appearance: SessionPhoto, label: Label?, suggestion: Label? = nil, also: [VolunteerName] = [],
        triggerBox: Box? = nil, faceBox: Box? = nil,
        measures: PhotoMeasures? = nil, image: Image? = nil
    ) {
        self.photo = photo
        self.appearance = appearance
        self.label = label
        self.suggestion = suggestion
        self.also = also
        self.triggerBox = triggerBox
        self.faceBox = faceBox
        self.measures = measures
        self.image = image
    }
}

extension Catalog {
    /// Stores a session and whom it is about; an existing one is left as it is.
    public func store(_ session: Session, sitters: [VolunteerName], also: [VolunteerName]) throws {
        try write { db in
            try db.execute(
                sql: """
                    INSERT INTO session (name, date, kind, consent, photographer, camera, place) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """,
                arguments: [
                    session.name.text, session.date, session.kind.rawValue, session.consent.rawValue,
                    session.photographer, session.camera, session.place,
                ])
            // Who was only seen beside others has no kind of their own until they pose.
            let poser = try db.makeStatement(
                sql: """
                    INSERT INTO volunteer (name, kind) VALUES (?, ?)
                    ON CONFLICT DO UPDATE SET kind = excluded.kind WHERE NOT EXISTS (SELECT 1 FROM sitter WHERE sitter.volunteer = volunteer.name)
                    """)
            let companion = try db.makeStatement(
                sql: "INSERT INTO volunteer (name, kind) VALUES (?, ?) ON CONFLICT DO NOTHING")
            let sitter = try db.makeStatement(
                sql: "INSERT INTO sitter (session, volunteer) VALUES (?, ?) ON CONFLICT DO NOTHING")
            for name in sitters {
                try poser.execute(arguments: [name.text, session.kind.rawValue])
                try sitter.execute(arguments: [session.name.text, name.text])
            }
            // Someone visible beside a sitter is a volunteer who may have no session, and so no consent, of their own yet.
            for name in also { try companion.execute(arguments: [name.text, VolunteerKind.volunteer.rawValue]) }
        }
    }

    /// Stores a batch of photos in one transaction; a photo that is already known gets another appearance. Returns how many were new.
    ///
    /// - Parameter made: the time of the labels, UTC ISO 8601.
    @discardableResult
    public func store(_ batch: [NewPhoto], source: LabelSource = .sheet, made: String) throws -> Int {
        try write { db in
            let photo = try db.makeStatement(
                sql: """
                    INSERT INTO photo (id, bytes, format, width, height, captured, camera, home) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                    """)
            let appearance = try db.makeStatement(
                sql: "INSERT INTO appearance (photo, session, file, note) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
            let companion = try db.makeStatement(
                sql: "INSERT INTO companion (photo, volunteer) VALUES (?, ?) ON CONFLICT DO NOTHING")
            let labels = try LabelWriter(db)
            var new = 0
            for arrival in batch {
                let id = arrival.photo.id.hex
                try photo.execute(arguments: [
                    id, arrival.photo.bytes, arrival.photo.format, arrival.photo.width, arrival.photo.height,
                    arrival.photo.captured, arrival.photo.camera,
                    arrival.appearance.session.text,
                ])
                new += db.changesCount
                try appearance.execute(arguments: [
                    id, arrival.appearance.session.text, arrival.appearance.file, arrival.appearance.note,
                ])
                for name in arrival.also { try companion.execute(arguments: [id, name.text]) }
                for (region, box) in [(Region.trigger, arrival.triggerBox), (.face, arrival.faceBox)] {
                    if let box { try Self.insert(box, region, of: arrival.photo.id, db) }
                }
                if let measures = arrival.measures { try Self.insert(measures, of: arrival.photo.id, db) }
                if let label = arrival.label { try labels.append(label, to: arrival.photo.id, source, made) }
                if let label = arrival.suggestion { try labels.append(label, to: arrival.photo.id, .rule, made) }
                if let image = arrival.image { try Self.insert(image, db) }
            }
            return new
        }
    }

    /// Adds labels to the histories of photos; nothing is overwritten.
    public func append(labels: [(photo: PhotoID, label: Label)], source: LabelSource, made: String) throws {
        try write { db in
            let writer = try LabelWriter(db)
            for (photo, label) in labels { try writer.append(label, to: photo, source, made) }
        }
    }

    /// Does what a sheet now says otherwise, in one transaction.
    public func apply(_ corrections: [Correction], made: String) throws {
        try write { db in
            let labels = try LabelWriter(db)
            for correction in corrections {
                switch correction {
                case .label(let photo, let label):
                    try labels.append(label, to: photo, .sheet, made)
                case .also(let photo, let names):
                    try db.execute(sql: "DELETE FROM companion WHERE photo = ?", arguments: [photo.hex])
                    for name in names {
                        try db.execute(
                            sql: "INSERT INTO companion (photo, volunteer) VALUES (?, ?)",
                            arguments: [photo.hex, name.text])
                    }
                case .box(let photo, let region, let box):
                    try db.execute(
                        sql: "DELETE FROM region WHERE photo = ? AND what = ?", arguments: [photo.hex, region.rawValue])
                    if let box { try Self.insert(box, region, of: photo, db) }
                    if box == nil, region == .face { try Self.forgetFaceImages(of: photo, db) }
                case .note(let photo, let session, let note):
                    try db.execute(
                        sql: "UPDATE appearance SET note = ? WHERE photo = ? AND session = ?",
                        arguments: [note, photo.hex, session.text])
                case .session(let session):
                    try db.execute(
                        sql:
                            "UPDATE session SET date = ?, consent = ?, photographer = ?, camera = ?, place = ? WHERE name = ?",
                        arguments: [
                            session.date, session.consent.rawValue, session.photographer, session.camera, session.place,
                            session.name.text,
                        ])
                }
            }
        }
    }

    /// Records images that were made; an image already recorded keeps its digest.
    public func store(images: [Image]) throws {
        try write { db in
            for image in images { try Self.insert(image, db) }
        }
    }

    private static func insert(_ box: Box, _ region: Region, of photo: PhotoID, _ db: Database) throws {
        try db.cachedStatement(
            sql:
                "INSERT INTO region (photo, what, x, y, width, height) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        )
        .execute(arguments: [photo.hex, region.rawValue, box.x, box.y, box.width, box.height])
        if region == .face, db.changesCount > 0 { try forgetFaceImages(of: photo, db) }
    }

    private static func insert(_ image: Image, _ db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO image (photo, profile, digest) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
        )
        .execute(arguments: [image.photo.hex, image.profile.name, image.digest.hex])
    }
}

/// The two inserts that make a label.
private struct LabelWriter {
    private let db: Database
    private let label: Statement
    private let worn: Statement

    init(_ db: Database) throws {
        self.db = db
        label = try db.makeStatement(sql: "INSERT INTO label (photo, volunteer, source, made) VALUES (?, ?, ?, ?)")
        worn = try db.makeStatement(sql: "INSERT INTO worn (label, trigger, location) VALUES (?, ?, ?)")
    }

    func append(_ what: Label, to photo: PhotoID, _ source: LabelSource, _ made: String) throws {
        try label.execute(arguments: [photo.hex, what.volunteer.text, source.rawValue, made])
        let id = db.lastInsertedRowID
        for pair in what.triggerState.pairs { try worn.execute(arguments: [id, pair.trigger.text, pair.location.rawValue]) }
    }
}
