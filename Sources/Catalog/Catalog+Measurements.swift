import Core
import GRDB

/// Measurements of photos, and faces.
extension Catalog {
    /// Returns the perceptual hash of each measured photo, in the order of ids.
    public func perceptualHashes() throws -> [(photo: PhotoID, hash: PerceptualHash)] {
        try read { db in
            var hashes: [(photo: PhotoID, hash: PerceptualHash)] = []
            let rows = try RawRows(
                db, "SELECT photo, perceptual_hash FROM measurement ORDER BY photo", StatementArguments())
            while try rows.next() {
                let hash = try PerceptualHash(hexDigits: rows.bytes(1)).orThrow(
                    InvalidValueError("measurement.perceptual_hash", rows.text(1)))
                hashes.append((try rows.photo(0), hash))
            }
            return hashes
        }
    }

    /// Returns the faces of `photos`, or of all photos. Photos without a face search and without a marked box are left
    /// out.
    public func faces(of photos: [PhotoID]? = nil) throws -> [PhotoID: KnownFace] {
        let photos = PhotoList(photos)
        return try read { db in
            var marked: [PhotoID: Box] = [:]
            var regions = try RegionRows(db, photos)
            while let region = try regions.next() {
                if region.kind == .face, region.counts { marked[region.photo] = region.box }
            }
            var faces = marked.mapValues { KnownFace(marked: $0) }
            let columns = MeasurementColumns(FetchOptions(landmarks: .all, quality: false))
            let rows = try RawRows(
                db, "SELECT photo, \(columns.names) FROM measurement\(photos.clause("photo"))", photos.arguments)
            while try rows.next() {
                let photo = try rows.photo(0)
                guard let record = try columns.face(rows, withLandmarks: true) else { continue }
                faces[photo] = KnownFace(record: record, marked: marked[photo])
            }
            return faces
        }
    }

    /// Returns the photos in which no face was searched, in the order of their ids. An import under a profile that does
    /// not crop by face does not search for faces.
    public func photosWithoutFaceSearch() throws -> [PhotoID] {
        try read { db in
            let photos = try RawRows(db, "SELECT id FROM photo ORDER BY id")
            var measured = try RowsByPhoto(
                RawRows(db, "SELECT photo FROM measurement WHERE faces_found IS NOT NULL ORDER BY photo"))
            var missing: [PhotoID] = []
            while try photos.next() {
                if try !measured.isAt(photos.bytes(0)) { missing.append(try photos.photo(0)) }
            }
            return missing
        }
    }

    /// Stores measurements. Existing measurements of a photo stay, unless they have no result of a face search and the
    /// new measurements have one.
    public func store(measures: [PhotoID: PhotoMeasures]) throws {
        try write { db in
            for (photo, measures) in measures { try Self.insert(measures, of: photo, db) }
        }
    }

    static func insert(_ measures: PhotoMeasures, of photo: PhotoID, _ db: Database) throws {
        let record = measures.face
        let face = record?.face
        let quality = measures.quality
        let beyond = quality.beyond
        if record != nil {
            let delete = "DELETE FROM measurement WHERE photo = ? AND faces_found IS NULL"
            try db.cachedStatement(sql: delete).execute(arguments: [photo.hex])
            // The search can find the eyes in a marked box.
            if db.changesCount > 0 { try removeEmbedding(of: photo, db) }
        }
        try db.cachedStatement(sql: MeasurementColumns.insert).execute(arguments: [
            photo.hex, measures.perceptualHash.hex, record?.found.rawValue, face?.box.x, face?.box.y, face?.box.width,
            face?.box.height, face?.leftEye.x, face?.leftEye.y, face?.rightEye.x, face?.rightEye.y, record?.confidence,
            record?.suspectedRotation, record?.detector.rawValue, quality.sharpness, quality.luma, quality.dark,
            quality.bright, beyond?.left, beyond?.top, beyond?.right, beyond?.bottom, measures.light.red,
            measures.light.green, measures.light.blue, record?.landmarks?.text,
        ])
    }

    /// Stores the detector of the workspace, and replaces the measurements of photos, in one transaction. Removes the
    /// records of face crops and the embeddings: the next command that needs them makes them again.
    ///
    /// - Parameter measures: the measurements of all photos of the catalog, each with a face search.
    public func replace(measures: [PhotoID: PhotoMeasures], detector: FaceDetectorKind) throws {
        try write { db in
            try Self.set(detector.rawValue, for: Self.detectorKey, db)
            let delete = try db.makeStatement(sql: "DELETE FROM measurement WHERE photo = ?")
            for (photo, measures) in measures {
                try delete.execute(arguments: [photo.hex])
                try Self.insert(measures, of: photo, db)
                try Self.removeFaceData(of: photo, db)
            }
        }
    }

