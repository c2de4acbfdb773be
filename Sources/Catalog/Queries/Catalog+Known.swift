import Core
import Foundation
import GRDB

/// What the catalog already says of a photo that arrives again.
public struct KnownPhoto: Hashable, Sendable {
    /// The label that counts.
    public internal(set) var label: Label?
    /// Whether a rule alone says so.
    public internal(set) var isSuggested = false
    /// The sessions that it is in, with their notes.
    public internal(set) var notes: [SessionName: String?] = [:]
    public internal(set) var also: Set<VolunteerName> = []
    public internal(set) var boxes: [Region: Box] = [:]

    public init(
        label: Label? = nil, isSuggested: Bool = false, notes: [SessionName: String?] = [:],
        also: Set<VolunteerName> = [], boxes: [Region: Box] = [:]
    ) {
        (self.label, self.isSuggested, self.notes, self.also, self.boxes) = (label, isSuggested, notes, also, boxes)
    }
}

extension Catalog {
    /// Those of `photos` that the catalog has, by one query for each table.
    public func known(_ photos: [PhotoID]) throws -> [PhotoID: KnownPhoto] {
        let list = Self.list(photos)
        return try read { db in
            var known: [PhotoID: KnownPhoto] = [:]
            func forEachRow(_ sql: String, _ body: (Row, inout KnownPhoto) -> Void) throws {
                let rows = try Row.fetchCursor(db, sql: sql, arguments: [list])
                while let row = try rows.next() {
                    if let photo = PhotoID(hex: row[0]) { body(row, &known[photo, default: KnownPhoto()]) }
                }
            }
            try forEachRow(
                "SELECT photo, session, note FROM appearance WHERE photo IN (SELECT value FROM json_each(?))"
            ) { row, photo in
                photo.notes[SessionName(stored: row[1])] = .some(row[2])
            }
            try forEachRow("SELECT photo, volunteer FROM companion WHERE photo IN (SELECT value FROM json_each(?))") {
                row, photo in
                photo.also.insert(VolunteerName(stored: row[1]))
            }
            try forEachRow(
                "SELECT photo, what, x, y, width, height FROM region WHERE photo IN (SELECT value FROM json_each(?))"
            ) { row, photo in
                if let region = Region(rawValue: row[1]) {
                    photo.boxes[region] = Box(x: row[2], y: row[3], width: row[4], height: row[5])
                }
            }
            try forEachRow(Self.countingLabels) { row, photo in
                photo.label = Label(volunteer: VolunteerName(stored: row[1]), triggerState: TriggerState(stored: row[2]))
                photo.isSuggested = row[3]
            }
            return known
        }
    }

    private static let countingLabels = """
        SELECT p.id, l.volunteer,
               \(Catalog.worn),
               l.source = 'rule'
        FROM photo p JOIN label l ON l.id = \(Catalog.countingLabel)
        WHERE p.id IN (SELECT value FROM json_each(?))
        """
}
