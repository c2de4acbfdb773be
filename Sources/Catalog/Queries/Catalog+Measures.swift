import Core
import GRDB

/// What was measured of photos, and the faces that a sheet marked.
extension Catalog {
    /// What is known of the faces of `photos`, or of all, where anything is.
    public func faces(of photos: [PhotoID]? = nil) throws -> [PhotoID: KnownFace] {
        let list = photos.map(Self.list)
        return try read { db in
            var faces: [PhotoID: KnownFace] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT p.id, \(Self.faceColumns) FROM photo p \(Self.faceJoins)
                    WHERE (f.photo IS NOT NULL OR r.photo IS NOT NULL) \(list == nil ? "" : "AND p.id IN (SELECT value FROM json_each(?))")
                    """, arguments: list.map { [$0] } ?? [])
            while let row = try rows.next() {
                if let photo = PhotoID(hex: row[0]) { faces[photo] = KnownFace(row: row, from: 1) }
            }
            return faces
        }
    }

    /// Photos of which nothing was measured yet, those of an earlier version's import; with `faces` also those in which no face was looked for.
    public func unmeasured(faces: Bool) throws -> [PhotoID] {
        try read { db in
            let photos = try RawRows(db, "SELECT id FROM photo ORDER BY id")
            var measures = try RowsByPhoto(RawRows(db, "SELECT photo, found IS NOT NULL FROM measure ORDER BY photo"))
            var unmeasured: [PhotoID] = []
            while try photos.next() {
                let digits = photos.bytes(0)
                if try measures.isAt(digits), !faces || measures.rows.int(1) != 0 { continue }
                if let photo = PhotoID(hexDigits: digits) { unmeasured.append(photo) }
            }
            return unmeasured
        }
    }

    /// Records what was measured. A photo that has measures keeps them, unless only the new ones know of its face.
    public func store(measures: [PhotoID: PhotoMeasures]) throws {
        try write { db in
            for (photo, measures) in measures { try Self.insert(measures, of: photo, db) }
        }
    }

    /// What `KnownFace(row:from:)` reads, out of `faceJoins`.
    static let faceColumns = """
        f.found, f.x, f.y, f.width, f.height, f.left_eye_x, f.left_eye_y, f.right_eye_x, f.right_eye_y, f.confidence, f.turn, f.landmarks, r.x, r.y, r.width, r.height
        """
    static let faceJoins =
        "LEFT JOIN measure f ON f.photo = p.id LEFT JOIN region r ON r.photo = p.id AND r.what = 'face'"

    static func insert(_ measures: PhotoMeasures, of photo: PhotoID, _ db: Database) throws {
        let record = measures.face
        let face = record?.face
        let quality = measures.quality
        let beyond = quality.beyond
        if record != nil {
            try db.cachedStatement(sql: "DELETE FROM measure WHERE photo = ? AND found IS NULL").execute(arguments: [
                photo.hex
            ])
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO measure (photo, perceptual_hash, found, x, y, width, height, left_eye_x, left_eye_y, right_eye_x, right_eye_y, confidence, turn, landmarks,
                                     sharpness, luma, dark, bright, beyond_left, beyond_top, beyond_right, beyond_bottom)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """
        ).execute(arguments: [
            photo.hex, measures.perceptualHash.hex, record?.found.rawValue, face?.box.x, face?.box.y, face?.box.width,
            face?.box.height, face?.leftEye.x, face?.leftEye.y,
            face?.rightEye.x, face?.rightEye.y, record?.confidence, record?.suspectTurn, record?.landmarks?.text,
            quality.sharpness, quality.luma, quality.dark, quality.bright, beyond?.left, beyond?.top, beyond?.right,
            beyond?.bottom,
        ])
    }

    /// Images that were cut by a face which does not count any more are not that photo's images any more.
    static func forgetFaceImages(of photo: PhotoID, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM image WHERE photo = ? AND profile GLOB '*-face-*'", arguments: [photo.hex])
    }
}

extension KnownFace {
    init(row: Row, from first: Int) {
        let found: String? = row[first]
        let landmarks: String? = row[first + 11]
        let face = Box(row: row, from: first + 1).map {
            PhotoFace(
                box: $0, leftEye: PixelPoint(x: row[first + 5], y: row[first + 6]),
                rightEye: PixelPoint(x: row[first + 7], y: row[first + 8]))
        }
        let record = found.flatMap(FaceRecord.Found.init(rawValue:)).map {
            FaceRecord(
                found: $0, face: face, landmarks: landmarks.flatMap(Landmarks.init(text:)), confidence: row[first + 9],
                suspectTurn: row[first + 10])
        }
        self.init(record: record, marked: Box(row: row, from: first + 12))
    }
}

extension Box {
    /// Nil where the four columns are empty.
    init?(row: Row, from first: Int) {
        guard let x: Int = row[first] else { return nil }
        self.init(x: x, y: row[first + 1], width: row[first + 2], height: row[first + 3])
    }
}
