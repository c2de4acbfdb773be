import Catalog
import Core
import TestSupport
import Testing

@Suite struct IntakeQueryTests {
    @Test func knownPhotoHasAllSheetInformation() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"], coSubjects: ["b"])
            try study.session("s2", of: ["a"])
            let photo = try study.photo(
                "p", label("a", "dots", "on-face"), coSubjects: ["b"], note: "window",
                box: Box(x: 1, y: 2, width: 3, height: 4))
            try study.photo("p", in: "s2")
            let other = try study.photo("q")
            let known = try study.catalog.known([photo, photoID("never seen")])
            #expect(known.keys.map(\.hex) == [photo.hex])
            #expect(
                known[photo]
                    == KnownPhoto(
                        label: label("a", "dots", "on-face"),
                        notes: [SessionName("s1")!: "window", SessionName("s2")!: nil],
                        coSubjects: [VolunteerName("b")!], boxes: [.trigger: Box(x: 1, y: 2, width: 3, height: 4)]))
            #expect(try study.catalog.known([other]) == [other: KnownPhoto(notes: [SessionName("s1")!: nil])])
            #expect(try study.catalog.known([]).isEmpty)
        }
    }

    @Test func ruleLabelIsSuggestionUntilPersonLabels() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            let photo = try study.photo("p", box: Box(x: 1, y: 0, width: 2, height: 3))
            try study.add(label("a", "dots", "on-face"), to: photo, .rule)
            #expect(try study.catalog.known([photo])[photo]?.isSuggested == true)
            #expect(try study.catalog.facts().map(\.isSuggested) == [true])
            #expect(try study.catalog.facts().map(\.triggerBox) == [Box(x: 1, y: 0, width: 2, height: 3)])
            #expect(try study.catalog.counts().suggestions == 1)
            try study.add(label("a", "dots", "off-face"), to: photo, .review)
            try study.add(label("a", "dots", "on-face"), to: photo, .rule)
            let known = try study.catalog.known([photo])[photo]
            #expect(known?.label == label("a", "dots", "off-face"))
            #expect(known?.source == .review)
            #expect(
                known?.lastLabels == [.rule: label("a", "dots", "on-face"), .review: label("a", "dots", "off-face")])
            #expect(try study.catalog.facts().map(\.isSuggested) == [false])
            #expect(try study.catalog.counts().suggestions == 0)
        }
    }

    @Test func correctedBoxCountsAndSheetBoxIsKept() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            let sheet = Box(x: 1, y: 0, width: 2, height: 3)
            let hand = Box(x: 0, y: 0, width: 1, height: 1)
            let photo = try study.photo("p", box: sheet)
            func known() throws -> KnownPhoto? { try study.catalog.known([photo])[photo] }
            func edit(_ box: Box?) throws {
                try study.catalog.store([PhotoEdit(photo, boxes: [.trigger: box])], made: "")
            }
            for box in [hand, nil] {
                try edit(box)
                #expect(try known()?.boxes[.trigger] == box)
                #expect(try known()?.sheetBoxes == [.trigger: sheet])
                #expect(try known()?.correctedRegions == [.trigger])
                #expect(try study.catalog.facts().map(\.triggerBox) == [box])
            }
            try edit(sheet)
            #expect(try known() == KnownPhoto(notes: [SessionName("s1")!: nil], boxes: [.trigger: sheet]))
            try edit(hand)
            try study.catalog.apply([.box(photo, .trigger, nil)], made: "")
            #expect(try known() == KnownPhoto(notes: [SessionName("s1")!: nil]), "a newer sheet replaces a correction")
        }
    }

    @Test func listOfFiftyThousandPhotosIsAccepted() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            let photo = try study.photo("p", label("a"))
            let many = (0..<50_000).map { photoID("\($0)") } + [photo]
            #expect(try study.catalog.known(many).count == 1)
        }
    }

    @Test func photoIsFoundByIDPrefixOrFileName() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            try study.session("s2", of: ["a"])
            let photo = try study.photo("p", label("a"))
            try study.photo("p", in: "s2")
            let hex = photo.hex
            for prefix in [String(hex.prefix(1)), String(hex.prefix(6)), hex] {
                #expect(try study.catalog.photos(prefix: prefix) == [photo])
            }
            for wrong in ["", "g", hex + "0", hex.uppercased(), "%", "_", "'"] {
                #expect(try study.catalog.photos(prefix: wrong) == [], "\(wrong)")
            }
            #expect(try study.catalog.photos(file: "p.jpg") == [photo])
            #expect(try study.catalog.photos(file: "P.jpg") == [])
            #expect(try study.catalog.photos(in: SessionName("s2")!).map(\.file) == ["p.jpg"])
            #expect(try study.catalog.sessionPhotos(of: photo).map(\.session.text) == ["s1", "s2"])
        }
    }
}
