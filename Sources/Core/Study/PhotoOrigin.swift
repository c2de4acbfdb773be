/// What the original file states about itself, without its content.
public struct PhotoOrigin: Hashable, Sendable {
    /// The camera in the photo's Exif data; nil if there is none.
    public var camera: String? { storedCamera?.text }
    /// The time of capture in the photo's Exif data, `YYYY-MM-DDTHH:MM:SS`, by the camera's clock; nil if there is none.
    public var captured: String? { capture?.text }
    /// The size of the file in bytes.
    public let bytes: Int
    private let storedCamera: InternedString?
    private let capture: CaptureTime?

    /// - Parameter captured: `YYYY-MM-DDTHH:MM:SS`. A text of another form counts as no time.
    public init(camera: String?, captured: String?, bytes: Int) {
        self.init(
            camera: camera.map { InternedString($0) }, capture: captured.flatMap { CaptureTime($0) }, bytes: bytes)
    }

    /// Creates an origin from a text that the caller has interned already. A catalog has few different cameras.
    package init(camera: InternedString?, capture: CaptureTime?, bytes: Int) {
        storedCamera = camera
        self.capture = capture
        self.bytes = bytes
    }
}

/// A time of capture in eight bytes. A catalog has a different time for nearly every photo.
package struct CaptureTime: Hashable, Sendable {
    /// The 14 digits of the text as one number: YYYYMMDDHHMMSS.
    private let digits: Int64

    /// The bytes of the text that are not digits.
    private static let separators: [(position: Int, byte: UInt8)] = [
        (4, UInt8(ascii: "-")), (7, UInt8(ascii: "-")), (10, UInt8(ascii: "T")), (13, UInt8(ascii: ":")),
        (16, UInt8(ascii: ":")),
    ]
    private static let length = 19

    /// Creates a time; nil unless the text has the form `YYYY-MM-DDTHH:MM:SS`.
    package init?(_ text: String) {
        var text = text
        guard let time = text.withUTF8({ Self(ascii: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = time
    }

    /// Creates a time from ASCII; nil unless the text has the form `YYYY-MM-DDTHH:MM:SS`.
    package init?(ascii bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.length else { return nil }
        var digits: Int64 = 0
        var next = 0
        for position in 0..<Self.length {
            let byte = bytes[position]
            if next < Self.separators.count, Self.separators[next].position == position {
                guard byte == Self.separators[next].byte else { return nil }
                next += 1
            } else {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                digits = 10 * digits + Int64(byte - UInt8(ascii: "0"))
            }
        }
        self.digits = digits
    }

    /// `YYYY-MM-DDTHH:MM:SS`
    package var text: String {
        var rest = digits
        var bytes = [UInt8](repeating: 0, count: Self.length)
        for separator in Self.separators { bytes[separator.position] = separator.byte }
        for position in (0..<Self.length).reversed() where bytes[position] == 0 {
            bytes[position] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The light and colour of a photo outside the face's box. A trigger on the face does not change them.
public struct PhotoLight: Hashable, Sendable {
    /// Mean red of the sRGB pixels outside the face's box, in tenths, 0…2550. The whole photo if there is no face.
    @Int32Backed public var red: Int
    /// Mean green, like ``red``.
    @Int32Backed public var green: Int
    /// Mean blue, like ``red``.
    @Int32Backed public var blue: Int

    public init(red: Int, green: Int, blue: Int) {
        _red = Int32Backed(wrappedValue: red)
        _green = Int32Backed(wrappedValue: green)
        _blue = Int32Backed(wrappedValue: blue)
    }
}
