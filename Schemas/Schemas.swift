/// The written contracts that Curare carries inside its binary: the catalog's SQL migrations and the JSON Schemas of what it reads and writes.
public enum Schemas {
    /// The catalog's migrations in order; the n-th takes `user_version` from n − 1 to n.
    public static var migrations: [String] {
        [PackageResources.spine_1_sql, PackageResources.faces_2_sql, PackageResources.exports_4_sql].map { String(decoding: $0, as: UTF8.self) }
    }
}
