import Catalog
import Core
import Foundation
import Intake
import Testing

@Suite struct LabelEditorTests {
    /// Runs `body` with two sessions, each with a file `a.png`, and with a photo without a label.
    private func with(_ body: (Study, LabelEditor) throws -> Void) throws {
        try Study.with { study in
            try study.run(
                Shoot(
                    "s1", in: study.parent, sheet: ["a.png,a,none,none", "d/b.png,b,none,none", "open.png,,,"],
                    files: ["a.png": png(1), "d/b.png": png(2), "open.png": png(3)]),
                Shoot("s2", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(4)]))
            try body(study, LabelEditor(study.catalog, made: "2026-05-05T00:00:00Z"))
        }
    }

    /// Stores a change of the named photos, and returns the counts: labels, boxes, unchanged photos.
    @discardableResult
    private func edit(_ editor: LabelEditor, _ photos: [String], _ change: LabelChange) throws -> [Int] {
        let edits = try editor.edits(of: .named(photos.map(PhotoReference.init)), change)
        try editor.store(edits)
        return [edits.labelled, edits.boxes, edits.unchanged]
    }

    private func newest(_ study: Study, _ number: Int) throws -> LabelRecord? {
        try study.catalog.labels(of: .sha256(of: png(number))).last
    }

    @Test("A reference is the start of an id or a file") func references() throws {
        let hex = PhotoID.sha256(of: png(1)).hex
        let ways: [(String, String)] = [(String(hex.prefix(6)), "dots"), (hex, "bandana"), ("s1/a.png", "sunglasses")]
        try with { study, editor throws in
            for (text, trigger) in ways {
                #expect(
                    try edit(editor, [text], LabelChange(trigger: trigger, location: "on-face")) == [1, 0, 0])
                #expect(try newest(study, 1)?.label == label("a", trigger, "on-face"))
            }
            #expect(
                try edit(editor, ["d/b.png", "s1/a.png"], LabelChange(volunteer: "a", trigger: "none")) == [2, 0, 0])
            #expect(try newest(study, 2)?.label == label("a"))
            #expect(try newest(study, 2)?.source == .review)
            #expect(try newest(study, 2)?.made == "2026-05-05T00:00:00Z")
            #expect(try newest(study, 1)?.label == label("a"))
        }
    }

    @Test("A reference to several photos is bad input, and to no photo is missing input") func unclearReferences()
        throws
    {
        try with { study, _ throws in
            let several = #expect(throws: CurareError.self) { try PhotoReference("a.png").photo(in: study.catalog) }
            #expect(several?.code == .badInput)
            let ids = [1, 4].map { PhotoID.sha256(of: png($0)) }.sorted().map(\.short).joined(separator: ", ")
            #expect(several?.message == "\"a.png\" matches several photos: \(ids)")
            let hex = PhotoID.sha256(of: png(1)).hex
            for text in ["", "none.png", "s3/a.png", "s1/b.png", String(hex.prefix(5)), hex.uppercased(), "%"] {
                let none = #expect(throws: CurareError.self, "\(text)") {
                    try PhotoReference(text).photo(in: study.catalog)
                }
                #expect(none?.code == .missingInput)
            }
        }
    }

    @Test(
        "A reference with a mistyped file name or session names the photo",
        arguments: [
            ("A.PNG", "a.png"), ("s1/A.png", "s1/a.png"), ("s1/d/b.jpg", "s1/d/b.png"), ("opem.png", "open.png"),
            ("s9/open.png", "s1/open.png"), ("photos/sessions/s1/d/b.png", "s1/d/b.png"), ("/x/s1/a.png", "s1/a.png"),
        ])
    func mistypedReferences(_ text: String, _ meant: String) throws {
        try with { study, editor in
            let error = #expect(throws: CurareError.self) { try PhotoReference(text).photo(in: study.catalog) }
            #expect(error?.nextStep == "did you mean \(meant)?")
            let labels = #expect(throws: CurareError.self) {
                try editor.edits(of: .named([PhotoReference(text)]), LabelChange(trigger: "none"))
            }
            #expect(labels?.problems.map(\.message) == ["there is no photo \"\(text)\"; did you mean \(meant)?"])
        }
    }

    @Test("All problems are reported, and no label is changed") func problems() throws {
        try with { study, editor in
            let before = try study.catalog.newestLabel()
            func problems(
                _ photos: [String], volunteer: String? = nil, trigger: String? = "none", location: String? = nil,
                box: String? = nil
            ) -> [String] {
                let change = LabelChange(volunteer: volunteer, trigger: trigger, location: location, triggerBox: box)
                let error = #expect(throws: CurareError.self) { try edit(editor, photos, change) }
                #expect(error?.code == .badInput)
                return error?.problems.map(\.message) ?? []
            }
            #expect(problems(["s1/a.png", "none.png", "a.png"]).count == 2)
            #expect(
                problems(["s1/a.png"], trigger: "hat", location: "on-face").first?.hasPrefix("unknown trigger \"hat\"")
                    == true)
            #expect(
                problems(["s1/a.png"], trigger: "dots") == [
                    "the trigger dots has no location; write on-face or off-face"
                ])
            #expect(problems(["s1/a.png"], location: "on-face").count == 1)
            #expect(problems(["s1/a.png"], volunteer: "c") == ["unknown volunteer c; did you mean a?"])
            #expect(problems(["s1/a.png"], volunteer: "B").first?.hasPrefix("\"B\" is not a volunteer name") == true)
            #expect(
                problems(["open.png"]).first == "the photo has no label yet; name the person with --volunteer")
            #expect(
                problems(["open.png"], volunteer: "a", trigger: nil) == [
                    "the photo has no label yet; name the trigger with --trigger, or write none"
                ])
            #expect(
                problems(["s1/a.png"], trigger: nil, location: "on-face") == [
                    "the photo shows no trigger; name the trigger with --trigger too"
                ])
            #expect(problems(["s1/a.png"], trigger: nil, location: "nose").count == 1)
            for box in ["", "1 2 3", "1 2 3 4 5", "a b c d", "1 2 0 4", "1,2,3,4"] {
                #expect(
                    problems(["s1/a.png"], trigger: nil, box: box) == [
                        "\"\(box)\" is not a box; write x y width height in whole pixels of the upright photo, or none to remove the box"
                    ])
            }
            let outside = "the box 15 1 9 9 extends outside the upright photo of 20 × 15 pixels"
            #expect(problems(["s1/a.png", "d/b.png"], trigger: nil, box: "15 1 9 9") == [outside, outside])
            #expect(problems(["s1/a.png"], volunteer: "b", box: "1 2 3").count == 1, "the label stays too")
            #expect(try study.catalog.newestLabel() == before)
            #expect(
                try edit(
                    editor, ["open.png"], LabelChange(volunteer: "b", trigger: "none", location: "none")) == [1, 0, 0])
        }
    }

    @Test("A value that is left out stays") func oneValueAtATime() throws {
        try with { study, editor throws in
            let changes: [(LabelChange, Label)] = [
                (LabelChange(trigger: "dots", location: "off-face"), label("a", "dots", "off-face")),
                (LabelChange(volunteer: "b"), label("b", "dots", "off-face")),
                (LabelChange(trigger: "bandana"), label("b", "bandana", "off-face")),
                (LabelChange(location: "on-face"), label("b", "bandana", "on-face")),
                (
                    LabelChange(trigger: "bandana+sunglasses", location: "on-face+on-face"),
                    label("b", "bandana+sunglasses", "on-face+on-face")
                ),
                (LabelChange(location: "on-face+off-face"), label("b", "bandana+sunglasses", "on-face+off-face")),
                (LabelChange(volunteer: "a"), label("a", "bandana+sunglasses", "on-face+off-face")),
                (LabelChange(trigger: "none"), label("a")),
                (LabelChange(volunteer: "b"), label("b")),
            ]
            for (change, expected) in changes {
                #expect(try edit(editor, ["s1/a.png"], change) == [1, 0, 0], "\(change)")
                #expect(try newest(study, 1)?.label == expected)
            }
        }
    }

    @Test("Two triggers in place of one have no location to keep") func noLocationToKeep() throws {
        try with { study, editor throws in
            try edit(editor, ["s1/a.png"], LabelChange(trigger: "dots", location: "off-face"))
            let before = try study.catalog.newestLabel()
            for change in [LabelChange(trigger: "bandana+dots"), LabelChange(location: "on-face+on-face")] {
                #expect(throws: CurareError.self) { try edit(editor, ["s1/a.png"], change) }
            }
            #expect(try study.catalog.newestLabel() == before)
        }
    }

    @Test("An equal label by a person adds no history, and an equal suggestion is confirmed") func unchanged() throws {
        try with { study, editor throws in
            let before = try study.catalog.newestLabel()
            let change = LabelChange(volunteer: "a", trigger: "none")
            #expect(try edit(editor, ["s1/a.png", "s2/a.png"], change) == [0, 0, 2])
            #expect(try study.catalog.newestLabel() == before)
            try study.catalog.append(
                labels: [(.sha256(of: png(3)), label("a"))], source: .rule, made: "2026-05-05T00:00:00Z")
            #expect(try edit(editor, ["s1/a.png", "open.png", "d/b.png"], change) == [2, 0, 1])
            #expect(try study.catalog.labels(of: .sha256(of: png(3))).map(\.source) == [.rule, .review])
            #expect(try edit(editor, ["open.png"], change) == [0, 0, 1])
            let sheet = study.parent.appending(path: "corrections.csv")
            try Data("file,volunteer,trigger,location\ns1/a.png,a,none,none\nd/b.png,b,none,none\n".utf8).write(
                to: sheet)
            let edits = try editor.edits(sheet: sheet)
            #expect((edits.labelled, edits.unchanged, edits.photos) == (1, 1, 2))
        }
    }

    @Test("Boxes are set and removed, with and without a label") func boxes() throws {
        try with { study, editor throws in
            let photos = ["s1/a.png", "open.png"]
            func box(_ region: Region) throws -> [Box?] {
                let known = try study.catalog.known()
                return [1, 3].map { known[.sha256(of: png($0))]?.boxes[region] }
            }
            let change = LabelChange(triggerBox: "1 2 3 4", faceBox: "0 0 20 15")
            #expect(try edit(editor, photos, change) == [0, 4, 0])
            #expect(try edit(editor, photos, change) == [0, 0, 2])
            #expect(try box(.trigger) == [Box(x: 1, y: 2, width: 3, height: 4), Box(x: 1, y: 2, width: 3, height: 4)])
            #expect(try study.fact(png(3))?.face.marked == Box(x: 0, y: 0, width: 20, height: 15))
            #expect(try edit(editor, ["s1/a.png"], LabelChange(volunteer: "b", triggerBox: "none")) == [1, 1, 0])
            #expect(try box(.trigger) == [nil, Box(x: 1, y: 2, width: 3, height: 4)])
            #expect(try edit(editor, photos, LabelChange(triggerBox: "none", faceBox: "none")) == [0, 3, 0])
            #expect(try box(.face) == [nil, nil])
            #expect(try newest(study, 1)?.label == label("b"))
        }
    }

    @Test("An undo restores the label before, and a second undo the one before that") func undo() throws {
        try with { study, editor throws in
            try edit(editor, ["s1/a.png"], LabelChange(trigger: "dots", location: "on-face"))
            try edit(editor, ["s1/a.png"], LabelChange(volunteer: "b"))
            let photo = PhotoChoice.named([PhotoReference("s1/a.png")])
            for expected in [label("a", "dots", "on-face"), label("a")] {
                try editor.store(editor.undo(photo))
                #expect(try newest(study, 1)?.label == expected)
                #expect(try newest(study, 1)?.source == .review)
            }
            #expect(try study.catalog.labels(of: .sha256(of: png(1))).map(\.restores) == [nil, nil, nil, 4, 1])
        }
    }

    @Test("An undo without an earlier label is a problem, and changes no photo") func noUndo() throws {
        try with { study, editor throws in
            try edit(editor, ["s1/a.png"], LabelChange(volunteer: "b"))
            let before = try study.catalog.newestLabel()
            let photos = ["s1/a.png", "d/b.png", "open.png"].map(PhotoReference.init)
            let error = #expect(throws: CurareError.self) { try editor.store(editor.undo(.named(photos))) }
            #expect(
                error?.problems.map(\.description) == [
                    "d/b.png: the photo has no earlier label to go back to; give it a new label with curare label",
                    "open.png: no person gave the photo a label, so there is nothing to undo",
                ])
            #expect(try study.catalog.newestLabel() == before)
        }
    }

    @Test("A sheet labels several photos") func sheet() throws {
        try with { study, editor in
            let sheet = study.parent.appending(path: "corrections.csv")
            try Data(
                "\u{feff}file;volunteer;trigger;location\r\ns1/a.png;b;dots;off-face\r\nopen.png;a;none;none\r\n".utf8
            ).write(to: sheet)
            let edits = try editor.edits(sheet: sheet)
            #expect(edits.labelled == 2)
            try editor.store(edits)
            #expect(try newest(study, 1)?.label == label("b", "dots", "off-face"))
            #expect(try newest(study, 1)?.source == .review)
            #expect(try newest(study, 3)?.label == label("a"))
        }
    }

    @Test("All problems of a sheet are reported, and no label is changed") func problemsOfSheet() throws {
        try with { study, editor in
            let before = try study.catalog.newestLabel()
            let sheet = study.parent.appending(path: "corrections.csv")
            func problems(_ text: String) throws -> [String] {
                try Data(text.utf8).write(to: sheet)
                let error = #expect(throws: CurareError.self) { try editor.edits(sheet: sheet) }
                #expect(error?.code == .badInput)
                return error?.problems.map(\.description) ?? []
            }
            let rows = [
                "s1/a.png,a,dots,on-face", "a.png,a,none,none", "s1/a.png,b,none,none", "none.png,zed,hat,on-face",
                "open.png,,,", "s2/a.png,a,none,none,more",
            ]
            let found = try problems((["file,volunteer,trigger,location"] + rows).joined(separator: "\n"))
            #expect(
                Set(found.map { String($0.prefix { $0 != " " }) }) == [
                    "corrections.csv:3:", "corrections.csv:4:", "corrections.csv:5:", "corrections.csv:6:",
                    "corrections.csv:7:",
                ])
            #expect(found.contains("corrections.csv:4: line 2 has the same photo; delete one of the two rows"))
            #expect(found.contains("corrections.csv:6: the volunteer is empty; name the person in the photo"))
            #expect(
                try problems("file,volunteer,trigger,location,note\ns1/a.png,a,none,none,x").first?.hasPrefix(
                    "corrections.csv:1: unknown column \"note\"") == true)
            #expect(try study.catalog.newestLabel() == before)
            let missing = #expect(throws: CurareError.self) {
                try editor.edits(sheet: study.parent.appending(path: "none.csv"))
            }
            #expect(missing?.code == .missingInput)
        }
    }
}
