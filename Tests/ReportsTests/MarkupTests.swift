import Testing

@testable import Reports

@Suite struct MarkupTests {
    @Test("Text is escaped, and markup is not") func escaping() {
        let hostile = "<script>alert('1' & \"2\")</script>"
        let inner: Markup = "<b>\(hostile)</b>"
        let page: Markup = "<p title=\"\(hostile)\">\(inner)\(["<i>", "</i>"] as [Markup])</p>"
        let escaped = "&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt;"
        #expect(page.description == "<p title=\"\(escaped)\"><b>\(escaped)</b><i></i></p>")
    }

    @Test("Hidden characters of text are escaped visibly") func hiddenCharacters() {
        let page: Markup = "<p>\("a\u{202e}gpj.exe\u{1b}[2J\u{200b}")</p>\n<pre>\("1\n2")</pre>"
        #expect(page.description == "<p>a\\u202egpj.exe\\u001b[2J\\u200b</p>\n<pre>1\n2</pre>")
    }

    @Test("Lengths have one decimal in every locale") func lengths() {
        let page: Markup = "\(1.25) \(-0.04) \(-12.36) \(1234567.0) \(7)"
        #expect(page.description == "1.3 0.0 -12.4 1234567.0 7")
    }

    @Test("A page escapes its title, and its policy allows inline styles and pictures only") func page() {
        let html = Page(title: "<t>", body: "<p>body</p>").html
        #expect(html.contains("<title>&lt;t&gt;</title>"))
        #expect(html.contains("<p>body</p>"))
        #expect(html.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\""))
    }
}
