import Core
import GRDB

/// Labels: the rule that decides which label of a photo counts, and the label history.
extension Catalog {
    /// Returns all labels of a photo, the oldest first.
    public func labels(of photo: PhotoID) throws -> [LabelRecord] {
        try read { db in try Self.labels(of: photo, db) }
    }

    /// Returns the label that counts; nil if the photo has no label.
    public func label(of photo: PhotoID) throws -> LabelRecord? {
        try read { db in
            var effective = try EffectiveLabels(db, PhotoList([photo]))
            guard let label = try effective.next() else { return nil }
            return try Self.labels(of: photo, db).first { $0.id == label.id }
        }
    }

    private static func labels(of photo: PhotoID, _ db: Database) throws -> [LabelRecord] {
        let labels = try LabelCache(db, PhotoList([photo]))
        let sql = "SELECT id, source, made, restores, author FROM label WHERE photo = ? ORDER BY id"
        return try Row.fetchAll(db, sql: sql, arguments: [photo.hex]).map { row in
            LabelRecord(
                id: row["id"], label: try labels.label(row["id"]), source: try row.word("source", in: "label"),
                made: row["made"], restores: row["restores"], author: row.author)
        }
    }

    /// Returns the label that counts of each of `photos`, or of all photos. Photos without a label are left out.
    public func countingLabels(of photos: [PhotoID]? = nil) throws -> [PhotoID: LabelRecord] {
        let photos = PhotoList(photos)
        return try read { db in
            var effective = try EffectiveLabels(db, photos)
            var photosByLabel: [Int: PhotoID] = [:]
            while let label = try effective.next() { photosByLabel[label.id] = label.photo }
            let labels = try LabelCache(db, photos)
            let rows = try Row.fetchCursor(
                db, sql: "SELECT id, source, made, restores, author FROM label\(photos.clause("photo"))",
                arguments: photos.arguments)
            var records: [PhotoID: LabelRecord] = [:]
            while let row = try rows.next() {
                let id: Int = row["id"]
                guard let photo = photosByLabel[id] else { continue }
                records[photo] = LabelRecord(
                    id: Int64(id), label: try labels.label(id), source: try row.word("source", in: "label"),
                    made: row["made"], restores: row["restores"], author: row.author)
            }
            return records
        }
    }

    /// Returns the largest label id, which a version records; 0 if there are no labels.
    public func newestLabel() throws -> Int {
        try read { db in try Int.fetchOne(db, sql: "SELECT max(id) FROM label") ?? 0 }
    }

    /// Adds labels to the histories of photos.
    ///
    /// - Parameters:
    ///   - made: the time of the labels, UTC, ISO 8601.
    ///   - author: who gave the labels, if known.
    public func append(
        labels: [(photo: PhotoID, label: Label)], source: LabelSource, made: String, author: Author? = nil
    ) throws {
        try write { db in
            let writer = try LabelWriter(db)
            for (photo, label) in labels { try writer.append(label, to: photo, source, made, author: author) }
        }
    }

    /// Stores corrections by hand in one transaction: labels with the source `review`, and boxes.
    ///
    /// - Parameters:
    ///   - made: the time of the labels and boxes, UTC, ISO 8601.
    ///   - author: who made the corrections, if known.
    public func store(_ edits: [PhotoEdit], made: String, author: Author? = nil) throws {
        try write { db in try Self.write(edits, made: made, author: author, db) }
    }

    static func write(_ edits: [PhotoEdit], made: String, author: Author?, _ db: Database) throws {
        let writer = try LabelWriter(db)
        for edit in edits {
            if let label = edit.label {
                try writer.append(label, to: edit.photo, .review, made, restores: edit.restores, author: author)
            }
            for region in Region.allCases {
                guard let box = edit.boxes[region] else { continue }
                try Self.setBox(of: edit.photo, region, .correction(box), made: made, author: author, db)
            }
        }
    }
}

/// A correction of a photo by hand.
public struct PhotoEdit: Hashable, Sendable {
    public let photo: PhotoID
    /// The label to add to the photo's history; nil when the history stays as it is.
    public var label: Label?
    /// The id of the earlier label that ``label`` restores; nil when ``label`` is no undo.
    public var restores: Int64?
    /// The boxes to change. A box of nil removes the marked box.
    public var boxes: [Region: Box?]

    public init(_ photo: PhotoID, label: Label? = nil, restores: Int64? = nil, boxes: [Region: Box?] = [:]) {
        self.photo = photo
        self.label = label
        self.restores = restores
        self.boxes = boxes
    }

    public var isEmpty: Bool { label == nil && boxes.isEmpty }
}

/// The labels that count, in the order of photo ids. All code that needs the label of a photo uses this type.
///
/// The schema's index `label_by_photo` sorts the labels of each photo by precedence; the last label counts.
struct EffectiveLabels {
    private var labels: RowsByPhoto

    init(_ db: Database, _ photos: PhotoList) throws {
        labels = try RowsByPhoto(
            RawRows(
                db, "SELECT photo, id, by_person FROM label\(photos.clause("photo")) ORDER BY photo, by_person, id",
                photos.arguments))
    }

