import Catalog
import Core
import Foundation
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

    @Test("A label by curare label remains until an import with --relabel") func reviewLabel() throws {
        try Study.with { study in
            let (shoot, id) = try imported(study)
            try LabelEditor(study.catalog, made: "2026-05-05T00:00:00Z").label(
                [PhotoReference("s1/a.png")], volunteer: nil, trigger: "dots", location: "on-face")
            let report = try study.run(shoot)
            #expect((report.labelled, report.corrected) == (0, 0))
            #expect(try study.catalog.label(of: id)?.label == label("a", "dots", "on-face"))
            #expect(
                try study.plan(shoot)[0].discrepancies.map(\.message) == [
                    "a.png: the catalog has a with dots on-face, the session folder has a without a trigger"
                ])
            #expect(try study.run(shoot, relabel: true).corrected == 1)
            #expect(try study.catalog.label(of: id)?.label == label("a"))
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
