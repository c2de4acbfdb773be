import Testing

@testable import Imaging

@Suite struct ContactSheetTests {
    let sheet = ContactSheet(size: 48, columns: 2)

    private func plain(_ colour: [UInt8], _ width: Int = 48, _ height: Int = 48) -> Picture {
        Picture(width: width, height: height, rgb: Array(repeating: colour, count: width * height).flatMap(\.self))!
    }

    private func cell(_ colour: [UInt8], _ caption: [String] = [], _ mark: ContactSheet.Mark? = nil)
        -> ContactSheet.Cell
    {
        ContactSheet.Cell(picture: plain(colour), caption: caption, mark: mark)
    }

    @Test func thumbnailsAreArrangedRowByRowBelowTheHeading() throws {
        let drawn = try sheet.picture([cell([10, 20, 30]), cell([40, 50, 60]), cell([70, 80, 90])], heading: "")
        #expect((drawn.width, drawn.height) == (116, 26 + 2 * 114))
        #expect(
            drawn.pixel(5, 31) == [10, 20, 30] && drawn.pixel(52, 78) == [10, 20, 30]
                && drawn.pixel(53, 79) == [255, 255, 255] && drawn.pixel(4, 30) == [255, 255, 255])
        #expect(drawn.pixel(63, 31) == [40, 50, 60] && drawn.pixel(5, 145) == [70, 80, 90])
        #expect(drawn.pixel(63, 145) == [255, 255, 255], "the last row has one thumbnail")
    }

    @Test func sheetWithFewCellsIsNarrowAndEmptySheetHasAHeading() throws {
        #expect(try ContactSheet(size: 48, columns: 20).picture([cell([0, 0, 0])], heading: "one").width == 58)
        #expect(try sheet.picture([], heading: "none").height == 140)
    }

    @Test func thumbnailThatIsNotSquareIsCentred() throws {
        let drawn = try sheet.picture([ContactSheet.Cell(picture: plain([1, 2, 3], 96, 48), caption: [])], heading: "")
        #expect(
            drawn.pixel(5, 30 + 12) == [255, 255, 255] && drawn.pixel(5, 31 + 12) == [1, 2, 3]
                && drawn.pixel(52, 31 + 35) == [1, 2, 3] && drawn.pixel(5, 31 + 36) == [255, 255, 255])
    }

    @Test func markDrawsAColouredFrameAndText() throws {
        let drawn = try sheet.picture(
            [cell([0, 0, 0], ["a"], ContactSheet.Mark("no-face", .red)), cell([0, 0, 0], ["a"])], heading: "")
        #expect(drawn.pixel(3, 29) == [0xc6, 0x28, 0x28] && drawn.pixel(54, 80) == [0xc6, 0x28, 0x28])
        #expect(drawn.pixel(61, 29) == [255, 255, 255])
        #expect(columns(of: drawn, rows: 84..<140) { $0[0] > 150 && $0[1] < 120 && $0[2] < 120 }.isEmpty == false)
    }

    @Test func textIsClippedAtTheCell() throws {
        let drawn = try sheet.picture(
            [cell([0, 0, 0], [String(repeating: "W", count: 500), "WWWWWWWWWWWWWWWWWW"])], heading: "")
        let inked = columns(of: drawn, rows: 80..<140) { $0[0] < 128 }
        #expect(inked.min() ?? 0 >= 5 && inked.max() ?? 99 < 53)
    }

    @Test(arguments: [
        "</text></svg><rect width=\"999\" height=\"999\" fill=\"#ff0000\"/>", "&lt;&#1;&bomb;", "<&\"'>",
        "\u{0}\u{1b}[31m\u{7f}\u{9f}\u{fffe}", "مرحبا 日本 👩‍🔬", "]]>--><!--",
    ])
    func textIsNeverInterpretedAsMarkup(_ words: String) throws {
        let drawn = try sheet.picture(
            [cell([0, 0, 0], [words, words], ContactSheet.Mark("x", .orange))], heading: words)
        #expect(columns(of: drawn, rows: 0..<drawn.height) { $0 == [255, 0, 0] }.isEmpty)
        #expect((drawn.width, drawn.height) == (58, 140))
    }

    @Test func invalidXMLCharactersBecomeDots() {
        #expect(SheetDrawing.escaped("<&\"'>\u{0}\n\u{1b}\u{9f}\u{ffff}é") == "&lt;&amp;&quot;'&gt;·····é")
        #expect(SheetDrawing.escaped(String(repeating: "x", count: 1000)).count == 200)
    }

    @Test func cellsPerSheetAreLimitedByCountAndHeight() {
        #expect(ContactSheet(size: 128, columns: 20).cellsPerSheet == 500)
        #expect(ContactSheet(size: 48, columns: 1).cellsPerSheet == 140)
        #expect(ContactSheet(size: 256, columns: 4).cellsPerSheet == 196)
    }

    @Test func equalCellsGiveEqualPixels() throws {
        let cells = [cell([9, 9, 9], ["ada", "none", "IMG"], ContactSheet.Mark("blurred", .orange))]
        #expect(try sheet.picture(cells, heading: "h").digest == sheet.picture(cells, heading: "h").digest)
    }

    private func columns(of picture: Picture, rows: Range<Int>, _ matches: ([Int]) -> Bool) -> [Int] {
        rows.flatMap { row in (0..<picture.width).filter { matches(picture.pixel($0, row)) } }
    }
}
