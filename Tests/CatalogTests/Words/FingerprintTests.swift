import Core
import Testing

@Suite struct FingerprintTests {
    @Test func hexAndBytesSayTheSame() throws {
        let hex = "00f1e2d3c4b5a69788796a5b4c3d2e1f0123456789abcdeffedcba98765432ff"
        let digest = try #require(PhotoID(hex: hex))
        #expect(digest.hex == hex)
        #expect(digest.short == "00f1e2d3c4b5")
        let bytes: [UInt8] = [
            0x00, 0xf1, 0xe2, 0xd3, 0xc4, 0xb5, 0xa6, 0x97, 0x88, 0x79, 0x6a, 0x5b, 0x4c, 0x3d, 0x2e, 0x1f,
            0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0xff,
        ]
        #expect(PhotoID(bytes: bytes) == digest)
    }

    @Test func theDigestIsSHA256() {
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
    func whatIsNoDigestIsNotRead(_ hex: String) {
        #expect(PhotoID(hex: hex) == nil)
    }

    @Test func otherNumbersOfBytesAreNoDigest() {
        #expect(PhotoID(bytes: [UInt8](repeating: 0, count: 31)) == nil)
        #expect(PhotoID(bytes: [UInt8](repeating: 0, count: 33)) == nil)
    }

    @Test func digestsSortAsTheirHexDoes() {
        let digests = (0..<200).map { FileDigest.sha256(of: "\($0)".utf8) }
        #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    }
}
