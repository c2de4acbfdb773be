import Testing

@testable import Core

/// Digests to text and back, eight digits at a time.
@Suite struct HexDigitTests {
    @Test func everyByteComesBackAtEveryPlace() throws {
        for place in 0..<32 {
            for byte in UInt8.min...UInt8.max {
                var bytes = [UInt8](repeating: 0x5a, count: 32)
                bytes[place] = byte
                let digest = try #require(FileDigest(bytes: bytes))
                let slow = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                #expect(digest.hex == slow)
                #expect(FileDigest(hex: slow) == digest)
            }
        }
    }

    @Test func whatIsNoLowerCaseDigitIsRefusedAtEveryPlace() {
        let good = String(repeating: "0a9f", count: 16)
        for place in 0..<64 {
            for wrong in ["A", "F", "g", "/", ":", "`", " ", "\0", "é"] {
                let text = good.prefix(place) + wrong + good.dropFirst(place + 1)
                #expect(PhotoID(hex: String(text)) == nil)
                #expect(PerceptualHash(hex: String(text.prefix(place + 1).suffix(16))) == nil)
            }
        }
        #expect(
            PhotoID(hex: good + "0") == nil && PhotoID(hex: String(good.dropLast())) == nil && PhotoID(hex: "") == nil)
        #expect(PerceptualHash(hex: "00000000000000f1") == PerceptualHash(0xf1) && PerceptualHash(0xf1).hex == "00000000000000f1")
    }
}
