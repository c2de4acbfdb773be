import Core
import Foundation
import Imaging
import Intake
import Storage
import Testing
import WorkflowTestSupport

@testable import Review
@testable import Workflows

/// The pages without JavaScript, the pictures, hostile names, and workspaces that cannot be changed.
@Suite struct ReviewPageTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    @Test("The list shows sixty photos, and links to the next page and to each photo")
    func list() async throws {
        let review = try await TestReview(study)
        let id = try #require(try await review.photo("ada-12.png")["id"] as? String)
        let page = try await review.get("/").text
        #expect(page.contains("<title>Curare review: study</title>"))
        #expect(page.split(separator: "<a class=\"photo\"").count - 1 == SmallStudy.count)
        #expect(
            page.contains(
                "<a class=\"photo\" href=\"/photo/\(id)\" data-id=\"\(id)\"><img loading=\"lazy\" "
                    + "src=\"/image/\(id)?size=320\" alt=\"Photo ada-12.png\"><span class=\"name\">garden / ada-12.png</span>"
                    + "<span class=\"label\">ada · sunglasses on-face</span></a>"))
        #expect(!page.contains("<!--") && page.contains("1–51 of 51"))
        let later = try await review.get("/?volunteer=ada&offset=10&text=.png").text
        #expect(later.contains("11–17 of 17") && later.contains("Previous page") && !later.contains("Next page"))
        #expect(later.contains("href=\"/?volunteer=ada&amp;text=.png&amp;offset=0\""))
        #expect(later.contains("<option value=\"ada\" selected>"))
        #expect(try await review.get("/?volunteer=nobody").text.contains("No photo matches the filters."))
    }

    @Test("The page of a photo shows its label history")
    func photo() async throws {
        let review = try await TestReview(study)
        let id = try #require(try await review.photo("ada-12.png")["id"] as? String)
        let page = try await review.get("/photo/\(id)")
        #expect(page.status == 200 && page.text.contains("src=\"/image/\(id)?size=1280\""))
        #expect(page.text.contains("<li>ada · sunglasses on-face <span class=\"detail\">sheet, "))
        #expect(try await review.get("/photo/x").status == 404)
    }

    @Test("All files of the page are served with their types")
    func files() async throws {
        let review = try await TestReview(study)
        let types = ["js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8", "svg": "image/svg+xml"]
        #expect(StaticFiles.names.contains("review.js"))
        for name in StaticFiles.names {
            let response = try await review.get("/static/\(name)")
            let ending = String(name.split(separator: ".").last ?? "")
            #expect(response.status == 200 && response.fields["content-type"] == types[ending], "\(name)")
            #expect(!response.body.isEmpty)
        }
        let folder = WorkspaceFixture.repository.appending(path: "Sources/Review/Web")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(files).subtracting(["index.html"]) == Set(StaticFiles.names))
    }

    @Test("Pictures are upright JPEGs of at most the requested size, and stay out of the workspace")
    func pictures() async throws {
        let review = try await TestReview(study)
        let id = try #require(try await review.photo("ada-12.png")["id"] as? String)
        let before = try Set(bytes(below: study.folder).keys)
        for _ in 0..<2 {
            let response = try await review.get("/image/\(id)?size=320")
            #expect(response.status == 200 && response.fields["content-type"] == "image/jpeg")
            let photo = try DecodedPhoto(Array(response.body))
            #expect(photo.picture.width == 40 && photo.picture.height == 40, "a small photo is not enlarged")
        }
        #expect(try Set(bytes(below: study.folder).keys).subtracting(before) == [])
        for query in ["", "?size=", "?size=41", "?size=320x", "?size=-1", "?size=99999999999999999999"] {
            #expect(try await review.get("/image/\(id)\(query)").status == 400, "\(query)")
        }
        #expect(try await review.get("/image/\(String(repeating: "0", count: 64))?size=160").status == 404)
        let original = study.url("photos/\(id.prefix(2))/\(id).png")
        try FileManager.default.removeItem(at: original)
        #expect(try await review.get("/image/\(id)?size=160").status == 404, "a missing original")
        #expect(try await review.get("/image/\(id)?size=320").status == 200, "from memory")
    }

    @Test("The picture of a person who has withdrawn is not served from memory")
    func withdrawal() async throws {
        let review = try await TestReview(study)
        let id = try #require(try await review.photo("ada-0.png")["id"] as? String)
        #expect(try await review.get("/image/\(id)?size=160").status == 200)
        try study.withdraw("ada")
        #expect(try await review.get("/image/\(id)?size=160").status == 404)
        #expect(try await review.get("/photo/\(id)").status == 404)
        #expect(try await review.photos("volunteer=ada").isEmpty)
        #expect(try await review.get("/api/state").json["photos"] as? Int == SmallStudy.count - 17)
        #expect(review.study.previews.byteCount == 0)
    }

    @Test("Names and notes with markup, quotation marks and marks of the writing direction are harmless")
    func hostileNames() async throws {
        let file = "<img src=x onerror=alert(1)>\"&'.png"
        let note = "</script><script>alert(2)</script> =1+1 \u{202e}gnp <!--photos--> \"quoted\""
        let picture = try SmallStudy.picture(class: 0, hasTrigger: false, seed: 77)
        try scratch.write(Data(picture.png()), to: "meadow/\(file)")
        let row = [
            "\"\(file.replacing("\"", with: "\"\""))\"", "ada", "none", "none",
            "\"\(note.replacing("\"", with: "\"\""))\"",
        ]
        try scratch.write(
            "file,volunteer,trigger,location,note\n\(row.joined(separator: ","))\n", to: "meadow/session.csv")
        try scratch.write(
            "session: meadow\ndate: 2026-05-04\nkind: volunteer\nconsent: signed\n", to: "meadow/session.yaml")
        #expect(try study.importSessions([scratch.path("meadow")]).imported == 1)
        let review = try await TestReview(study, author: "<script>alert(3)</script>")
        let photo = try await review.photo(file)
        #expect(photo["note"] as? String == note && photo["session"] as? String == "meadow")
        let id = try #require(photo["id"] as? String)
        let query = "text=%3Cscript%3Ealert(4)%3C/script%3E%22%27&session=%22%3E%3Cb%3E"
        for target in ["/", "/?session=meadow", "/photo/\(id)", "/?\(query)", "/?volunteer=%3C!--photos--%3E"] {
            let page = try await review.get(target).text
            #expect(page.contains("</html>") && !page.contains("<img src=x"), "\(target)")
            for number in 1...4 { #expect(!page.contains("<script>alert(\(number))"), "\(target)") }
            #expect(!page.contains("\u{202e}") && !page.contains("\"><b>"), "\(target)")
        }
        let change = TestReview.change(photo, ["volunteer": "bruno"])
        #expect(try await review.post("/api/labels", ["changes": [change]]).status == 200)
        #expect(try await review.get("/photo/\(id)").text.contains("&lt;script&gt;alert(3)"))
    }

    @Test("A workspace in which nothing can be written is shown, and a change is answered with the reason")
    func readOnly() async throws {
        for name in [".lock", "curare.sqlite-wal"] {
            try? FileManager.default.removeItem(at: study.url(name))
            try FileManager.default.createDirectory(at: study.url(name), withIntermediateDirectories: false)
        }
        let review = try await TestReview(study)
        #expect(review.study.isReadOnly)
        let photo = try await review.photo("ada-0.png")
        let response = try await review.post(
            "/api/labels", ["changes": [TestReview.change(photo, ["volunteer": "bruno"])]])
        #expect(response.status == 503 && response.errorCode == "unavailable")
        #expect(response.text.contains("nothing can be written") && !response.text.contains(study.folder.path))
        #expect(try await review.get("/image/\(photo["id"] ?? "")?size=160").status == 200)
    }

    @Test("A change waits for a process that holds the workspace, and is answered with a time for the next try")
    func busy() async throws {
        let review = try await TestReview(study)
        let photo = try await review.photo("ada-0.png")
        let lock = try FolderLock(Workspace(root: study.folder))
        let change = TestReview.change(photo, ["volunteer": "bruno"])
        let response = try await review.post("/api/labels", ["changes": [change]])
        #expect(response.status == 503 && response.errorCode == "busy" && response.fields["retry-after"] == "2")
        // As an import does before it stores photos.
        lock.releaseLabels()
        let stored = try await review.post("/api/labels", ["changes": [change]])
        #expect(stored.status == 200, "\(stored.text)")
        let changed = try #require((stored.json["photos"] as? [[String: Any]])?.first)
        func box(_ kind: String) -> [String: Any] {
            ["id": changed["id"] ?? "", "version": changed["version"] ?? "", "kind": kind, "box": [1, 1, 9, 9]]
        }
        #expect(try await review.post("/api/boxes", box("face")).status == 503, "images depend on face boxes")
        #expect(try await review.post("/api/boxes", box("trigger")).status == 200)
        withExtendedLifetime(lock) {}
    }

    @Test("People review while an import runs, and the import keeps what they change")
    func importAtTheSameTime() async throws {
        let review = try ReviewStudy(TestReview.context(study), author: "Ada L.")
        try SmallStudy.writeSession(to: scratch, "meadow", seed: 2)
        // The sheet of the known session has changed: the import is planned to replace the label.
        try SmallStudy.writeSession(to: scratch, hasTriggerBoxes: true)
        try replace(
            "ada-12.png,ada,sunglasses,on-face,10 14 20 5", with: "ada-12.png,ada,bandana,on-face,11 14 20 5",
            in: scratch.url("garden/session.csv"))
        func photo(_ text: String) throws -> ReviewPhoto {
            var query = ReviewQuery()
            query.text = text
            return try #require(review.photos(query).photos.first)
        }
        var failure: (any Error)?
        var changes = 0
        func report(_ event: WorkflowEvent) {
            guard case .progress(.importingPhotos, _, _, _) = event, changes == 0 else { return }
            changes += 1
            do {
                for (name, change) in [
                    ("ada-12.png", LabelChange(volunteer: "carla")), ("bruno-3.png", LabelChange(volunteer: "ada")),
                ] {
                    let shown = try photo(name)
                    let id = try #require(PhotoID(hex: shown.id))
                    _ = try review.store([ReviewChange(id, revision: shown.version, label: change)])
                }
                let shown = try photo("ada-12.png")
                let id = try #require(PhotoID(hex: shown.id))
                let box = Box(x: 1, y: 2, width: 3, height: 4)
                _ = try review.store([ReviewChange(id, revision: shown.version, boxes: [.trigger: box])])
            } catch {
                failure = error
            }
        }
        let folders = ["meadow", "garden"].map { URL(filePath: scratch.path($0)) }
        let result = try study.run(
            ImportSessions.self, ImportSessions.Request(folders: folders, update: .all, confirm: { _ in }),
            report: report)
        #expect(failure == nil && changes == 1, "\(String(describing: failure))")
        #expect(result.imported == SmallStudy.count)
        let changed = try photo("ada-12.png")
        #expect(changed.volunteer == "carla" && changed.trigger == "sunglasses" && changed.source == "review")
        #expect(changed.box == [1, 2, 3, 4])
        #expect(try photo("bruno-3.png").volunteer == "ada")
        let history = try review.history(changed.id).history
        #expect(history.map(\.source) == ["sheet", "review", "sheet", "review"])
        #expect(history.map(\.trigger) == ["sunglasses", "sunglasses", "bandana", "sunglasses"])
        #expect(history.last?.author == "Ada L.")
        // The next import knows the new value of the sheet, and keeps the correction.
        let again = try study.run(
            ImportSessions.self, ImportSessions.Request(folders: folders, update: .all, confirm: { _ in }))
        #expect(again.corrected == 0 && again.replacedCorrections == 0)
        #expect(try photo("ada-12.png").volunteer == "carla")
        var query = ReviewQuery()
        query.session = "meadow"
        #expect(try review.photos(query).total == SmallStudy.count, "the page sees the new photos")
    }
}
