import Foundation

/// A self-contained HTML page: the stylesheet and all pictures are in the file, and the page loads nothing.
struct Page {
    let title: String
    let body: Markup
    /// Whether the text uses the whole width of the window.
    var isWide = false

    var html: String {
        let page: Markup = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1"><title>\(title)</title>
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <style>
            \(Stylesheet.text)
            </style></head><body\(isWide ? " class=\"full\"" : "" as Markup)>
            \(body)
            </body></html>

            """
        return page.description
    }

    /// Returns an `img` element that contains the picture.
    static func image(png: [UInt8], alternative: String) -> Markup {
        image("png", png, alternative)
    }

    /// Returns an `img` element that contains the picture.
    static func image(jpeg: [UInt8], alternative: String) -> Markup {
        image("jpeg", jpeg, alternative)
    }

    private static func image(_ type: String, _ bytes: [UInt8], _ alternative: String) -> Markup {
        "<img alt=\"\(alternative)\" src=\"data:image/\(type);base64,\(Data(bytes).base64EncodedString())\">"
    }
}
