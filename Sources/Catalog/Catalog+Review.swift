import Core
import GRDB

/// The state of a photo's label and boxes. Another state means that somebody has changed them.
public struct PhotoRevision: Hashable, Sendable {
    /// The id of the label that counts; 0 without a label.
    fileprivate var label = 0
    /// The id of the last change of a box; 0 without a change.
    fileprivate var boxChange = 0
    /// A hash of the boxes that count.
    fileprivate var boxes: UInt64 = 0xcbf2_9ce4_8422_2325
    /// Whether a person marked or removed the face's box by hand.
    public fileprivate(set) var hasCorrectedFace = false

    /// A text without further meaning.
    public var text: String { "\(label)-\(boxChange)-\(String(boxes, radix: 16))" }

    /// Adds a row of the photo, in the order of the rows (FNV-1a).
    fileprivate mutating func add(_ row: RegionRows.StoredBox) {
        if row.kind == .face, row.isCorrection { hasCorrectedFace = true }
        let box = row.box
        for number in [row.kind == .face ? 1 : 2, box?.x ?? -1, box?.y ?? -1, box?.width ?? -1, box?.height ?? -1] {
            boxes = (boxes ^ UInt64(bitPattern: Int64(number))) &* 0x100_0000_01b3
        }
    }
}

/// The error when photos do not have the revision that a change expects. Nothing was stored.
public struct RevisionConflict: Error, Sendable {
    /// Sorted by id. A photo that is no longer in the catalog is included.
    public let photos: [PhotoID]
}

/// The corrections by hand before an import was planned. Newer corrections count before the import's values.
public struct HandCorrections: Sendable {
    fileprivate let newestLabel: Int
    fileprivate let newestBoxChange: Int
}

/// Changes of labels and boxes while other people or an import change them too.
extension Catalog {
    /// Returns a number that is different after another process has changed the catalog. Changes of this value's own
    /// connection do not change the number.
    public func changeNumber() throws -> Int {
        try read { db in try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
    }

    /// Returns the revisions of `photos`, or of all photos. Photos that the catalog does not contain are left out.
    public func revisions(of photos: [PhotoID]? = nil) throws -> [PhotoID: PhotoRevision] {
        try read { db in try Self.revisions(of: PhotoList(photos), db) }
    }

    private static func revisions(of photos: PhotoList, _ db: Database) throws -> [PhotoID: PhotoRevision] {
        var revisions: [PhotoID: PhotoRevision] = [:]
        let ids = try RawRows(db, "SELECT id FROM photo\(photos.clause("id"))", photos.arguments)
        while try ids.next() { revisions[try ids.photo(0)] = PhotoRevision() }
        var labels = try EffectiveLabels(db, photos)
        while let label = try labels.next() { revisions[label.photo]?.label = label.id }
        var regions = try RegionRows(db, photos)
        while let row = try regions.next() { revisions[row.photo]?.add(row) }
        let changes = try RawRows(
            db, "SELECT photo, max(id) FROM region_history\(photos.clause("photo")) GROUP BY photo", photos.arguments)
        while try changes.next() { revisions[try changes.photo(0)]?.boxChange = changes.int(1) }
        return revisions
    }

    /// Stores corrections by hand in one transaction, if no photo was changed since the caller read it.
    ///
    /// - Parameters:
    ///   - revisions: the texts of the revisions that the caller has read, for each photo of the request.
    ///   - made: the time of the labels and boxes, UTC, ISO 8601.
    ///   - author: who made the corrections, if known.
    /// - Throws: ``RevisionConflict``; ``CurareError`` (65) if a person or a trigger is no longer in the catalog. Nothing
    ///   is stored then.
    public func store(
        _ edits: [PhotoEdit], expecting revisions: [PhotoID: String], made: String, author: Author?
    ) throws {
        try write { db in
            let photos = revisions.keys.sorted()
            let current = try Self.revisions(of: PhotoList(photos), db)
            let changed = photos.filter { current[$0]?.text != revisions[$0] }
            guard changed.isEmpty else { throw RevisionConflict(photos: changed) }
            for label in Set(edits.compactMap(\.label)) { try Self.requireNames(of: label, db) }
            try Self.write(edits, made: made, author: author, db)
        }
    }

    /// Checks that the person and the triggers of a label were not renamed or withdrawn since the caller read the names.
    private static func requireNames(of label: Label, _ db: Database) throws {
        let names =
            [("volunteer", label.volunteer.text)] + label.triggerState.pairs.map { ("trigger", $0.trigger.text) }
        for (table, name) in names {
            let sql = "SELECT EXISTS (SELECT 1 FROM \(table) WHERE name = ?)"
            guard try Bool.fetchOne(db, sql: sql, arguments: [name]) != true else { continue }
            throw CurareError(
                .badInput, "the study no longer has the \(table) \(name)", next: "load the page again, and choose again"
            )
        }
    }

    // MARK: - Imports

    /// Returns the corrections by hand until now. Call this function before an import is planned.
    public func handCorrections() throws -> HandCorrections {
        try read { db in
            HandCorrections(
                newestLabel: try Int.fetchOne(db, sql: "SELECT max(id) FROM label") ?? 0,
                newestBoxChange: try Int.fetchOne(db, sql: "SELECT max(id) FROM region_history") ?? 0)
        }
    }

    /// Lets a label by hand that is newer than the plan of an import count before the label of the import: the label is
    /// appended again, with its author and its time. A later import then knows both the correction and the label of the
    /// session folder.
    static func keepNewerLabel(of photo: PhotoID, than planned: HandCorrections?, _ db: Database) throws {
        guard let planned else { return }
        let newest = """
            SELECT id FROM label WHERE photo = ? AND source = 'review' AND id > ? ORDER BY id DESC LIMIT 1
            """
        guard let label = try Int64.fetchOne(db, sql: newest, arguments: [photo.hex, planned.newestLabel]) else {
            return
        }
        try db.execute(
            sql: """
                INSERT INTO label (photo, volunteer, source, made, author)
                SELECT photo, volunteer, source, made, author FROM label WHERE id = ?
                """, arguments: [label])
        let copy = db.lastInsertedRowID
        try db.execute(
            sql: """
                INSERT INTO trigger_placement (label, trigger, location)
                SELECT ?, trigger, location FROM trigger_placement WHERE label = ?
                """, arguments: [copy, label])
    }

    /// A correction of a box by hand that is newer than the plan of an import; nil if there is none. A box of nil was
    /// removed.
    static func newerBox(
        of photo: PhotoID, _ region: Region, than planned: HandCorrections?, _ db: Database
    ) throws -> (box: Box?, made: String, author: Author?)? {
        guard let planned else { return nil }
        let sql = """
            SELECT x, y, width, height, made, author FROM region_history
            WHERE photo = ? AND kind = ? AND source = 'review' AND id > ? ORDER BY id DESC LIMIT 1
            """
        let arguments: StatementArguments = [photo.hex, region.rawValue, planned.newestBoxChange]
        guard let row = try Row.fetchOne(db, sql: sql, arguments: arguments) else { return nil }
        let x: Int? = row["x"]
        return (
            x.map { Box(x: $0, y: row["y"], width: row["width"], height: row["height"]) }, row["made"], row.author
        )
    }
}
