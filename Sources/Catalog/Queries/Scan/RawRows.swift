import Foundation
import GRDB
import GRDBSQLite

/// The rows of one statement, read where SQLite keeps them: a million rows make neither a million texts nor a million dictionaries.
///
/// Only within the database access that it was made in.
struct RawRows {
    private let statement: Statement
    private let handle: OpaquePointer

    /// - Throws: `DatabaseError` where the SQL is wrong.
    init(_ db: Database, _ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
        statement = try db.makeStatement(sql: sql)
        try statement.setArguments(arguments)
        handle = statement.sqliteStatement
    }

    /// Goes to the next row; false after the last. What was read of the row before is not valid any more.
    ///
    /// - Throws: `DatabaseError` where the file cannot be read or is damaged.
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

    /// The bytes of a text; none where it is NULL.
    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }

    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
}

/// The rows of a statement that gives them in the order of photo ids, which are its first column, followed from photo to photo.
struct RowsByPhoto {
    let rows: RawRows
    private var hasRow: Bool

    init(_ rows: RawRows) throws {
        self.rows = rows
        hasRow = try rows.next()
    }

    /// Whether a row of `photo` is at hand. Photos must be asked for in the order of their ids.
    ///
    /// - Parameter photo: the 64 digits of its id.
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
