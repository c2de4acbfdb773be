import Core
import Foundation
import GRDBSQLite

/// The least work that a command must do on the catalog: one ordered scan of each table that it needs, and one SHA-256 of
/// the bytes that it must hash.
///
/// `make bench-scale` compares the time of a command with the time of its floor. The scans use SQLite alone, read every
/// column that the command needs, and keep nothing.
struct Floor {
    /// A measured command.
    enum Command: String {
        case split, verify, audit
    }

    /// The seconds that the floor took.
    let seconds: Double
    /// The number of rows that were read.
    let rows: Int
    /// The number of bytes that were hashed.
    let hashedBytes: Int

    /// - Parameters:
    ///   - catalog: the SQLite file of the workspace.
    ///   - entries: the file `entries.jsonl` of the version that `split` writes and `verify` reads; nil for `audit`.
    /// - Throws: ``FloorError`` if the catalog cannot be read, and the errors of reading `entries`.
    init(of command: Command, catalog: URL, entries: URL?) throws {
        let bytes = try entries.map { [UInt8](try Data(contentsOf: $0)) } ?? []
        let lines = bytes.count { $0 == UInt8(ascii: "\n") }
        let start = ContinuousClock.now
        rows = try Self.scan(catalog, Self.queries(of: command))
        // The file, and the rank of each photo. A rank is the SHA-256 of a text of two blocks: a prefix and a photo id.
        let digest = FileDigest.sha256(of: bytes)
        let chunk = 4096
        _ = ThreadBudget.shared.map((lines + chunk - 1) / chunk) { number in
            var text = Array("curare-1\n7\ntest\n".utf8) + digest.bytes + digest.bytes
            for line in (number * chunk)..<min(lines, (number + 1) * chunk) {
                text[text.count - 1] = UInt8(truncatingIfNeeded: line)
                text.withUnsafeBytes { _ = FileDigest.sha256(of: $0) }
            }
            return 0
        }
        hashedBytes = bytes.count + lines * 128
        seconds = (ContinuousClock.now - start) / .seconds(1)
    }

    /// The ordered queries of the rows that a command needs.
    private static func queries(of command: Command) -> [String] {
        var queries = [
            "SELECT id, width, height, format FROM photo ORDER BY id",
            "SELECT photo, session FROM session_photo ORDER BY photo, session",
            "SELECT photo, volunteer FROM co_subject ORDER BY photo",
            "SELECT photo, id, by_person FROM label ORDER BY photo, by_person, id",
            "SELECT id, volunteer FROM label ORDER BY id",
            "SELECT label, trigger, location FROM trigger_placement ORDER BY label",
            "SELECT photo, kind, x, y, width, height FROM region ORDER BY photo, kind, source",
        ]
        let face =
            "perceptual_hash, faces_found, detector, face_x, face_y, face_width, face_height, left_eye_x, left_eye_y, "
            + "right_eye_x, right_eye_y, confidence, suspected_rotation"
        switch command {
        case .split, .verify:
            queries += [
                "SELECT photo, \(face) FROM measurement ORDER BY photo",
                "SELECT photo, digest FROM image ORDER BY profile, photo",
            ]
        case .audit:
            queries.append(
                "SELECT photo, \(face), sharpness, luma, dark, bright, beyond_left, beyond_top, beyond_right, beyond_bottom "
                    + "FROM measurement ORDER BY photo")
        }
        return queries
    }

    /// Reads all columns of all rows, and returns the number of rows.
    private static func scan(_ catalog: URL, _ queries: [String]) throws -> Int {
        var connection: OpaquePointer?
        defer { sqlite3_close_v2(connection) }
        try check(sqlite3_open_v2(catalog.path, &connection, SQLITE_OPEN_READONLY, nil))
        var rows = 0
        var bytes = 0
        for query in queries {
            var statement: OpaquePointer?
            try check(sqlite3_prepare_v2(connection, query, -1, &statement, nil))
            defer { sqlite3_finalize(statement) }
            let columns = sqlite3_column_count(statement)
            var code = sqlite3_step(statement)
            while code == SQLITE_ROW {
                for column in 0..<columns { bytes += Int(sqlite3_column_bytes(statement, column)) }
                rows += 1
                code = sqlite3_step(statement)
            }
            guard code == SQLITE_DONE else { throw FloorError(code: code) }
        }
        // An empty catalog is no measurement.
        guard bytes > 0 else { throw FloorError(code: SQLITE_EMPTY) }
        return rows
    }

    private static func check(_ code: Int32) throws {
        guard code == SQLITE_OK else { throw FloorError(code: code) }
    }
}

/// A failed call of SQLite.
struct FloorError: Error {
    /// The result code of SQLite.
    let code: Int32
}
