import Core
import Foundation
import Imaging
import Testing

@testable import Intake

@Suite struct ContactSheetMakerTests {
    private let sheet = ContactSheet(size: 48, columns: 2)

    /// Runs `body` with a study of three small photos.
    private func withStudy(_ body: (Study, ContactSheetMaker) throws -> Void) throws {
        try Study.with { study in
            try study.run(
                Shoot(
                    "s1", in: study.parent,
                    sheet: ["1.png,ada,none,none", "2.png,bea,sunglasses,on-face", "<&'.png,ada,none,none"],
                    files: ["1.png": png(1), "2.png": png(2), "<&'.png": png(3)]))
            try body(study, ContactSheetMaker(study.workspace, study.catalog, threads: ThreadBudget(2)))
        }
    }

    private func make(
        _ maker: ContactSheetMaker, of study: Study, _ filter: ContactSheetFilter = ContactSheetFilter(), to file: URL
    ) throws -> [URL] {
        try maker.make(
            filter.photos(in: study.catalog), sheet, title: filter.description, to: file, progress: { _, _ in }
        ) { try ContactSheetMaker.png($0, sheet) }
    }

    @Test("A contact sheet is readable by its owner only") func fileMode() throws {
        try withStudy { study, maker in
            let file = study.parent.appending(path: "sheet.png")
            let made = try make(maker, of: study, to: file)
            #expect(made == [file])
            let picture = try DecodedPhoto(Array(Data(contentsOf: file))).picture
            #expect(picture.width == 116 && picture.height > 26 + 2 * 114)
            #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test("Missing images are made for the sheet and not stored") func missingImages() throws {
        try withStudy { study, maker in
            let files = ["a", "b"].map { study.parent.appending(path: "\($0).png") }
            _ = try make(maker, of: study, to: files[0])
            try FileManager.default.removeItem(at: study.workspace.images)
            _ = try make(maker, of: study, to: files[1])
            #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]))
            #expect(study.files(below: study.workspace.images).isEmpty)
        }
    }

    @Test("An existing file is an error and is not changed") func existingFile() throws {
        try withStudy { study, maker in
            let file = study.parent.appending(path: "sheet.png")
            try Data("mine".utf8).write(to: file)
            let error = #expect(throws: CurareError.self) { try make(maker, of: study, to: file) }
            #expect(error?.code == .badInput && error?.location == file.path)
            #expect(try Data(contentsOf: file) == Data("mine".utf8))
        }
    }

    @Test("No file is written when no photo matches the filter") func noPhotos() throws {
        try withStudy { study, maker in
            let file = study.parent.appending(path: "sheet.png")
            let made = try make(maker, of: study, ContactSheetFilter(problem: .unlabelled), to: file)
            #expect(made.isEmpty && !FileManager.default.fileExists(atPath: file.path))
        }
    }

    @Test("The error for a damaged image contains the path of the image") func damagedImage() throws {
        try withStudy { study, maker in
            let image = study.workspace.imageFile(.sha256(of: png(2)), try study.catalog.defaultProfile())
            try Data("no picture".utf8).write(to: image)
            let error = #expect(throws: CurareError.self) {
                try make(maker, of: study, to: study.parent.appending(path: "sheet.png"))
            }
            #expect(error?.code == .badInput && error?.location == image.path)
        }
    }

    @Test("An image of an earlier crop is made again for the sheet") func earlierCrop() throws {
        try withStudy { study, maker in
            let files = ["a", "b"].map { study.parent.appending(path: "\($0).png") }
            _ = try make(maker, of: study, to: files[0])
            try study.catalog.apply(
                [.box(.sha256(of: png(1)), .face, Box(x: 2, y: 2, width: 4, height: 4))], made: "2026-05-05T00:00:00Z")
            var seen: [PhotoID: (thumbnail: Picture, legend: [ContactSheet.OutlinedBox.Kind])] = [:]
            _ = try maker.make(
                ContactSheetFilter().photos(in: study.catalog), sheet, title: "", showsBoxes: false, to: files[1],
                progress: { _, _ in }
            ) { shown in
                for (photo, thumbnail) in shown.photos { seen[photo.photo] = (thumbnail, shown.legend) }
                return Data()
            }
            let face = PhotoFace(
                box: Box(x: 2, y: 2, width: 4, height: 4), leftEye: PixelPoint(x: 3, y: 3),
                rightEye: PixelPoint(x: 4, y: 3))
            let crop = try picture(1).rendered(size: 256, crop: .face, colour: .srgb, face: face)
            #expect(try seen[.sha256(of: png(1))]?.thumbnail == sheet.thumbnail(crop))
            #expect(seen.count == 3 && seen.values.allSatisfy { $0.legend == [] })
        }
    }

