import Core
import GRDB

/// Annotations: the labels of further annotators. No annotation counts as the label of a photo.
extension Catalog {
    /// What ``store(annotations:by:made:)`` changed.
    public struct AnnotationChanges: Hashable, Sendable {
        /// The number of photos that the author had not annotated.
        public fileprivate(set) var added = 0
        /// The number of photos whose earlier annotation of the same author had another label.
        public fileprivate(set) var replaced = 0
        /// The number of photos whose annotation of the same author has the label already.
        public fileprivate(set) var unchanged = 0

        public init() {}
    }

    /// Returns all annotations, or the annotations of `photos`, in the order of photo ids and then of authors.
    public func annotations(of photos: [PhotoID]? = nil) throws -> [Annotation] {
        try read { db in try Self.annotations(of: PhotoList(photos), db) }
    }

    private static func annotations(of photos: PhotoList, _ db: Database) throws -> [Annotation] {
        let clause = photos.clause("photo")
        let placementRows = try Row.fetchCursor(
            db, sql: "SELECT photo, author, trigger, location FROM annotation_placement\(clause)",
            arguments: photos.arguments)
        var placements: [AnnotationKey: [TriggerPlacement]] = [:]
        while let row = try placementRows.next() {
            let placement = TriggerPlacement(
                TriggerName(stored: row["trigger"]), try row.word("location", in: "annotation_placement"))
            placements[try AnnotationKey(row, "annotation_placement"), default: []].append(placement)
        }
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT photo, author, volunteer, made, newest_label FROM annotation\(clause) ORDER BY photo, author
                """, arguments: photos.arguments)
        var annotations: [Annotation] = []
        while let row = try rows.next() {
            let key = try AnnotationKey(row, "annotation")
            let label = Label(
                volunteer: VolunteerName(stored: row["volunteer"]), triggerState: TriggerState(placements[key] ?? []))
            annotations.append(
                Annotation(
                    photo: key.photo, author: key.author, label: label, made: row["made"],
                    newestLabel: row["newest_label"]))
        }
        return annotations
    }

    /// Returns what storing the labels as annotations of `author` would change.
    public func changes(ofAnnotations labels: [(photo: PhotoID, label: Label)], by author: Author) throws
        -> AnnotationChanges
    {
        try read { db in try Self.changes(labels, author, db).counts }
    }

    /// Stores labels as annotations of `author`, in one transaction. An earlier annotation of the same photo by the same
    /// author is replaced. An annotation with the same label stays as it is.
    ///
    /// - Parameters:
    ///   - labels: each photo occurs once.
    ///   - author: anybody except ``Annotation/countingAnnotator``.
    ///   - made: the time, UTC, ISO 8601.
    @discardableResult
    public func store(annotations labels: [(photo: PhotoID, label: Label)], by author: Author, made: String) throws
        -> AnnotationChanges
    {
        try write { db in
            let (counts, changed) = try Self.changes(labels, author, db)
            let newest = try Int64.fetchOne(db, sql: "SELECT max(id) FROM label") ?? 0
            let delete = try ["annotation_placement", "annotation"].map { table in
                try db.makeStatement(sql: "DELETE FROM \(table) WHERE photo = ? AND author = ?")
            }
            let insert = try db.makeStatement(
                sql: "INSERT INTO annotation (photo, author, volunteer, made, newest_label) VALUES (?, ?, ?, ?, ?)")
            let insertPlacement = try db.makeStatement(
                sql: "INSERT INTO annotation_placement (photo, author, trigger, location) VALUES (?, ?, ?, ?)")
            for (photo, label) in changed {
                for statement in delete { try statement.execute(arguments: [photo.hex, author.text]) }
                try insert.execute(arguments: [photo.hex, author.text, label.volunteer.text, made, newest])
                for pair in label.triggerState.pairs {
                    try insertPlacement.execute(
                        arguments: [photo.hex, author.text, pair.trigger.text, pair.location.rawValue])
                }
            }
            return counts
        }
    }

    /// Returns the labels that differ from the stored annotations of `author`, and the counts of all labels.
    private static func changes(_ labels: [(photo: PhotoID, label: Label)], _ author: Author, _ db: Database) throws
        -> (counts: AnnotationChanges, changed: [(photo: PhotoID, label: Label)])
    {
        let own = try annotations(of: PhotoList(labels.map(\.photo)), db).filter { $0.author == author }
        let stored = Dictionary(uniqueKeysWithValues: own.map { ($0.photo, $0.label) })
        var counts = AnnotationChanges()
        var changed: [(photo: PhotoID, label: Label)] = []
        for (photo, label) in labels {
            let before = stored[photo]
            if before == label {
                counts.unchanged += 1
                continue
            }
            if before == nil { counts.added += 1 } else { counts.replaced += 1 }
            changed.append((photo, label))
        }
        return (counts, changed)
    }
}

/// The primary key of an annotation.
private struct AnnotationKey: Hashable {
    let photo: PhotoID
    let author: Author

    init(_ row: Row, _ table: String) throws {
        photo = try row.digest("photo", in: table)
        author = Author(stored: row["author"])
    }
}
