import Foundation
import Testing

/// Contact sheets through the built program, on drawn photos.
@Suite(.serialized) struct SheetTests {
    static let scratch = Scratch()
    /// A workspace of this suite's own: whoever draws a sheet holds it.
    static let workspace = (try? DemoStudy.shared.copy(in: scratch))?.path ?? ""

    private func sheet(_ arguments: String..., to file: String) throws -> Program.Outcome {
        try Program.run(
            ["sheet", "--json", "--workspace", Self.workspace, "--out", Self.scratch.path(file)] + arguments)
    }

    /// Width and height of a PNG, from its header (ISO/IEC 15948, 11.2.2).
    private func size(_ file: String) throws -> [Int] {
        let header = try Data(contentsOf: Self.scratch.url(file)).prefix(24)
        #expect(header.prefix(8) == Data([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]))
        return [header[16..<20], header[20..<24]].map { $0.reduce(0) { $0 << 8 | Int($1) } }
    }

    @Test func oneVolunteersTriggeredPhotosStandOnOneSheet() throws {
        let outcome = try sheet("--volunteer", "ada", "--trigger", "sunglasses", "--columns", "6", to: "ada.png")
        #expect(outcome.status == 0, "\(outcome.err)")
        #expect(outcome.json["photos"] as? Int == 19 && outcome.json["sheets"] as? Int == 1)
        #expect(outcome.json["files"] as? [String] == [Self.scratch.path("ada.png")])
        #expect(try size("ada.png") == [6 * 138, 26 + 4 * 194])
    }

    @Test func whatDoesNotFitOneSheetGoesOnTheNext() throws {
        let outcome = try sheet("--columns", "1", "--size", "48", to: "pages.png")
        #expect(outcome.json["photos"] as? Int == 550)
        #expect(
            outcome.json["files"] as? [String]
                == ["pages", "pages-2", "pages-3", "pages-4"].map { Self.scratch.path("\($0).png") })
        #expect(try ["pages.png", "pages-4.png"].map(size) == [[58, 26 + 140 * 114], [58, 26 + 130 * 114]])
    }

    @Test func aSessionIsShownWholeAndASecondSheetIsRefused() throws {
        #expect(try sheet("--session", "public-faces", to: "session.png").json["photos"] as? Int == 54)
        let again = try sheet("--session", "public-faces", to: "session.png")
        #expect(again.status == 65 && again.err.contains("there is something here already"))
    }

    @Test func noPhotoIsAnAnswerWithoutASheet() throws {
        let outcome = try sheet("--problem", "unlabelled", to: "none.png")
        #expect(outcome.status == 0 && outcome.json["photos"] as? Int == 0 && outcome.json["files"] as? [String] == [])
        #expect(!FileManager.default.fileExists(atPath: Self.scratch.path("none.png")))
    }

    @Test(arguments: [
        (["--session", "spring-gardn"], 66, "did you mean spring-garden?"),
        (["--volunteer", "../x"], 66, "there is no volunteer"),
        (["--trigger", "sunglases"], 66, "did you mean sunglasses?"),
        (["--problem", "no-fcae"], 64, "orientation-suspect"), (["--problem", "ugly"], 64, "cut-off"),
        (["--size", "9"], 64, "48 to 256"), (["--columns", "0"], 64, "1 to 40"),
    ])
    func whatCannotBeShownIsAnswered(_ arguments: [String], _ code: Int, _ words: String) throws {
        let outcome = try Program.run(
            ["sheet", "--workspace", Self.workspace, "--out", Self.scratch.path("bad.png")] + arguments)
        #expect(Int(outcome.status) == code)
        #expect(outcome.err.contains(words), "\(outcome.err)")
        #expect(!FileManager.default.fileExists(atPath: Self.scratch.path("bad.png")))
    }

    @Test func aPlaceThatCannotBeWrittenToIsNamed() throws {
        #expect(
            try sheet(
                "--volunteer", "ada",
                to: "\(Self.scratch.write("a file", to: "file").split(separator: "/").last!)/x.png"
            ).status == 74)
        #expect(try sheet(to: "sheet.jpg").status == 64)
        #expect(try Program.run("sheet", "--workspace", Self.workspace).status == 64)
    }
}
