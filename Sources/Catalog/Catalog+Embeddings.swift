import Core
import Foundation
import GRDB

/// Face embeddings: biometric data of the photographed people.
extension Catalog {
    /// Returns the stored embeddings.
    ///
    /// - Parameters:
    ///   - weights: the digest of the network's weights file; nil for embeddings of any weights.
    ///   - limit: the largest number of embeddings; nil for all. Ids are SHA-256 digests, so that the first ids are a
    ///     random sample.
    public func embeddings(weights: FileDigest? = nil, limit: Int? = nil) throws -> [PhotoID: FaceEmbedding] {
        try read { db in
            let rows = try RawRows(
                db, "SELECT photo, vector FROM embedding WHERE ?1 IS NULL OR weights = ?1 ORDER BY photo LIMIT ?2",
                [weights?.hex, limit ?? -1])
            var embeddings: [PhotoID: FaceEmbedding] = [:]
            while try rows.next() {
                let photo = try rows.photo(0)
                embeddings[photo] = try FaceEmbedding(littleEndian: rows.bytes(1)).orThrow(
                    InvalidValueError("embedding.vector", "of photo \(photo.short)"))
            }
            return embeddings
        }
    }

    /// Returns the photos that have an embedding of these weights.
    public func embeddedPhotos(weights: FileDigest) throws -> Set<PhotoID> {
        try read { db in
            let rows = try RawRows(db, "SELECT photo FROM embedding WHERE weights = ? ORDER BY photo", [weights.hex])
            var photos: Set<PhotoID> = []
            while try rows.next() { photos.insert(try rows.photo(0)) }
            return photos
        }
    }

    /// Stores embeddings in one transaction. They replace embeddings of other weights. Photos that are not in the catalog
    /// are left out.
    public func store(embeddings: [PhotoID: FaceEmbedding], weights: FileDigest) throws {
        try write { db in
            let insert = try db.makeStatement(
                sql: """
                    INSERT OR REPLACE INTO embedding (photo, weights, vector)
                    SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM photo WHERE id = ?1)
                    """)
            for (photo, embedding) in embeddings.sorted(by: { $0.key < $1.key }) {
                try insert.execute(arguments: [photo.hex, weights.hex, Data(embedding.littleEndianBytes)])
            }
        }
    }

    static func removeEmbedding(of photo: PhotoID, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM embedding WHERE photo = ?").execute(arguments: [photo.hex])
    }
}
