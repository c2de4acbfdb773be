import Foundation
import Testing

@testable import Validation

@Suite struct RunPageTests {
    private static let png = Data((0..<200).map { UInt8($0) }).base64EncodedString()
    private static let picture = "data:image/png;base64,\(png)"
    private static let digest = String(repeating: "0f", count: 32)

    private func pictures(_ text: String) -> RunPage.Pictures { RunPage.pictures(in: Array(text.utf8)) }

    private func cleaned(_ text: String) -> String? {
        guard case .at(let ranges) = pictures(text) else { return nil }
        return String(decoding: RunPage.page(Array(text.utf8), without: ranges), as: UTF8.self)
    }

    @Test("The page that Reports writes is edited") func intactPage() {
        let page = """
            <meta content="default-src 'none'; img-src data:"><h1>t</h1><td>\(Self.digest)</td>
            <img alt="a" src="\(Self.picture)"><img src="\(Self.picture)"/><img src='\(Self.picture)' alt="b">
            """
        let cleaned = cleaned(page)
        #expect(
            cleaned == """
                <meta content="default-src 'none'; img-src data:"><h1>t</h1><p class="warning">The pictures were removed \
                because a volunteer has withdrawn consent.</p><td>\(Self.digest)</td>
                <img alt="a" src="data:,"><img src="data:,"/><img src='data:,' alt="b">
                """)
        #expect(cleaned.map(pictures) == RunPage.Pictures.none, "a second withdrawal changes nothing")
    }

    @Test(
        "Damage that can hide a part of a picture is recognized",
        arguments: [
            "<img src=\"\(picture)", "<img src=\"\(picture)>", "<img src=\(picture)>",
            "<img src=\"\(picture.replacing("png", with: "gif"))\">",
            "<img src=\"\(picture.replacing("data:", with: "Data:"))\">", "<img src=\"\(png)\">",
            "<img src=\"\(picture.replacing("base64,", with: "base64;"))\">",
            "<img src=\"\(picture.prefix(100))~\(picture.dropFirst(100))\">", "data: x", "x\(digest)",
            "<img src=\"\(picture.dropLast(5))\">",
        ])
    func damagedPage(_ page: String) { #expect(pictures(page) == .uncertain) }

    @Test("Bytes that are not text are recognized") func notText() {
        #expect(RunPage.pictures(in: Array(Self.picture.utf8) + [0xFF]) == .uncertain)
        #expect(RunPage.pictures(in: []) == RunPage.Pictures.none)
    }
}
