import Core
import Foundation
import GRDB
import GRDBSQLite

/// The rows of one statement, read from SQLite's own memory.
///
/// A row creates no `String` and no dictionary: a catalog of a million photos has several million rows. `make
/// bench-scale` measures the difference. Use the rows only inside the database access that created them.
struct RawRows {
    private let statement: Statement
    private let handle: OpaquePointer

    /// - Throws: `DatabaseError` if the SQL is invalid.
    init(_ db: Database, _ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        statement = try db.makeStatement(sql: sql)
        try statement.setArguments(arguments)
        handle = statement.sqliteStatement
    }

    /// Moves to the next row. Returns false if there is no next row. The bytes of the previous row become invalid.
    ///
    /// - Throws: `DatabaseError` if the file is damaged or cannot be read.
    func next() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: String(cString: sqlite3_errmsg(sqlite3_db_handle(handle))), sql: statement.sql)
        }
    }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }

    func optionalInt(_ column: Int32) -> Int? { isNull(column) ? nil : int(column) }

    /// The bytes of a text; empty if the column is NULL.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// - Throws: ``InvalidValueError`` if the text is not a digest.
    func photo(_ column: Int32) throws -> PhotoID {
        guard let photo = PhotoID(hexDigits: bytes(column)) else { throw InvalidValueError("photo id", text(column)) }
        return photo
    }

    /// Reads a box from four columns: x, y, width, height.
    func box(_ column: Int32) -> Box {
        Box(x: int(column), y: int(column + 1), width: int(column + 2), height: int(column + 3))
    }
}

/// The rows of a statement that is sorted by photo id, its first column, for a parallel walk through several tables.
struct RowsByPhoto {
    let rows: RawRows
    private(set) var hasRow: Bool

    init(_ rows: RawRows) throws {
        self.rows = rows
        hasRow = try rows.next()
    }

    /// Moves to the first row of `photo` or of a later photo, and returns whether the current row belongs to `photo`.
    ///
    /// - Parameter photo: the 64 digits of the id. The ids must be passed in ascending order.
    mutating func isAt(_ photo: UnsafeRawBufferPointer) throws -> Bool {
        while hasRow {
            let order = Self.order(rows.bytes(0), photo)
            guard order < 0 else { return order == 0 }
            hasRow = try rows.next()
        }
        return false
    }

    mutating func next() throws {
        hasRow = try rows.next()
    }

    private static func order(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int32 {
        guard left.count == right.count else { return left.lexicographicallyPrecedes(right) ? -1 : 1 }
        return memcmp(left.baseAddress!, right.baseAddress!, left.count)
    }
}

/// The photos of a query: all photos of the catalog, or a list.
struct PhotoList {
    /// A JSON array for SQLite's `json_each`; nil for all photos.
    private let json: String?

    init(_ photos: [PhotoID]?) {
        json = photos.map { "[" + $0.map { "\"\($0.hex)\"" }.joined(separator: ",") + "]" }
    }

    /// Whether the query reads all photos.
    var isAll: Bool { json == nil }

    /// A WHERE clause on the column that contains the photo's id; empty for all photos.
    func clause(_ column: String) -> String {
        json == nil ? "" : " WHERE \(column) IN (SELECT value FROM json_each(?1))"
    }

    /// The arguments of a statement that contains the clause.
    var arguments: StatementArguments { json.map { [$0] } ?? [] }
}

/// An error for a value that the schema's CHECK constraints exclude: another program has changed the file.
struct InvalidValueError: Error {
    let message: String

    /// - Parameter kind: the kind of the value, for example `session.consent`.
    init(_ kind: String, _ value: String) {
        message = "the catalog holds an unknown \(kind): \"\(value.prefix(80))\""
    }
}

/// The conversion of one column's texts to the cases of an enumeration. A column has few different words. The type
/// compares the bytes with these words, so a row creates no `String`.
final class WordColumn<Word: RawRepresentable & CaseIterable> where Word.RawValue == String {
    private let words: [(utf8: UnsafeRawBufferPointer, word: Word)]
    private let name: String

    /// - Parameter name: `table.column`, for messages.
    init(_ name: String) {
        self.name = name
        words = Word.allCases.map { (InternedString($0.rawValue).utf8, $0) }
    }

    /// - Throws: ``InvalidValueError`` if the text is not the raw value of a case.
    func word(_ bytes: UnsafeRawBufferPointer) throws -> Word {
        for candidate in words where candidate.utf8.count == bytes.count {
            if memcmp(candidate.utf8.baseAddress!, bytes.baseAddress!, bytes.count) == 0 { return candidate.word }
        }
        throw InvalidValueError(name, String(decoding: bytes, as: UTF8.self))
    }
}

extension Row {
    /// Returns the case of an enumeration.
    ///
    /// - Throws: ``InvalidValueError`` if the text is not the raw value of a case.
    func word<Word: RawRepresentable>(_ column: String, in table: String) throws -> Word
    where Word.RawValue == String {
        let text: String = self[column]
        return try Word(rawValue: text).orThrow(InvalidValueError("\(table).\(column)", text))
    }

    /// Returns a digest.
    ///
    /// - Throws: ``InvalidValueError`` if the text is not a digest.
    func digest<Of>(_ column: String, in table: String) throws -> SHA256Digest<Of> {
        let text: String = self[column]
        return try SHA256Digest(hex: text).orThrow(InvalidValueError("\(table).\(column)", text))
    }

    /// The column `author`; nil without an author.
    var author: Author? {
        let text: String? = self["author"]
        return text.map(Author.init(stored:))
    }
}

extension Database {
    /// Returns the photo ids in the only column of a query.
    ///
    /// - Throws: ``InvalidValueError`` if a text is not a digest.
    func photos(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [PhotoID] {
        try String.fetchAll(self, sql: sql, arguments: arguments).map { text in
            try PhotoID(hex: text).orThrow(InvalidValueError("photo id", text))
        }
    }

    /// Returns the names in the only column of a query.
    func names<Of>(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws -> [Name<Of>] {
        try String.fetchAll(self, sql: sql, arguments: arguments).map(Name.init(stored:))
    }
}
