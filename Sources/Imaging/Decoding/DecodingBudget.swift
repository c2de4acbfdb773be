/// The memory and the processor time that a process may use to decode one photo.
///
/// Both depend on the photo only, so that a photo is accepted or refused alike on a busy and on an idle machine.
struct DecodingBudget: Hashable, Codable, Sendable {
    /// The largest picture that may be decoded.
    let pixelLimit: Int
    /// The memory limit in bytes. Nil selects the limit for the photo's size; only tests set a value.
    var memoryLimit: UInt64?
    /// The limit of processor time in seconds. Nil selects the limit for the photo's size; only tests set a value.
    var processorLimit: Double?

    /// Photos with more pixels are decoded one at a time, because each may need much memory.
    static let largePixels = 64_000_000
    /// Memory for pictures of up to ``largePixels``. With its program, a decoder then stays below 1 GB.
    private static let usualBytes: UInt64 = 900_000_000
    /// Bytes for each pixel above ``largePixels``. libheif holds a picture in two colour models at once.
    private static let bytesPerPixel = 6
    /// Seconds of processor time for any photo.
    private static let baseSeconds = 20.0
    /// Each of these numbers of pixels adds a second to ``baseSeconds``. The slowest codec decodes ten megapixels in a
    /// second.
    private static let pixelsPerSecond = 2_000_000.0

    init(pixelLimit: Int, memoryLimit: UInt64? = nil, processorLimit: Double? = nil) {
        self.pixelLimit = pixelLimit
        self.memoryLimit = memoryLimit
        self.processorLimit = processorLimit
    }

    /// Returns the bytes that a decoder may allocate for a picture of `pixels` pixels. Nil means no limit.
    func memory(pixels: Int) -> UInt64? {
        if let memoryLimit { return memoryLimit }
        let counted = min(pixels, pixelLimit)
        guard counted < 1 << 40 else { return nil }
        return Self.usualBytes + UInt64(max(0, counted - Self.largePixels) * Self.bytesPerPixel)
    }

    /// Returns the seconds of processor time that a decoder may use for a picture of `pixels` pixels.
    func processorSeconds(pixels: Int) -> Double {
        processorLimit ?? Self.baseSeconds + Double(min(pixels, pixelLimit)) / Self.pixelsPerSecond
    }
}
