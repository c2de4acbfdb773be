import Foundation
import Reports
import Workflows

/// The pages that the server writes. They show the photos without JavaScript.
struct ReviewPages {
    /// The number of photos of a page.
    static let length = 60

    private let study: ReviewStudy

    init(_ study: ReviewStudy) {
        self.study = study
    }

    /// Returns the page of the photos of a query.
    func list(_ query: ReviewQuery) throws -> String {
        let page = try study.photos(query)
        let overview = try study.overview()
        let photos: Markup =
            page.photos.isEmpty
            ? "<p class=\"note\">No photo matches the filters.</p>" : "\(page.photos.map(Self.link))"
        return Self.fill(
            title: "Curare review: \(overview.workspace)", filters: Self.filters(query, overview), photos: photos,
            pages: Self.pages(query, page))
    }

    /// Returns the page of one photo.
    func photo(_ id: String) throws -> String {
        let photo = try study.history(id)
        let labels = photo.history.map { label -> Markup in
            let author = label.author.map { ", \($0)" } ?? ""
            return """
                <li>\(Self.label(label.volunteer, label.trigger, label.location)) \
                <span class="detail">\(label.source)\(author), \(label.made)\(label.counts ? ", counts" : "")</span></li>
                """
        }
        let facts = [
            photo.photo.reason.map { "Reason to look at the label: \($0)." },
            photo.photo.note.map { "Note: \($0)" },
            photo.photo.findings.isEmpty ? nil : "Findings: \(photo.photo.findings.joined(separator: ", "))",
        ].compactMap(\.self).map { "<p>\($0)</p>" as Markup }
        let body: Markup = """
            <figure><img src="/image/\(photo.photo.id)?size=1280" alt="\(Self.alternative(photo.photo))">\
            <figcaption><h2>\(Self.name(photo.photo))</h2><p class="label">\(Self.label(photo.photo))</p>\(facts)\
            <ol>\(labels)</ol></figcaption></figure>
            """
        return Self.fill(
            title: "Curare review: \(Self.name(photo.photo))", filters: "", photos: body,
            pages: "<a href=\"/\">All photos</a>")
    }

    /// The page that a browser gets for an error.
    static func error(_ error: WebError) -> String {
        let page: Markup = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Curare review</title></head><body><h1>Curare review</h1>
            <p>\(error.message).</p><p>\(error.next ?? "")</p><p><a href="/">All photos</a></p></body></html>

            """
        return page.description
    }

    /// The page that opens the list. A redirect would not do: a browser that followed a link from another program does not
    /// send a cookie with `SameSite=Strict` for a redirect.
    static var opening: String {
        let page: Markup = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/">
            <title>Curare review</title></head><body><p><a href="/">Open the photos</a></p></body></html>

            """
        return page.description
    }

    private static func fill(title: String, filters: Markup, photos: Markup, pages: Markup) -> String {
        let values: [(mark: String, text: Markup)] = [
            ("<!--title-->", "\(title)"), ("<!--filters-->", filters), ("<!--photos-->", photos),
            ("<!--pages-->", pages),
        ]
        // One pass over the template: a value that contains a mark is not filled in again.
        var rest = StaticFiles.template[...]
        var html = ""
        for (mark, text) in values {
            guard let range = rest.range(of: mark) else { continue }
            html += rest[..<range.lowerBound] + text.description
            rest = rest[range.upperBound...]
        }
        return html + rest
    }

    private static func link(_ photo: ReviewPhoto) -> Markup {
        """
        <a class="photo" href="/photo/\(photo.id)" data-id="\(photo.id)">\
        <img loading="lazy" src="/image/\(photo.id)?size=320" alt="\(alternative(photo))">\
        <span class="name">\(name(photo))</span><span class="label">\(label(photo))</span></a>

        """
    }

    private static func name(_ photo: ReviewPhoto) -> String { "\(photo.session) / \(photo.name)" }

    private static func alternative(_ photo: ReviewPhoto) -> String { "Photo \(photo.name)" }

    private static func label(_ photo: ReviewPhoto) -> String {
        guard let volunteer = photo.volunteer, let trigger = photo.trigger, let location = photo.location else {
            return "no label yet"
        }
        return label(volunteer, trigger, location) + (photo.suggested ? " (suggested)" : "")
    }

    /// `ada · sunglasses on-face`, as the script of the page writes it.
    private static func label(_ volunteer: String, _ trigger: String, _ location: String) -> String {
        guard trigger != "none" else { return "\(volunteer) · bare" }
        let placements = zip(trigger.split(separator: "+"), location.split(separator: "+")).map { "\($0) \($1)" }
        return "\(volunteer) · \(placements.joined(separator: ", "))"
    }

    private static func filters(_ query: ReviewQuery, _ overview: ReviewOverview) -> Markup {
        func select(_ name: String, _ title: String, _ values: [String], _ chosen: String?) -> Markup {
            let options = values.map { value -> Markup in
                let mark: Markup = value == chosen ? " selected" : ""
                return "<option value=\"\(value)\"\(mark)>\(value)</option>"
            }
            return """
                <div class="field"><label for="filter-\(name)">\(title)</label> <select id="filter-\(name)" \
                name="\(name)"><option value="">all</option>\(options)</select></div>
                """
        }
        let bare = "none"
        return """
            <form method="get" action="/" role="search" aria-label="Filters">
            <div class="field"><label for="filter-text">Search</label> \
            <input id="filter-text" type="search" name="text" value="\(query.text ?? "")"></div>
            \(select("session", "Session", overview.sessions, query.session))
            \(select("volunteer", "Person", overview.volunteers.map(\.name), query.volunteer))
            \(select("trigger", "Trigger", [bare] + overview.triggers, query.trigger))
            \(select("location", "Location", overview.locations, query.location))
            <button>Show</button></form>
            """
    }

    private static func pages(_ query: ReviewQuery, _ page: ReviewPage) -> Markup {
        func link(_ offset: Int, _ title: String) -> Markup {
            "<a href=\"/?\(address(query, offset))\">\(title)</a> "
        }
        let end = page.offset + page.photos.count
        let previous = page.offset > 0 ? link(max(0, page.offset - length), "Previous page") : ""
        let next = end < page.total ? link(end, "Next page") : ""
        return "<span>\(page.photos.isEmpty ? 0 : page.offset + 1)–\(end) of \(page.total)</span> \(previous)\(next)"
    }

    /// The query of an address, with escapes.
    private static func address(_ query: ReviewQuery, _ offset: Int) -> String {
        let values = [
            ("session", query.session), ("volunteer", query.volunteer), ("trigger", query.trigger),
            ("location", query.location), ("finding", query.finding), ("text", query.text),
            ("unsure", query.leastSureFirst ? "1" : nil), ("offset", "\(offset)"),
        ]
        return values.compactMap { key, value in value.map { "\(key)=\(escaped($0))" } }.joined(separator: "&")
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 45, 46, 48...57, 65...90, 95, 97...122: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
