import Core
import GRDB

/// Single photos, sessions and images: what a person asks for by name.
extension Catalog {
    public func photo(_ id: PhotoID) throws -> Photo? {
        try read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM photo WHERE id = ?", arguments: [id.hex]).flatMap(Photo.init(row:))
        }
    }

    /// Photos whose id starts with `prefix`, at most `limit`.
    public func photos(prefix: String, limit: Int = 10) throws -> [PhotoID] {
        guard !prefix.isEmpty, prefix.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            return []
        }
        return try read { db in
            try String.fetchAll(
                db, sql: "SELECT id FROM photo WHERE id >= ? AND id < ? ORDER BY id LIMIT ?",
                arguments: [prefix, prefix + "g", limit]
            )
            .compactMap(PhotoID.init(hex:))
        }
    }

    /// Photos that had this file name in a session's sheet, at most `limit`.
    public func photos(file: String, limit: Int = 10) throws -> [PhotoID] {
        try read { db in
            // Session by session, since the index has the file's name behind the session's.
            try String.fetchAll(
                db,
                sql:
                    "SELECT DISTINCT photo FROM appearance WHERE session IN (SELECT name FROM session) AND file = ? ORDER BY photo LIMIT ?",
                arguments: [file, limit]
            )
            .compactMap(PhotoID.init(hex:))
        }
    }

    /// The sheets that a photo stands in, by session name.
    public func appearances(of photo: PhotoID) throws -> [SessionPhoto] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT session, file, note FROM appearance WHERE photo = ? ORDER BY session",
                arguments: [photo.hex]
            )
            .map { SessionPhoto(session: SessionName(stored: $0["session"]), file: $0["file"], note: $0["note"]) }
        }
    }

    /// Where every photo stands: its place in `session`, or in the first of its sessions by name.
    public func places(in session: SessionName? = nil) throws -> [PhotoID: SessionPhoto] {
        try read { db in
            var places: [PhotoID: SessionPhoto] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql:
                    "SELECT photo, min(session), file, note FROM appearance WHERE ?1 IS NULL OR session = ?1 GROUP BY photo",
                arguments: [session?.text])
            while let row = try rows.next() {
                if let photo = PhotoID(hex: row[0]) {
                    places[photo] = SessionPhoto(session: SessionName(stored: row[1]), file: row[2], note: row[3])
                }
            }
            return places
        }
    }

    /// The photos of a session with the file names of its sheet.
    public func photos(in session: SessionName) throws -> [(photo: PhotoID, file: String)] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT photo, file FROM appearance WHERE session = ? ORDER BY file, photo",
                arguments: [session.text]
            )
            .compactMap { row in PhotoID(hex: row["photo"]).map { ($0, row["file"]) } }
        }
    }

    /// Everything ever said of a photo, oldest first.
    public func labels(of photo: PhotoID) throws -> [LabelRecord] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT l.id, l.volunteer, l.source, l.made,
                           \(Catalog.worn) AS worn
                    FROM label l WHERE l.photo = ? ORDER BY l.id
                    """, arguments: [photo.hex]
            ).map { row in
                LabelRecord(
                    id: row["id"],
                    label: Label(
                        volunteer: VolunteerName(stored: row["volunteer"]), triggerState: TriggerState(stored: row["worn"])),
                    source: LabelSource(rawValue: row["source"]) ?? .rule, made: row["made"])
            }
        }
    }

    /// The label that counts: a person's word before a rule's, then the highest id.
    public func label(of photo: PhotoID) throws -> LabelRecord? {
        let history = try labels(of: photo)
        return history.last { $0.source != .rule } ?? history.last
    }

    /// The highest label id, so that a version can say which labels it knew; 0 where there is none.
    public func newestLabel() throws -> Int {
        try read { db in try Int.fetchOne(db, sql: "SELECT max(id) FROM label") ?? 0 }
    }

    /// The digests of all images recorded under `profile`.
    public func images(_ profile: Profile) throws -> [PhotoID: ImageDigest] {
        try read { db in
            var images: [PhotoID: ImageDigest] = [:]
            let rows = try Row.fetchCursor(
                db, sql: "SELECT photo, digest FROM image WHERE profile = ?", arguments: [profile.name])
            while let row = try rows.next() {
                if let photo = PhotoID(hex: row[0]), let digest = ImageDigest(hex: row[1]) { images[photo] = digest }
            }
            return images
        }
    }

    /// The digests of the images of `photos` recorded under `profile`; nil where there is none.
    ///
    /// - Parameter photos: in the order of their ids. One walk through the profile's images, whatever their number.
    public func images(_ profile: Profile, of photos: [PhotoID]) throws -> [ImageDigest?] {
        try read { db in
            var rows = try RowsByPhoto(
                RawRows(db, "SELECT photo, digest FROM image WHERE profile = ? ORDER BY photo", [profile.name]))
            var digests: [ImageDigest?] = []
            digests.reserveCapacity(photos.count)
            try withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { digits in
                for photo in photos {
                    photo.writeHex(to: digits.baseAddress!)
                    digests.append(
                        try rows.isAt(UnsafeRawBufferPointer(digits)) ? ImageDigest(hexDigits: rows.rows.bytes(1)) : nil
                    )
                }
            }
            return digests
        }
    }

    /// What the files of `photos` are, by content: the suffix that each original lies under.
    public func formats(of photos: [PhotoID]) throws -> [PhotoID: String] {
        guard !photos.isEmpty else { return [:] }
        return try read { db in
            var formats: [PhotoID: String] = [:]
            let rows = try RawRows(
                db, "SELECT id, format FROM photo WHERE id IN (SELECT value FROM json_each(?))",
                ["[" + photos.map { "\"\($0.hex)\"" }.joined(separator: ",") + "]"])
            while try rows.next() {
                if let photo = PhotoID(hexDigits: rows.bytes(0)) { formats[photo] = rows.text(1) }
            }
            return formats
        }
    }

    /// Profiles that images are recorded under, by name.
    public func profiles() throws -> [Profile] {
        try read { db in
            try String.fetchAll(db, sql: "SELECT DISTINCT profile FROM image ORDER BY profile").compactMap(
                Profile.init(name:))
        }
    }

    /// How much there is.
    public func tally() throws -> CatalogCounts {
        try read { db in
            func count(_ table: String) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
            }
            return CatalogCounts(
                photos: try count("photo"), images: try count("image"), volunteers: try count("volunteer"),
                sessions: try count("session"), triggers: try count("trigger"),
                suggestions: try count("(SELECT photo FROM label GROUP BY photo HAVING min(source = 'rule'))"))
        }
    }
}

/// How many records of each sort the catalog holds.
public struct CatalogCounts: Equatable, Sendable {
    public let photos, images, volunteers, sessions, triggers: Int
    /// Photos whose label is a rule's alone.
    public let suggestions: Int
}

extension Photo {
    init?(row: Row) {
        guard let id = PhotoID(hex: row["id"]) else { return nil }
        self.init(
            id: id, bytes: row["bytes"], format: row["format"], width: row["width"], height: row["height"],
            captured: row["captured"], camera: row["camera"])
    }
}
