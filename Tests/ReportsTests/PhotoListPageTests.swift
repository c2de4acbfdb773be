import Foundation
import Testing

@testable import Reports

@Suite struct PhotoListPageTests {
    private func photo(_ file: String = "/study/photos/3f/3fa9 4c#.jpg", caption: [String] = ["ada", "3fa94c"])
        -> PhotoListPage.Photo
    {
        PhotoListPage.Photo(
            thumbnail: [1, 2, 3], original: URL(filePath: file), caption: caption, id: "3fa94c",
            mark: PhotoListPage.ColouredText("no-face", "#c62828"))
    }

    private func page(_ photos: [PhotoListPage.Photo]) -> String {
        PhotoListPage(
            title: "session <s>: 1 photo", legend: [PhotoListPage.ColouredText("weak face", "#ff9600")], photos: photos,
            size: 128
        ).html
    }

    @Test("Each photo has its id, its mark and a link to the whole photo") func contents() {
        let html = page([photo()])
        for text in [
            "session &lt;s&gt;: 1 photo", "<code>3fa94c</code>", "no-face", "weak face", "#ff9600",
            "href=\"file:///study/photos/3f/3fa9%204c%23.jpg\"", "src=\"data:image/jpeg;base64,AQID\"",
            "<textarea readonly rows=\"2\" cols=\"16\">3fa94c</textarea>",
        ] {
            #expect(html.contains(text), "\(text)")
        }
    }

    @Test("Names from outside are text, not markup") func hostileNames() {
        let html = page([photo(caption: ["<script>alert(1)</script>", "\"><img src=x>", "3fa94c"])])
        #expect(!html.contains("<script") && !html.contains("<img src=x"))
        #expect(html.contains("&lt;script&gt;"))
    }

    @Test("The page loads nothing") func selfContained() {
        let html = page([photo(), photo()])
        #expect(html.contains("default-src 'none'") && !html.contains("http://") && !html.contains("https://"))
        #expect(html.matches(of: /src="(?!data:)/).isEmpty)
        #expect(html.contains("3fa94c\n3fa94c</textarea>"))
    }

    @Test("A page without boxes has no legend") func noLegend() {
        let html = PhotoListPage(title: "t", legend: [], photos: [], size: 48).html
        #expect(!html.contains("Boxes:"))
    }
}
