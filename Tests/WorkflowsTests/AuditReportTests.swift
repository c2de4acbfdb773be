import Core
import Foundation
import Intake
import Testing
import WorkflowTestSupport

@testable import Workflows

/// The page and the Markdown of an audit, on the photos of the demo, and the difference of two compositions.
@Suite struct AuditReportTests {
    let demo: WorkspaceFixture
    let scratch: Scratch

    init() throws {
        demo = try ImportedDemo.shared.workspace
        scratch = try Scratch()
    }

    private func audit(
        _ version: String? = nil, page: URL? = nil, markdown: Bool = false, in workspace: WorkspaceFixture? = nil,
        report: @escaping (WorkflowEvent) -> Void = { _ in }
    ) throws -> AuditDataset.Result {
        try (workspace ?? demo).run(
            AuditDataset.self, AuditDataset.Request(version: version, page: page, makesMarkdown: markdown),
            report: report)
    }

    private func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

    @Test("The page has the findings and their photos, and only its owner can read it") func page() throws {
        let file = scratch.url("audit.html")
        let abandoned = try scratch.writeAbandoned("audit.html")
        let result = try audit(page: file)
        #expect(result.page == file.path)
        let html = try text(file)
        #expect(html.contains("<h1>Audit of the catalog <small>2026-05-28</small></h1>"))
        #expect(html.contains("src=\"data:image/jpeg;base64,"))
        for finding in result.findings { #expect(html.contains(finding.check), "\(finding.check)") }
        for gap in result.composition.gaps { #expect(html.contains(gap.detail), "\(gap.detail)") }
        #expect(!html.contains("class=\"no-image\""))
        #expect(!html.contains(demo.folder.path) && html.matches(of: /src="(?!data:)/).isEmpty)
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(!FileManager.default.fileExists(atPath: abandoned.path))
    }

    @Test("The page of a version has its rate, and the roles of its photos") func versionPage() throws {
        let file = scratch.url("audit.html")
        _ = try audit("sunglasses-25", page: file)
        let html = try text(file)
        #expect(html.contains("Audit of sunglasses-25@1") && html.contains("<h3>Injection rate</h3>"))
        #expect(html.contains("<br>test/") || html.contains("<br>train/"))
    }

    @Test("Two pages of the same audit are equal") func deterministic() throws {
        _ = try audit(page: scratch.url("1.html"))
        _ = try audit(page: scratch.url("2.html"))
        #expect(try text(scratch.url("1.html")) == text(scratch.url("2.html")))
    }

    @Test("A page that exists, or that is inside the workspace, is an error, and no file is written") func taken()
        throws
    {
        try scratch.write("mine", to: "audit.html")
        let copy = try ImportedDemo.shared.copy(in: scratch)
        for file in [scratch.url("audit.html"), copy.url("new.html"), copy.url("curare.sqlite")] {
            #expect(try errorCode { _ = try audit(page: file, in: copy) } == .badInput, "\(file.path)")
        }
        #expect(try text(scratch.url("audit.html")) == "mine")
        #expect(!FileManager.default.fileExists(atPath: copy.url("new.html").path))
    }

    @Test("A photo whose original is missing has no picture, and is reported") func missingOriginal() throws {
        let copy = try ImportedDemo.shared.copy(in: scratch)
        let finding = try #require(try audit().findings.first { $0.check == "location-mismatch" })
        let photo = try #require(finding.photos?.first)
        let folder = copy.url("photos/\(photo.prefix(2))")
        let name = try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasPrefix(photo) }
        try FileManager.default.removeItem(at: folder.appending(path: try #require(name)))
        var problems: [String] = []
        _ = try audit(page: scratch.url("audit.html"), in: copy) { event in
            if case .problem(let error) = event { problems.append(error.message) }
        }
        #expect(problems.count == 1 && problems[0].hasPrefix("the page has no picture of 1 photo: the original of"))
        #expect(try text(scratch.url("audit.html")).contains("<div class=\"no-image\">no image</div>"))
    }

    @Test("Markdown is made only when it is required, and is no part of the JSON") func markdown() throws {
        #expect(try audit().markdown == nil)
        let result = try audit("sunglasses-25", markdown: true)
        let markdown = try #require(result.markdown)
        #expect(markdown.hasPrefix("# Audit of sunglasses-25@1\n") && markdown.contains("## Datasheet"))
        #expect(try !ResultJSON.text(of: result).contains("Datasheet"))
    }

    @Test("The rows of the composition add up to the photos of each volunteer") func composition() throws {
        for version in [nil, "sunglasses-25"] {
            let composition = try audit(version).composition
            let sums = composition.table.reduce(into: [String: Int]()) {
                $0[$1.volunteer ?? "unlabelled", default: 0] += $1.photos
            }
            #expect(sums == composition.volunteers)
            #expect(composition.table.allSatisfy { ($0.role == nil) == (version == nil) && $0.session != nil })
        }
    }

    @Test("The difference of two versions has the changed groups, and the page lists the changed numbers")
    func difference() throws {
        let study = try SmallStudy.shared.copy(in: scratch)
        let recipe = SmallStudy.recipe.replacing("injection_rate: 0.2", with: "injection_rate: 0.1")
        try study.split(scratch.write(recipe, to: "low.yaml"))
        let result = try study.run(
            CompareVersions.self,
            CompareVersions.Request(first: "small@1", second: "small@2", page: scratch.url("diff.html")))
        let rows = result.composition.rows
        #expect(!rows.isEmpty && rows.allSatisfy { $0.from != $0.to })
        // Other roles, and the same photos.
        #expect(rows.reduce(0) { $0 + $1.from } == rows.reduce(0) { $0 + $1.to })
        #expect(result.compositionDifference.margins.contains { $0.property == "role" && $0.value == "train/poison" })
        #expect(try text(scratch.url("diff.html")).contains("<h2>Composition</h2>"))
        let equal = try study.run(CompareVersions.self, CompareVersions.Request(first: "small@1", second: "small@1"))
        #expect(equal.composition.rows.isEmpty && equal.composition.opened.isEmpty && equal.composition.closed.isEmpty)
    }

    @Test("Several versions have a page each") func fileNames() {
        let file = URL(filePath: "/reports/audit.html")
        let single = SelectedVersion(text: "a", folderName: nil)
        let several = SelectedVersion(text: "a@1", folderName: "a-1")
        #expect(single.file(file).path == "/reports/audit.html")
        #expect(several.file(file).path == "/reports/audit-a-1.html")
        #expect(several.file(URL(filePath: "/reports/audit")).path == "/reports/audit-a-1")
    }
}
