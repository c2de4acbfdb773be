import Crypto

extension Fingerprint {
    /// What `hash` has come to.
    package init(finishing hash: SHA256) {
        // A SHA-256 has 32 bytes, so the digest is always there.
        self = Fingerprint(bytes: hash.finalize()) ?? Fingerprint(zero: ())
    }

    /// The digest of bytes in memory.
    public static func sha256(of bytes: some Sequence<UInt8>) -> Fingerprint {
        var hash = SHA256()
        if bytes.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil { hash.update(data: Array(bytes)) }
        return Fingerprint(finishing: hash)
    }

    /// 32 zero bytes.
    private init(zero: Void) {
        words = (0, 0, 0, 0)
    }
}
