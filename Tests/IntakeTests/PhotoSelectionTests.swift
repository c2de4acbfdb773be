import Core
import Foundation
import Intake
import Testing

@Suite struct PhotoSelectionTests {
    /// Runs `body` with five photos of two sessions. The third photo has no label, and the fifth has a suggestion.
    private func with(_ body: (Study) throws -> Void) throws {
        try Study.with { study in
            try study.run(
                Shoot(
                    "s1", in: study.parent,
                    sheet: ["a.png,a,none,none", "b.png,b,bandana+dots,on-face+off-face", "c.png,,,"],
                    files: ["a.png": png(1), "b.png": png(2), "c.png": png(3)]),
                Shoot(
                    "s2", in: study.parent, sheet: ["a.png,a,none,none", "d.png,a,dots,on-face", "e.png,,,"],
                    files: ["a.png": png(1), "d.png": png(4), "e.png": png(5)]))
            try study.catalog.append(
                labels: [(.sha256(of: png(5)), label("b", "dots", "on-face"))], source: .rule, made: "")
            let editor = LabelEditor(study.catalog, made: "")
            try editor.store(editor.edits(of: .named([PhotoReference("d.png")]), LabelChange(volunteer: "b")))
            try body(study)
        }
    }

    @Test(
        "A photo must meet all conditions",
        arguments: [
            ("volunteer=a", ["s1/a.png"]), ("volunteer=b", ["s1/b.png", "s2/d.png", "s2/e.png"]),
            ("trigger=none", ["s1/a.png"]), ("trigger=dots", ["s1/b.png", "s2/d.png", "s2/e.png"]),
            ("location=none", ["s1/a.png"]), ("location=on-face", ["s1/b.png", "s2/d.png", "s2/e.png"]),
            ("trigger=dots,location=off-face", ["s1/b.png"]),
            ("trigger=dots,location=on-face", ["s2/d.png", "s2/e.png"]),
            ("session=s2", ["s2/a.png", "s2/d.png", "s2/e.png"]), ("session=s2,volunteer=a", ["s2/a.png"]),
            ("source=none", ["s1/c.png"]), ("source=sheet", ["s1/a.png", "s1/b.png"]), ("source=review", ["s2/d.png"]),
            ("source=rule", ["s2/e.png"]), ("suggested=yes", ["s2/e.png"]),
            (" volunteer = b , suggested = no ", ["s1/b.png", "s2/d.png"]),
        ])
    func conditions(_ text: String, _ expected: [String]) throws {
        try with { study in
            let photos = try PhotoSelection(text).photos(in: study.catalog)
            #expect(photos.map(\.name).sorted() == expected)
            #expect(photos.map(\.photo) == photos.map(\.photo).sorted())
        }
    }

    @Test(
        "A text that is not a list of conditions is wrong usage",
        arguments: [
            ("", "\"\" is not KEY=VALUE"), ("a", "\"a\" is not KEY=VALUE"),
            ("volunteer=", "\"volunteer=\" is not KEY=VALUE"),
            ("volunteer=a,", "\"\" is not KEY=VALUE"), ("triger=dots", "unknown key \"triger\""),
            ("volunteer=a,volunteer=b", "the key volunteer is given twice"),
        ])
    func wrongText(_ text: String, _ message: String) throws {
        let error = #expect(throws: CurareError.self) { try PhotoSelection(text) }
        #expect(error?.code == .usage && error?.message == "--where: \(message)")
        #expect(error?.nextStep?.isEmpty == false)
    }

    @Test(
        "A value that does not exist is missing input, with the values that exist",
        arguments: [
            ("volunteer=c", "there is no volunteer \"c\"", "did you mean a? The values of volunteer: a, b"),
            ("session=x9z", "there is no session \"x9z\"", "The values of session: s1, s2"),
            (
                "location=nose", "there is no location \"nose\"",
                "did you mean none? The values of location: none, off-face, on-face"
            ),
            ("source=person", "there is no source \"person\"", "The values of source: none, sheet, review, rule"),
            ("suggested=maybe", "suggested cannot be \"maybe\"", "The values of suggested: yes, no"),
            (
                "volunteer=a,trigger=dots", "no photo matches volunteer=a,trigger=dots",
                "the photos with trigger=dots have these values of volunteer: b"
            ),
            (
                "trigger=bandana,location=off-face", "no photo matches trigger=bandana,location=off-face",
                "the photos with location=off-face have these values of trigger: dots"
            ),
        ])
    func noMatch(_ text: String, _ message: String, _ next: String) throws {
        try with { study in
            let error = #expect(throws: CurareError.self) { try PhotoSelection(text).photos(in: study.catalog) }
            #expect(error?.code == .missingInput)
            #expect((error?.message, error?.nextStep) == (message, next))
        }
    }

    @Test("A selection changes all its photos at once") func edits() throws {
        try with { study in
            let editor = LabelEditor(study.catalog, made: "")
            let choice = PhotoChoice.matching(try PhotoSelection("trigger=dots"))
            let edits = try editor.edits(of: choice, LabelChange(volunteer: "a"))
            #expect((edits.photos, edits.labelled, edits.unchanged) == (3, 3, 0))
            #expect(try study.catalog.counts().suggestions == 1, "nothing is stored yet")
            try editor.store(edits)
            #expect(try PhotoSelection("volunteer=a,trigger=dots,source=review").photos(in: study.catalog).count == 3)
        }
    }
}
