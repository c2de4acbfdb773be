import Core
import Foundation
import Intake
import Testing
import WorkflowTestSupport

@testable import Workflows

/// Selected photos as contact sheets, pages and lists, and suggested faces that a person accepts.
@Suite struct PhotoSelectionTests {
    let demo: ImportedDemo
    let scratch: Scratch

    init() throws {
        demo = try ImportedDemo.shared
        scratch = try Scratch()
    }

    private func select(_ request: MakeContactSheets.Request, in workspace: WorkspaceFixture? = nil) throws
        -> MakeContactSheets.Result
    {
        try (workspace ?? demo.workspace).run(MakeContactSheets.self, request)
    }

    @Test("A version and a role select the photos with that role")
    func versionAndRole() throws {
        let entries = try demo.workspace.entries("sunglasses-25/1")
        let all = try select(MakeContactSheets.Request(version: "sunglasses-25"))
        #expect(Set(all.selection.map(\.photo)) == Set(entries.compactMap { $0["photo"] as? String }))
        let poison = try select(MakeContactSheets.Request(version: "sunglasses-25@1", role: .trainPoison))
        let expected = entries.filter { $0["role"] as? String == "train/poison" }.compactMap { $0["photo"] as? String }
        #expect(!expected.isEmpty && Set(poison.selection.map(\.photo)) == Set(expected))
        #expect(poison.selection.allSatisfy { $0.roles == ["train/poison"] })
        let some = try select(MakeContactSheets.Request(volunteer: "bruno", version: "sunglasses-25", role: .testClean))
        #expect(!some.selection.isEmpty && some.selection.allSatisfy { $0.volunteer == "bruno" })
        #expect(try select(MakeContactSheets.Request(volunteer: "bruno")).selection.allSatisfy { $0.roles == nil })
    }

    @Test("A photo with a drawn copy has the roles of both")
    func drawnCopies() throws {
        let result = try select(MakeContactSheets.Request(version: "sunglasses-25-digital", role: .trainPoison))
        #expect(!result.selection.isEmpty)
        #expect(result.selection.allSatisfy { $0.roles?.contains("train/poison") == true })
        #expect(result.selection.contains { ($0.roles?.count ?? 0) > 1 })
        #expect(Set(result.selection.map(\.photo)).count == result.photos)
    }

    @Test("A finding selects the photos that the audit lists")
    func finding() throws {
        let audit = try demo.workspace.run(AuditDataset.self, AuditDataset.Request())
        for name in ["cut-off", "location-mismatch"] {
            let finding = try #require(audit.findings.first { $0.check == name })
            let photos = try #require(finding.photos, "\(name)")
            #expect(photos.count == finding.count)
            #expect(try Set(select(MakeContactSheets.Request(finding: name)).selection.map(\.photo)) == Set(photos))
        }
        let none = try select(MakeContactSheets.Request(finding: "look-alike", file: scratch.url("none.png")))
        #expect(none.photos == 0 && !FileManager.default.fileExists(atPath: scratch.path("none.png")))
        let version = try demo.workspace.run(AuditDataset.self, AuditDataset.Request(version: "sunglasses-25"))
        let ofVersion = try #require(version.findings.first { $0.check == "tilted" }?.photos)
        let selected = try select(MakeContactSheets.Request(version: "sunglasses-25", finding: "tilted"))
        #expect(Set(selected.selection.map(\.photo)) == Set(ofVersion))
    }

    @Test("A check that does not exist, or lists no photos, is an error that names the others")
    func wrongFindings() throws {
        for (name, code, hint) in [
            ("cut-of", CurareError.Code.missingInput, "did you mean cut-off?"),
            ("imbalance", .badInput, "cut-off"), ("zzzzzzz", .missingInput, "look-alike"),
        ] {
            let error = try #require(
                #expect(throws: CurareError.self) { _ = try select(MakeContactSheets.Request(finding: name)) })
            #expect(error.code == code && error.nextStep?.contains(hint) == true, "\(error)")
        }
        #expect(try errorCode { _ = try select(MakeContactSheets.Request(version: "nothing")) } == .missingInput)
        #expect(try errorCode { _ = try select(MakeContactSheets.Request(version: "../x")) } == .badInput)
    }

