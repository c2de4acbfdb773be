import Catalog
import Core
import Foundation
import Imaging
import Intake
import Testing

/// Folders that are compared with what earlier imports stored: the same session name, the same file names, the same
/// photos with other boxes.
@Suite struct StoredSessionTests {
    private func second(in study: Study, _ photos: [String: Int]) throws -> Shoot {
        let shoot = try Shoot(
            "other", in: study.parent, sheet: photos.keys.sorted().map { "\($0),b,none,none" },
            files: photos.mapValues { png($0) })
        try shoot.put("session: s1\ndate: 2026-05-03\nkind: volunteer\nconsent: signed\n", at: "session.yaml")
        return shoot
    }

    private func first(in study: Study) throws -> Shoot {
        try Shoot(
            "s1", in: study.parent, sheet: ["a.png,a,none,none", "b.png,a,none,none"],
            files: ["a.png": png(1), "b.png": png(2)])
    }

    @Test("Another folder with the same session name is refused, and added on request only") func anotherFolder() throws
    {
        try Study.with { study in
            try study.run(first(in: study))
            let other = try second(in: study, ["a.png": 3, "c.png": 4])
            #expect(
                try study.problems(other) == [
                    "other/session.yaml: the catalog has a session s1 of 2 photos, and none of them is in this folder; give this folder its own session name, or use --add-to-session to add its photos to session s1"
                ])
            #expect(try study.catalog.counts().photos == 2)
            let planner = ImportPlanner(study.catalog, threads: ThreadBudget(1), limits: DecodingLimits())
            let plans = try planner.plan([other.folder], addsToSession: true)
            #expect(plans.map(\.photosToRead) == [2])
            // The file a.png exists in both folders.
            #expect(plans[0].warnings.count == 1)
        }
    }

    @Test("A folder with a photo of the stored session is the same shoot") func grownFolder() throws {
        try Study.with { study in
            try study.run(first(in: study))
            let grown = try second(in: study, ["renamed.png": 2, "c.png": 4])
            try grown.sheet(["renamed.png,a,none,none", "c.png,b,none,none"])
            #expect(try study.run(grown).imported == 1)
        }
    }

    @Test("New photos without consent are not added to a session that has a consent") func weakerConsent() throws {
        try Study.with { study in
            try study.run(first(in: study))
            let grown = try second(in: study, ["renamed.png": 2, "c.png": 4])
            try grown.sheet(["renamed.png,a,none,none", "c.png,b,none,none"])
            let description = "session: s1\ndate: 2026-05-03\nkind: volunteer\nconsent: "
            try grown.put(description + "missing\n", at: "session.yaml")
            #expect(
                try study.problems(grown) == [
                    "other/session.yaml: the consent is missing here, but the catalog has the consent signed for session s1, and this consent would also count for 1 new photos; give this folder its own session name, or record the consent with curare consent s1 missing"
                ])
            #expect(try study.catalog.counts().photos == 2)
            // Without a new photo, the difference is only reported.
            try grown.remove("c.png")
            try grown.sheet(["renamed.png,a,none,none"])
            #expect(try study.plan(grown).map(\.photosToRead) == [0])
        }
    }

    @Test("A folder without photos is refused, also for a stored session") func noPhotos() throws {
        try Study.with { study in
            try study.run(first(in: study))
            let error = #expect(throws: CurareError.self) { try study.plan(second(in: study, [:])) }
            #expect(error?.code == .missingInput && error?.message == "the session folder has no photos")
        }
    }

    @Test("The same file name with new bytes is reported, and means the newest photo") func newBytes() throws {
        try Study.with { study in
            let shoot = try first(in: study)
            #expect(try study.plan(shoot)[0].warnings == [])
            try study.run(shoot)
            #expect(try study.plan(shoot)[0].warnings == [])
            // Digests in any order: the newest photo is not the one with the largest or the smallest id.
            for number in [3, 4, 5, 6] {
                let earlier = try PhotoReference("s1/a.png").photo(in: study.catalog)
                try shoot.put(png(number), at: "a.png")
                let new = PhotoID.sha256(of: png(number))
                #expect(
                    try study.plan(shoot)[0].warnings == [
                        "s1/session.csv:2: a.png has other bytes than at an earlier import; the earlier photo "
                            + "\(earlier.short) stays in the catalog, and s1/a.png now means the new photo \(new.short)"
                    ])
                #expect(try study.run(shoot).imported == 1)
                #expect(try PhotoReference("s1/a.png").photo(in: study.catalog) == new)
                #expect(try PhotoReference("a.png").photo(in: study.catalog) == new)
            }
            #expect(try study.catalog.counts().photos == 6)
            #expect(try study.plan(shoot)[0].warnings == [])
            // The first bytes again: this photo is known, and the newest photo stays the newest.
            try shoot.put(png(1), at: "a.png")
            #expect(try study.plan(shoot)[0].warnings == [])
        }
    }

    @Test("A box outside a photo of the catalog is a problem") func boxOutside() throws {
        try Study.with { study in
            let shoot = try Shoot(
                "s1", in: study.parent, sheet: ["a.png,a,none,none,1 2 3 4,"], more: ",box,face_box",
                files: ["a.png": png(1)])
            try study.run(shoot)
            for (row, message) in [
                ("a.png,a,none,none,0 0 20 15,", nil),
                ("a.png,a,none,none,0 0 21 15,", "box: the box 0 0 21 15 extends outside"),
                ("a.png,a,none,none,,1 1 19 15", "face_box: the box 1 1 19 15 extends outside"),
                ("a.png,a,none,none,1000000 0 1000000 1,", "box: the box 1000000 0 1000000 1 extends outside"),
            ] as [(String, String?)] {
                try shoot.sheet([row], more: ",box,face_box")
                if let message {
                    #expect(
                        try study.problems(shoot) == [
                            "s1/session.csv:2: \(message) the upright photo of 20 × 15 pixels; correct session.csv"
                        ])
                } else {
                    #expect(try study.plan(shoot).flatMap(\.discrepancies).count == 1)
                }
            }
            // Also when another session adds the same photo.
            let other = try Shoot(
                "s2", in: study.parent, sheet: ["a.png,a,none,none,0 0 99 99"], more: ",box", files: ["a.png": png(1)])
            #expect(try study.problems(other).count == 1)
        }
    }
}
