/// What a file may ask for before anything of it is decoded.
public struct DecodingLimits: Hashable, Sendable {
    public let pixels: Int
    public let bytes: Int

    /// 100 megapixels and 200 MB unless said otherwise.
    public init(pixels: Int = 100_000_000, bytes: Int = 200_000_000) {
        (self.pixels, self.bytes) = (pixels, bytes)
    }
}