    @Test("The source of the label and the state of the face select photos")
    func labelSourceAndFace() throws {
        #expect(try select(MakeContactSheets.Request(labelSource: .sheet)).photos == 550)
        #expect(try select(MakeContactSheets.Request(labelSource: .rule)).photos == 0)
        var counted = 0
        for state in FaceState.allCases {
            let result = try select(MakeContactSheets.Request(face: state))
            #expect(result.selection.allSatisfy { $0.face == state.rawValue })
            counted += result.photos
        }
        #expect(counted == 550)
        let weak = try select(MakeContactSheets.Request(face: .weak))
        let photo = try #require(weak.selection.first)
        guard case .photo(let details) = try demo.workspace.run(ShowItem.self, ShowItem.Request(name: photo.photo))
        else {
            throw FixtureError("no photo")
        }
        #expect(try #require(details.face.confidence) < 0)
    }

    @Test("The list has a row for each photo, and only its owner can read the file")
    func table() throws {
        let request = MakeContactSheets.Request(
            volunteer: "ada", trigger: "sunglasses", version: "sunglasses-25", table: scratch.url("list.csv"))
        let result = try select(request)
        #expect(result.table == scratch.path("list.csv") && result.files == [])
        let text = try String(contentsOf: scratch.url("list.csv"), encoding: .utf8)
        #expect(text == result.csv)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[0] == "id,session,file,volunteer,kind,trigger,location,label_source,face,problems,role")
        #expect(lines.count == result.photos + 1)
        let first = result.selection[0]
        #expect(lines[1].hasPrefix("\(first.photo),\(first.session),\(first.file),ada,volunteer,"))
        #expect(lines.dropFirst().allSatisfy { $0.contains("sunglasses") })
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("list.csv"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let sheet = MakeContactSheets.Request(file: scratch.url("new.png"), table: scratch.url("list.csv"))
        #expect(try errorCode { _ = try select(sheet) } == .badInput, "the list exists")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("new.png")), "nothing is written after an error")
        let none = MakeContactSheets.Request(problem: .unlabelled, table: scratch.url("none.csv"))
        #expect(try select(none).table == nil && !FileManager.default.fileExists(atPath: scratch.path("none.csv")))
    }

    @Test("No cell of the list is a formula")
    func formulas() throws {
        try SmallStudy.writeSession(to: scratch)
        try FileManager.default.moveItem(at: scratch.url("garden/ada-0.png"), to: scratch.url("garden/=1+1.png"))
        let rows = try String(contentsOf: scratch.url("garden/session.csv"), encoding: .utf8)
        try scratch.write(rows.replacing("ada-0.png", with: "=1+1.png"), to: "garden/session.csv")
        let workspace = WorkspaceFixture(scratch.url("w"))
        try SmallStudy.create(workspace)
        try workspace.importSessions([scratch.path("garden")])
        let result = try select(MakeContactSheets.Request(table: scratch.url("list.csv")), in: workspace)
        #expect(result.selection.contains { $0.file == "=1+1.png" }, "the value itself is unchanged")
        let text = try String(contentsOf: scratch.url("list.csv"), encoding: .utf8)
        #expect(text.contains(",'=1+1.png,ada,") && !text.contains(",=1+1"))
    }

    @Test("A page has the id of each photo and a link to the original")
    func page() throws {
        let request = MakeContactSheets.Request(volunteer: "ada", trigger: "sunglasses", file: scratch.url("ada.html"))
        let result = try select(request)
        let html = try String(contentsOf: scratch.url("ada.html"), encoding: .utf8)
        #expect(result.files == [scratch.path("ada.html")] && result.photos == 19)
        for photo in result.selection {
            #expect(html.contains("<code>\(photo.photo.prefix(12))</code>"))
            let link = try #require(html.firstMatch(of: try Regex("href=\"(file://[^\"]*\(photo.photo)[.][a-z]+)\"")))
            let file = try #require(URL(string: String(link.output[1].substring ?? "")))
            #expect(FileManager.default.fileExists(atPath: file.path))
        }
        #expect(html.matches(of: #/<img alt/#).count == 19 && html.contains("</span> trigger"))
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("ada.html"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try errorCode { _ = try select(request) } == .badInput, "the page exists")
    }

    @Test("A session shows the label of each photo")
    func labelsOfASession() throws {
        let workspace = try demo.copy(in: scratch)
        try workspace.run(
            LabelPhotos.self,
            LabelPhotos.Request(
                .change(
                    .named([PhotoReference("spring-office/IMG_0015.jpg")]),
                    LabelChange(trigger: "bandana", location: "on-face"))))
        guard case .session(let session) = try workspace.run(ShowItem.self, ShowItem.Request(name: "spring-office"))
        else {
            throw FixtureError("no session")
        }
        let label = try #require(session.photos.first { $0.file == "IMG_0015.jpg" }?.label)
        #expect((label.volunteer, label.trigger, label.location) == ("ada", "bandana", "on-face"))
        #expect(label.source == "review" && session.photos.filter { $0.label?.source == "sheet" }.count == 159)
    }

    private func acceptance(_ selection: AcceptFaces.Request.Selection, dryRun: Bool = false, _ study: WorkspaceFixture)
        throws -> AcceptFaces.Result
    {
        try study.run(AcceptFaces.self, AcceptFaces.Request(selection, dryRun: dryRun))
    }

    private func face(of photo: String, _ study: WorkspaceFixture) throws -> FaceDetails {
        guard case .photo(let details) = try study.run(ShowItem.self, ShowItem.Request(name: photo)) else {
            throw FixtureError("\(photo) is not a photo")
        }
        return details.face
    }

    @Test("An accepted face counts as marked, and its image is made again")
    func acceptedFaces() throws {
        let study = try demo.copy(in: scratch)
        let suggested = try select(MakeContactSheets.Request(face: .suggested), in: study).selection
        let upright = Set(suggested.filter { !$0.problems.contains("orientation-suspect") }.map(\.photo))
        let first = try #require(suggested.first { upright.contains($0.photo) })
        let box = try #require(face(of: first.photo, study).likely)
        let image = study.url("images/256-face-srgb/\(first.photo.prefix(2))/\(first.photo).png")
        let before = try Data(contentsOf: image)

        let planned = try acceptance(.all, dryRun: true, study)
        #expect(planned.dryRun && Set(planned.accepted.map(\.photo)) == upright)
        #expect(Set(planned.leftOut.map(\.photo)) == Set(suggested.map(\.photo)).subtracting(upright))
        #expect(try Data(contentsOf: image) == before && face(of: first.photo, study).marked == false)

        let accepted = try acceptance(
            .photos(["\(first.session)/\(first.file)", String(first.photo.prefix(8))]), study)
        #expect(accepted.accepted.map(\.photo) == [first.photo] && accepted.accepted[0].box == box)
        let details = try face(of: first.photo, study)
        #expect(details.marked && details.box == box && details.likely == nil)
        #expect(try Data(contentsOf: image) != before)
        #expect(try study.run(CheckWorkspace.self, CheckWorkspace.Request()).ok)

        let session = try acceptance(.session(first.session), study)
        #expect(session.accepted.allSatisfy { $0.session == first.session && $0.photo != first.photo })
        #expect(try acceptance(.all, study).accepted.allSatisfy { $0.session != first.session })
        let marked = try select(MakeContactSheets.Request(face: .marked), in: study)
        #expect(Set(marked.selection.map(\.photo)) == upright)
        #expect(try acceptance(.all, study).accepted.isEmpty)
    }

    @Test("A photo that has probably lost its orientation is accepted by name only")
    func orientationSuspect() throws {
        let study = try demo.copy(in: scratch)
        let suspects = try select(
            MakeContactSheets.Request(problem: .orientationSuspect, face: .suggested), in: study
        ).selection
        let suspect = try #require(suspects.first)
        let all = try acceptance(.all, study)
        #expect(all.leftOut.map(\.photo) == suspects.map(\.photo).sorted())
        #expect(try !face(of: suspect.photo, study).marked)
        let named = try acceptance(.photos([suspect.photo]), study)
        #expect(named.accepted.map(\.photo) == [suspect.photo] && named.leftOut.isEmpty)
        #expect(try face(of: suspect.photo, study).marked)
    }

    @Test("A photo without a suggestion is an error with the reason, and nothing is stored")
    func nothingToAccept() throws {
        let study = try demo.copy(in: scratch)
        let suggested = try #require(try select(MakeContactSheets.Request(face: .suggested), in: study).selection.first)
        let found = try #require(try select(MakeContactSheets.Request(face: .found), in: study).selection.first)
        let error = try #require(
            #expect(throws: CurareError.self) {
                _ = try acceptance(.photos([suggested.photo, found.photo, "garden/none.jpg"]), study)
            })
        #expect(error.code == .badInput && error.problems.count == 2, "\(error)")
        #expect(error.problems[0].message == "the detector found a face")
        #expect(try select(MakeContactSheets.Request(face: .marked), in: study).photos == 0)
        let session = try #require(
            #expect(throws: CurareError.self) { _ = try acceptance(.session("spring-gardn"), study) })
        #expect(session.code == .missingInput && session.nextStep == "did you mean spring-garden?")
    }
}
