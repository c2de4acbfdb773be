import Crypto

extension Fingerprint {
    /// What `hash` has come to.
    package init(finishing hash: SHA256) {
        words = hash.finalize().withUnsafeBytes { bytes in
            func word(_ place: Int) -> UInt64 {
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self))
            }
            return (word(0), word(1), word(2), word(3))
        }
    }

    /// The digest of bytes in memory.
    public static func sha256(of bytes: some Sequence<UInt8>) -> Fingerprint {
        bytes.withContiguousStorageIfAvailable { sha256(of: UnsafeRawBufferPointer($0)) } ?? sha256(of: Array(bytes))
    }

    package static func sha256(of bytes: UnsafeRawBufferPointer) -> Fingerprint {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return Fingerprint(finishing: hash)
    }
}
