import Imaging
import Testing

/// A JPEG as a list of bytes that tests cut, pad and damage.
struct JPEGFile {
    var bytes: [UInt8]

    /// Encodes ``picture(width:height:)``, so that its coded pixels fill some tens of kilobytes.
    init(width: Int = 400, height: Int = 300) throws {
        bytes = try Self.picture(width: width, height: height).encoded(as: .jpeg, quality: 90)
    }

    /// Returns a picture with noise.
    static func picture(width: Int, height: Int) throws -> Picture {
        var state: UInt32 = 7
        let rgb = (0..<3 * width * height).map { index in
            state = state &* 1_664_525 &+ 1_013_904_223
            let shade = index / 3 % width * 200 / width
            return UInt8(shade + Int(state >> 27))
        }
        return try #require(Picture(width: width, height: height, rgb: rgb))
    }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The position of the first marker of this kind that begins a segment.
    func segment(_ marker: UInt8) throws -> Int {
        var position = 2
        while position + 4 <= bytes.count, bytes[position] == 0xff {
            if bytes[position + 1] == marker { return position }
            position += 2 + Int(bytes[position + 2]) << 8 + Int(bytes[position + 3])
        }
        throw MissingSegment(marker: marker)
    }

    struct MissingSegment: Error {
        let marker: UInt8
    }

    /// The coded pixels, without the end marker.
    func scan() throws -> Range<Int> {
        let start = try segment(0xda)
        return start + 2 + Int(bytes[start + 2]) << 8 + Int(bytes[start + 3])..<bytes.count - 2
    }

    /// Inserts a segment after the start of the file.
    mutating func insert(_ marker: UInt8, _ body: [UInt8], at position: Int = 2) {
        bytes.insert(contentsOf: [0xff, marker] + big16(body.count + 2) + body, at: position)
    }
}

func big16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }

func big32(_ value: Int) -> [UInt8] { big16(value >> 16) + big16(value & 0xffff) }
