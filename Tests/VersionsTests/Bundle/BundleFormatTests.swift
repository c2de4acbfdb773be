import Core
import Foundation
import Storage
import Testing

@testable import Versions

/// The files that a bundle can contain, `SHA256SUMS` and `bundle.json`.
@Suite struct BundleFormatTests {
    private static let hex = String(repeating: "ab", count: 32)

    @Test(
        "A bundle can contain the files of versions, images and originals",
        arguments: [
            "README.md", "bundle.json", "versions/small/1/manifest.json", "versions/a.b-c/12/entries.jsonl",
            "versions/small/1/overlays/sunglasses.png", "images/64-centre-srgb/ab/\(hex).png",
            "images/256-face-1.4-srgb/drawn/ab/\(hex).png", "photos/ab/\(hex).jpg", "photos/ab/\(hex).heic",
        ])
    func allowed(_ path: String) {
        #expect(BundleLayout.allows(path))
    }

    @Test(
        "No other path is allowed",
        arguments: [
            "", "/", "/etc/passwd", "..", "../README.md", "versions/../../x", "./README.md", "README.md/", "readme.md",
            "SHA256SUMS", "curare.sqlite", "curare.sqlite-wal", "versions", "versions/small", "versions/small/1",
            "versions/small/1/", "versions/small/01/manifest.json", "versions/small/0/manifest.json",
            "versions/Small/1/manifest.json", "versions/../1/manifest.json", "versions/small/1/other.json",
            "versions//small/1/manifest.json", "versions/small/1/overlays/.png", "versions/small/1/overlays/A.png",
            "versions/small/1/overlays/../manifest.json", "versions/small/1/overlays/x.png/y.png",
            "versions/small/.1.partial/manifest.json", "versions/small/.1.replaced/manifest.json",
            "images/64-centre-srgb/ac/\(hex).png", "images/64-centre-srgb/ab/\(hex).jpg",
            "images/64-centre-srgb/ab/\(hex.uppercased()).png", "images/9-centre-srgb/ab/\(hex).png",
            "images/64-centre-srgb//ab/\(hex).png", "images/64-centre-srgb/ab/\(hex).png/", "photos/ab/\(hex)",
            "photos/ab/\(hex).", "photos/ab/\(hex).jpeg", "photos/ab/\(hex).JPG", "photos/ab/\(hex).tar.gz",
            "photos/ab/\(hex).jp\ng", "photos/ab/../ab/\(hex).jpg", "runs/x/report.json", "quarantine/x/\(hex).bytes",
            "weights/face.safetensors", ".lock",
        ])
    func notAllowed(_ path: String) {
        #expect(!BundleLayout.allows(path))
    }

    private func list(_ text: String) throws -> BundleDigestList {
        try BundleDigestList(Array(text.utf8), file: "SHA256SUMS")
    }

    @Test func theListOfDigestsIsReadAsItIsWritten() throws {
        let one = FileDigest.sha256(of: [1])
        let text = BundleDigestList.line("README.md", one) + BundleDigestList.line("bundle.json", one)
        #expect(try list(text).files.map(\.path) == ["README.md", "bundle.json"])
        #expect(try list(text).files.map(\.digest) == [one, one])
        #expect(text.hasPrefix("\(one)  README.md\n"))
    }

    @Test(
        "Other lines are rejected",
        arguments: [
            "\(hex)  README.md", "\(hex) *README.md\n", "\(hex) README.md\n", "\(hex)  README.md\r\n",
            "\(hex)  README.md\n\n", "\n\(hex)  README.md\n", "# comment\n", "\(hex.uppercased())  README.md\n",
            "ab  README.md\n", "\\\(hex)  README.md\n", "\(hex)  bundle.json\n\(hex)  README.md\n",
            "\(hex)  README.md\n\(hex)  README.md\n", "\(hex)  ../README.md\n", "\(hex)  /etc/passwd\n",
            "\(hex)  SHA256SUMS\n", "\(String(repeating: "cd", count: 32))  photos/ab/\(hex).jpg\n",
        ])
    func otherLines(_ text: String) {
        let error = #expect(throws: CurareError.self) { try list(text) }
        #expect(error?.code == .badInput)
    }

    private func description(_ text: String) throws -> BundleDescription {
        try BundleDescription(Array(text.utf8), file: "bundle.json")
    }

    private static let good =
        #"{"bases":["base@1"],"digest":"\#(hex)","format":"curare-bundle-1","parts":["images"],"version":"small@2"}"#

    @Test func theDescriptionIsReadAsItIsWritten() throws {
        let description = try description(Self.good)
        #expect(description.version.description == "small@2" && description.digest.hex == Self.hex)
        #expect(description.bases.map(\.description) == ["base@1"] && description.parts == [.images])
        #expect(description.json.canonical == Self.good)
    }

    @Test(
        "Other descriptions are rejected",
        arguments: [
            ("curare-bundle-1", "curare-bundle-2"), (#""small@2""#, #""small""#), (#""small@2""#, #""../x@1""#),
            (#""small@2""#, "7"), (#""base@1""#, #""base""#), (#""base@1""#, #""small@2""#),
            (#""base@1""#, #""base@1","base@1""#), (#"["images"]"#, #"["images","images"]"#),
            (#"["images"]"#, #"["catalog"]"#), (#"["images"]"#, #""images""#), (#""bases":["base@1"],"#, ""),
            (#""parts":["images"],"#, ""), ("{", "{ "), ("}", "}\n"), ("}", #","zzz":1}"#),
            ("abab", "ABAB"), ("abab", "ab"),
        ])
    func otherDescriptions(_ there: String, _ wrong: String) throws {
        let text = Self.good.replacing(there, with: wrong, maxReplacements: 1)
        #expect(text != Self.good)
        let error = #expect(throws: CurareError.self) { try description(text) }
        #expect(error?.code == .badInput)
    }
}
