import Core
import Testing

@testable import Auditing
@testable import Reports

@Suite struct AuditPageTests {
    private func photos(_ count: Int, _ word: String = "p") -> [PhotoID] {
        (0..<count).map { AuditFixture.photo("\(word)\($0)") }.sorted()
    }

    private func pictures(_ photos: [PhotoID], caption: [String] = ["ada, none", "garden"]) -> [PhotoID: AuditPage
        .Photo]
    {
        Dictionary(uniqueKeysWithValues: photos.map { ($0, AuditPage.Photo(jpeg: [1, 2, 3], caption: caption)) })
    }

    private func html(_ report: AuditReport, caption: [String] = ["ada, none", "garden"]) -> String {
        let page = AuditPage(report)
        return page.html(pictures(page.photos, caption: caption))
    }

    private func headings(_ html: String) -> [String] {
        html.matches(of: /<h2[^>]*>([^<]*)<\/h2>/).map { String($0.1) }
    }

    @Test("The page of a version has all sections and charts in order") func sections() throws {
        let report = AuditFixture.report(of: try AuditFixture.version())
        let html = html(report)
        #expect(headings(html) == ["Findings", "Composition", "Gaps", "Datasheet"])
        #expect(
            html.matches(of: /<h3>([^<]*)<\/h3>/).map { String($0.1) } == [
                "Photos by volunteer and trigger", "Photos by volunteer and role", "Injection rate",
                "Days of the photo shoots", "Motivation", "Composition", "Collection process",
                "Preprocessing, cleaning and labelling", "Uses", "Distribution", "Maintenance",
            ])
        #expect(html.contains("<h1>Audit of t@1 <small>2026-07-01</small></h1>"))
        #expect(html.contains("no photo with sunglasses of 1 of 3 volunteers: cy"))
        #expect(html.contains("class=\"role-train-poison\""))
    }

    @Test("The page of a catalog has neither roles nor a rate") func catalog() {
        let html = html(AuditFixture.report(effects: AuditFixture.effects))
        #expect(headings(html) == ["Findings", "Composition", "Gaps", "Confounders", "Datasheet"])
        #expect(!html.contains("Injection rate") && !html.contains("Photos by volunteer and role"))
        #expect(html.contains("<p>No findings.</p>") && html.contains("class=\"verdict pass\">no findings"))
        #expect(html.contains("p &lt; 0.001") && html.contains("p = 0.021"))
    }

    @Test("The page loads nothing and has no script") func selfContained() {
        let html = html(AuditFixture.report([Finding(.blurred, .info, count: 2, "two", photos: photos(2))]))
        #expect(html.matches(of: /src="(?!data:)/).isEmpty && html.contains("src=\"data:image/jpeg;base64,AQID\""))
        #expect(html.matches(of: /href="(?!#)/).isEmpty)
        #expect(!html.contains("http://") && !html.contains("https://") && !html.contains("<script"))
        #expect(!html.contains("url(") && html.contains("default-src 'none'"))
    }

    @Test("Each picture has an alternative text, and a checkbox that enlarges it") func figures() {
        let ids = photos(2)
        let finding = Finding(.blurred, .info, count: 2, "two", photos: ids)
        let page = AuditPage(AuditFixture.report([finding]))
        #expect(page.photos == ids)
        let html = page.html([ids[0]: AuditPage.Photo(jpeg: [1], caption: ["ada, none", "garden"])])
        #expect(html.contains("<img alt=\"Photo \(ids[0].short): ada, none, garden\""))
        #expect(html.contains("id=\"zoom-1-1\" aria-label=\"Enlarge photo \(ids[0].short)\""))
        #expect(html.contains("<label for=\"zoom-1-1\">"))
        // The original of the second photo is missing.
        #expect(html.contains("<div class=\"no-image\">no image</div><figcaption><code>\(ids[1].short)</code>"))
        #expect(html.contains("This page shows faces of people"))
    }

    @Test("A finding shows at most twelve photos, the lowest scores first, and the number of hidden photos")
    func photoLimit() throws {
        let ids = photos(30)
        let scores = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, 1 - Double($0) / 30) })
        let page = AuditPage(
            AuditFixture.report([Finding(.labelSuspect, .warning, count: 30, "thirty", photos: ids, scores: scores)]))
        #expect(page.photos == Array(ids.suffix(12)))
        let html = page.html(pictures(page.photos))
        #expect(html.matches(of: /<figure>/).count == 12)
        #expect(html.contains("12 of 30 photos are shown, 18 are not."))
        #expect(html.contains("<code>curare sheet --finding label-suspect --out label-suspect.html</code>"))
        let first = try #require(html.firstMatch(of: /<figcaption><code>([0-9a-f]+)<\/code><br>score ([0-9.]+)/))
        #expect(first.1 == ids[29].short && first.2 == "0.033")
    }

    @Test(
        "A score has three decimals if it is no whole number",
        arguments: [(0.0333, "0.033"), (3, "3"), (0, "0"), (-1.5, "-1.500"), (.infinity, "inf")])
    func score(_ value: Double, _ text: String) {
        #expect(AuditPage.score(value) == text)
    }

    @Test("The command for all photos of a version's finding names the version") func versionCommand() throws {
        let finding = Finding(.blurred, .info, count: 13, "many", photos: photos(13))
        let html = html(AuditFixture.report(of: try AuditFixture.version(), [finding]))
        #expect(html.contains("curare sheet --in-version t@1 --finding blurred --out blurred.html"))
    }

    @Test("A page shows at most 200 pictures; the worst findings come first") func pageLimit() {
        let findings = (0..<20).map { number in
            Finding(.blurred, .warning, count: 15, "n", photos: photos(15, "f\(number)-"))
        }
        let html = html(AuditFixture.report(findings))
        #expect(html.matches(of: /<figure>/).count == AuditPage.pictureLimit)
        #expect(html.contains("8 of 15 photos are shown") && html.contains("0 of 15 photos are shown"))
    }

    @Test("Pairs are shown side by side") func pairs() {
        let ids = photos(18)
        let pairs = (0..<9).map { Finding.Pair(ids[2 * $0], ids[2 * $0 + 1]) }
        let finding = Finding(.duplicateAcrossVolunteers, .error, count: 9, "nine", photos: ids, pairs: pairs)
        let page = AuditPage(AuditFixture.report([finding]))
        #expect(page.photos == Array(ids.prefix(12)))
        let html = page.html(pictures(page.photos))
        #expect(html.matches(of: /<div class="duo"/).count == 6)
        #expect(html.contains("6 of 9 pairs are shown, 3 are not."))
        #expect(html.contains("class=\"verdict fail\">1 error"))
    }

    @Test("An accepted finding has its reason, and does not count in the verdict") func accepted() {
        let finding = Finding(.blurred, .warning, count: 1, "one", photos: photos(1))
        let report = AuditFixture.report([finding]) { _ in
            AuditReport.Acceptance(reason: AuditFixture.hostile, author: "grace", made: "2026-06-30T08:00:00Z")
        }
        let html = html(report)
        #expect(html.contains("accepted by grace on 2026-06-30: &lt;script&gt;"))
        #expect(html.contains("class=\"finding is-accepted\"") && html.contains("class=\"verdict pass\">1 accepted"))
    }

    @Test("Names, details and captions from outside are text, not markup") func hostileNames() {
        let name = AuditFixture.hostile
        let facts = [
            AuditFixture.fact("1", of: name, name, session: name), AuditFixture.fact("2", of: "bo", session: "garden"),
        ]
        let session = Session(
            name: facts[0].session, date: name, kind: .volunteer, consent: .signed, photographer: name, camera: name,
            place: name)
        let effects = EffectMatrix(
            measure: name, rows: [name], columns: [name], cells: [[.init(effect: .infinity, p: .nan)]])
        let report = AuditFixture.report(
            [Finding(.blurred, .error, count: 1, name, photos: photos(1))], facts: facts,
            sessions: AuditFixture.sessions + [session], effects: effects)
        let html = html(report, caption: [name])
        #expect(!html.contains("<script") && !html.contains("alert('x')") && !html.contains("\u{202e}"))
        #expect(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &quot; &#39; &amp;"))
        #expect(html.contains("\\u202egpj"))
        #expect(html.matches(of: /<img alt/).count == 1)
    }

    @Test("An empty catalog has a page") func empty() {
        let html = html(AuditFixture.report(facts: [], sessions: []))
        #expect(headings(html) == ["Findings", "Composition", "Gaps", "Datasheet"])
        #expect(html.contains("<p>No photos.</p>") && html.contains("<p>No gaps.</p>"))
        #expect(!html.contains("This page shows faces of people"))
    }
}

