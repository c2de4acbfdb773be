import Core
import Foundation
import Imaging
import Testing

@testable import Intake

@Suite struct SheetMakerTests {
    private let sheet = ContactSheet(size: 48, columns: 2)

    /// A study of three small photos.
    private func withStudy(_ body: (Study, SheetMaker) throws -> Void) throws {
        try Study.with { study in
            try study.run(
                Shoot(
                    "s1", in: study.parent,
                    sheet: ["1.png,ada,none,none", "2.png,bea,sunglasses,on-face", "<&'.png,ada,none,none"],
                    files: ["1.png": png(1), "2.png": png(2), "<&'.png": png(3)]))
            try body(study, SheetMaker(study.workspace, study.catalog, workers: ThreadBudget(2)))
        }
    }

    private func make(_ maker: SheetMaker, _ choice: SheetChoice = SheetChoice(), to file: URL) throws
        -> SheetMaker.Made
    {
        try maker.make(choice, sheet, to: file) { _, _ in }
    }

    @Test func theSheetIsWrittenWholeForTheOwnerAlone() throws {
        try withStudy { study, maker in
            let file = study.parent.appending(path: "sheet.png")
            let made = try make(maker, to: file)
            #expect(made.files == [file] && made.photos == 3)
            let picture = try DecodedPhoto(Array(Data(contentsOf: file))).picture
            #expect((picture.width, picture.height) == (116, 26 + 2 * 114))
            #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func imagesThatAreGoneAreMadeFirst() throws {
        try withStudy { study, maker in
            let files = ["a", "b"].map { study.parent.appending(path: "\($0).png") }
            _ = try make(maker, to: files[0])
            try FileManager.default.removeItem(at: study.workspace.images)
            _ = try make(maker, to: files[1])
            #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]))
            #expect(study.files(below: study.workspace.images).count == 3)
        }
    }

    @Test func aFileThatIsThereIsNotTouched() throws {
        try withStudy { study, maker in
            let file = study.parent.appending(path: "sheet.png")
            try Data("mine".utf8).write(to: file)
            let refusal = #expect(throws: CurareError.self) { try make(maker, to: file) }
            #expect(refusal?.code == .badInput && refusal?.location == file.path)
            #expect(try Data(contentsOf: file) == Data("mine".utf8))
        }
    }

    @Test func nothingIsWrittenWhereNoPhotoIsSuch() throws {
        try withStudy { study, maker in
            let file = study.parent.appending(path: "sheet.png")
            let made = try make(maker, SheetChoice(problem: .unlabelled), to: file)
            #expect(made.files.isEmpty && made.photos == 0 && !FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test func anImageThatWasDamagedIsNamed() throws {
        try withStudy { study, maker in
            let image = study.workspace.imageFile(.sha256(of: png(2)), try study.catalog.defaultProfile())
            try Data("no picture".utf8).write(to: image)
            let refusal = #expect(throws: CurareError.self) {
                try make(maker, to: study.parent.appending(path: "sheet.png"))
            }
            #expect(refusal?.code == .badInput && refusal?.location == image.path)
        }
    }

    @Test func furtherSheetsAreNumbered() {
        let first = URL(filePath: "/x/a.b.png")
        #expect(
            [1, 2, 11].map { SheetMaker.file(first, page: $0).path } == ["/x/a.b.png", "/x/a.b-2.png", "/x/a.b-11.png"])
    }
}
