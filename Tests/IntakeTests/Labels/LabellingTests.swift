import Core
import Foundation
import Intake
import Testing

@Suite struct LabellingTests {
    /// Two sessions, each with an `a.png`, and a photo that nobody is named in.
    private func with(_ body: (Study, Labelling) throws -> Void) throws {
        try Study.with { study in
            try study.run(
                Shoot(
                    "s1", in: study.parent, sheet: ["a.png,a,none,none", "d/b.png,b,none,none", "open.png,,,"],
                    files: ["a.png": png(1), "d/b.png": png(2), "open.png": png(3)]),
                Shoot("s2", in: study.parent, sheet: ["a.png,a,none,none"], files: ["a.png": png(4)]))
            try body(study, Labelling(study.catalog, made: "2026-05-05T00:00:00Z"))
        }
    }

    private func newest(_ study: Study, _ number: Int) throws -> LabelRecord? {
        try study.catalog.labels(of: .sha256(of: png(number))).last
    }

    @Test func aPhotoIsNamedByItsIDOrByItsFile() throws {
        let hex = PhotoID.sha256(of: png(1)).hex
        let ways: [(String, String)] = [(String(hex.prefix(6)), "dots"), (hex, "bandana"), ("s1/a.png", "sunglasses")]
        try with { study, labelling throws in
            for (text, trigger) in ways {
                #expect(
                    try labelling.label([PhotoReference(text)], volunteer: nil, trigger: trigger, location: "on-face")
                        == 1)
                #expect(try newest(study, 1)?.label == label("a", trigger, "on-face"))
            }
            #expect(
                try labelling.label(
                    [PhotoReference("d/b.png"), PhotoReference("s2/a.png")], volunteer: "a", trigger: "none",
                    location: "") == 2)
            #expect(try newest(study, 2)?.label == label("a"))
            #expect(try newest(study, 2)?.source == .review)
            #expect(try newest(study, 2)?.made == "2026-05-05T00:00:00Z")
            #expect(try newest(study, 4)?.label == label("a"))
        }
    }

    @Test func aNameOfSeveralPhotosIsAmbiguousAndOneOfNoneIsMissing() throws {
        try with { study, _ throws in
            let several = #expect(throws: CurareError.self) { try PhotoReference("a.png").photo(in: study.catalog) }
            #expect(several?.code == .badInput)
            let ids = [1, 4].map { PhotoID.sha256(of: png($0)) }.sorted().map(\.short).joined(separator: ", ")
            #expect(several?.message == "\"a.png\" names several photos: \(ids)")
            let hex = PhotoID.sha256(of: png(1)).hex
            for text in ["", "none.png", "s3/a.png", "s1/b.png", String(hex.prefix(5)), hex.uppercased(), "%"] {
                let none = #expect(throws: CurareError.self, "\(text)") {
                    try PhotoReference(text).photo(in: study.catalog)
                }
                #expect(none?.code == .missingInput)
            }
        }
    }

    @Test func everyProblemIsSaidAndNothingIsChanged() throws {
        try with { study, labelling in
            let before = try study.catalog.newestLabel()
            func problems(_ photos: [String], volunteer: String? = nil, trigger: String = "none", location: String = "")
                -> [String]
            {
                let refusal = #expect(throws: CurareError.self) {
                    try labelling.label(
                        photos.map(PhotoReference.init), volunteer: volunteer, trigger: trigger, location: location)
                }
                #expect(refusal?.code == .badInput)
                return refusal?.problems.map(\.message) ?? []
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
            #expect(problems(["s1/a.png"], volunteer: "B").first?.hasPrefix("\"B\" is no volunteer's name") == true)
            #expect(
                problems(["open.png"]).first == "nobody has said yet who is in it: name the person with --volunteer")
            #expect(try study.catalog.newestLabel() == before)
            #expect(
                try labelling.label([PhotoReference("open.png")], volunteer: "b", trigger: "none", location: "none")
                    == 1)
        }
    }

    @Test func aSheetLabelsManyPhotosAtOnce() throws {
        try with { study, labelling in
            let sheet = study.parent.appending(path: "corrections.csv")
            try Data(
                "\u{feff}file;volunteer;trigger;location\r\ns1/a.png;b;dots;off-face\r\nopen.png;a;none;none\r\n".utf8
            ).write(to: sheet)
            #expect(try labelling.label(sheet: sheet) == 2)
            #expect(try newest(study, 1)?.label == label("b", "dots", "off-face"))
            #expect(try newest(study, 1)?.source == .sheet)
            #expect(try newest(study, 3)?.label == label("a"))
        }
    }

    @Test func everyProblemOfASheetIsSaidAndNothingIsChanged() throws {
        try with { study, labelling in
            let before = try study.catalog.newestLabel()
            let sheet = study.parent.appending(path: "corrections.csv")
            func problems(_ text: String) throws -> [String] {
                try Data(text.utf8).write(to: sheet)
                let refusal = #expect(throws: CurareError.self) { try labelling.label(sheet: sheet) }
                #expect(refusal?.code == .badInput)
                return refusal?.problems.map(\.description) ?? []
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
            #expect(found.contains("corrections.csv:4: the photo stands in line 2 too"))
            #expect(found.contains("corrections.csv:6: the volunteer is empty"))
            #expect(
                try problems("file,volunteer,trigger,location,note\ns1/a.png,a,none,none,x").first?.hasPrefix(
                    "corrections.csv:1: unknown column \"note\"") == true)
            #expect(try study.catalog.newestLabel() == before)
            let missing = #expect(throws: CurareError.self) {
                try labelling.label(sheet: study.parent.appending(path: "none.csv"))
            }
            #expect(missing?.code == .missingInput)
        }
    }
}
