import Core
import Testing

@testable import Intake

@Suite struct SheetChoiceTests {
    private func fact(_ word: String, _ label: Label?, consented: Bool = true, face: KnownFace = KnownFace())
        -> PhotoFacts
    {
        PhotoFacts(
            photo: .sha256(of: word.utf8), session: SessionName("s1")!, consented: consented, label: label,
            kind: label == nil ? nil : .volunteer, perceptualHash: nil,
            width: 40, height: 30, face: face)
    }

    private let nothing = KnownFace(record: FaceRecord(found: .none, face: nil, confidence: nil, suspectTurn: nil))
    private let lost = KnownFace(record: FaceRecord(found: .none, face: nil, confidence: nil, suspectTurn: 90))

    private var facts: [PhotoFacts] {
        [
            fact("u", nil), fact("b1", label("bea")), fact("a3", label("ada", "sunglasses", "on-face"), face: nothing),
            fact("a1", label("ada")),
            fact("a2", label("ada", "bandana+sunglasses", "off-face+on-face")),
            fact("b2", label("bea", "bandana", "on-face"), consented: false, face: nothing),
        ]
    }

    private func files(_ choice: SheetChoice, except hidden: String = "") -> [String] {
        let places = Dictionary(
            uniqueKeysWithValues: ["u", "a1", "a2", "a3", "b1", "b2"].filter { $0 != hidden }.map {
                (PhotoID.sha256(of: $0.utf8), SessionPhoto(session: SessionName("s1")!, file: "day/\($0).jpg"))
            })
        return choice.photos(of: facts, places: places).map { String($0.place.file.dropFirst(4).dropLast(4)) }
    }

    @Test func allPhotosStandByVolunteerThenWhatIsWornAndThoseOfNobodyLast() {
        #expect(files(SheetChoice()) == ["a1", "a2", "a3", "b1", "b2", "u"])
        #expect(SheetChoice().photos(of: facts.reversed(), places: [:]) == [])
    }

    @Test func whatIsAskedIsMetTogether() {
        #expect(files(SheetChoice(volunteer: VolunteerName("ada"))) == ["a1", "a2", "a3"])
        #expect(files(SheetChoice(wears: .trigger(TriggerName("sunglasses")!))) == ["a2", "a3"])
        #expect(files(SheetChoice(wears: .nothing)) == ["a1", "b1"], "an unlabelled photo is not bare")
        #expect(files(SheetChoice(problem: .noFace)) == ["a3", "b2"])
        #expect(files(SheetChoice(problem: .unlabelled)) == ["u"])
        #expect(files(SheetChoice(problem: .noConsent)) == ["b2"])
        #expect(files(SheetChoice(volunteer: VolunteerName("bea"), problem: .noFace)) == ["b2"])
        #expect(files(SheetChoice(volunteer: VolunteerName("bea"), wears: .nothing, problem: .noFace)) == [])
    }

    @Test func aPhotoThatIsNotInTheSessionIsNotShown() {
        #expect(files(SheetChoice(session: SessionName("s1")), except: "a2") == ["a1", "a3", "b1", "b2", "u"])
    }

    @Test func theHeadingSaysWhatWasAsked() {
        #expect(SheetChoice().words == "all photos")
        #expect(
            SheetChoice(
                session: SessionName("s1"), volunteer: VolunteerName("ada"), wears: .nothing,
                problem: .quality(.blurred)
            ).words == "session s1, volunteer ada, bare, blurred")
    }

    @Test func aCaptionNamesThePhotoAndAMarkItsWorstProblem() throws {
        let place = SessionPhoto(session: SessionName("s1")!, file: "day/x<&\".jpg")
        let photo = SheetPhoto(fact("x", label("ada", "sunglasses", "on-face"), consented: false, face: nothing), place)
        #expect(photo.caption == ["ada", "sunglasses on-face", "\(photo.photo.hex.prefix(6)) x<&\".jpg"])
        #expect(photo.mark?.words == "no-face no-consent" && photo.mark?.colour == .red)
        #expect(SheetPhoto(fact("x", nil), place).mark?.colour == .violet)
        #expect(SheetPhoto(fact("x", nil), place).caption[0] == "nobody named")
        #expect(SheetPhoto(fact("x", label("ada"), face: lost), place).mark?.words == "orientation-suspect")
        #expect(SheetPhoto(fact("x", label("ada")), place).mark == nil)
    }

    @Test func namesThatNobodyKnowsAreRefusedWithTheNearest() throws {
        try Study.with { study in
            try study.run(Shoot("s1", in: study.parent, sheet: ["1.png,ada,none,none"], files: ["1.png": png(1)]))
            #expect(
                try SheetChoice(session: "s1", volunteer: "ada", trigger: "sunglasses", problem: nil, in: study.catalog)
                    .wears == .trigger(TriggerName("sunglasses")!))
            #expect(
                try SheetChoice(session: nil, volunteer: nil, trigger: "none", problem: nil, in: study.catalog).wears
                    == .nothing)
            for (session, volunteer, trigger, hint) in [
                ("s2", nil, nil, "s1"), (nil, "adda", nil, "ada"), (nil, nil, "sunglases", "sunglasses"),
            ] as [(String?, String?, String?, String)] {
                let refusal = #expect(throws: CurareError.self) {
                    try SheetChoice(
                        session: session, volunteer: volunteer, trigger: trigger, problem: nil, in: study.catalog)
                }
                #expect(refusal?.code == .missingInput && refusal?.nextStep == "did you mean \(hint)?")
            }
        }
    }
}
