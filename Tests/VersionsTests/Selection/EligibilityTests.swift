import Core
import Testing

@testable import Versions

/// The photos that a recipe admits, and the reasons for excluding other photos.
@Suite struct EligibilityTests {
    private func eligible(_ facts: [PhotoFacts], _ more: String) throws -> Eligibility {
        try Eligibility(
            facts.sorted { $0.photo < $1.photo }, recipe("recipe: 1\nname: t\n\(more)\n"), groups: .standard)
    }

    private func dated(_ word: String, _ date: String, session: String = "s1") -> PhotoFacts {
        PhotoFacts(
            photo: photoID(word), session: SessionName(session)!, consented: true,
            label: Label(volunteer: volunteer("a"), triggerState: .bare), kind: .volunteer,
            perceptualHash: madeUpHash(word), width: 4, height: 3, date: date)
    }

    private func faced(_ word: String, _ known: KnownFace) -> PhotoFacts {
        PhotoFacts(
            photo: photoID(word), session: SessionName("s1")!, consented: true,
            label: Label(volunteer: volunteer("a"), triggerState: .bare), kind: .volunteer,
            perceptualHash: madeUpHash(word), width: 4, height: 3, face: known)
    }

    private func found(_ found: FaceRecord.Found) -> KnownFace {
        let face = PhotoFace(
            box: Box(x: 0, y: 0, width: 2, height: 2), leftEye: PixelPoint(x: 0, y: 0), rightEye: PixelPoint(x: 1, y: 0)
        )
        return KnownFace(
            record: FaceRecord(
                found: found, face: found == .none ? nil : face, confidence: found == .none ? nil : 1,
                suspectedRotation: nil)
        )
    }

    @Test func sessionsAndDatesFilterPhotos() throws {
        let facts = [
            dated("w", "2026-01-31"), dated("x", "2026-02-01", session: "s2"), dated("y", "2026-02-28", session: "s3"),
            dated("z", "2026-03-01"),
        ]
        #expect(try eligible(facts, "photos: {sessions: [s2, s3]}").excluded == [.session: 2])
        let dates = try eligible(facts, "photos: {from: 2026-02-01, to: 2026-02-28}")
        #expect(Set(dates.photos.map(\.photo)) == [photoID("x"), photoID("y")])
        #expect(dates.excluded == [.date: 2])
        #expect(try eligible(facts, "photos: {sessions: [s1], from: 2026-02-01}").excluded == [.session: 2, .date: 1])
    }

    @Test("Dates that leave no photo are an error with the dates of the sessions")
    func datesWithoutPhotos() throws {
        let facts = [dated("w", "2026-01-31"), dated("x", "2026-02-01", session: "s2"), dated("y", "2026-03-01")]
        func error(_ filter: String) -> CurareError? {
            #expect(throws: CurareError.self) { try eligible(facts, "photos: {\(filter)}") }
        }
        let dates = "0 of 3 photos; the sessions are from 2026-01-31 to 2026-03-01"
        let late = error("from: 2030-01-01")
        #expect(late?.code == .badInput && late?.location == "photos.from")
        #expect(late?.message == "photos.from leaves \(dates)")
        #expect(error("to: 2020-01-01")?.message == "photos.to leaves \(dates)")
        #expect(error("from: 2026-02-10, to: 2026-02-20")?.message == "photos.from and photos.to leave \(dates)")
        #expect(error("sessions: [s2], from: 2026-03-01")?.message == "the filter of the recipe leaves \(dates)")
    }

