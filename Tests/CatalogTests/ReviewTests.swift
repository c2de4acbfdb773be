import Catalog
import Core
import Foundation
import Storage
import TestSupport
import Testing

/// Changes of labels and boxes while other people, or an import, change them too.
@Suite struct ReviewTests {
    private let made = "2026-05-05T00:00:00Z"
    private let box = Box(x: 0, y: 0, width: 2, height: 2)

    @Test("A revision changes with each change of the label or a box, also back to an earlier value")
    func revisions() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a", "b"])
            let photo = try study.photo("p")
            let other = try study.photo("q")
            let catalog = study.catalog
            var seen: [String] = []
            func note() throws {
                let revisions = try catalog.revisions()
                #expect(try catalog.revisions(of: [photo]) == revisions.filter { $0.key == photo })
                seen.append(try #require(revisions[photo]).text)
            }
            let unchanged = try catalog.revisions()[other]
            try note()
            try catalog.store([PhotoEdit(photo, label: label("a"))], made: made)
            try note()
            try catalog.store([PhotoEdit(photo, label: label("b"))], made: made)
            try note()
            try catalog.store([PhotoEdit(photo, label: label("a"))], made: made)
            try note()
            for value in [box, nil, box, nil] {
                try catalog.store([PhotoEdit(photo, boxes: [.trigger: value])], made: made)
                try note()
            }
            #expect(try catalog.revisions()[photo]?.hasCorrectedFace == false)
            try catalog.store([PhotoEdit(photo, boxes: [.face: box])], made: made)
            try note()
            #expect(try catalog.revisions()[photo]?.hasCorrectedFace == true)
            #expect(Set(seen).count == seen.count)
            #expect(try catalog.revisions()[other] == unchanged)
            #expect(try catalog.revisions(of: [photoID("none")]).isEmpty)
        }
    }

    @Test("Edits with an old revision are a conflict, and nothing is stored")
    func conflicts() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a", "b"])
            let photos = try [study.photo("p", label("a")), study.photo("q", label("a"))]
            let catalog = study.catalog
            let old = try catalog.revisions().mapValues(\.text)
            try catalog.store([PhotoEdit(photos[0], label: label("b"))], made: made)
            let edits = photos.map { PhotoEdit($0, label: label("b")) }
            let conflict = #expect(throws: RevisionConflict.self) {
                try catalog.store(edits, expecting: old, made: made, author: nil)
            }
            #expect(conflict?.photos == [photos[0]])
            #expect(try catalog.labels(of: photos[1]).count == 1)
            let missing = photoID("none")
            let gone = #expect(throws: RevisionConflict.self) {
                try catalog.store([], expecting: [missing: "0"], made: made, author: nil)
            }
            #expect(gone?.photos == [missing])
            let now = try catalog.revisions().mapValues(\.text)
            try catalog.store(edits, expecting: now, made: made, author: Author("Ada"))
            #expect(try catalog.labels(of: photos[1]).last?.author == Author("Ada"))
        }
    }

    @Test("A name that was removed meanwhile is an error, and nothing is stored", arguments: ["x", "a"])
    func removedNames(_ volunteer: String) throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            let photo = try study.photo("p")
            let revisions = try study.catalog.revisions().mapValues(\.text)
            let edit = PhotoEdit(photo, label: label(volunteer, "hat", "on-face"))
            let error = #expect(throws: CurareError.self) {
                try study.catalog.store([edit], expecting: revisions, made: made, author: nil)
            }
            #expect(error?.code == .badInput)
            #expect(error?.message == "the study no longer has the \(volunteer == "x" ? "volunteer x" : "trigger hat")")
            #expect(try study.catalog.labels(of: photo).isEmpty)
        }
    }

    @Test("A correction that is newer than the plan of an import counts before the import's values")
    func correctionsDuringAnImport() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a", "b"])
            let photo = try study.photo("p", label("a"))
            let early = try study.photo("q", label("a"))
            let catalog = study.catalog
            try catalog.store([PhotoEdit(early, label: label("b"), boxes: [.trigger: box])], made: made)
            let planned = try catalog.handCorrections()
            let edit = PhotoEdit(photo, label: label("b", "dots", "on-face"), boxes: [.trigger: box])
            try catalog.store([edit], made: made, author: Author("Ada"))
            let sheetBox = Box(x: 1, y: 1, width: 1, height: 1)
            let corrections = [photo, early].flatMap { photo in
                [Correction.label(photo, label("a", "dots", "off-face")), .box(photo, .trigger, sheetBox)]
            }
            try catalog.apply(corrections, made: made, planned: planned)
            let labels = try catalog.labels(of: photo)
            #expect(labels.map(\.source) == [.sheet, .review, .sheet, .review])
            #expect(try catalog.label(of: photo)?.label == label("b", "dots", "on-face"))
            #expect(labels.last?.author == Author("Ada") && labels.last?.restores == nil)
            let known = try #require(catalog.known([photo])[photo])
            #expect(known.lastLabels[.sheet] == label("a", "dots", "off-face"))
            #expect(known.boxes[.trigger] == box && known.sheetBoxes[.trigger] == sheetBox)
            // The import was planned with the earlier correction, and replaces it.
            #expect(try catalog.label(of: early)?.label == label("a", "dots", "off-face"))
            #expect(try catalog.known([early])[early]?.boxes[.trigger] == sheetBox)
        }
    }

    @Test("The number of changes is different after another connection has written")
    func changeNumber() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            let before = try study.catalog.changeNumber()
            try study.photo("p")
            #expect(try study.catalog.changeNumber() == before, "the own connection")
            try Catalog(study.workspace).add(triggers: [TriggerName("hat")!])
            #expect(try study.catalog.changeNumber() != before)
        }
    }
}
