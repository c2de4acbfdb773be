import Core
import Documents

/// What the manifest of a redacted version says of it.
public struct RedactionMark: Hashable, Sendable {
    /// The digests that the version had before, the one that it was made with first: runs, papers and versions that extend it cite one of them.
    public let digests: [FileDigest]
    /// How many entries stand for photos that were withdrawn.
    public let photos: Int

    init(digests: [FileDigest], photos: Int) {
        (self.digests, self.photos) = (digests, photos)
    }

    var json: JSONValue { .object(["digests": .array(digests.map { .text($0.hex) }), "photos": .number(photos)]) }

    /// Nil where a key is missing or no digest.
    init?(json: JSONValue) {
        guard let texts = json["digests"]?.array, !texts.isEmpty, let photos = json["photos"]?.number else {
            return nil
        }
        let digests = texts.compactMap { $0.text.flatMap(FileDigest.init(hex:)) }
        guard digests.count == texts.count else { return nil }
        self.init(digests: digests, photos: photos)
    }
}

extension Manifest {
    /// Whether the version has, or had before it was redacted, this digest.
    func isKnown(by digest: FileDigest) -> Bool { self.digest == digest || redacted?.digests.contains(digest) == true }
}
