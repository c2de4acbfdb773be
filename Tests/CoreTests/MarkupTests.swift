import Testing

@testable import Core

@Suite struct MarkupTests {
    @Test func textIsEscapedAndMarkupIsNot() {
        let hostile = "<script>alert('1' & \"2\")</script>"
        let inner: Markup = "<b>\(hostile)</b>"
        let page: Markup = "<p title=\"\(hostile)\">\(inner)\(["<i>", "</i>"] as [Markup])</p>"
        let escaped = "&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;"
        #expect(page.description == "<p title=\"\(escaped)\"><b>\(escaped)</b><i></i></p>")
    }

    @Test func lengthsHaveOneDecimalInAnyLocale() {
        let page: Markup = "\(1.25) \(-0.04) \(-12.36) \(1234567.0) \(7)"
        #expect(page.description == "1.3 0.0 -12.4 1234567.0 7")
    }
}
