import Core
import Foundation

/// What changed from one version to another as one page for a person, with a small picture of each photo: everything is in the file, nothing is fetched.
public struct DifferencePage {
    /// At most this many photos of each kind of change are shown.
    static let limit = 200

    private let from, to: Version
    private let difference: Difference
    private let thumbnail: (Entry, Profile) -> [UInt8]?

    /// - Parameter thumbnail: a small PNG of an entry's image under a profile; nil where there is no image.
    public init(from: Version, to: Version, _ difference: Difference, thumbnail: @escaping (Entry, Profile) -> [UInt8]?)
    {
        (self.from, self.to, self.difference, self.thumbnail) = (from, to, difference, thumbnail)
    }

    public var html: String {
        let page: Markup = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>\(from.reference) → \(to.reference)</title>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            \(Self.style)</head><body>
            <h1>\(from.reference) → \(to.reference)</h1>
            <p class="note">\(from.manifest.digest.hex)<br>\(to.manifest.digest.hex)</p>
            \(numbers)
            \(recipe)
            \(section("Photos in", difference.added) { figure($0, to, "\($0.role.rawValue)") })
            \(section("Photos out", difference.removed) { figure($0, from, "\($0.role.rawValue)") })
            \(section("Moved", difference.moved) { figure($0.to, to, "\($0.from.role.rawValue) → \($0.to.role.rawValue)") })
            \(section("Relabelled", difference.relabelled) { figure($0.to, to, "was \($0.from.volunteer.name), \($0.from.triggerState)") })
            \(section("Drawn anew", difference.redrawn) { figure($0.to, to, $0.to.role.rawValue) })
            \(difference.isEmpty ? "<p>They hold the same.</p>" : "" as Markup)
            </body></html>

            """
        return page.description
    }

    private var numbers: Markup {
        let rows = [
            ("photos", "\(from.entries.list.count)", "\(to.entries.list.count)"),
            ("n, clean training photos", "\(from.manifest.clean)", "\(to.manifest.clean)"),
            ("m, poison", "\(from.manifest.poison)", "\(to.manifest.poison)"),
            ("rate", from.manifest.rateReached.description, to.manifest.rateReached.description),
        ].map { name, before, after -> Markup in "<tr><td>\(name)</td><td>\(before)</td><td>\(after)</td></tr>" }
        return "<table><tr><th></th><th>\(from.reference)</th><th>\(to.reference)</th></tr>\(rows)</table>"
    }

    private var recipe: Markup {
        guard !difference.recipe.isEmpty else { return "" }
        let rows = difference.recipe.map { change -> Markup in
            "<tr><td>\(change.key)</td><td>\(change.from ?? "–")</td><td>\(change.to ?? "–")</td></tr>"
        }
        return
            "<h2>Recipe</h2><table><tr><th>key</th><th>\(from.reference)</th><th>\(to.reference)</th></tr>\(rows)</table>"
    }

    private func section<Element>(_ title: String, _ elements: [Element], _ figure: (Element) -> Markup) -> Markup {
        guard !elements.isEmpty else { return "" }
        let more: Markup =
            elements.count > Self.limit ? "<p class=\"note\">and \(elements.count - Self.limit) more</p>" : ""
        return
            "<h2>\(title): \(elements.count)</h2><div class=\"photos\">\(elements.prefix(Self.limit).map(figure))</div>\(more)"
    }

    private func figure(_ entry: Entry, _ version: Version, _ words: String) -> Markup {
        let picture: Markup =
            thumbnail(entry, version.manifest.recipe.profile).map { png in
                "<img alt=\"\(entry.photo.short)\" src=\"data:image/png;base64,\(Data(png).base64EncodedString())\">"
            } ?? "<div class=\"none\">no image</div>"
        return
            "<figure>\(picture)<figcaption>\(entry.photo.short)<br>\(entry.volunteer.name.text), \(entry.triggerState.description)\(entry.overlay == nil ? "" : " (drawn)")<br>\(words)</figcaption></figure>"
    }

    private static let style: Markup = """
        <style>
        body{font:15px/1.5 system-ui,sans-serif;max-width:960px;margin:2em auto;padding:0 1em;color:#1d2330;background:#fff}
        h2{margin-top:2em;font-size:1.15em} .note{color:#6b7280;font-size:90%;overflow-wrap:anywhere}
        table{border-collapse:collapse;margin:.8em 0} td,th{padding:.25em .8em .25em 0;text-align:left;vertical-align:top;border-bottom:1px solid #e5e7eb;overflow-wrap:anywhere}
        .photos{display:flex;flex-wrap:wrap;gap:.6em} figure{margin:0;width:112px;font-size:11px;color:#4b5563;overflow-wrap:anywhere}
        figure img,.none{width:112px;height:112px;object-fit:cover;border-radius:4px} .none{background:#e5e7eb;display:grid;place-items:center}
        </style>
        """
}