    @Test("The second and all further sheets have a number in their file names") func fileNames() {
        let first = URL(filePath: "/x/a.b.png")
        #expect(
            [1, 2, 11].map { ContactSheetMaker.file(first, page: $0).path } == [
                "/x/a.b.png", "/x/a.b-2.png", "/x/a.b-11.png",
            ])
    }
}

@Suite struct ContactSheetFilterTests {
    private func fact(_ word: String, _ label: Label?, consented: Bool = true, face: KnownFace = KnownFace())
        -> PhotoFacts
    {
        PhotoFacts(
            photo: .sha256(of: word.utf8), session: SessionName("s1")!, consented: consented, label: label,
            kind: label == nil ? nil : .volunteer, perceptualHash: nil,
            width: 40, height: 30, face: face)
    }

    private let nothing = KnownFace(
        record: FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: nil))
    private let lost = KnownFace(record: FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: 90))

    private var facts: [PhotoFacts] {
        [
            fact("u", nil), fact("b1", label("bea")), fact("a3", label("ada", "sunglasses", "on-face"), face: nothing),
            fact("a1", label("ada")),
            fact("a2", label("ada", "bandana+sunglasses", "off-face+on-face")),
            fact("b2", label("bea", "bandana", "on-face"), consented: false, face: nothing),
        ]
    }

    private func files(_ filter: ContactSheetFilter, except hidden: String = "") -> [String] {
        let sessionPhotos = Dictionary(
            uniqueKeysWithValues: ["u", "a1", "a2", "a3", "b1", "b2"].filter { $0 != hidden }.map {
                (PhotoID.sha256(of: $0.utf8), SessionPhoto(session: SessionName("s1")!, file: "day/\($0).jpg"))
            })
        return filter.photos(of: facts, sessionPhotos: sessionPhotos).map {
            String($0.sessionPhoto.file.dropFirst(4).dropLast(4))
        }
    }

    @Test("Photos are sorted by volunteer and trigger state, with unlabelled photos last") func order() {
        #expect(files(ContactSheetFilter()) == ["a1", "a2", "a3", "b1", "b2", "u"])
        #expect(ContactSheetFilter().photos(of: facts.reversed(), sessionPhotos: [:]) == [])
    }

    @Test("Photos must meet all conditions") func conditions() {
        #expect(files(ContactSheetFilter(volunteer: VolunteerName("ada"))) == ["a1", "a2", "a3"])
        #expect(files(ContactSheetFilter(trigger: .contains(TriggerName("sunglasses")!))) == ["a2", "a3"])
        #expect(files(ContactSheetFilter(trigger: .bare)) == ["a1", "b1"], "an unlabelled photo is not bare")
        #expect(files(ContactSheetFilter(problem: .noFace)) == ["a3", "b2"])
        #expect(files(ContactSheetFilter(problem: .unlabelled)) == ["u"])
        #expect(files(ContactSheetFilter(problem: .noConsent)) == ["b2"])
        #expect(files(ContactSheetFilter(volunteer: VolunteerName("bea"), problem: .noFace)) == ["b2"])
        #expect(files(ContactSheetFilter(volunteer: VolunteerName("bea"), trigger: .bare, problem: .noFace)) == [])
    }

    private func record(_ confidence: Int) -> FaceRecord {
        let face = PhotoFace(
            box: Box(x: 10, y: 8, width: 10, height: 10), leftEye: PixelPoint(x: 12, y: 10),
            rightEye: PixelPoint(x: 18, y: 10))
        return FaceRecord(found: .one, face: face, confidence: confidence, suspectedRotation: nil)
    }

    @Test("The state of a face is weak below a score of 0, and suggested where three other photos have a face")
    func faceStates() throws {
        let marked = Box(x: 1, y: 1, width: 5, height: 5)
        let faces: [(String, KnownFace)] = [
            ("found", KnownFace(record: record(0))), ("weak", KnownFace(record: record(-1))),
            ("marked", KnownFace(record: record(-1), marked: marked)), ("suggested", nothing),
            ("unsearched", KnownFace()),
        ]
        let facts = faces.map { fact($0.0, label("ada"), face: $0.1) } + [fact("missing", label("bea"), face: nothing)]
        let places = Dictionary(
            uniqueKeysWithValues: facts.map { ($0.photo, SessionPhoto(session: SessionName("s1")!, file: "x.jpg")) })
        for state in FaceState.allCases {
            let photos = ContactSheetFilter(face: state).photos(of: facts, sessionPhotos: places)
            #expect(photos.map(\.photo) == [.sha256(of: state.rawValue.utf8)], "\(state)")
        }
        let boxes = ContactSheetFilter().photos(of: facts, sessionPhotos: places).reduce(
            into: [FaceState: [ContactSheet.OutlinedBox]]()
        ) {
            $0[$1.face] = $1.boxes
        }
        #expect(boxes[.weak]?.map(\.kind) == [.weakFace] && boxes[.found]?.map(\.kind) == [.face])
        #expect(boxes[.marked] == [ContactSheet.OutlinedBox(marked, .face)])
        #expect(boxes[.suggested]?.map(\.kind) == [.suggestedFace])
        #expect(boxes[.missing] == [] && boxes[.unsearched] == [])
    }

    @Test("Photos must have the source of the label, and be in all lists") func sourcesAndLists() {
        let places = Dictionary(
            uniqueKeysWithValues: facts.map { ($0.photo, SessionPhoto(session: SessionName("s1")!, file: "x.jpg")) })
        let sources: [PhotoID: LabelSource] = [.sha256(of: "a1".utf8): .rule, .sha256(of: "a2".utf8): .review]
        func photos(_ filter: ContactSheetFilter) -> [PhotoID] {
            filter.photos(of: facts, sessionPhotos: places, labelSources: sources).map(\.photo)
        }
        #expect(photos(ContactSheetFilter(labelSource: .rule)) == [.sha256(of: "a1".utf8)])
        #expect(photos(ContactSheetFilter(labelSource: .sheet)) == [])
        let first = ContactSheetFilter.NamedPhotos("version v@1", [.sha256(of: "a1".utf8), .sha256(of: "a2".utf8)])
        let second = ContactSheetFilter.NamedPhotos(
            "finding blurred", [.sha256(of: "a2".utf8), .sha256(of: "b1".utf8)])
        let both = ContactSheetFilter(lists: [first, second])
        #expect(photos(both) == [.sha256(of: "a2".utf8)])
        #expect(both.description == "version v@1, finding blurred")
        #expect(
            ContactSheetFilter(labelSource: .rule, face: .weak, lists: [first]).description
                == "version v@1, label from rule, face weak")
    }

    @Test("Photos of other sessions are left out") func session() {
        #expect(files(ContactSheetFilter(session: SessionName("s1")), except: "a2") == ["a1", "a3", "b1", "b2", "u"])
    }

    @Test("The heading lists the conditions") func heading() {
        #expect(ContactSheetFilter().description == "all photos")
        #expect(
            ContactSheetFilter(
                session: SessionName("s1"), volunteer: VolunteerName("ada"), trigger: .bare,
                problem: .quality(.blurred)
            ).description == "session s1, volunteer ada, bare, blurred")
    }

    @Test("The caption identifies the photo, and the mark shows its worst problem") func captionAndMark() throws {
        let place = SessionPhoto(session: SessionName("s1")!, file: "day/x<&\".jpg")
        let photo = ContactSheetPhoto(
            fact("x", label("ada", "sunglasses", "on-face"), consented: false, face: nothing), place)
        #expect(photo.caption == ["ada", "sunglasses on-face", photo.photo.short, "s1/day/x<&\".jpg"])
        #expect(photo.mark?.text == "no-face no-consent" && photo.mark?.colour == .red)
        #expect(ContactSheetPhoto(fact("x", nil), place).mark?.colour == .violet)
        #expect(ContactSheetPhoto(fact("x", nil), place).caption[0] == "no label")
        #expect(ContactSheetPhoto(fact("x", label("ada"), face: lost), place).mark?.text == "orientation-suspect")
        #expect(ContactSheetPhoto(fact("x", label("ada")), place).mark == nil)
        let suggested = ContactSheetPhoto(fact("x", label("ada", "dots", "on-face")), place, labelSource: .rule)
        #expect(suggested.caption[1] == "dots on-face (suggested)")
        var attack = suggested
        attack.role = "test/attack"
        #expect(
            attack.caption == [
                "ada", "dots on-face (suggested)", "test/attack", attack.photo.short, "s1/day/x<&\".jpg",
            ])
    }

    @Test("The error for an unknown name suggests the closest name") func unknownNames() throws {
        try Study.with { study in
            try study.run(Shoot("s1", in: study.parent, sheet: ["1.png,ada,none,none"], files: ["1.png": png(1)]))
            #expect(
                try ContactSheetFilter(
                    session: "s1", volunteer: "ada", trigger: "sunglasses", problem: nil, in: study.catalog
                )
                .trigger == .contains(TriggerName("sunglasses")!))
            #expect(
                try ContactSheetFilter(session: nil, volunteer: nil, trigger: "none", problem: nil, in: study.catalog)
                    .trigger
                    == .bare)
            for (session, volunteer, trigger, hint) in [
                ("s2", nil, nil, "s1"), (nil, "adda", nil, "ada"), (nil, nil, "sunglases", "sunglasses"),
            ] as [(String?, String?, String?, String)] {
                let error = #expect(throws: CurareError.self) {
                    try ContactSheetFilter(
                        session: session, volunteer: volunteer, trigger: trigger, problem: nil, in: study.catalog)
                }
                #expect(error?.code == .missingInput && error?.nextStep == "did you mean \(hint)?")
            }
        }
    }
}
