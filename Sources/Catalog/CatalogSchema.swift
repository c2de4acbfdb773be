import GRDB
import Schemas

/// A difference between the schema of a file and the schema that this program creates.
public struct SchemaDifference: Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// The file does not have the object.
        case missing
        /// This program does not create the object.
        case unknown
        /// Both have the object, with different SQL.
        case changed
    }

    public let kind: Kind
    /// The type and the name: `table photo`, `trigger x on photo`.
    public let object: String

    public var description: String {
        switch kind {
        case .missing: "\(object) is missing"
        case .unknown: "\(object) is not part of the schema"
        case .changed: "\(object) has other SQL than the schema"
        }
    }
}

/// The tables, indexes, triggers and views of a catalog, as SQLite stores them in `sqlite_schema`.
///
/// Objects whose name starts with `sqlite_` are SQLite's own: the indexes of primary keys, and statistics.
struct CatalogSchema: Sendable {
    /// The SQL by the type and the name of the object.
    private let statements: [String: String]

    init(_ db: Database) throws {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                """)
        var statements: [String: String] = [:]
        for row in rows {
            let (type, name, table): (String, String, String) = (row["type"], row["name"], row["tbl_name"])
            let sql: String? = row["sql"]
            statements[name == table ? "\(type) \(name)" : "\(type) \(name) on \(table)"] = Self.normalized(sql ?? "")
        }
        self.statements = statements
    }

    /// The schema that this program creates.
    static let expected = Result {
        let database = try DatabaseQueue()
        try Catalog.migrator.migrate(database)
        return try database.read(CatalogSchema.init)
    }

    /// Returns the SQL that creates an object, in the form of ``normalized(_:)``. Nil if there is no such object.
    func sql(of object: String) -> String? { statements[object] }

    /// Returns the differences from `expected`, sorted by object.
    func differences(from expected: CatalogSchema) -> [SchemaDifference] {
        Set(statements.keys).union(expected.statements.keys).sorted().compactMap { object in
            switch (statements[object], expected.statements[object]) {
            case (nil, _): SchemaDifference(kind: .missing, object: object)
            case (_, nil): SchemaDifference(kind: .unknown, object: object)
            case (let own, let other): own == other ? nil : SchemaDifference(kind: .changed, object: object)
            }
        }
    }

    /// Returns SQL without comments and with single spaces. A changed comment in `Schemas/catalog.sql` is no difference.
    static func normalized(_ sql: String) -> String {
        var result: [UInt8] = []
        var quote: UInt8?
        var isComment = false
        let bytes = Array(sql.utf8)
        for (index, byte) in bytes.enumerated() {
            if isComment {
                isComment = byte != UInt8(ascii: "\n")
            } else if let open = quote {
                result.append(byte)
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "-"), bytes[(index + 1)...].first == UInt8(ascii: "-") {
                isComment = true
            } else if [UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\t")].contains(byte) {
                if result.last != UInt8(ascii: " ") { result.append(UInt8(ascii: " ")) }
            } else {
                if [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(byte) { quote = byte }
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