    /// Returns the label of a photo, and whether it comes from a rule; nil if the photo has no label.
    ///
    /// - Parameter photo: the 64 digits of the id. The ids must be passed in ascending order.
    mutating func label(of photo: UnsafeRawBufferPointer) throws -> (id: Int, isSuggested: Bool)? {
        var last: (id: Int, isSuggested: Bool)?
        while try labels.isAt(photo) {
            last = (labels.rows.int(1), labels.rows.int(2) == 0)
            try labels.next()
        }
        return last
    }

    /// Returns the label of the next photo that has one; nil after the last.
    mutating func next() throws -> (photo: PhotoID, id: Int, isSuggested: Bool)? {
        guard labels.hasRow else { return nil }
        let photo = try labels.rows.photo(0)
        var last = (photo: photo, id: 0, isSuggested: false)
        while labels.hasRow, try labels.rows.photo(0) == photo {
            last = (photo, labels.rows.int(1), labels.rows.int(2) == 0)
            try labels.next()
        }
        return last
    }
}

/// The labels of photos by their ids, read in two sequential scans.
///
/// The labels of a photo are far apart in the table, because they were stored at different times. For a million photos,
/// two sequential scans are faster than a lookup for each label: `make bench-scale`.
struct LabelCache {
    /// In ascending order.
    private var ids: [Int] = []
    private var labels: [Label] = []

    init(_ db: Database, _ photos: PhotoList) throws {
        let clause = photos.clause("photo")
        let rows = try RawRows(db, "SELECT id, volunteer FROM label\(clause) ORDER BY id", photos.arguments)
        if photos.isAll {
            let count = try db.count("label")
            ids.reserveCapacity(count)
            labels.reserveCapacity(count)
        }
        var volunteers = ByteKeyedCache<VolunteerName>()
        var placements = try PlacementRows(db, photos)
        while try rows.next() {
            let id = rows.int(0)
            let name = rows.bytes(1)
            let volunteer = volunteers.value(of: name) { VolunteerName(stored: rows.text(1)) }
            ids.append(id)
            labels.append(Label(volunteer: volunteer, triggerState: try placements.triggerState(of: id)))
        }
    }

    /// - Throws: ``InvalidValueError`` if there is no label with this id.
    func label(_ id: Int) throws -> Label {
        guard let index = index(of: id) else { throw InvalidValueError("label id", "\(id)") }
        return labels[index]
    }

    private func index(of id: Int) -> Int? {
        guard let first = ids.first, id >= first else { return nil }
        // Ids have few gaps, so the first guess is usually correct.
        if id - first < ids.count, ids[id - first] == id { return id - first }
        var low = 0
        var high = ids.count
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == id ? low : nil
    }
}

/// The rows of `trigger_placement` in the order of labels.
private struct PlacementRows {
    private let rows: RawRows
    private var hasRow: Bool
    private var triggers = ByteKeyedCache<TriggerName>()
    private let locations = WordColumn<Location>("trigger_placement.location")
    private var states: [[TriggerPlacement]: TriggerState] = [:]

    init(_ db: Database, _ photos: PhotoList) throws {
        let clause = photos.isAll ? "" : " WHERE label IN (SELECT id FROM label\(photos.clause("photo")))"
        rows = try RawRows(
            db, "SELECT label, trigger, location FROM trigger_placement\(clause) ORDER BY label", photos.arguments)
        hasRow = try rows.next()
    }

    /// Returns the trigger state of a label. The ids must be passed in ascending order.
    mutating func triggerState(of label: Int) throws -> TriggerState {
        var placements: [TriggerPlacement] = []
        while hasRow, rows.int(0) <= label {
            if rows.int(0) == label {
                let trigger = triggers.value(of: rows.bytes(1)) { TriggerName(stored: rows.text(1)) }
                placements.append(TriggerPlacement(trigger, try locations.word(rows.bytes(2))))
            }
            hasRow = try rows.next()
        }
        if placements.isEmpty { return .bare }
        if let state = states[placements] { return state }
        let state = TriggerState(placements)
        states[placements] = state
        return state
    }
}

/// The two statements that store a label.
struct LabelWriter {
    private let db: Database
    private let insertLabel: Statement
    private let insertPlacement: Statement

    init(_ db: Database) throws {
        self.db = db
        insertLabel = try db.makeStatement(
            sql: "INSERT INTO label (photo, volunteer, source, made, restores, author) VALUES (?, ?, ?, ?, ?, ?)")
        insertPlacement = try db.makeStatement(
            sql: "INSERT INTO trigger_placement (label, trigger, location) VALUES (?, ?, ?)")
    }

    /// - Parameter restored: the id of the earlier label that this label restores.
    func append(
        _ label: Label, to photo: PhotoID, _ source: LabelSource, _ made: String, restores restored: Int64? = nil,
        author: Author? = nil
    ) throws {
        try insertLabel.execute(
            arguments: [photo.hex, label.volunteer.text, source.rawValue, made, restored, author?.text])
        let id = db.lastInsertedRowID
        for pair in label.triggerState.pairs {
            try insertPlacement.execute(arguments: [id, pair.trigger.text, pair.location.rawValue])
        }
    }
}
