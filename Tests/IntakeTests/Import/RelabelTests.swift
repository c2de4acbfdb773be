import Catalog
import Core
import Foundation
import Imaging
import Intake
import Testing

/// Discrepancies between a sheet and the catalog: always listed, and applied with --relabel.
@Suite struct RelabelTests {
    private let more = ",box,face_box,also,note"

    private func imported(_ study: Study) throws -> (Shoot, PhotoID) {
        let shoot = try Shoot(
            "s1", in: study.parent, sheet: ["a.png,a,none,none,1 1 2 2,,b,old"], more: more, files: ["a.png": png(1)])
        try study.run(shoot)
        return (shoot, .sha256(of: png(1)))
    }

    @Test("Discrepancies are listed, and applied with --relabel") func apply() throws {
        try Study.with { study in
            let (shoot, id) = try imported(study)
            let s1 = SessionName("s1")!
            try shoot.sheet(["a.png,b,dots,on-face,3 3 4 4,5 5 6 6,c,new"], more: more)
            try shoot.describe(consent: "missing", more: "place: Kiel\n")
            let before = try study.catalog.known([id])
            #expect(
                try study.plan(shoot)[0].discrepancies.map { "\($0.location): \($0.message)" } == [
                    "s1/session.yaml: consent: the catalog has signed, the description has missing; place: the catalog has nothing, the description has Kiel",
                    "s1/session.csv:2: a.png: the catalog has a without a trigger, the session folder has b with dots on-face",
                    "s1/session.csv:2: a.png: the session folder has a different list of people in also",
                    "s1/session.csv:2: a.png: the session folder has a different box",
                    "s1/session.csv:2: a.png: the session folder has a different face_box",
                    "s1/session.csv:2: a.png: the session folder has a different note",
                ])
            #expect(try study.run(shoot).corrected == 0)
            #expect(try study.catalog.known([id]) == before)
            #expect(try study.catalog.session(s1)?.consent == .signed)

            #expect(try study.run(shoot, relabel: true).corrected == 6)
            #expect(
                try study.catalog.known([id])[id]
                    == KnownPhoto(
                        label: label("b", "dots", "on-face"), notes: [s1: "new"], coSubjects: [VolunteerName("c")!],
                        boxes: [
                            .trigger: Box(x: 3, y: 3, width: 4, height: 4), .face: Box(x: 5, y: 5, width: 6, height: 6),
                        ]))
            #expect(try study.catalog.labels(of: id).map(\.label) == [label("a"), label("b", "dots", "on-face")])
            #expect(try study.catalog.session(s1)?.consent == .missing)
            #expect(try study.catalog.session(s1)?.place == "Kiel")
            #expect(try study.plan(shoot)[0].discrepancies == [])
            #expect(try study.run(shoot, relabel: true).corrected == 0)
        }
    }

    @Test("Values that were removed from the sheet are removed from the catalog") func removedValues() throws {
        try Study.with { study in
            let (shoot, id) = try imported(study)
            try shoot.sheet(["a.png,a,none,none,,,,"], more: more)
            try study.run(shoot, relabel: true)
            #expect(
                try study.catalog.known([id])[id] == KnownPhoto(label: label("a"), notes: [SessionName("s1")!: nil]))
        }
    }

    /// A person named only in a row that was not applied has no photo in the catalog.
    @Test("People in rows that were not applied are not added to the catalog") func namesWithoutRelabel() throws {
        try Study.with { study in
            let (shoot, _) = try imported(study)
            try shoot.sheet(["a.png,b,none,none,1 1 2 2,,c,old"], more: more)
            try study.run(shoot)
            #expect(try study.catalog.volunteers().map(\.name.text) == ["a", "b"])
            #expect(
                try study.catalog.facts().map(\.consented) == [false], "b is visible and has no session with consent")
            try study.run(shoot, relabel: true)
            #expect(try study.catalog.volunteers().map(\.name.text) == ["a", "b", "c"])
        }
    }

    @Test("A row without a label is not a discrepancy") func emptyLabel() throws {
        try Study.with { study in
            let (shoot, _) = try imported(study)
            try shoot.sheet(["a.png,,,,1 1 2 2,,b,old"], more: more)
            #expect(try study.plan(shoot)[0].discrepancies == [])
        }
    }

    private let made = "2026-05-05T00:00:00Z"

    /// Corrects `s1/a.png` by hand.
    private func correct(_ study: Study, _ change: LabelChange) throws {
        let editor = LabelEditor(study.catalog, made: made)
        try editor.store(editor.edits(of: .named([PhotoReference("s1/a.png")]), change))
    }

    private func labels(_ study: Study, _ id: PhotoID) throws -> [String] {
        try study.catalog.labels(of: id).map { "\($0.label.volunteer) \($0.label.triggerState) \($0.source.rawValue)" }
    }

    @Test("A label by curare label remains while the sheet is unchanged, also with --relabel")
    func correctedLabel() throws {
        try Study.with { study in
            let (shoot, id) = try imported(study)
            try correct(study, LabelChange(trigger: "dots", location: "on-face"))
            for relabel in [false, true] {
                let report = try study.run(shoot, relabel: relabel)
                #expect((report.labelled, report.corrected, report.keptCorrections) == (0, 0, 1))
                #expect(try study.plan(shoot)[0].discrepancies == [])
                #expect(try labels(study, id) == ["a none sheet", "a dots on-face review"])
            }
        }
    }

    @Test("A sheet that changed after a correction is newer: it is listed, and applied with --relabel")
    func changedSheet() throws {
        try Study.with { study in
            let (shoot, id) = try imported(study)
            try correct(study, LabelChange(trigger: "dots", location: "on-face"))
            try shoot.sheet(["a.png,a,bandana,on-face,1 1 2 2,,b,old"], more: more)
            #expect(
                try study.plan(shoot)[0].discrepancies.map(\.message) == [
                    "a.png: the catalog has a with dots on-face, corrected with curare label, the session folder has a with bandana on-face"
                ])
            let listed = try study.run(shoot)
            #expect((listed.corrected, listed.keptCorrections, listed.replacedCorrections) == (0, 0, 0))
            #expect(try study.catalog.label(of: id)?.label == label("a", "dots", "on-face"))
            let applied = try study.run(shoot, relabel: true)
            #expect((applied.corrections, applied.replacedCorrections) == ([.labels: 1], 1))
            #expect(try study.catalog.label(of: id)?.label == label("a", "bandana", "on-face"))
            #expect(try study.run(shoot, relabel: true).keptCorrections == 0)
        }
    }

    @Test("A sheet that takes over a correction becomes the last sheet, so that the next correction remains too")
    func agreement() throws {
        try Study.with { study in
            let (shoot, id) = try imported(study)
            try correct(study, LabelChange(trigger: "dots", location: "on-face", triggerBox: "5 5 5 5"))
            try shoot.sheet(["a.png,a,dots,on-face,5 5 5 5,,b,old"], more: more)
            for _ in 0..<2 {
                let report = try study.run(shoot)
                #expect((report.corrected, report.keptCorrections, report.labelled) == (0, 0, 0))
            }
            let history = ["a none sheet", "a dots on-face review", "a dots on-face sheet"]
            #expect(try labels(study, id) == history)
            #expect(try study.catalog.known([id])[id]?.correctedRegions == [])
            try correct(study, LabelChange(volunteer: "b", triggerBox: "1 1 3 3"))
            #expect(try study.run(shoot, relabel: true).keptCorrections == 2)
            #expect(try labels(study, id) == history + ["b dots on-face review"])
            #expect(try study.catalog.known([id])[id]?.boxes[.trigger] == Box(x: 1, y: 1, width: 3, height: 3))
        }
    }

    @Test("Boxes set or removed by hand remain while the sheet is unchanged", arguments: ["3 3 4 4", "none"])
    func correctedBox(_ box: String) throws {
        try Study.with { study in
            let (shoot, id) = try imported(study)
            try correct(study, LabelChange(triggerBox: box, faceBox: "2 2 9 9"))
            let boxes = try study.catalog.known([id])[id]?.boxes
            let report = try study.run(shoot, relabel: true)
            #expect((report.corrected, report.keptCorrections) == (0, 2))
            #expect(try study.catalog.known([id])[id]?.boxes == boxes)
            #expect(boxes?[.face] == Box(x: 2, y: 2, width: 9, height: 9))
            #expect(boxes?[.trigger] == (box == "none" ? nil : Box(x: 3, y: 3, width: 4, height: 4)))
            try shoot.sheet(["a.png,a,none,none,1 1 5 5,,b,old"], more: more)
            #expect(
                try study.plan(shoot)[0].discrepancies.map(\.message) == [
                    "a.png: the session folder has a different box; the catalog's box was corrected with curare label"
                ])
            let changed = try study.run(shoot, relabel: true)
            #expect((changed.corrections, changed.keptCorrections, changed.replacedCorrections) == ([.boxes: 1], 1, 1))
            #expect(try study.catalog.known([id])[id]?.boxes[.trigger] == Box(x: 1, y: 1, width: 5, height: 5))
        }
    }

    @Test("Boxes, notes and other people of a sheet are applied alone") func detailsAlone() throws {
        try Study.with { study in
            let (shoot, id) = try imported(study)
            try shoot.sheet(["a.png,b,dots,on-face,3 3 4 4,5 5 6 6,c,new"], more: more)
            try shoot.describe(more: "place: Kiel\n")
            let report = try study.run(shoot, update: .details)
            #expect(report.corrections == [.boxes: 2, .notes: 1, .also: 1])
            #expect(report.corrected == 4)
            #expect(try labels(study, id) == ["a none sheet"])
            #expect(try study.catalog.session(SessionName("s1")!)?.place == nil)
            let known = try study.catalog.known([id])[id]
            #expect(known?.coSubjects == [VolunteerName("c")!] && known?.notes == [SessionName("s1")!: "new"])
            #expect(known?.boxes.count == 2 && known?.sheetBoxes == known?.boxes)
            #expect(try study.plan(shoot)[0].discrepancies.map(\.correction.kind) == [.sessions, .labels])
        }
    }

    @Test("A dry run counts what it would apply") func dryRun() throws {
        try Study.with { study in
            let (shoot, id) = try imported(study)
            try shoot.sheet(["a.png,b,none,none,,,b,old"], more: more)
            let importer = Importer(study.workspace, study.catalog, threads: ThreadBudget(1), limits: DecodingLimits())
            { "" }
            #expect(try importer.dryRun(study.plan(shoot), .all) { _ in }.corrections == [.labels: 1, .boxes: 1])
            #expect(try importer.dryRun(study.plan(shoot), .details) { _ in }.corrections == [.boxes: 1])
            #expect(try importer.dryRun(study.plan(shoot)) { _ in }.corrected == 0)
            #expect(try labels(study, id) == ["a none sheet"])
        }
    }

    @Test("A corrected label of a row without a location does not stop the import") func openLocation() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,dots,,8 5 3 3"], more: ",box", files: ["a.png": png(1)])
            try study.run(shoot)
            try correct(study, LabelChange(volunteer: "a", trigger: "bandana", location: "on-face"))
            let report = try study.run(shoot, relabel: true)
            #expect((report.labelled, report.corrected, report.keptCorrections) == (0, 0, 1))
            #expect(try labels(study, .sha256(of: png(1))) == ["a bandana on-face review"])
        }
    }

    @Test("A correction of a photo of two sessions remains while both sheets are unchanged") func correctedShared()
        throws
    {
        try Study.with { study in
            let (first, id) = try imported(study)
            let second = try Shoot("s2", in: study.parent, sheet: ["x.png,a,none,none"], files: ["x.png": png(1)])
            try study.run(second)
            try correct(study, LabelChange(trigger: "dots", location: "on-face"))
            try second.sheet(["x.png,a,dots,on-face"])
            #expect(try study.run(first, second, relabel: true).keptCorrections == 1)
            #expect(try study.run(second, first, relabel: true).corrected == 0)
            #expect(try study.catalog.label(of: id)?.label == label("a", "dots", "on-face"))
            let third = try Shoot("s3", in: study.parent, sheet: ["y.png,a,none,none"], files: ["y.png": png(1)])
            #expect(try study.problems(third).count == 1, "a new session must not contradict a correction")
        }
    }

    @Test("A photo of two sessions keeps the values of both sheets") func sharedPhoto() throws {
        try Study.with { study in
            let (first, id) = try imported(study)
            let second = try Shoot(
                "s2", in: study.parent, sheet: ["x.png,a,none,none,,,c,mine"], more: more, files: ["x.png": png(1)])
            try study.run(second)
            #expect(try study.plan(first)[0].discrepancies == [])
            #expect(try study.plan(second)[0].discrepancies == [])
            #expect(try study.catalog.known([id])[id]?.coSubjects.map(\.text).sorted() == ["b", "c"])
            #expect(try study.catalog.sessionPhotos(of: id).map(\.note) == ["old", "mine"])
        }
    }
}
