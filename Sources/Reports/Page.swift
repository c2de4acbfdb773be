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
            <meta name="viewport" content="width=device-width"><title>\(title)</title>
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <style>
            \(Self.stylesheet)
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

    /// The stylesheet of all pages.
    private static let stylesheet: Markup = """
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2em auto; padding: 0 1em;
          color: #1d2330; background: #fff }
        h1 small { color: #6b7280; font-weight: 400; font-size: 60% }
        h2 { margin-top: 2em; font-size: 1.15em }
        h3 { font-size: 1em; color: #4b5563 }
        table { border-collapse: collapse; margin: .8em 0 }
        td, th { padding: .25em .8em .25em 0; text-align: left; vertical-align: top; border-bottom: 1px solid #e5e7eb }
        .details td, .digests { overflow-wrap: anywhere }
        .note { color: #6b7280; font-size: 90% }
        .warning { color: #92400e }
        .yes { color: #14532d }
        .no { color: #b91c1c; font-weight: 600 }
        .wide { overflow-x: auto }
        .verdict { display: inline-block; padding: .3em .9em; border-radius: .4em; font-weight: 600;
          background: #e5e7eb }
        .verdict.pass { background: #d1f0dc; color: #14532d }
        .verdict.fail { background: #fbd9d7; color: #7f1d1d }

        svg { width: 100%; height: auto; font: 13px system-ui, sans-serif }
        svg text { fill: #1d2330 }
        svg .tick { fill: #6b7280; font-size: 11px }
        svg .title { font-weight: 600 }
        .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1em }
        .grid { stroke: #e5e7eb }
        .thick { stroke: #1d2330; stroke-width: 3 }
        .thin { stroke: #1d2330; stroke-width: 1 }
        polyline { fill: none; stroke-width: 2 }
        .poisoned { stroke: #b4443c }
        .control { stroke: #d99a94; stroke-dasharray: 5 3 }
        .true-label { stroke: #7a93b8; stroke-dasharray: 2 3 }
        rect.poisoned { fill: #b4443c; stroke: none }
        rect.control { fill: #e9c4c0; stroke: none }
        rect.true-label { fill: #7a93b8; stroke: none }
        .matrix { font-size: 11px }
        .matrix rect.right { fill: #1f7a46 }
        .matrix rect.wrong { fill: #b4443c }
        .matrix .light { fill: #fff }
        .matrix .target { font-weight: 700 }

        figure { margin: 0; width: 112px; font-size: 11px; color: #4b5563; overflow-wrap: anywhere }
        figure img, figure .no-image { width: 112px; height: 112px; object-fit: cover; border-radius: 4px }
        .no-image { background: #e5e7eb; display: grid; place-items: center }
        .photos { display: flex; flex-wrap: wrap; gap: .6em }
        .full { max-width: none }
        .sheet { align-items: flex-start }
        .sheet a { display: grid; place-items: center; min-height: 48px }
        .sheet figure img { width: auto; height: auto; max-width: 100%; border-radius: 0 }
        .sheet code, textarea { user-select: all; font-size: 11px }
        .swatch { display: inline-block; width: .8em; height: .8em }
        .pixelated img { image-rendering: pixelated }
        .saliency { display: flex; flex-wrap: wrap; gap: .8em; margin: 1em 0 }
        .saliency figure { width: 224px; font-size: 12px }
        .saliency figure img { width: 224px; height: 224px }
        """
}
