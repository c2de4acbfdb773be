import Core
import Foundation
import Intake
import Storage
import Testing
import WorkflowTestSupport
import Workflows

@testable import Review

/// Changes of labels and boxes through the API, and what the catalog has afterwards.
@Suite struct LabelAPITests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    /// The labels of a photo in the catalog, the oldest first.
    private func stored(_ name: String) throws -> [PhotoDetails.RecordedLabel] {
        let request = LabelPhotos.Request(.history(.named([PhotoReference("garden/\(name)")])))
        return try #require(study.run(LabelPhotos.self, request).history?.first).labels
    }

    @Test("The state lists what a label can contain")
    func state() async throws {
        let review = try await TestReview(study)
        let state = try await review.get("/api/state").json
        #expect(
            Set(state.keys) == ["workspace", "author", "photos", "triggers", "locations", "volunteers", "sessions"])
        #expect(state["workspace"] as? String == "study" && state["author"] as? String == "Ada L.")
        #expect(state["photos"] as? Int == SmallStudy.count && state["sessions"] as? [String] == ["garden"])
        #expect(state["locations"] as? [String] == ["on-face", "off-face"])
        #expect((state["triggers"] as? [String])?.contains("sunglasses") == true)
        let people = try #require(state["volunteers"] as? [[String: String]])
        #expect(people.map { $0["name"] } == SmallStudy.volunteers && people.allSatisfy { $0["kind"] == "volunteer" })
        let nameless = try await TestReview(study, author: nil)
        #expect(try await nameless.get("/api/state").json["author"] is NSNull)
    }

    @Test("The photos have all keys, an order, filters and parts")
    func photos() async throws {
        let review = try await TestReview(study)
        let all = try await review.photos("limit=500")
        #expect(all.count == SmallStudy.count)
        let names = all.compactMap { $0["name"] as? String }
        #expect(names == names.sorted() && names.first == "ada-0.png")
        let photo = try await review.photo("ada-12.png")
        #expect(
            Set(photo.keys) == [
                "id", "name", "session", "volunteer", "trigger", "location", "source", "suggested", "version", "width",
                "height", "face", "face_source", "box", "note", "findings", "reason",
            ])
        #expect(photo["box"] as? [Int] == [10, 14, 20, 5] && photo["face"] as? [Int] == [8, 6, 24, 28])
        #expect(photo["face_source"] as? String == "sheet" && photo["source"] as? String == "sheet")
        #expect(photo["trigger"] as? String == "sunglasses" && photo["location"] as? String == "on-face")
        #expect(photo["width"] as? Int == 40 && photo["suggested"] as? Bool == false && photo["note"] is NSNull)
        let bare = try await review.photo("ada-0.png")
        #expect(bare["trigger"] as? String == "none" && bare["location"] as? String == "none")
        func count(_ query: String) async throws -> Int { try await review.photos("limit=500&\(query)").count }
        #expect(try await count("volunteer=bruno") == 17)
        #expect(try await count("volunteer=bruno&trigger=none") == SmallStudy.barePhotos)
        #expect(try await count("trigger=sunglasses&location=on-face") == 3 * SmallStudy.triggeredPhotos)
        #expect(try await count("trigger=sunglasses&location=off-face") == 0)
        #expect(try await count("session=garden&text=BRUNO-1") == 8, "bruno-1 and bruno-10 to bruno-16")
        #expect(try await count("text=carla%20sunglasses") == SmallStudy.triggeredPhotos)
        #expect(try await count("session=none") == 0)
        let part = try await review.get("/api/photos?offset=50&limit=10").json
        #expect(part["total"] as? Int == SmallStudy.count && part["offset"] as? Int == 50)
        #expect((part["photos"] as? [Any])?.count == 1)
        for query in ["limit=501", "limit=0", "limit=x", "offset=-1", "offset=99999999999"] {
            #expect(try await review.get("/api/photos?\(query)").status == 400, "\(query)")
        }
        #expect(try await review.get("/api/photos?finding=no-such-check").status == 404)
        #expect(try await review.get("/api/photos/\(String(repeating: "0", count: 64))").status == 404)
    }

    @Test("A label is stored with author and time, shown in the history, and undone by the page")
    func labelRoundTrip() async throws {
        let review = try await TestReview(study)
        let before = try await review.photo("ada-12.png")
        let response = try await review.post(
            "/api/labels", ["changes": [TestReview.change(before, ["trigger": "bandana", "location": "off-face"])]])
        #expect(response.status == 200, "\(response.text)")
        let after = try #require((response.json["photos"] as? [[String: Any]])?.first)
        #expect(after["trigger"] as? String == "bandana" && after["location"] as? String == "off-face")
        #expect(after["volunteer"] as? String == "ada" && after["source"] as? String == "review")
        #expect(after["version"] as? String != before["version"] as? String && after["reason"] is NSNull)
        let undone = try await review.post(
            "/api/labels",
            [
                "changes": [
                    TestReview.change(
                        after, ["volunteer": "ada", "trigger": "sunglasses", "location": "on-face"])
                ]
            ])
        #expect(undone.status == 200)
        let labels = try stored("ada-12.png")
        #expect(labels.map(\.trigger) == ["sunglasses", "bandana", "sunglasses"])
        #expect(labels.map(\.source) == ["sheet", "review", "review"] && labels.map(\.counts) == [false, false, true])
        #expect(labels.dropFirst().allSatisfy { $0.author == "Ada L." && $0.made == "2026-05-28T20:26:40Z" })
        let id = try #require(before["id"] as? String)
        let details = try await review.get("/api/photos/\(id)").json
        let history = try #require(details["history"] as? [[String: Any]])
        #expect(history.count == 3 && history[0]["author"] is NSNull && history[2]["author"] as? String == "Ada L.")
        #expect(history.map { $0["counts"] as? Bool } == [false, false, true])
    }

    @Test("A confirmed label becomes a label by hand")
    func confirmation() async throws {
        let review = try await TestReview(study)
        let photo = try await review.photo("ada-0.png")
        let change = TestReview.change(photo, ["volunteer": "ada", "trigger": "none"])
        #expect(try await review.post("/api/labels", ["changes": [change]]).status == 200)
        #expect(try stored("ada-0.png").map(\.source) == ["sheet", "review"])
        let again = TestReview.change(try await review.photo("ada-0.png"), ["trigger": "none"])
        #expect(try await review.post("/api/labels", ["changes": [again]]).status == 200)
        #expect(try stored("ada-0.png").count == 2, "the same label by hand is not stored twice")
    }

    @Test("Of two windows that change one photo, the second gets a conflict and changes nothing")
    func conflict() async throws {
        let review = try await TestReview(study)
        let photo = try await review.photo("ada-1.png")
        let other = try await review.photo("ada-2.png")
        let first = TestReview.change(photo, ["volunteer": "bruno"])
        #expect(try await review.post("/api/labels", ["changes": [first]]).status == 200)
        let second = [
            TestReview.change(other, ["volunteer": "carla"]), TestReview.change(photo, ["volunteer": "carla"]),
        ]
        let response = try await review.post("/api/labels", ["changes": second])
        #expect(response.status == 409 && response.errorCode == "conflict")
        let conflicts = try #require(response.json["conflicts"] as? [[String: Any]])
        #expect(conflicts.count == 1 && conflicts[0]["id"] as? String == photo["id"] as? String)
        #expect(conflicts[0]["volunteer"] as? String == "bruno")
        #expect(try stored("ada-1.png").map(\.volunteer) == ["ada", "bruno"])
        #expect(try stored("ada-2.png").map(\.volunteer) == ["ada"], "all changes or none")
        let box: [String: Any] = [
            "id": photo["id"] ?? "", "version": photo["version"] ?? "", "kind": "trigger", "box": [1, 1, 5, 5],
        ]
        #expect(try await review.post("/api/boxes", box).status == 409)
        let retry = TestReview.change(conflicts[0], ["volunteer": "carla"])
        #expect(try await review.post("/api/labels", ["changes": [retry]]).status == 200)
    }

    @Test("A change by another command is seen, and conflicts with the page's earlier state")
    func otherProcess() async throws {
        let review = try await TestReview(study)
        let photo = try await review.photo("ada-3.png")
        let change = LabelChange(volunteer: "bruno")
        try study.run(
            LabelPhotos.self, LabelPhotos.Request(.change(.named([PhotoReference("garden/ada-3.png")]), change)))
        #expect(try await review.photo("ada-3.png")["volunteer"] as? String == "bruno")
        let late = TestReview.change(photo, ["volunteer": "carla"])
        #expect(try await review.post("/api/labels", ["changes": [late]]).status == 409)
    }

    @Test("Wrong values change nothing, and are explained")
    func wrongValues() async throws {
        let review = try await TestReview(study)
        let photo = try await review.photo("ada-4.png")
        let good = TestReview.change(try await review.photo("ada-5.png"), ["volunteer": "bruno"])
        for set in [
            ["volunteer": "nobody"], ["trigger": "hat"], ["location": "above"], ["trigger": "dots", "location": "x"],
            ["trigger": "a\u{0}b"], ["volunteer": ""],
        ] {
            let changes: [Any] = [good, TestReview.change(photo, set)]
            let response = try await review.post("/api/labels", ["changes": changes])
            #expect(response.status == 400 && response.errorCode == "bad_request", "\(set) \(response.text)")
        }
        let bodies: [Any] = [
            ["changes": [Any]()], ["changes": "x"], ["other": 1], [1, 2], ["changes": [good, good]],
            ["changes": [TestReview.change(photo, [:])]], ["changes": [TestReview.change(photo, ["colour": "x"])]],
            ["changes": [["id": "x", "version": "", "set": ["volunteer": "ada"]]]],
            ["changes": Array(repeating: good, count: 501)],
        ]
        for body in bodies { #expect(try await review.post("/api/labels", body).status == 400, "\(body)") }
        let missing =
            ["id": String(repeating: "0", count: 64), "version": "", "set": ["volunteer": "ada"]] as [String: Any]
        #expect(try await review.post("/api/labels", ["changes": [missing]]).status == 404)
        #expect(try stored("ada-4.png").count == 1 && stored("ada-5.png").count == 1)
    }

    @Test("Boxes are set, moved, removed and checked")
    func boxes() async throws {
        let review = try await TestReview(study)
        func set(_ kind: String, _ box: Any, _ photo: [String: Any]) async throws -> RawResponse {
            try await review.post(
                "/api/boxes", ["id": photo["id"] ?? "", "version": photo["version"] ?? "", "kind": kind, "box": box])
        }
        var photo = try await review.photo("ada-12.png")
        for (kind, box) in [("trigger", [1, 2, 3, 4]), ("face", [0, 0, 40, 40]), ("trigger", [10, 14, 20, 5])] {
            let response = try await set(kind, box, photo)
            #expect(response.status == 200, "\(response.text)")
            let changed = try #require(response.json["photo"] as? [String: Any])
            #expect(changed[kind == "face" ? "face" : "box"] as? [Int] == box)
            #expect(changed["version"] as? String != photo["version"] as? String)
            photo = changed
        }
        #expect(photo["face_source"] as? String == "review")
        let removed = try await set("trigger", NSNull(), photo)
        let changed = try #require(removed.json["photo"] as? [String: Any])
        #expect(removed.status == 200 && changed["box"] is NSNull)
        let wrong: [Any] = [
            [0, 0, 0, 5], [0, 0, 41, 5], [-1, 0, 5, 5], [1, 2, 3], [1.5, 2, 3, 4], ["a", 1, 2, 3], "x",
            [1, 2, 3, 1e12],
        ]
        for box in wrong { #expect(try await set("trigger", box, changed).status == 400, "\(box)") }
        #expect(try await set("nose", [1, 2, 3, 4], changed).status == 400)
        guard case .photo(let details) = try study.run(ShowItem.self, ShowItem.Request(name: "garden/ada-12.png"))
        else { throw FixtureError("not a photo") }
        #expect(details.face.triggerBox == nil && details.face.box == [0, 0, 40, 40])
    }

    @Test("The image of a photo with another face box is made again, and no file without a record is left")
    func imageOfFaceBox() async throws {
        let demo = try ImportedDemo.shared.copy(in: scratch, "demo")
        let images = try demo.status().images
        let review = try await TestReview(demo)
        let photo = try #require(try await review.photos("limit=1").first)
        let box: [String: Any] = [
            "id": photo["id"] ?? "", "version": photo["version"] ?? "", "kind": "face", "box": [50, 110, 110, 110],
        ]
        #expect(try await review.post("/api/boxes", box).status == 200)
        #expect(try demo.run(CheckWorkspace.self, CheckWorkspace.Request()).ok)
        #expect(try demo.status().images == images)
    }

    @Test("Findings are computed in the background, accepted with a reason, and opened again")
    func findings() async throws {
        let review = try await TestReview(study)
        var state = try await review.get("/api/findings").json
        while state["running"] as? Bool == true {
            try await Task.sleep(for: .milliseconds(50))
            state = try await review.get("/api/findings").json
        }
        let findings = try #require(state["findings"] as? [[String: Any]])
        let audit = try study.run(AuditDataset.self, AuditDataset.Request())
        #expect(findings.compactMap { $0["key"] as? String } == audit.findings.map(\.key))
        #expect(
            findings.allSatisfy {
                Set($0.keys) == ["check", "key", "severity", "title", "detail", "count", "photos", "accepted"]
            })
        // The photos of 40 pixels have small faces.
        let finding = try #require(findings.first { ($0["photos"] as? [String])?.isEmpty == false })
        let named = ["check": finding["check"] ?? "", "key": finding["key"] ?? ""]
        let listed = try await review.photos("limit=500&finding=\(finding["check"] ?? "")")
        #expect(Set(listed.compactMap { $0["id"] as? String }) == Set(finding["photos"] as? [String] ?? []))
        let accepted = try await review.post(
            "/api/findings/accept", named.merging(["reason": "drawn <b>photos</b>"]) { $1 })
        #expect(accepted.status == 200, "\(accepted.text)")
        let acceptance = (accepted.json["finding"] as? [String: Any])?["accepted"] as? [String: Any]
        #expect(
            acceptance?["reason"] as? String == "drawn <b>photos</b>" && acceptance?["author"] as? String == "Ada L.")
        let reopened = try await review.post("/api/findings/reopen", named)
        #expect(reopened.status == 200 && (reopened.json["finding"] as? [String: Any])?["accepted"] is NSNull)
        #expect(try await review.post("/api/findings/reopen", named).status == 404)
        let unknown: [String: Any] = ["check": "blurred", "key": "0000000000000000", "reason": "x"]
        #expect(try await review.post("/api/findings/accept", unknown).status == 404)
        #expect(try await review.post("/api/findings/accept", named.merging(["reason": " "]) { $1 }).status == 400)
        #expect(try await review.get("/api/disagreements").json["photos"] as? [String] == [])
    }
}