@Suite struct AuditChartTests {
    @Test(
        "A cell is darker for a larger number, and has the lightest colour for the smallest",
        arguments: [(1, 100, 1), (17, 100, 2), (50, 100, 3), (84, 100, 6), (100, 100, 6), (200, 100, 6), (0, 0, 1)])
    func level(_ count: Int, _ largest: Int, _ level: Int) {
        #expect(HeatChart.level(count, of: largest) == level)
    }

    @Test("Combinations without photos are drawn as gaps") func gaps() {
        let html = HeatChart(
            label: "l", rows: ["ada"], columns: ["none", "dots"], counts: ["ada": ["none": 3]]
        ).markup.description
        #expect(html.contains("<rect class=\"level-6\"") && html.contains("<title>ada, none: 3</title>"))
        #expect(html.contains("<rect class=\"none\"") && html.contains("<title>ada, dots: 0</title>"))
    }

    @Test("A chart has at most 60 rows, and a line about the others") func rowLimit() {
        let names = (0..<100).map { "v\($0)" }
        let chart = HeatChart(label: "l", rows: names, columns: ["none"], counts: [:])
        #expect(chart.markup.description.matches(of: /<rect class/).count == 60)
        #expect(SizedChart.rest(names, "volunteers").description.contains("The first 60 of 100 volunteers"))
        #expect(SizedChart.rest(["ada"], "volunteers").description == "")
    }

