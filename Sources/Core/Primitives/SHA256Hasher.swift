import CCrypto

/// An SHA-256 computation over bytes that arrive in pieces (FIPS 180-4), by libcrypto.
///
/// libcrypto uses the processor's SHA instructions where the processor has them. A copy continues independently of the original.
public struct SHA256Hasher {
    private var context = curare_sha256_begin()

    /// Creates a computation over no bytes.
    public init() {}

    /// Appends bytes to the message.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        curare_sha256_update(&context, start, bytes.count)
    }

    /// Appends bytes to the message.
    public mutating func update(_ bytes: some Sequence<UInt8>) {
        let isAppended: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if isAppended == nil {
            Array(bytes).withUnsafeBytes { update($0) }
        }
    }

    /// Returns the digest of all bytes so far. The computation itself is not changed.
    public func finalize<Of>() -> SHA256Digest<Of> {
        var copy = context
        return withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digest in
            curare_sha256_finish(&copy, digest.baseAddress!.assumingMemoryBound(to: UInt8.self))
            return SHA256Digest(bigEndian: UnsafeRawBufferPointer(digest))
        }
    }
}
