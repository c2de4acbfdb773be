import Auditing
import Core
import Foundation

/// The page of an audit: findings with photos, composition, gaps, charts and a datasheet.
///
/// The page decides which photos it shows. The caller makes small pictures of these photos.
public struct AuditPage {
    /// A photo as the page shows it.
    public struct Photo {
        /// A JPEG of the whole photo; nil if the original is missing or damaged.
        public let jpeg: [UInt8]?
        /// The lines below the picture, after the id.
        public let caption: [String]

        public init(jpeg: [UInt8]?, caption: [String]) {
            self.jpeg = jpeg
            self.caption = caption
        }
    }

    /// The limits of shown photos: of a finding, and of the page. A page with 200 pictures has about 6 MB.
    static let photosPerFinding = 12
    static let pairsPerFinding = 6
    static let pictureLimit = 200
    /// The limit of listed gaps.
    static let gapLimit = 200

    /// The longer side of a picture in pixels.
    public static let pictureSide = 400
    /// The quality of the JPEG.
    public static let pictureQuality = 75

    /// The photos of a finding that the page shows. Pairs are shown side by side.
    private struct Selection {
        var photos: [PhotoID] = []
        var pairs: [Finding.Pair] = []

        var pictures: [PhotoID] { photos + pairs.flatMap { [$0.first, $0.second] } }
    }

    private let report: AuditReport
    /// A selection for each finding.
    private let selections: [Selection]

    public init(_ report: AuditReport) {
        self.report = report
        var rest = Self.pictureLimit
        selections = report.findings.map { finding in
            let selection = Self.selection(finding, limit: rest)
            rest -= selection.pictures.count
            return selection
        }
    }

    /// The photos that the page shows, sorted by id, each one once.
    public var photos: [PhotoID] { Set(selections.flatMap(\.pictures)).sorted() }

    private static func selection(_ finding: Finding, limit: Int) -> Selection {
        guard finding.pairs.isEmpty else {
            return Selection(pairs: Array(finding.pairs.prefix(min(pairsPerFinding, limit / 2))))
        }
        // As in cleanlab, a score is the quality of a photo: the lowest score needs review first.
        let photos = finding.photos.sorted { left, right in
            let scores = (finding.scores[left] ?? .infinity, finding.scores[right] ?? .infinity)
            return scores.0 == scores.1 ? left < right : scores.0 < scores.1
        }
        return Selection(photos: Array(photos.prefix(min(photosPerFinding, limit))))
    }

    /// Returns the HTML of the page.
    ///
    /// - Parameter pictures: the photos of ``photos``. The page states that a photo without a picture has no image.
    public func html(_ pictures: [PhotoID: Photo]) -> String {
        let warning: Markup =
            photos.isEmpty
            ? ""
            : """
            <p class="note">This page shows faces of people, and Curare does not record where the page is. Delete the \
            page when one of these people withdraws.</p>
            """
        let body: Markup = """
            <main>
            <h1>\(report.title) <small>\(String(report.made.prefix(10)))</small></h1>
            <p class="verdict \(verdictStyle)">\(report.verdict)</p>
            \(warning)
            <nav aria-label="Sections"><a href="#findings">Findings</a> <a href="#composition">Composition</a> \
            <a href="#gaps">Gaps</a> <a href="#datasheet">Datasheet</a></nav>
            <h2 id="findings">Findings</h2>
            \(findings(pictures))
            <h2 id="composition">Composition</h2>
            \(AuditCompositionSection(report: report).markup)
            <h2 id="gaps">Gaps</h2>
            \(gaps)
            \(effects)
            <h2 id="datasheet">Datasheet</h2>
            \(datasheet)
            </main>
            """
        return Page(title: report.title, body: body).html
    }

    private var verdictStyle: String {
        switch report.worst {
        case .error: "fail"
        case .warning: "warn"
        case .info, nil: "pass"
        }
    }

    // MARK: - Findings

    private func findings(_ pictures: [PhotoID: Photo]) -> Markup {
        guard !report.findings.isEmpty else { return "<p>No findings.</p>" }
        let sections = zip(report.findings, selections).enumerated().map { index, item in
            section(item.0, item.1, number: index + 1, pictures)
        }
        return "\(sections)"
    }