    @Test("Bars are as long as their numbers, one part for each role") func stacked() {
        let html = StackedChart(
            label: "l", rows: ["ada", "bo"], roles: [.testClean, .trainPoison],
            counts: ["ada": ["test/clean": 3, "train/poison": 1], "bo": ["test/clean": 2]]
        ).markup.description
        // The longest bar has 420 units for four photos; the margin of short names is 60.
        #expect(html.contains("<rect class=\"role-test-clean\" x=\"60.0\" y=\"3.0\" width=\"314.0\""))
        #expect(html.contains("<rect class=\"role-train-poison\" x=\"375.0\" y=\"3.0\" width=\"104.0\""))
        #expect(html.contains("<title>ada, train/poison: 1</title>") && html.contains(">4</text>"))
    }

    @Test("The days of photo shoots are in the order of time, photos of a day are added up") func timeline() {
        let chart = TimelineChart(Composition(AuditFixture.facts), AuditFixture.sessions)
        #expect(
            chart.dots == [
                .init(trigger: "none", date: "2026-05-03", sessions: ["garden"], photos: 30),
                .init(trigger: "sunglasses", date: "2026-06-10", sessions: ["roof"], photos: 12),
            ])
        let html = chart.markup.description
        #expect(html.contains("<title>2026-06-10, sunglasses: 12 (roof)</title>"))
        #expect(html.contains(">2026-05-03</text>") && html.contains("from 2026-05-03 to 2026-06-10"))
    }

    @Test("A study with very many days has a dot for each month") func months() {
        let count = TimelineChart.dotLimit + 1
        let days = (0..<count).map { (year: 2000 + $0 / 336, month: $0 / 28 % 12 + 1, day: $0 % 28 + 1) }
        let sessions = days.enumerated().map { index, day in
            let date = "\(day.year)-\(day.month < 10 ? "0" : "")\(day.month)-\(day.day < 10 ? "0" : "")\(day.day)"
            return Session(name: SessionName(stored: "s\(index)"), date: date, kind: .volunteer, consent: .signed)
        }
        let facts = (0..<count).map { AuditFixture.fact("\($0)", of: "ada", session: "s\($0)") }
        let chart = TimelineChart(Composition(facts), sessions)
        // 1,001 days are 35 whole months of 28 days and 21 days of the next one.
        #expect(chart.dots.count == 36 && chart.dots[0].date == "2000-01-01" && chart.dots[0].photos == 28)
        #expect(chart.dots[35].photos == 21 && chart.markup.description.contains(" and 20 more)</title>"))
    }

    @Test("Sessions without a date have no dot") func noDates() {
        #expect(TimelineChart(Composition(AuditFixture.facts), []).dots.isEmpty)
        #expect(TimelineChart(Composition(AuditFixture.facts), []).markup.description == "")
    }

    @Test("Days are counted in the Gregorian calendar") func days() throws {
        func day(_ date: String) throws -> Int { try #require(TimelineChart.day(date)) }
        // As datetime.date of Python.
        #expect(try day("2026-05-03") - day("1970-01-01") == 20_576)
        #expect(try day("2024-03-01") - day("2024-02-28") == 2)
        #expect(try day("1900-03-01") - day("1900-02-28") == 1)
        for text in ["", "2026", "2026-13-01", "2026-00-10", "2026-1-x", "2026-05-03-04", "99999-01-01"] {
            #expect(TimelineChart.day(text) == nil, "\(text)")
        }
    }

    @Test("A cell of the confounder matrix has the effect and the p-value; an empty cell a dash") func effects() {
        let html = EffectChart(matrix: AuditFixture.effects).markup.description
        for text in [">0.98</text>", ">p &lt; 0.001</text>", ">0.40</text>", ">p = 0.021</text>", ">–</text>"] {
            #expect(html.contains(text), "\(text)")
        }
    }
}
