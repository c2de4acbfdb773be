import Testing

@testable import Core

@Suite struct SHA256Tests {
    @Test func digestFromHexEqualsDigestFromBytes() throws {
        let hex = "00f1e2d3c4b5a69788796a5b4c3d2e1f0123456789abcdeffedcba98765432ff"
        let digest = try #require(PhotoID(hex: hex))
        #expect(digest.hex == hex)
        #expect(digest.short == "00f1e2d3c4b5")
        let bytes: [UInt8] = [
            0x00, 0xf1, 0xe2, 0xd3, 0xc4, 0xb5, 0xa6, 0x97, 0x88, 0x79, 0x6a, 0x5b, 0x4c, 0x3d, 0x2e, 0x1f,
            0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0xff,
        ]
        #expect(bytes.withUnsafeBytes { PhotoID(bigEndian: $0) } == digest)
    }

    @Test func digestIsSHA256() {
        // FIPS 180-4, "abc" and the empty text.
        #expect(
            FileDigest.sha256(of: "abc".utf8).hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            FileDigest.sha256(of: [UInt8]()).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(FileDigest.sha256(of: AnySequence("abc".utf8)) == .sha256(of: Array("abc".utf8)))
    }

    @Test(arguments: [
        "", "0", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
        String(repeating: "A", count: 64),
        String(repeating: "g", count: 64), String(repeating: "0", count: 63) + " ", String(repeating: "é", count: 32),
    ])
    func invalidHexIsNotADigest(_ hex: String) {
        #expect(PhotoID(hex: hex) == nil)
    }

    @Test func digestsSortLikeHex() {
        let digests = (0..<200).map { FileDigest.sha256(of: "\($0)".utf8) }
        #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    }
}

@Suite struct HexDigitTests {
    @Test func everyByteIsRestoredAtEveryPosition() {
        for position in 0..<32 {
            for byte in UInt8.min...UInt8.max {
                var bytes = [UInt8](repeating: 0x5a, count: 32)
                bytes[position] = byte
                let digest = bytes.withUnsafeBytes { FileDigest(bigEndian: $0) }
                let slow = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                #expect(digest.hex == slow)
                #expect(FileDigest(hex: slow) == digest)
            }
        }
    }

    @Test func invalidDigitIsRejectedAtEveryPosition() {
        let good = String(repeating: "0a9f", count: 16)
        for position in 0..<64 {
            for wrong in ["A", "F", "g", "/", ":", "`", " ", "\0", "é"] {
                let text = good.prefix(position) + wrong + good.dropFirst(position + 1)
                #expect(PhotoID(hex: String(text)) == nil)
                #expect(PerceptualHash(hex: String(text.prefix(position + 1).suffix(16))) == nil)
            }
        }
        #expect(
            PhotoID(hex: good + "0") == nil && PhotoID(hex: String(good.dropLast())) == nil && PhotoID(hex: "") == nil)
        #expect(
            PerceptualHash(hex: "00000000000000f1") == PerceptualHash(0xf1)
                && PerceptualHash(0xf1).hex == "00000000000000f1")
    }
}