    private func section(
        _ finding: Finding, _ selection: Selection, number: Int, _ pictures: [PhotoID: Photo]
    ) -> Markup {
        let definition = AuditReport.definition(of: finding)
        let acceptance = report.acceptance(of: finding)
        let explanation: Markup =
            definition.map { definition in
                let score = definition.score.map { score -> Markup in "<p>Score: \(score)</p>" } ?? ""
                return """
                    <details><summary>What this check looks for</summary><p>\(definition.definition)</p>\
                    <p>Threshold: \(definition.threshold)</p><p>Severity: \(definition.severity)</p>\
                    <p>Source: \(definition.source)</p>\(score)</details>
                    """
            } ?? ""
        let accepted: Markup = acceptance.map { "<p class=\"accepted\"><b>\($0.text)</b></p>" } ?? ""
        let name = finding.check.rawValue
        let title: Markup = definition.map { "\($0.title) <small>\(name)</small>" } ?? "\(name)"
        return """
            <section class="finding \(acceptance == nil ? finding.severity.rawValue : "is-accepted")" \
            id="finding-\(number)">
            <h3><span class="severity">\(acceptance == nil ? "" : "accepted ")\(finding.severity.rawValue)</span> \(title)</h3>
            <p>\(finding.detail)</p>\(accepted)\(explanation)
            \(gallery(finding, selection, number: number, pictures))
            </section>

            """
    }

    private func gallery(
        _ finding: Finding, _ selection: Selection, number: Int, _ pictures: [PhotoID: Photo]
    ) -> Markup {
        guard !finding.photos.isEmpty || !finding.pairs.isEmpty else { return "" }
        func figure(_ photo: PhotoID, _ position: Int) -> Markup {
            Self.figure(
                photo, pictures[photo], score: finding.scores[photo], zoom: "zoom-\(number)-\(position + 1)")
        }
        let photos = selection.photos.enumerated().map { figure($1, $0) }
        let pairs = selection.pairs.enumerated().map { index, pair -> Markup in
            """
            <div class="duo" role="group" aria-label="Pair \(index + 1)">\(figure(pair.first, 2 * index))\
            \(figure(pair.second, 2 * index + 1))</div>
            """
        }
        let isPairs = !finding.pairs.isEmpty
        let shown = isPairs ? selection.pairs.count : selection.photos.count
        let all = isPairs ? finding.pairs.count : finding.photos.count
        let rest: Markup =
            shown == all
            ? ""
            : """
            <p class="note">\(shown) of \(all) \(isPairs ? "pairs" : "photos") are shown, \(all - shown) are not. For \
            all photos: <code>\(report.command(showing: finding))</code></p>
            """
        return "<div class=\"photos evidence\">\(photos)\(pairs)</div>\(rest)"
    }

    /// A click, or the space key, enlarges the picture. A checkbox does this without a script.
    private static func figure(_ photo: PhotoID, _ shown: Photo?, score: Double?, zoom: String) -> Markup {
        let lines = (score.map { ["score \(Self.score($0))"] } ?? []) + (shown?.caption ?? [])
        let caption = lines.map { line -> Markup in "<br>\(line)" }
        let alternative = "Photo \(photo.short): \((shown?.caption ?? []).joined(separator: ", "))"
        let picture: Markup =
            shown?.jpeg.map { jpeg in
                """
                <input type="checkbox" class="zoom" id="\(zoom)" aria-label="Enlarge photo \(photo.short)">\
                <label for="\(zoom)">\(Page.image(jpeg: jpeg, alternative: alternative))</label>
                """
            } ?? "<div class=\"no-image\">no image</div>"
        return "<figure>\(picture)<figcaption><code>\(photo.short)</code>\(caption)</figcaption></figure>\n"
    }

    /// Returns a score with three decimals; a whole number, such as a number of bits, without decimals.
    static func score(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(format: "%.3f", value)
    }

    // MARK: - Other sections

    private var gaps: Markup {
        let gaps = report.composition.gaps
        guard !gaps.isEmpty else { return "<p>No gaps.</p>" }
        let rest = gaps.count - Self.gapLimit
        let more: Markup = rest > 0 ? "<p class=\"note\">and \(rest) more; <code>curare audit --json</code></p>" : ""
        return "<ul>\(gaps.prefix(Self.gapLimit).map { gap -> Markup in "<li>\(gap.detail)</li>" })</ul>\(more)"
    }

    private var effects: Markup {
        guard let matrix = report.effects else { return "" }
        return """
            <h2>Confounders</h2>
            <p class="note">How strongly each property of the photos depends on a trigger or a role: \
            \(matrix.measure), and the p-value. A model may learn a property with a strong effect instead of the \
            trigger.</p>
            \(EffectChart(matrix: matrix).markup)
            """
    }

    private var datasheet: Markup {
        let sections = Datasheet(report).sections.map { section -> Markup in
            let questions = section.questions.map { question -> Markup in
                let facts = question.facts.map { fact -> Markup in "<p>\(fact)</p>" }
                let blank: Markup =
                    question.blank.map { "<p class=\"blank\"><b>\(Datasheet.mark)</b>: \($0)</p>" } ?? ""
                return "<h4>\(question.text)</h4>\(facts)\(blank)\n"
            }
            return "<h3>\(section.title)</h3>\(questions)"
        }
        return """
            <p class="note">Questions after Gebru et al., Datasheets for Datasets, Communications of the ACM 64 (12), \
            2021. Curare fills in what the catalog states. A person fills in the marked lines.</p>
            \(sections)
            """
    }
}

