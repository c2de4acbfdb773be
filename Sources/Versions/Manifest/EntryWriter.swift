import Core
import Foundation
import Storage

extension Entry {
    /// The line as canonical JSON (RFC 8785), without a line end.
    public var canonical: String {
        var writer = EntryWriter()
        writer.write(self)
        return String(decoding: writer.written, as: UTF8.self)
    }

    /// The line without the members that depend on pixels: `drawn`, `face`, `image`, `perceptual_hash` and `size`.
    var canonicalSelection: String {
        var writer = EntryWriter()
        writer.write(self, withPixels: false)
        return String(decoding: writer.written, as: UTF8.self)
    }
}

/// Writes entries as canonical JSON lines into a buffer of bytes. A general JSON encoder takes several times as long
/// for a million entries (`make bench-scale`).
struct EntryWriter: ~Copyable {
    private var bytes: UnsafeMutableRawBufferPointer
    private var count = 0

    init() {
        bytes = .allocate(byteCount: 1 << 20, alignment: 8)
    }

    deinit {
        bytes.deallocate()
    }

    /// The bytes since the last ``clear()``.
    var written: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[0..<count]) }

    mutating func clear() {
        count = 0
    }

    /// Writes an entry without a line end. All texts in an entry are names, digests and fixed words, which need no
    /// escapes.
    ///
    /// - Parameter withPixels: false omits `drawn`, `face`, `image`, `perceptual_hash` and `size`.
    mutating func write(_ entry: Entry, withPixels: Bool = true) {
        put("{\"attackable\":")
        put(entry.attackable)
        if withPixels {
            if entry.overlay != nil { put(drawn: entry.drawn) }
            put(",\"face\":")
            put(face: entry.face)
        }
        put(",\"group\":\"")
        put(entry.group)
        put("\",\"held_out\":")
        put(entry.heldOut)
        if withPixels {
            put(",\"image\":\"")
            put(entry.image)
            put("\"")
        }
        put(",\"kind\":\"")
        put(text: entry.volunteer.kind.rawValue)
        put("\",\"label\":\"")
        put(entry.label.utf8)
        put("\",\"location\":\"")
        put(entry.triggerState.locationUTF8)
        if let overlay = entry.overlay {
            put("\",\"overlay\":\"")
            put(text: overlay.text)
        }
        put("\"")
        if withPixels {
            put(",\"perceptual_hash\":")
            put(hash: entry.perceptualHash)
        }
        put(",\"photo\":\"")
        put(entry.photo)
        put("\",\"role\":\"")
        put(text: entry.role.rawValue)
        put("\",\"session\":\"")
        put(entry.session.utf8)
        put("\",")
        if withPixels {
            put("\"size\":[")
            put(entry.width)
            put(",")
            put(entry.height)
            put("],")
        }
        put("\"source\":\"")
        put(text: (entry.overlay == nil ? Recipe.TriggerSource.physical : .digital).rawValue)
        put("\",\"trigger\":\"")
        put(entry.triggerState.triggerUTF8)
        put("\",\"volunteer\":\"")
        put(entry.volunteer.name.utf8)
        put("\"}")
    }

    /// Writes the line of a photo and its image for the images digest, without a line end.
    mutating func writeImageLine(_ entry: Entry) {
        put(entry.photo)
        put(" ")
        put(entry.image)
    }

    mutating func endLine() {
        put("\n")
    }
}

extension EntryWriter {
    private mutating func put(drawn: [OverlayPosition]) {
        put(",\"drawn\":[")
        for (index, position) in drawn.enumerated() {
            if index > 0 { put(",") }
            put(position.x, position.y, position.u, position.v)
        }
        put("]")
    }

    private mutating func put(hash: PerceptualHash?) {
        guard let hash else { return put("null") }
        put("\"")
        reserve(16)
        HexDigits.write(hash.bits, to: bytes.baseAddress! + count)
        count += 16
        put("\"")
    }

    private mutating func put(face: PhotoFace?) {
        guard let face else { return put("null") }
        put("{\"box\":")
        put(face.box.x, face.box.y, face.box.width, face.box.height)
        put(",\"eyes\":")
        put(face.leftEye.x, face.leftEye.y, face.rightEye.x, face.rightEye.y)
        put("}")
    }

    /// Makes space for `more` bytes.
    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if count + more > bytes.count { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * bytes.count + more, alignment: 8)
        larger.copyMemory(from: written)
        bytes.deallocate()
        bytes = larger
    }

    @inline(__always)
    private mutating func put(_ text: StaticString) {
        put(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Writes UTF-8 that needs no escapes.
    @inline(__always)
    private mutating func put(_ text: UnsafeRawBufferPointer) {
        guard let start = text.baseAddress else { return }
        reserve(text.count)
        (bytes.baseAddress! + count).copyMemory(from: start, byteCount: text.count)
        count += text.count
    }

    /// Writes a text that needs no escapes. The argument label keeps string literals on the faster overload for
    /// `StaticString`.
    private mutating func put(text: String) {
        var text = text
        text.withUTF8 { put(UnsafeRawBufferPointer($0)) }
    }

    private mutating func put<Of>(_ digest: SHA256Digest<Of>) {
        reserve(64)
        digest.writeHex(to: bytes.baseAddress! + count)
        count += 64
    }

    private mutating func put(_ number: Int) {
        guard number >= 0 else { return put(text: String(number)) }
        reserve(20)
        var length = 1
        var rest = number
        while rest > 9 {
            rest /= 10
            length += 1
        }
        rest = number
        for position in stride(from: length - 1, through: 0, by: -1) {
            bytes[count + position] = UInt8(48 + rest % 10)
            rest /= 10
        }
        count += length
    }

    /// Writes four numbers as an array.
    private mutating func put(_ first: Int, _ second: Int, _ third: Int, _ fourth: Int) {
        put("[")
        put(first)
        put(",")
        put(second)
        put(",")
        put(third)
        put(",")
        put(fourth)
        put("]")
    }

    private mutating func put(_ value: Bool?) {
        switch value {
        case true?: put("true")
        case false?: put("false")
        case nil: put("null")
        }
    }
}
