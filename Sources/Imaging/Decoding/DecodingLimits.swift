/// What a file may ask for before anything of it is decoded.
public struct DecodingLimits: Hashable, Sendable {
    public let pixels: Int
    public let bytes: Int

    /// 100 megapixels and 200 MB unless said otherwise.
    public init(pixels: Int = 100_000_000, bytes: Int = 200_000_000) {
        (self.pixels, self.bytes) = (pixels, bytes)
    }

    /// Bytes that a process may take that decodes nothing else: 1 GB, more only where more pixels than usual are asked for. Nil is no limit.
    var memory: UInt64? {
        let usual = DecodingLimits().pixels
        return pixels <= usual ? 1 << 30 : pixels < 1 << 40 ? UInt64(pixels / usual + 1) << 30 : nil
    }
}
