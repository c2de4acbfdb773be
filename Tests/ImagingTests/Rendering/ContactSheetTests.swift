import Core
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

    @Test func textContinuesInTheNextLineOfTheCell() throws {
        let text = String(repeating: "W", count: 50)
        let drawn = try sheet.picture([cell([0, 0, 0], [text, "WWWWWWWWWWWWWWWWWW"])], heading: "")
        let inked = columns(of: drawn, rows: 80..<drawn.height) { $0[0] < 128 }
        #expect(inked.min() ?? 0 >= 5 && inked.max() ?? 99 < 53)
        // Four letters fit the line: 13 and 5 lines.
        #expect(drawn.height == 26 + 48 + 10 + 18 * 14)
        let last = columns(of: drawn, rows: drawn.height - 14..<drawn.height) { $0[0] < 128 }
        #expect(!last.isEmpty)
    }

    @Test func rowIsAsHighAsItsLongestCaption() throws {
        let long = String(repeating: "W", count: 24)
        let drawn = try sheet.picture(
            [cell([0, 0, 0]), cell([0, 0, 0], [long]), cell([9, 9, 9])], heading: "")
        #expect(drawn.height == 26 + 58 + 6 * 14 + 58 + 4 * 14)
        #expect(drawn.pixel(5, 26 + 58 + 6 * 14 + 5) == [9, 9, 9])
    }

    @Test func linesEndAfterASlashWherePossible() {
        #expect(SheetLines.wrapped("spring-office/IMG_0015.jpg", width: 128) == ["spring-office/", "IMG_0015.jpg"])
        #expect(SheetLines.wrapped("", width: 128) == [])
        #expect(SheetLines.wrapped("short", width: 128) == ["short"])
        for text in ["a long_name-of words/and\u{301} 日本語の名前", String(repeating: "/", count: 300)] {
            for width in [1, 48, 200] { #expect(SheetLines.wrapped(text, width: width).joined() == text) }
        }
    }

    @Test func headingAndLegendUseSeveralLinesOnANarrowSheet() throws {
        let kinds = ContactSheet.OutlinedBox.Kind.allCases
        let wide = (0..<12).map { _ in cell([0, 0, 0]) }
        let sheet = ContactSheet(size: 48)
        #expect(try sheet.picture(wide, heading: "all photos", legend: kinds).height == 26 + 14 + 58 + 56)
        let narrow = try sheet.picture([cell([0, 0, 0])], heading: "session spring-studio, sunglasses", legend: kinds)
        #expect(narrow.width == 58 && narrow.height > 26 + 4 * 14 + 58 + 56)
        for kind in kinds {
            let (red, green, blue) = kind.rgb
            let colour = [Int(red), Int(green), Int(blue)]
            #expect(!columns(of: narrow, rows: 0..<narrow.height) { $0 == colour }.isEmpty, "\(kind)")
        }
    }

    @Test func boxesAreOutlinedWhereTheImageShowsThem() throws {
        // The image is the middle 120 × 120 pixels of the photo from (20, 0), so that 2.5 pixels give one.
        let profile = try #require(Profile(size: 96, crop: .centre, colour: .srgb))
        let box = ContactSheet.OutlinedBox(Box(x: 50, y: 30, width: 60, height: 60), .trigger)
        let drawn = try sheet.thumbnail(
            plain([100, 100, 100], 96, 96), profile, of: PhotoSize(width: 160, height: 120), face: nil, boxes: [box])
        #expect((drawn.width, drawn.height) == (48, 48))
        #expect(drawn.pixel(12, 12) == [70, 190, 255] && drawn.pixel(35, 20) == [70, 190, 255])
        #expect(drawn.pixel(11, 20) == [20, 20, 20] && drawn.pixel(20, 20) == [100, 100, 100])
        let outside = ContactSheet.OutlinedBox(Box(x: 0, y: 0, width: 20, height: 120), .face)
        let empty = try sheet.thumbnail(
            plain([100, 100, 100], 96, 96), profile, of: PhotoSize(width: 160, height: 120), face: nil,
            boxes: [outside])
        #expect(empty == plain([100, 100, 100]))
    }

    @Test func boxOfTheFaceIsInTheMiddleOfAFaceCrop() throws {
        let face = PhotoFace(
            box: Box(x: 60, y: 40, width: 40, height: 40), leftEye: PixelPoint(x: 72, y: 55),
            rightEye: PixelPoint(x: 88, y: 55))
        let profile = try #require(Profile(size: 90, crop: .face, colour: .srgb))
        // The side of the square is 90 pixels, so that the box begins at 25 of 90.
        let drawn = try sheet.thumbnail(
            plain([100, 100, 100], 90, 90), profile, of: PhotoSize(width: 200, height: 200), face: face,
            boxes: [ContactSheet.OutlinedBox(face.box, .face)])
        let green = columns(of: drawn, rows: 24..<25) { $0 == [0, 200, 90] }
        #expect(green == [13, 34], "the left and the right line")
    }

    @Test(arguments: [
        "</text></svg><rect width=\"999\" height=\"999\" fill=\"#ff0000\"/>", "&lt;&#1;&bomb;", "<&\"'>",
        "\u{0}\u{1b}[31m\u{7f}\u{9f}\u{fffe}", "مرحبا 日本 👩‍🔬", "]]>--><!--",
    ])
    func textIsNeverInterpretedAsMarkup(_ words: String) throws {
        let drawn = try sheet.picture(
            [cell([0, 0, 0], [words, words], ContactSheet.Mark("x", .orange))], heading: words)
        #expect(columns(of: drawn, rows: 0..<drawn.height) { $0 == [255, 0, 0] }.isEmpty)
        #expect(drawn.width == 58)
    }

    @Test func invalidXMLCharactersBecomeDots() {
        #expect(SheetDrawing.escaped("<&\"'>\u{0}\n\u{1b}\u{9f}\u{ffff}é") == "&lt;&amp;&quot;'&gt;·····é")
        #expect(SheetDrawing.escaped(String(repeating: "x", count: 1000)).count == 200)
    }

    @Test(arguments: [(128, 20, 500), (48, 1, 140), (256, 4, 196), (128, 11, 495)])
    func cellsOfASheetAreLimitedByCountAndHeight(_ size: Int, _ columns: Int, _ count: Int) {
        let cells = (0..<1001).map { _ in ContactSheet.Cell(caption: []) }
        let pages = ContactSheet(size: size, columns: columns).pages(of: cells)
        #expect(pages.first == 0..<count && pages.last?.upperBound == 1001)
        #expect(zip(pages, pages.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        #expect(ContactSheet(size: size, columns: columns).pages(of: []) == [])
    }

    @Test func rowHigherThanASheetHasASheetOfItsOwn() {
        let high = ContactSheet.Cell(caption: [String(repeating: "W", count: 6000)])
        #expect(ContactSheet(size: 48, columns: 1).pages(of: [high, high]) == [0..<1, 1..<2])
    }

    @Test(arguments: [(128, 11), (48, 27), (256, 6)])
    func columnsFitAScreenByDefault(_ size: Int, _ columns: Int) {
        #expect(ContactSheet(size: size).columns == columns && columns * (size + 10) <= 1600)
    }

    @Test func equalCellsGiveEqualPixels() throws {
        let cells = [cell([9, 9, 9], ["ada", "none", "IMG"], ContactSheet.Mark("blurred", .orange))]
        #expect(try sheet.picture(cells, heading: "h").digest == sheet.picture(cells, heading: "h").digest)
    }

    private func columns(of picture: Picture, rows: Range<Int>, _ matches: ([Int]) -> Bool) -> [Int] {
        rows.flatMap { row in (0..<picture.width).filter { matches(picture.pixel($0, row)) } }
    }
}
