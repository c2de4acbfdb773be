import Core
import Foundation
import Intake
import Testing
import WorkflowTestSupport

@testable import Workflows

/// Corrections of labels and boxes, and later imports of the same session.
@Suite struct LabelPhotosTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    private func label(_ task: LabelPhotos.Request.Task, dryRun: Bool = false) throws -> LabelPhotos.Result {
        try study.run(LabelPhotos.self, LabelPhotos.Request(task, dryRun: dryRun))
    }

    /// Returns the labels of photos as text, the oldest first.
    private func history(_ choice: PhotoChoice) throws -> [[String]] {
        try #require(label(.history(choice)).history).map { history in
            history.labels.map { "\($0.volunteer) \($0.trigger) \($0.source)\($0.counts ? " counts" : "")" }
        }
    }

    private func importAgain(_ update: SheetUpdate, dryRun: Bool = false) throws -> ImportSessions.Result {
        let folders = [URL(filePath: try SmallStudy.shared.session)]
        return try study.run(
            ImportSessions.self,
            ImportSessions.Request(folders: folders, dryRun: dryRun, update: update, confirm: { _ in }))
    }

    @Test("A selection is counted in a dry run, corrected, and kept by an import with --relabel")
    func selection() throws {
        let bruno = try PhotoChoice.matching(PhotoSelection("volunteer=bruno,trigger=none"))
        let change = LabelPhotos.Request.Task.change(bruno, LabelChange(volunteer: "carla"))
        for dryRun in [true, false] {
            let result = try label(change, dryRun: dryRun)
            #expect(result.photos == SmallStudy.barePhotos && result.labelled == SmallStudy.barePhotos)
            #expect(result.boxes == 0 && result.unchanged == 0 && result.dryRun == dryRun)
        }
        let error = #expect(throws: CurareError.self) { try label(change) }
        #expect(
            error?.code == .missingInput && error?.nextStep?.contains("ada, carla") == true, "\(error?.nextStep ?? "")")
        for update in [SheetUpdate.none, .details, .all] {
            let result = try importAgain(update)
            #expect(result.keptCorrections == SmallStudy.barePhotos && result.corrected == 0)
            #expect(result.differences.isEmpty && result.labelled == 0)
        }
        #expect(
            try history(.named([PhotoReference("garden/bruno-0.png")])) == [
                ["bruno none sheet", "carla none review counts"]
            ])
    }

    @Test("An undo is a new label, and a history lists it") func undo() throws {
        let photo = PhotoChoice.named([PhotoReference("garden/ada-12.png")])
        #expect(try label(.change(photo, LabelChange(trigger: "dots"))).labelled == 1)
        #expect(try label(.undo(photo), dryRun: true).labelled == 1)
        #expect(try label(.undo(photo)).labelled == 1)
        #expect(
            try history(photo) == [["ada sunglasses sheet", "ada dots review", "ada sunglasses review counts"]])
        let details = try #require(label(.history(photo)).history?.first)
        #expect(details.name == "garden/ada-12.png" && details.labels.map(\.undo) == [false, false, true])
        #expect(try errorCode { _ = try label(.undo(photo)) } == .badInput)
    }

    @Test("A face box by hand makes the image again, and removing the box too") func faceBox() throws {
        // The images of the demo are face crops.
        let demo = try ImportedDemo.shared.copy(in: scratch, "demo")
        let photo = PhotoChoice.named([PhotoReference("spring-garden/IMG_0001.jpg")])
        let images = try demo.status().images
        for box in ["50 110 110 110", "none"] {
            for dryRun in [true, false] {
                let change = LabelPhotos.Request.Task.change(photo, LabelChange(faceBox: box))
                #expect(try demo.run(LabelPhotos.self, LabelPhotos.Request(change, dryRun: dryRun)).boxes == 1)
                #expect(try demo.run(CheckWorkspace.self, CheckWorkspace.Request()).ok)
                #expect(try demo.status().images == images)
            }
        }
    }

    @Test("A change lists the old and the new label, and an undo how to remove a box by hand") func changes() throws {
        let photo = PhotoChoice.named([PhotoReference("garden/ada-12.png")])
        let first = try label(.change(photo, LabelChange(trigger: "dots", triggerBox: "11 14 18 5")))
        #expect(first.changes.map(\.name) == ["garden/ada-12.png"] && first.hint == nil && first.warnings == [])
        #expect(first.changes.map { $0.old?.trigger } == ["sunglasses"] && first.changes.map(\.new.trigger) == ["dots"])
        let undone = try label(.undo(photo))
        #expect(undone.changes.map { $0.old?.trigger } == ["dots"])
        #expect(undone.hint == "--undo does not change boxes; remove a box with: --box none")
        let again = #expect(throws: CurareError.self) { try label(.undo(photo)) }
        #expect(again?.problems.first?.message.hasSuffix("remove a box with: --box none") == true)
        let box = try label(.change(photo, LabelChange(triggerBox: "none")))
        #expect(box.changes.isEmpty && box.boxes == 1)
    }

    @Test("A person without another photo in the session is a warning, and no error") func stranger() throws {
        let photo = { (name: String) in PhotoChoice.named([PhotoReference(name)]) }
        let bruno = try PhotoChoice.matching(PhotoSelection("volunteer=bruno"))
        #expect(try label(.change(photo("garden/ada-0.png"), LabelChange(volunteer: "bruno"))).warnings == [])
        #expect(try label(.change(bruno, LabelChange(volunteer: "carla"))).warnings == [])
        let result = try label(.change(photo("garden/ada-1.png"), LabelChange(volunteer: "bruno")))
        #expect(result.labelled == 1 && result.warnings == ["bruno has no other photo in session garden"])
        #expect(try label(.undo(photo("garden/ada-1.png"))).warnings == [])
    }

    @Test("Boxes by hand are stored, counted and kept") func boxes() throws {
        let photo = PhotoChoice.named([PhotoReference("garden/ada-12.png")])
        let change = LabelChange(triggerBox: "11 14 18 5", faceBox: "8 6 24 28")
        let first = try label(.change(photo, change))
        #expect(first.boxes == 1 && first.labelled == 0, "the face box is the box of the sheet")
        #expect(try label(.change(photo, change)).unchanged == 1)
        let result = try importAgain(.all)
        #expect(result.keptCorrections == 1 && result.corrected == 0 && result.replacedCorrections == 0)
        guard case .photo(let details) = try study.run(ShowItem.self, ShowItem.Request(name: "garden/ada-12.png"))
        else {
            throw FixtureError("not a photo")
        }
        #expect(details.face.triggerBox == [11, 14, 18, 5])
    }

    @Test("A newer sheet replaces a correction, and the result counts it") func newerSheet() throws {
        try SmallStudy.writeSession(to: scratch)
        let folder = scratch.url("garden")
        let photo = PhotoChoice.named([PhotoReference("garden/ada-12.png")])
        _ = try label(.change(photo, LabelChange(trigger: "dots")))
        let sheet = folder.appending(path: "session.csv")
        let text = try String(contentsOf: sheet, encoding: .utf8)
        try Data(
            text.replacing("ada-12.png,ada,sunglasses,on-face,,", with: "ada-12.png,ada,bandana,on-face,10 14 20 5,")
                .utf8
        ).write(to: sheet)
        func run(_ update: SheetUpdate, dryRun: Bool = false) throws -> ImportSessions.Result {
            try study.run(
                ImportSessions.self,
                ImportSessions.Request(folders: [folder], dryRun: dryRun, update: update, confirm: { _ in }))
        }
        // The sheet of the fixture has boxes of the triggers, and this sheet has only one.
        let boxes = SmallStudy.triggeredPhotos * SmallStudy.volunteers.count - 1
        let listed = try run(.none)
        #expect(listed.corrected == 0 && listed.differences.count == boxes + 1)
        #expect(listed.differences.allSatisfy { !$0.applied })
        for dryRun in [true, false] {
            let result = try run(.all, dryRun: dryRun)
            #expect(result.corrected == boxes + 1 && result.replacedCorrections == 1)
            #expect(result.corrections.labels == 1 && result.corrections.boxes == boxes)
            #expect(result.differences.allSatisfy { $0.applied })
        }
        #expect(
            try history(photo) == [["ada sunglasses sheet", "ada dots review", "ada bandana sheet counts"]])
    }

    @Test("A wrong value or name stores nothing") func errors() throws {
        let photo = PhotoChoice.named([PhotoReference("garden/ada-0.png")])
        let before = try history(photo)
        let wrong: [LabelPhotos.Request.Task] = [
            .change(photo, LabelChange(volunteer: "nobody")), .change(photo, LabelChange(trigger: "hat")),
            .change(photo, LabelChange(volunteer: "bruno", faceBox: "30 30 30 30")),
            .change(
                .named([PhotoReference("garden/ada-0.png"), PhotoReference("none.png")]),
                LabelChange(volunteer: "bruno")),
            .undo(photo), .history(.named([PhotoReference("none.png")])),
        ]
        for task in wrong { #expect(try errorCode { _ = try label(task) } == .badInput) }
        #expect(try errorCode { _ = try label(.sheet(scratch.url("none.csv"))) } == .missingInput)
        #expect(try history(photo) == before)
    }
}
