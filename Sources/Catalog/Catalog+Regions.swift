import Core
import GRDB

/// A change of a box: by hand, or by a later `session.csv`.
public struct BoxRecord: Hashable, Sendable {
    public let region: Region
    /// Nil if the change removed the box.
    public let box: Box?
    /// `review` or `sheet`.
    public let source: LabelSource
    /// Who made the change; nil if the author is unknown.
    public let author: Author?
    /// UTC, ISO 8601.
    public let made: String
}

/// The boxes that people mark: in `session.csv`, or by hand.
extension Catalog {
    /// The origin and the new value of a box.
    enum BoxChange {
        /// The box in `session.csv`; nil if `session.csv` has none. Replaces a correction by hand.
        case sheet(Box?)
        /// A correction by hand; a box of nil removes the box. A correction that is equal to the box in `session.csv`
        /// removes an earlier correction.
        case correction(Box?)
    }

    /// Sets a box of a photo, and adds the change to the history of the boxes. Removes the records of the face crops and
    /// the embedding if another face box counts afterwards.
    ///
    /// - Parameter made: the time of the change, UTC, ISO 8601.
    static func setBox(
        of photo: PhotoID, _ region: Region, _ change: BoxChange, made: String, author: Author? = nil, _ db: Database
    ) throws {
        let before = try boxes(of: photo, region, db)
        var after = before
        switch change {
        case .sheet(let box): after = (sheet: box, correction: nil)
        case .correction(let box): after.correction = box == before.sheet ? nil : .some(box)
        }
        let delete = "DELETE FROM region WHERE photo = ? AND kind = ?"
        try db.cachedStatement(sql: delete).execute(arguments: [photo.hex, region.rawValue])
        let insert = try db.cachedStatement(
            sql: "INSERT INTO region (\(RegionRows.columns)) VALUES (?, ?, ?, ?, ?, ?, ?)")
        func store(_ box: Box?, _ source: LabelSource) throws {
            try insert.execute(
                arguments: [
                    photo.hex, region.rawValue, source.rawValue, box?.x, box?.y, box?.width, box?.height,
                ])
        }
        if let box = after.sheet { try store(box, .sheet) }
        if let correction = after.correction { try store(correction, .review) }
        try addToHistory(change, of: photo, region, made: made, author, db)
        let countedBefore: Box? = before.correction ?? before.sheet
        let countsAfter: Box? = after.correction ?? after.sheet
        if region == .face, countedBefore != countsAfter { try removeFaceData(of: photo, db) }
    }

    private static func addToHistory(
        _ change: BoxChange, of photo: PhotoID, _ region: Region, made: String, _ author: Author?, _ db: Database
    ) throws {
        let (box, source): (Box?, LabelSource) =
            switch change {
            case .sheet(let box): (box, .sheet)
            case .correction(let box): (box, .review)
            }
        let sql = """
            INSERT INTO region_history (\(RegionRows.columns), made, author) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        try db.cachedStatement(sql: sql).execute(
            arguments: [
                photo.hex, region.rawValue, source.rawValue, box?.x, box?.y, box?.width, box?.height, made,
                author?.text,
            ])
    }

    /// Returns the changes of a photo's boxes, the oldest first. The boxes of the first import are not changes.
    public func boxHistory(of photo: PhotoID) throws -> [BoxRecord] {
        try read { db in
            let sql = """
                SELECT kind, source, x, y, width, height, made, author FROM region_history WHERE photo = ? ORDER BY id
                """
            return try Row.fetchAll(db, sql: sql, arguments: [photo.hex]).map { row in
                let x: Int? = row["x"]
                return BoxRecord(
                    region: try row.word("kind", in: "region_history"),
                    box: x.map { Box(x: $0, y: row["y"], width: row["width"], height: row["height"]) },
                    source: try row.word("source", in: "region_history"), author: row.author, made: row["made"])
            }
        }
    }

    /// Returns the box of `session.csv`, and the correction by hand. A correction of `.some(nil)` removes the box.
    private static func boxes(of photo: PhotoID, _ region: Region, _ db: Database) throws
        -> (sheet: Box?, correction: Box??)
    {
        var boxes: (sheet: Box?, correction: Box??) = (nil, nil)
        var rows = try RegionRows(db, PhotoList([photo]))
        while let row = try rows.next() {
            guard row.kind == region else { continue }
            if row.isCorrection { boxes.correction = .some(row.box) } else { boxes.sheet = row.box }
        }
        return boxes
    }

    /// Stores the box of `session.csv`, unless the photo has one from another `session.csv`.
    static func insert(_ box: Box, _ region: Region, of photo: PhotoID, _ db: Database) throws {
        let sql = """
            INSERT INTO region (\(RegionRows.columns)) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """
        try db.cachedStatement(sql: sql).execute(
            arguments: [
                photo.hex, region.rawValue, LabelSource.sheet.rawValue, box.x, box.y, box.width, box.height,
            ])
        if region == .face, db.changesCount > 0 { try removeFaceData(of: photo, db) }
    }
}

extension KnownPhoto {
    /// Adds a row of `region`. The rows of a region are sorted: a correction precedes the box of `session.csv`.
    mutating func add(_ row: RegionRows.StoredBox) {
        if row.isCorrection {
            correctedRegions.insert(row.kind)
        } else {
            sheetBoxes[row.kind] = row.box
        }
        if row.counts { boxes[row.kind] = row.box }
    }
}

/// The rows of `region`, and the only decoder of its columns.
struct RegionRows {
    /// A box from one origin.
    struct StoredBox {
        let photo: PhotoID
        let kind: Region
        /// Nil if a correction removes the box.
        let box: Box?
        /// Whether a person set or removed the box by hand. Otherwise the box is from `session.csv`.
        let isCorrection: Bool
        /// Whether this box counts: a correction counts before the box of `session.csv`.
        let counts: Bool
    }

    static let columns = "photo, kind, source, x, y, width, height"
    /// The order in which the first row of a photo and kind is the row that counts.
    static let order = "photo, kind, source"
    private let rows: RawRows
    private let kinds = WordColumn<Region>("region.kind")
    private var counting: (photo: PhotoID, kind: Region)?

    init(_ db: Database, _ photos: PhotoList) throws {
        rows = try RawRows(
            db, "SELECT \(Self.columns) FROM region\(photos.clause("photo")) ORDER BY \(Self.order)", photos.arguments)
    }

    mutating func next() throws -> StoredBox? {
        guard try rows.next() else { return nil }
        let photo = try rows.photo(0)
        let kind = try kinds.word(rows.bytes(1))
        let counts = counting.map { $0 != (photo, kind) } ?? true
        if counts { counting = (photo, kind) }
        return StoredBox(
            photo: photo, kind: kind, box: rows.isNull(3) ? nil : rows.box(3),
            isCorrection: rows.text(2) == LabelSource.review.rawValue, counts: counts)
    }
}
