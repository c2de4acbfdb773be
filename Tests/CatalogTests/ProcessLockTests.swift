import Catalog
import Foundation
import Testing

/// The locks of SQLite between processes. Closing any descriptor of a file releases all locks of the process on it, so the
/// program must not open the file of an open catalog by other means.
@Suite struct ProcessLockTests {
    /// Counts the sessions in another process, which removes the WAL file if it holds the last connection.
    private func sessionsInAnotherProcess(_ study: SyntheticStudy) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = [
            "-c",
            """
            import sqlite3, sys
            connection = sqlite3.connect(sys.argv[1])
            print(connection.execute("SELECT count(*) FROM session").fetchone()[0], end="")
            connection.close()
            """, study.workspace.catalogFile.path,
        ]
        process.standardOutput = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return output
    }

    @Test("A second catalog in one process does not release the locks of the first")
    func secondCatalog() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["ada"])
            _ = try Catalog(study.workspace).sessions()
            _ = try Catalog.openForReading(study.workspace).sessions()
            _ = try Catalog.damage(of: study.workspace)
            #expect(try sessionsInAnotherProcess(study) == "1")
            #expect(FileManager.default.fileExists(atPath: study.workspace.catalogLog.path))
            try study.session("s2", of: ["ada"])
            #expect(try sessionsInAnotherProcess(study) == "2")
        }
    }
}