    /// Removes what was made from a face that no longer counts: the records of the face crops, and the embedding.
    static func removeFaceData(of photo: PhotoID, _ db: Database) throws {
        try removeEmbedding(of: photo, db)
        try db.execute(sql: "DELETE FROM image WHERE photo = ? AND profile GLOB '*-face-*'", arguments: [photo.hex])
    }
}

/// The columns of `measurement` that a query reads after the photo's id, and the only decoder of these columns.
///
/// A scan reads only the columns that its caller requests, because SQLite decodes each column of a million rows.
final class MeasurementColumns {
    /// The names, for a SELECT statement.
    let names: String
    /// The index of the first quality column; nil if quality is not read.
    private let quality: Int32?
    /// The index of the first column of light; nil if light is not read.
    private let light: Int32?
    /// The index of the landmarks; nil if landmarks are not read.
    private let landmarks: Int32?
    private let facesFound = WordColumn<FaceRecord.Found>("measurement.faces_found")
    private let detectors = WordColumn<FaceDetectorKind>("measurement.detector")

    init(_ options: Catalog.FetchOptions) {
        var names = [
            "perceptual_hash", "faces_found", "face_x", "face_y", "face_width", "face_height", "left_eye_x",
            "left_eye_y", "right_eye_x", "right_eye_y", "confidence", "suspected_rotation",
            "detector",
        ]
        quality = options.quality ? Int32(names.count + 1) : nil
        if options.quality {
            names += [
                "sharpness", "luma", "dark", "bright", "beyond_left", "beyond_top", "beyond_right", "beyond_bottom",
            ]
        }
        light = options.origin ? Int32(names.count + 1) : nil
        if options.origin { names += ["red", "green", "blue"] }
        landmarks = options.landmarks == .none ? nil : Int32(names.count + 1)
        if options.landmarks != .none { names.append("landmarks") }
        self.names = names.joined(separator: ", ")
    }

    /// The statement that stores all columns.
    static let insert: String = {
        let names = MeasurementColumns(Catalog.FetchOptions(origin: true)).names
        let values = names.split(separator: ",").map { _ in "?" }.joined(separator: ", ")
        return "INSERT INTO measurement (photo, \(names)) VALUES (?, \(values)) ON CONFLICT DO NOTHING"
    }()

    func perceptualHash(_ row: RawRows) throws -> PerceptualHash {
        guard let hash = PerceptualHash(hexDigits: row.bytes(1)) else {
            throw InvalidValueError("measurement.perceptual_hash", row.text(1))
        }
        return hash
    }

    /// Returns the result of the face search; nil if no face was searched.
    func face(_ row: RawRows, withLandmarks: Bool) throws -> FaceRecord? {
        let word = row.bytes(2)
        if word.isEmpty, row.isNull(2) { return nil }
        let found = try facesFound.word(word)
        let detector = try detectors.word(row.bytes(13))
        if row.isNull(3) {
            return FaceRecord(
                found: found, face: nil, confidence: row.optionalInt(11), suspectedRotation: row.optionalInt(12),
                detector: detector)
        }
        let face = PhotoFace(
            box: row.box(3), leftEye: PixelPoint(x: row.int(7), y: row.int(8)),
            rightEye: PixelPoint(x: row.int(9), y: row.int(10)))
        return FaceRecord(
            found: found, face: face, landmarks: withLandmarks ? try landmarks(row) : nil,
            confidence: row.optionalInt(11), suspectedRotation: row.optionalInt(12), detector: detector)
    }

    private func landmarks(_ row: RawRows) throws -> Landmarks? {
        guard let column = landmarks, !row.isNull(column) else { return nil }
        let text = row.text(column)
        guard let landmarks = Landmarks(text: text) else { throw InvalidValueError("measurement.landmarks", text) }
        return landmarks
    }

    /// Returns the quality; nil if the query does not read the quality columns.
    func quality(_ row: RawRows) -> PhotoQuality? {
        guard let first = quality else { return nil }
        let beyond =
            row.isNull(first + 4)
            ? nil
            : PhotoQuality.Beyond(
                left: row.int(first + 4), top: row.int(first + 5), right: row.int(first + 6), bottom: row.int(first + 7)
            )
        return PhotoQuality(
            sharpness: row.int(first), luma: row.int(first + 1), dark: row.int(first + 2), bright: row.int(first + 3),
            beyond: beyond)
    }

    /// Returns the light; nil if the query does not read the columns of light.
    func light(_ row: RawRows) -> PhotoLight? {
        light.map { PhotoLight(red: row.int($0), green: row.int($0 + 1), blue: row.int($0 + 2)) }
    }
}
