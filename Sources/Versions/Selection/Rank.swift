import Catalog
import Crypto

/// The order that selection takes things in, without a random generator: `rank(purpose, key)` is the SHA-256 of the UTF-8 text
/// `curare-1\n<seed>\n<purpose>\n<key>`, smaller first, so that any language can repeat a split.
struct Ranking {
    let seed: Int

    func rank(_ purpose: String, _ key: String) -> FileDigest {
        FileDigest.sha256(of: "curare-1\n\(seed)\n\(purpose)\n\(key)".utf8)
    }

    /// `elements` by the rank of their keys.
    func sorted<Element>(_ elements: [Element], for purpose: String, by key: (Element) -> String) -> [Element] {
        elements.map { (rank(purpose, key($0)), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    }
}

extension Fingerprint where Of == File {
    /// The digest of bytes that Curare wrote.
    public static func sha256(of bytes: some Sequence<UInt8>) -> FileDigest {
        var hash = SHA256()
        if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil { hash.update(data: Array(bytes)) }
        return FileDigest(finishing: hash)
    }

    init(finishing hash: SHA256) {
        // A SHA-256 has 32 bytes, so the digest is always there.
        self = FileDigest(bytes: hash.finalize()) ?? FileDigest(zero: ())
    }
}