/// The charts and the table of a composition.
struct AuditCompositionSection {
    /// The largest number of rows of the table.
    static let rowLimit = 500

    let report: AuditReport

    private var composition: Composition { report.composition }
    private var volunteers: [String] { composition.volunteers.keys.sorted() }

    var markup: Markup {
        guard !composition.rows.isEmpty else { return "<p>No photos.</p>" }
        return "\(triggers)\(roles)\(rate)\(timeline)\(table)"
    }

    private var triggers: Markup {
        let chart = HeatChart(
            label: "Photos by volunteer and trigger", rows: volunteers, columns: composition.triggers.keys.sorted(),
            counts: composition.counts({ $0.volunteerText }, by: { $0.triggerText }))
        return """
            <h3>Photos by volunteer and trigger</h3>
            \(chart.markup)\(SizedChart.rest(volunteers, "volunteers"))\(SizedChart.rest(chart.columns, "triggers"))
            """
    }

    private var roles: Markup {
        guard !composition.roles.isEmpty else { return "" }
        let roles = Role.allCases.filter { composition.roles[$0.rawValue] != nil }
        let counts = composition.counts({ $0.volunteerText }, by: { $0.role?.rawValue })
        let chart = StackedChart(
            label: "Photos by volunteer and role", rows: volunteers, roles: roles, counts: counts)
        let header = roles.map { role -> Markup in "<th scope=\"col\">\(role.rawValue)</th>" }
        let rows = volunteers.prefix(SizedChart.rowLimit).map { name -> Markup in
            let cells = roles.map { role -> Markup in "<td>\(counts[name]?[role.rawValue] ?? 0)</td>" }
            return "<tr><th scope=\"row\">\(name)</th>\(cells)</tr>"
        }
        return """
            <h3>Photos by volunteer and role</h3>
            \(chart.markup)\(SizedChart.rest(volunteers, "volunteers"))
            <details><summary>The numbers of this chart</summary><div class="wide" role="region" \
            aria-label="Numbers of photos by volunteer and role" tabindex="0"><table><tr><th scope="col">volunteer</th>\(header)</tr>\
            \(rows)</table></div></details>
            """
    }

    private var rate: Markup {
        guard let manifest = report.manifest, let poison = manifest.recipe.poison else { return "" }
        let asked = poison.injectionRate.decimal
        let chart = RateChart(
            bars: [
                ("asked", asked.double, "\(asked) (\(manifest.poisonAsked) photos)"),
                ("reached", manifest.rateReached.double, "\(manifest.rateReached) (\(manifest.poison) photos)"),
            ])
        return """
            <h3>Injection rate</h3>
            <p class="note">The share of poison in \(manifest.clean + manifest.poison) training photos.</p>
            \(chart.markup)
            """
    }

    private var timeline: Markup {
        let chart = TimelineChart(composition, report.sessions)
        guard !chart.dots.isEmpty else { return "" }
        return """
            <h3>Days of the photo shoots</h3>
            <p class="note">A larger dot has more photos. If a trigger was photographed on other days than bare photos, \
            a model may learn the day's light or background.</p>
            \(chart.markup)
            """
    }

    private var table: Markup {
        let rows = composition.table
        let isByRole = !composition.roles.isEmpty
        let names = ["volunteer", "trigger", "location", "session"] + (isByRole ? ["role"] : []) + ["photos"]
        let header = names.map { name -> Markup in "<th scope=\"col\">\(name)</th>" }
        let lines = rows.prefix(Self.rowLimit).map { row -> Markup in
            let texts = [row.volunteer, row.trigger, row.location].map { $0 ?? "unlabelled" } + [row.session ?? "all"]
            let cells = (texts + (isByRole ? [row.role ?? ""] : []) + ["\(row.photos)"]).map { text -> Markup in
                "<td>\(text)</td>"
            }
            return "<tr>\(cells)</tr>\n"
        }
        let rest: Markup =
            rows.count > Self.rowLimit
            ? "<p class=\"note\">\(rows.count - Self.rowLimit) more rows: <code>curare audit --json</code></p>" : ""
        return """
            <details><summary>All \(rows.count) groups of photos</summary><div class="wide" role="region" \
            aria-label="All groups of photos" tabindex="0"><table><tr>\(header)</tr>
            \(lines)</table></div>\(rest)</details>
            """
    }
}
