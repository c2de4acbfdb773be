import Core
import GRDB

/// A name whose versions belong to a grid.
public struct GridMember: Hashable, Sendable {
    /// The name of the grid.
    public let grid: String
    /// The name of the versions.
    public let name: String
    /// The keys that the grid varies, in the order of the version's name.
    public let varied: [String]

    public init(grid: String, name: String, varied: [String]) {
        self.grid = grid
        self.name = name
        self.varied = varied
    }
}

/// The versions that names without a number mean, the names of grids, and labels that changed after a version was made.
extension Catalog {
    /// Records the version that a split returned for each name, in one transaction.
    ///
    /// The folders of the versions must exist. If the process ends before this call, the names keep their meaning.
    ///
    /// - Parameter grid: the grid that the versions belong to, those too that existed before. Nil for a single recipe.
    public func record(
        currentVersions versions: [(name: String, number: Int)], grid: (name: String, varied: [String])? = nil
    ) throws {
        try write { db in
            for version in versions {
                try db.execute(
                    sql: """
                        INSERT INTO current_version (name, number) VALUES (?, ?)
                        ON CONFLICT (name) DO UPDATE SET number = excluded.number
                        """, arguments: [version.name, version.number])
                guard let grid else { continue }
                try db.execute(
                    sql: """
                        INSERT INTO grid_version (grid, name, varied) VALUES (?, ?, ?)
                        ON CONFLICT (grid, name) DO UPDATE SET varied = excluded.varied
                        """, arguments: [grid.name, version.name, grid.varied.joined(separator: " ")])
            }
        }
    }

    /// Returns the number of the version that the last split returned, by the name of the version.
    public func currentVersions() throws -> [String: Int] {
        try read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT name, number FROM current_version")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"], $0["number"]) })
        }
    }

    /// Returns the names that belong to grids, by grid and name.
    public func gridMembers() throws -> [GridMember] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT grid, name, varied FROM grid_version ORDER BY grid, name").map { row in
                let varied: String = row["varied"]
                return GridMember(
                    grid: row["grid"], name: row["name"], varied: varied.split(separator: " ").map(String.init))
            }
        }
    }

    /// Returns the photos that had a label when the label with the id `cutOff` was the newest, and that got another
    /// entry in their label history later. Sorted by id. The label that counts can be the same as before.
    public func photosWithNewLabels(after cutOff: Int) throws -> [PhotoID] {
        try read { db in
            try db.photos(
                """
                SELECT DISTINCT photo FROM label AS new WHERE id > ?1
                    AND EXISTS (SELECT 1 FROM label AS old WHERE old.photo = new.photo AND old.id <= ?1)
                ORDER BY photo
                """, [cutOff])
        }
    }
}