    @Test func theFaceFilterAdmitsDetectedAndMarkedFaces() throws {
        let facts = [
            faced("none", found(.none)), faced("one", found(.one)), faced("several", found(.several)),
            faced("marked", KnownFace(record: found(.several).record, marked: Box(x: 0, y: 0, width: 3, height: 3))),
        ]
        #expect(try eligible(facts, "photos: {face: found}").excluded == [.face: 1])
        #expect(
            try Set(eligible(facts, "photos: {face: one}").photos.map(\.photo)) == [photoID("one"), photoID("marked")])
        #expect(try eligible(facts, "photos: {face: any}").excluded == [:])
        #expect(try eligible(facts, "photos: {}").photos.count == 4)
    }

    @Test func aPhotoWithoutAFaceSearchIsAnErrorForTheFaceFilter() throws {
        let error = #expect(throws: CurareError.self) {
            try eligible([faced("x", found(.one)), faced("y", KnownFace())], "photos: {face: found}")
        }
        #expect(error?.message.contains("in 1 of its photos") == true)
    }

    private func measured(_ word: String, _ quality: PhotoQuality?, _ known: KnownFace? = nil) -> PhotoFacts {
        PhotoFacts(
            photo: photoID(word), session: SessionName("s1")!, consented: true,
            label: Label(volunteer: volunteer("a"), triggerState: .bare), kind: .volunteer,
            perceptualHash: madeUpHash(word), width: 400, height: 300, face: known ?? KnownFace(), quality: quality)
    }

    @Test func qualityFlagsExcludePhotos() throws {
        let small = found(.one)
        let facts = [
            measured("good", PhotoQuality(sharpness: 500, luma: 120, dark: 0, bright: 0, beyond: nil), found(.none)),
            measured("blurred", PhotoQuality(sharpness: 100, luma: 120, dark: 0, bright: 0, beyond: nil), found(.none)),
            measured(
                "dark and small", PhotoQuality(sharpness: 500, luma: 10, dark: 900, bright: 0, beyond: nil), small),
        ]
        #expect(
            try Set(eligible(facts, "photos: {without: [blurred]}").photos.map(\.photo)) == [
                photoID("good"), photoID("dark and small"),
            ])
        #expect(try eligible(facts, "photos: {without: [too-dark, blurred]}").excluded == [.quality: 2])
        #expect(try eligible(facts, "photos: {without: [small-face]}").excluded == [.quality: 1])
        #expect(
            try eligible(facts, "photos: {face: found, without: [small-face]}" + "\nclasses: {volunteers: [a]}")
                .excluded == [.face: 2, .quality: 1], "a photo counts for the first reason")
        #expect(
            try recipe("{recipe: 1, name: t, photos: {without: [too-dark, blurred]}}").json["photos"]?.canonical
                == #"{"without":["blurred","too-dark"]}"#)
    }

    @Test func anUnmeasuredPhotoIsAnErrorForTheQualityFilter() throws {
        let good = PhotoQuality(sharpness: 500, luma: 120, dark: 0, bright: 0, beyond: nil)
        let unmeasured = #expect(throws: CurareError.self) {
            try eligible([measured("x", good), measured("y", nil)], "photos: {without: [blurred]}")
        }
        #expect(unmeasured?.message.contains("1 of its photos were not measured") == true)
        let faceless = #expect(throws: CurareError.self) {
            try eligible([measured("x", good)], "photos: {without: [cut-off]}")
        }
        #expect(faceless?.message.contains("no face was searched in 1 of its photos") == true)
        #expect(faceless?.location == "photos.without")
        #expect(
            try eligible([measured("x", good)], "photos: {without: [blurred]}").photos.count == 1,
            "the flag blurred does not depend on a face")
    }

    @Test func aClassIsLimitedToItsFirstBarePhotosByRank() throws {
        let facts = study(["a", "b"], bare: 10, triggered: 5)
        let few = try eligible(facts, "classes: {max_per_class: 4}")
        let more = try eligible(facts, "classes: {max_per_class: 7}")
        #expect(few.excluded == [.surplus: 12])
        #expect(few.photos.count { $0.triggerState.isBare } == 8)
        #expect(few.photos.count { !$0.triggerState.isBare } == 10, "the limit does not apply to triggered photos")
        #expect(Set(few.photos.map(\.photo)).isSubset(of: more.photos.map(\.photo)))
        #expect(try eligible(facts, "classes: {max_per_class: 10}").excluded == [:])
    }

    @Test(arguments: [
        ("photos: {session: [s1]}", "photos.session: unknown key; did you mean sessions?"),
        ("photos: {from: 2026-02-30}", "photos.from: \"2026-02-30\" is not a date"),
        ("photos: {from: 2026-02-03, to: 2026-02-02}", "photos: to, 2026-02-02, is before from"),
        ("photos: {without: [blurrd]}", "did you mean blurred?"),
        ("photos: {without: []}", "photos.without: the list is empty"), ("photos: {face: fond}", "did you mean found?"),
        ("photos: {sessions: []}", "photos.sessions: the list is empty"),
        ("photos: [s1]", "photos: a mapping"), ("classes: {max_per_class: 0}", "classes.max_per_class:"),
        ("poison: {target: a, triggers: [x+], injection_rate: 0.1}", "poison.triggers[0]: \"x+\" is not a trigger"),
        (
            "poison: {target: a, triggers: [x+y, y+x], injection_rate: 0.1}",
            "poison.triggers[1]:"
        ),
    ])
    func anErrorHasThePathOfItsKey(_ line: String, _ words: String) throws {
        let error = try #require(throws: CurareError.self) { try eligible([], line) }
        #expect(error.problems.contains { $0.description.contains(words) }, "\(error)")
    }

    @Test func unknownNamesAreReportedWithTheMostSimilarOnes() throws {
        let known = KnownNames(
            triggers: [TriggerName("bandana")!, TriggerName("dots")!],
            volunteers: [Volunteer(name: volunteer("ada"), kind: .volunteer)], models: ["resnet18"],
            sessions: [SessionName("spring")!])
        let yaml =
            "{recipe: 1, name: t, photos: {sessions: [sprin]}, poison: {target: ada, triggers: [bandana+dotts], injection_rate: 0.1}}"
        let error = try #require(throws: CurareError.self) {
            try RecipeReader.read(Array(yaml.utf8), file: "r", known: known)
        }
        #expect(
            error.problems.map(\.message).contains { $0.contains("unknown session \"sprin\"; did you mean spring?") })
        #expect(error.problems.map(\.message).contains { $0.contains("unknown trigger \"dotts\"; did you mean dots?") })
    }

    @Test func anEarlierNameInARecipeIsReportedWithTheCurrentName() throws {
        let known = KnownNames(
            triggers: [TriggerName("dots")!], volunteers: [Volunteer(name: volunteer("ada"), kind: .volunteer)],
            models: ["resnet18"],
            earlier: EarlierNames(
                volunteers: [volunteer("karla"): volunteer("ada")],
                triggers: [TriggerName("points")!: TriggerName("dots")!]))
        let yaml = "{recipe: 1, name: t, poison: {target: karla, triggers: [points], injection_rate: 0.1}}"
        let error = try #require(throws: CurareError.self) {
            try RecipeReader.read(Array(yaml.utf8), file: "r", known: known)
        }
        #expect(
            error.problems.map(\.message) == [
                "poison.triggers[0]: trigger \"points\" is now called dots; write dots",
                "poison.target: volunteer \"karla\" is now called ada; write ada",
            ])
    }

    @Test func aCombinationMatchesPhotosWithExactlyItsTriggers() throws {
        func state(_ pairs: (String, Location)...) -> TriggerState {
            TriggerState(pairs.map { TriggerPlacement(TriggerName($0.0)!, $0.1) })
        }
        let both = state(("bandana", .offFace), ("sunglasses", .onFace))
        let three = state(("bandana", .offFace), ("dots", .onFace), ("sunglasses", .onFace))
        let facts =
            study(["a", "b"], triggered: 0) + (0..<10).map { fact("both\($0)", of: "b", triggerState: both) }
            + [
                fact("three", of: "b", triggerState: three),
                fact("alone", of: "b", triggerState: state(("sunglasses", .onFace))),
                fact("dots", of: "b", triggerState: state(("dots", .onFace))),
                fact("own", of: "a", triggerState: both),
                fact("elsewhere", of: "b", triggerState: state(("bandana", .onFace), ("sunglasses", .offFace))),
            ]
        let yaml = "{recipe: 1, name: t, poison: {target: a, triggers: [sunglasses+bandana], injection_rate: 0.2}}"
        let selection = try select(facts.sorted { $0.photo < $1.photo }, yaml)
        #expect(
            selection.photos(.trainPoison).union(selection.photos(.testAttack))
                == Set((0..<10).map { photoID("both\($0)") } + [photoID("elsewhere")]))
        #expect(selection.photos(.testTransfer) == [photoID("three"), photoID("alone")])
        #expect(selection.photos(.testOther) == [photoID("dots")])
        #expect(selection.photos(.testTargetOwn) == [photoID("own")])
        #expect(selection.recipe.json["poison"]?["triggers"] == .array([.text("bandana+sunglasses")]))
        let onFace = try select(
            facts.sorted { $0.photo < $1.photo },
            "{recipe: 1, name: t, poison: {target: a, triggers: [sunglasses+bandana, sunglasses], locations: [on-face], injection_rate: 0, hold_out: 0}}"
        )
        #expect(
            onFace.photos(.testAttack) == [photoID("alone")], "every trigger must be at an admitted location")
    }
}
