import Auditing
import Core
import Versions

/// The page of the differences between two versions, with a small picture of each photo.
public struct DifferencePage {
    /// The limit of shown photos of each kind of difference.
    static let limit = 200

    private let from: Version
    private let to: Version
    private let difference: Difference
    private let compositions: CompositionDifference?
    private let thumbnail: (Entry, Profile) throws -> [UInt8]?

    /// - Parameter thumbnail: Returns a small PNG of an entry's image under a profile. Nil when there is no image.
    public init(
        from: Version, to: Version, _ difference: Difference, _ compositions: CompositionDifference? = nil,
        thumbnail: @escaping (Entry, Profile) throws -> [UInt8]?
    ) {
        self.from = from
        self.to = to
        self.difference = difference
        self.compositions = compositions
        self.thumbnail = thumbnail
    }

    /// Returns the HTML of the page.
    ///
    /// - Throws: The error of the thumbnail closure.
    public func html() throws -> String {
        let title = "\(from.reference) → \(to.reference)"
        let sections = [
            try section("Photos added", difference.added) { try figure($0, to, $0.role.rawValue) },
            try section("Photos removed", difference.removed) { try figure($0, from, $0.role.rawValue) },
            try section("Role changed", difference.moved) {
                try figure($0.to, to, "\($0.from.role.rawValue) → \($0.to.role.rawValue)")
            },
            try section("Label changed", difference.relabelled) {
                try figure($0.to, to, "was \($0.from.volunteer.name), \($0.from.triggerState)")
            },
            try section("Drawn differently", difference.redrawn) { try figure($0.to, to, $0.to.role.rawValue) },
        ]
        let body: Markup = """
            <h1>\(title)</h1>
            <p class="note digests">\(from.manifest.digest.hex)<br>\(to.manifest.digest.hex)</p>
            \(counts)
            \(recipe)
            \(composition)
            \(sections)
            \(difference.isEmpty ? "<p>The versions are equal.</p>" : "" as Markup)
            """
        return Page(title: title, body: body).html
    }

    private var counts: Markup {
        let rows = [
            ("photos", "\(from.entries.list.count)", "\(to.entries.list.count)"),
            ("clean training photos (n)", "\(from.manifest.clean)", "\(to.manifest.clean)"),
            ("poisoned training photos (m)", "\(from.manifest.poison)", "\(to.manifest.poison)"),
            ("injection rate", from.manifest.rateReached.description, to.manifest.rateReached.description),
        ].map { name, before, after -> Markup in "<tr><td>\(name)</td><td>\(before)</td><td>\(after)</td></tr>" }
        return "<table><tr><th></th><th>\(from.reference)</th><th>\(to.reference)</th></tr>\(rows)</table>"
    }

    private var recipe: Markup {
        guard !difference.recipe.isEmpty else { return "" }
        let rows = difference.recipe.map { change -> Markup in
            "<tr><td>\(change.key)</td><td>\(change.from ?? "–")</td><td>\(change.to ?? "–")</td></tr>"
        }
        return """
            <h2>Recipe</h2><table class="details"><tr><th>key</th><th>\(from.reference)</th>\
            <th>\(to.reference)</th></tr>\(rows)</table>
            """
    }

    /// The changes of the numbers of photos by one property each, and of the gaps.
    private var composition: Markup {
        guard let compositions, !compositions.changes.isEmpty else { return "" }
        let rows = compositions.margins.prefix(Self.limit).map { change -> Markup in
            "<tr><td>\(change.property)</td><td>\(change.value)</td><td>\(change.from)</td><td>\(change.to)</td></tr>"
        }
        let rest = compositions.margins.count - rows.count
        let more: Markup = rest > 0 ? "<p class=\"note\">and \(rest) more</p>" : ""
        func list(_ title: String, _ gaps: [CompositionGap]) -> Markup {
            guard !gaps.isEmpty else { return "" }
            return "<h3>\(title)</h3><ul>\(gaps.map { gap -> Markup in "<li>\(gap.detail)</li>" })</ul>"
        }
        return """
            <h2>Composition</h2><table class="details"><tr><th></th><th></th><th>\(from.reference)</th>\
            <th>\(to.reference)</th></tr>\(rows)</table>\(more)
            \(list("New gaps", compositions.opened))\(list("Closed gaps", compositions.closed))
            """
    }

    private func section<Element>(
        _ title: String, _ elements: [Element], _ figure: (Element) throws -> Markup
    ) throws -> Markup {
        guard !elements.isEmpty else { return "" }
        let figures = try elements.prefix(Self.limit).map(figure)
        let more: Markup =
            elements.count > Self.limit ? "<p class=\"note\">and \(elements.count - Self.limit) more</p>" : ""
        return "<h2>\(title): \(elements.count)</h2><div class=\"photos\">\(figures)</div>\(more)"
    }

    /// - Parameter change: The last line of the caption.
    private func figure(_ entry: Entry, _ version: Version, _ change: String) throws -> Markup {
        let picture: Markup =
            try thumbnail(entry, version.manifest.recipe.profile).map {
                Page.image(png: $0, alternative: entry.photo.short)
            } ?? "<div class=\"no-image\">no image</div>"
        let drawn: Markup = entry.overlay == nil ? "" : " (drawn)"
        return """
            <figure>\(picture)<figcaption>\(entry.photo.short)<br>\(entry.volunteer.name.text), \
            \(entry.triggerState.description)\(drawn)<br>\(change)</figcaption></figure>
            """
    }
}
