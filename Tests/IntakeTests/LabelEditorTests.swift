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

    private func newest(_ study: Study, _ number: Int) throws -> LabelRecord? {
        try study.catalog.labels(of: .sha256(of: png(number))).last
    }

    @Test("A reference is the start of an id or a file") func references() throws {
        let hex = PhotoID.sha256(of: png(1)).hex
        let ways: [(String, String)] = [(String(hex.prefix(6)), "dots"), (hex, "bandana"), ("s1/a.png", "sunglasses")]
        try with { study, editor throws in
            for (text, trigger) in ways {
                #expect(
                    try editor.label([PhotoReference(text)], volunteer: nil, trigger: trigger, location: "on-face")
                        == 1)
                #expect(try newest(study, 1)?.label == label("a", trigger, "on-face"))
            }
            #expect(
                try editor.label(
                    [PhotoReference("d/b.png"), PhotoReference("s2/a.png")], volunteer: "a", trigger: "none",
                    location: "") == 2)
            #expect(try newest(study, 2)?.label == label("a"))
            #expect(try newest(study, 2)?.source == .review)
            #expect(try newest(study, 2)?.made == "2026-05-05T00:00:00Z")
            #expect(try newest(study, 4)?.label == label("a"))
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

    @Test("All problems are reported, and no label is changed") func problems() throws {
        try with { study, editor in
            let before = try study.catalog.newestLabel()
            func problems(_ photos: [String], volunteer: String? = nil, trigger: String = "none", location: String = "")
                -> [String]
            {
                let error = #expect(throws: CurareError.self) {
                    try editor.label(
                        photos.map(PhotoReference.init), volunteer: volunteer, trigger: trigger, location: location)
                }
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
            #expect(try study.catalog.newestLabel() == before)
            #expect(
                try editor.label([PhotoReference("open.png")], volunteer: "b", trigger: "none", location: "none")
                    == 1)
        }
    }

    @Test("A sheet labels several photos") func sheet() throws {
        try with { study, editor in
            let sheet = study.parent.appending(path: "corrections.csv")
            try Data(
                "\u{feff}file;volunteer;trigger;location\r\ns1/a.png;b;dots;off-face\r\nopen.png;a;none;none\r\n".utf8
            ).write(to: sheet)
            #expect(try editor.label(sheet: sheet) == 2)
            #expect(try newest(study, 1)?.label == label("b", "dots", "off-face"))
            #expect(try newest(study, 1)?.source == .sheet)
            #expect(try newest(study, 3)?.label == label("a"))
        }
    }

    @Test("All problems of a sheet are reported, and no label is changed") func problemsOfSheet() throws {
        try with { study, editor in
            let before = try study.catalog.newestLabel()
            let sheet = study.parent.appending(path: "corrections.csv")
            func problems(_ text: String) throws -> [String] {
                try Data(text.utf8).write(to: sheet)
                let error = #expect(throws: CurareError.self) { try editor.label(sheet: sheet) }
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
                try editor.label(sheet: study.parent.appending(path: "none.csv"))
            }
            #expect(missing?.code == .missingInput)
        }
    }
}
