import Core
import GRDB

/// Single photos, their rows in `session.csv`, and images.
extension Catalog {
    /// Returns all photos, in the order of their ids.
    public func photoIDs() throws -> [PhotoID] {
        try read { db in try db.photos("SELECT id FROM photo ORDER BY id") }
    }

    /// Returns a photo; nil if there is none with this id.
    public func photo(_ id: PhotoID) throws -> Photo? {
        try read { db in try Photo.fetchOne(db, sql: "SELECT * FROM photo WHERE id = ?", arguments: [id.hex]) }
    }

    /// Returns the photos whose id starts with `prefix`, at most `limit`.
    public func photos(prefix: String, limit: Int = 10) throws -> [PhotoID] {
        let isHex = prefix.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard !prefix.isEmpty, isHex else { return [] }
        return try read { db in
            try db.photos(
                "SELECT id FROM photo WHERE id >= ? AND id < ? ORDER BY id LIMIT ?", [prefix, prefix + "g", limit])
        }
    }

    /// Returns the newest photo with this file name of each session, at most `limit` photos.
    public func photos(file: String, limit: Int = 10) throws -> [PhotoID] {
        try read { db in
            // The condition on the session lets SQLite use the index on (session, file).
            try db.photos(
                """
                SELECT DISTINCT photo FROM session_photo AS p WHERE session IN (SELECT name FROM session) AND file = ?1
                AND revision = (SELECT max(revision) FROM session_photo WHERE session = p.session AND file = ?1)
                ORDER BY photo LIMIT ?2
                """, [file, limit])
        }
    }

    /// Returns all file names in the `session.csv` of all sessions, without duplicates, sorted.
    public func fileNames() throws -> [String] {
        try read { db in try String.fetchAll(db, sql: "SELECT DISTINCT file FROM session_photo ORDER BY file") }
    }

    /// Returns a photo's rows in the `session.csv` of all sessions, sorted by session.
    public func sessionPhotos(of photo: PhotoID) throws -> [SessionPhoto] {
        try read { db in
            try SessionPhoto.fetchAll(
                db, sql: "SELECT session, file, note FROM session_photo WHERE photo = ? ORDER BY session",
                arguments: [photo.hex])
        }
    }

    /// Returns one row for each photo: the row in `session` or, if `session` is nil, the row in the first of the
    /// photo's sessions by name.
    public func sessionPhotos(in session: SessionName? = nil) throws -> [PhotoID: SessionPhoto] {
        try read { db in
            var entries: [PhotoID: SessionPhoto] = [:]
            // In SQLite, file and note have the values of the row with the minimum.
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT photo, min(session) AS session, file, note FROM session_photo
                    WHERE ?1 IS NULL OR session = ?1 GROUP BY photo
                    """, arguments: [session?.text])
            while let row = try rows.next() {
                entries[try row.digest("photo", in: "session_photo")] = try SessionPhoto(row: row)
            }
            return entries
        }
    }

    /// Returns the photos of a session with their file names in the session. Of photos with the same file name, the
    /// newest photo is the last.
    public func photos(in session: SessionName) throws -> [(photo: PhotoID, file: String)] {
        try read { db in
            let sql = "SELECT photo, file FROM session_photo WHERE session = ? ORDER BY file, revision"
            return try Row.fetchAll(db, sql: sql, arguments: [session.text]).map { row in
                (try row.digest("photo", in: "session_photo"), row["file"])
            }
        }
    }

    /// Returns the sizes of the upright pictures of `photos`. Photos that the catalog does not contain are left out.
    public func sizes(of photos: [PhotoID]) throws -> [PhotoID: PhotoSize] {
        let photos = PhotoList(photos)
        return try read { db in
            var sizes: [PhotoID: PhotoSize] = [:]
            let rows = try RawRows(db, "SELECT id, width, height FROM photo\(photos.clause("id"))", photos.arguments)
            while try rows.next() { sizes[try rows.photo(0)] = PhotoSize(width: rows.int(1), height: rows.int(2)) }
            return sizes
        }
    }

    /// Returns the formats of the original files of `photos`, or of all photos.
    public func formats(of photos: [PhotoID]? = nil) throws -> [PhotoID: String] {
        let photos = PhotoList(photos)
        return try read { db in
            var formats: [PhotoID: String] = [:]
            let rows = try RawRows(
                db, "SELECT id, format FROM photo\(photos.clause("id"))", photos.arguments)
            while try rows.next() { formats[try rows.photo(0)] = rows.text(1) }
            return formats
        }
    }

    /// Returns the digests of all images of a profile.
    public func images(_ profile: Profile) throws -> [PhotoID: ImageDigest] {
        try read { db in
            var images: [PhotoID: ImageDigest] = [:]
            let rows = try RawRows(db, "SELECT photo, digest FROM image WHERE profile = ?", [profile.name])
            while try rows.next() { images[try rows.photo(0)] = try Self.imageDigest(rows) }
            return images
        }
    }

    /// Returns the digests of the images of `photos` under a profile; nil for a photo without an image.
    ///
    /// - Parameter photos: in the order of their ids. The query is one walk through all images of the profile.
    public func images(_ profile: Profile, of photos: [PhotoID]) throws -> [ImageDigest?] {
        try read { db in
            let sql = "SELECT photo, digest FROM image WHERE profile = ? ORDER BY photo"
            var rows = try RowsByPhoto(RawRows(db, sql, [profile.name]))
            var digests: [ImageDigest?] = []
            digests.reserveCapacity(photos.count)
            try withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { digits in
                for photo in photos {
                    photo.writeHex(to: digits.baseAddress!)
                    let hasImage = try rows.isAt(UnsafeRawBufferPointer(digits))
                    digests.append(hasImage ? try Self.imageDigest(rows.rows) : nil)
                }
            }
            return digests
        }
    }

    private static func imageDigest(_ rows: RawRows) throws -> ImageDigest {
        try ImageDigest(hexDigits: rows.bytes(1)).orThrow(InvalidValueError("image.digest", rows.text(1)))
    }

    /// Returns the profiles that have images, sorted by name.
    public func profiles() throws -> [Profile] {
        try read { db in
            try String.fetchAll(db, sql: "SELECT DISTINCT profile FROM image ORDER BY profile").map { name in
                try Profile(name: name).orThrow(InvalidValueError("image.profile", name))
            }
        }
    }

    /// Returns the numbers of records.
    public func counts() throws -> CatalogCounts {
        try read { db in
            var suggestions = 0
            var labels = try EffectiveLabels(db, PhotoList(nil))
            while let label = try labels.next() {
                if label.isSuggested { suggestions += 1 }
            }
            return CatalogCounts(
                photos: try db.count("photo"), images: try db.count("image"), volunteers: try db.count("volunteer"),
                sessions: try db.count("session"), triggers: try db.count("trigger"),
                suggestions: suggestions)
        }
    }
}

/// The numbers of records in the catalog.
public struct CatalogCounts: Equatable, Sendable {
    public let photos: Int
    public let images: Int
    public let volunteers: Int
    public let sessions: Int
    public let triggers: Int
    /// The number of photos whose label comes from a rule and is not confirmed by a person.
    public let suggestions: Int
}

extension Photo: FetchableRecord {
    public init(row: Row) throws {
        self.init(
            id: try row.digest("id", in: "photo"), bytes: row["bytes"], format: row["format"], width: row["width"],
            height: row["height"], captured: row["captured"], camera: row["camera"])
    }
}

extension SessionPhoto: FetchableRecord {
    public init(row: Row) throws {
        self.init(session: SessionName(stored: row["session"]), file: row["file"], note: row["note"])
    }
}
