import Foundation
import GRDB
import TestSupport
import Testing

@testable import Catalog
@testable import Core

/// The scan of all tables, compared with a query for each photo.
@Suite struct FactsScanTests {
    /// The expected result: a query for each photo and table, independent of the code under test.
    private static let query = """
        SELECT p.id, f.perceptual_hash,
               (SELECT min(a.session) FROM session_photo a WHERE a.photo = p.id) AS session,
               NOT EXISTS (SELECT 1 FROM session_photo a JOIN session s ON s.name = a.session WHERE a.photo = p.id AND s.consent = 'missing')
                   AND NOT EXISTS (SELECT 1 FROM co_subject c WHERE c.photo = p.id
                       AND coalesce((SELECT max(s.consent = 'missing') FROM session_volunteer t JOIN session s ON s.name = t.session
                                     WHERE t.volunteer = c.volunteer), 1)) AS consented,
               l.volunteer, v.kind, l.source = 'rule' AS suggested,
               (SELECT group_concat(pair, '+') FROM (SELECT w.trigger || ' ' || w.location AS pair FROM trigger_placement w WHERE w.label = l.id ORDER BY w.trigger, w.location)) AS placements,
               t.x, r.width, f.luma, f.faces_found
        FROM photo p
        LEFT JOIN label l ON l.id = (SELECT id FROM label x WHERE x.photo = p.id ORDER BY x.source = 'rule', x.id DESC LIMIT 1)
        LEFT JOIN volunteer v ON v.name = l.volunteer
        LEFT JOIN region t ON t.photo = p.id AND t.kind = 'trigger'
            AND (t.source = 'review' OR NOT EXISTS (SELECT 1 FROM region c WHERE c.photo = p.id AND c.kind = 'trigger' AND c.source = 'review'))
        LEFT JOIN region r ON r.photo = p.id AND r.kind = 'face'
            AND (r.source = 'review' OR NOT EXISTS (SELECT 1 FROM region c WHERE c.photo = p.id AND c.kind = 'face' AND c.source = 'review'))
        LEFT JOIN measurement f ON f.photo = p.id
        ORDER BY p.id
        """

    /// Fills a study in which each kind of record is missing for some photos and repeated for others.
    private func fill(_ study: SyntheticStudy) throws {
        var state = UInt64(11)
        func roll(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for number in 0..<6 {
            try study.session(
                "s\(number)", of: ["p\(number)"], consent: number % 3 == 2 ? .missing : .signed,
                coSubjects: ["p\((number + 1) % 7)", "q"])
        }
        let states = ["none none", "dots on-face", "bandana off-face", "bandana+dots off-face+on-face"]
        let quality = PhotoQuality(sharpness: 300, luma: 99, dark: 1, bright: 2, beyond: nil)
        for number in 0..<300 {
            let id = photoID("\(number)")
            let file = "\(number).jpg"
            let photo = Photo(
                id: id, bytes: 9, format: number % 2 == 0 ? "jpeg" : "png", width: 40, height: 30, captured: nil,
                camera: nil)
            let face = FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: nil)
            let measures =
                roll(4) == 0
                ? nil
                : PhotoMeasures(
                    perceptualHash: PerceptualHash(state), face: roll(3) == 0 ? nil : face, quality: quality,
                    light: PhotoLight(red: number, green: 2 * number, blue: 3 * number))
            for _ in 0...roll(2) {
                try study.catalog.store(
                    [
                        NewPhoto(
                            photo: photo, sessionPhoto: SessionPhoto(session: SessionName("s\(roll(6))")!, file: file),
                            label: nil,
                            coSubjects: roll(5) == 0 ? [VolunteerName(roll(2) == 0 ? "q" : "p\(roll(7))")!] : [],
                            triggerBox: roll(4) == 0 ? Box(x: roll(9), y: 1, width: 2, height: 3) : nil,
                            faceBox: roll(6) == 0 ? Box(x: 1, y: 1, width: 1 + roll(9), height: 3) : nil,
                            measures: measures)
                    ], made: "t")
            }
            for region in Region.allCases where roll(5) == 0 {
                let box = roll(3) == 0 ? nil : Box(x: 10 + roll(9), y: 1, width: 10 + roll(9), height: 3)
                try study.catalog.store([PhotoEdit(id, boxes: [region: box])], made: "t")
            }
            for _ in 0..<roll(4) {
                let words = states[roll(4)].split(separator: " ").map(String.init)
                try study.add(label("p\(roll(6))", words[0], words[1]), to: id, [.sheet, .review, .rule][roll(3)])
            }
        }
        // Gaps between the ids of labels.
        try study.raw { db in
            try db.execute(sql: "DELETE FROM trigger_placement WHERE label % 7 = 3; DELETE FROM label WHERE id % 7 = 3")
        }
    }

    @Test func scanEqualsQueryForEachPhoto() throws {
        try SyntheticStudy.with { study in
            try fill(study)
            let facts = try study.catalog.facts()
            let rows = try study.raw { try Row.fetchAll($0, sql: Self.query) }
            #expect(facts.count == 300 && rows.count == 300)
            #expect(
                Set(facts.map(\.consented)).count == 2 && facts.contains { $0.label == nil }
                    && facts.contains { $0.isSuggested })
            for (fact, row) in zip(facts, rows) {
                #expect(fact.photo.hex == row["id"])
                #expect(fact.session.text == row["session"])
                #expect(fact.consented == row["consented"])
                #expect(fact.label?.volunteer.text == row["volunteer"])
                #expect(fact.kind?.rawValue == row["kind"])
                #expect(fact.isSuggested == (row["suggested"] ?? false))
                #expect(
                    fact.label.map {
                        $0.triggerState.pairs.map { "\($0.trigger) \($0.location.rawValue)" }.joined(separator: "+")
                    } == (row["volunteer"] == nil ? nil : row["placements"] ?? ""))
                #expect(fact.perceptualHash?.hex == row["perceptual_hash"])
                #expect(fact.triggerBox?.x == row["x"])
                #expect(fact.face.marked?.width == row["width"])
                #expect(fact.quality?.luma == row["luma"])
                #expect(fact.face.record?.found.rawValue == row["faces_found"])
            }
        }
    }

    /// The selected parts do not depend on the parts that are left out.
    @Test func unselectedPartsAreNil() throws {
        try SyntheticStudy.with { study in
            try fill(study)
            let box = Box(x: 4, y: 5, width: 6, height: 7)
            let places = try #require(Landmarks((0..<68).map { PixelPoint(x: $0, y: 2 * $0) }))
            let found = FaceRecord(
                found: .one,
                face: PhotoFace(box: box, leftEye: PixelPoint(x: 5, y: 6), rightEye: PixelPoint(x: 8, y: 6)),
                landmarks: places, confidence: 7, suspectedRotation: nil)
            for (number, trigger) in [nil, box].enumerated() {
                let photo = Photo(
                    id: photoID("landmarks \(number)"), bytes: 9, format: "jpeg", width: 40, height: 30, captured: nil,
                    camera: nil)
                let quality = PhotoQuality(
                    sharpness: 1, luma: 2, dark: 3, bright: 4,
                    beyond: PhotoQuality.Beyond(left: 5, top: 6, right: 7, bottom: 8))
                try study.catalog.store(
                    [
                        NewPhoto(
                            photo: photo,
                            sessionPhoto: SessionPhoto(session: SessionName("s1")!, file: "l\(number).jpg"),
                            label: nil, coSubjects: [], triggerBox: trigger, faceBox: nil,
                            measures: PhotoMeasures(
                                perceptualHash: PerceptualHash(3), face: found, quality: quality,
                                light: PhotoLight(red: 7, green: 8, blue: 9)))
                    ], made: "t")
            }
            let all = try study.catalog.facts()
            #expect(
                all.count { $0.face.record?.landmarks == places } == 2
                    && all.contains { $0.quality?.beyond?.bottom == 8 })
            for landmarks in [Catalog.LandmarkSelection.all, .none, .photosWithTriggerBox] {
                for quality in [true, false] {
                    for (whole, part) in zip(
                        all, try study.catalog.facts(Catalog.FetchOptions(landmarks: landmarks, quality: quality)))
                    {
                        #expect(part.quality == (quality ? whole.quality : nil))
                        let isRead = landmarks == .all || landmarks == .photosWithTriggerBox && whole.triggerBox != nil
                        #expect(part.face.record?.landmarks == (isRead ? whole.face.record?.landmarks : nil))
                        #expect(
                            part.face.face == whole.face.face
                                && part.face.record?.confidence == whole.face.record?.confidence)
                        #expect(part.perceptualHash == whole.perceptualHash && part.label == whole.label)
                    }
                }
            }
        }
    }

    /// The origin comes from the photo's own columns, and the light from its measurement.
    @Test func originAndLightAreReadOnRequest() throws {
        try SyntheticStudy.with { study in
            try fill(study)
            let exif = Photo(
                id: photoID("exif"), bytes: 12_345, format: "jpeg", width: 40, height: 30,
                captured: "2026-05-03T10:20:30", camera: "Made-up 5")
            try study.catalog.store(
                [
                    NewPhoto(
                        photo: exif, sessionPhoto: SessionPhoto(session: SessionName("s1")!, file: "exif.jpg"),
                        label: nil)
                ], made: "t")
            #expect(try study.catalog.facts().allSatisfy { $0.origin == nil && $0.light == nil })
            for landmarks in [Catalog.LandmarkSelection.all, .none] {
                let options = Catalog.FetchOptions(landmarks: landmarks, quality: landmarks == .all, origin: true)
                let facts = try study.catalog.facts(options)
                #expect(facts.count == 301 && facts.allSatisfy { ($0.light == nil) == ($0.perceptualHash == nil) })
                for number in 0..<300 {
                    let fact = try #require(facts.first { $0.photo == photoID("\(number)") })
                    #expect(fact.origin == PhotoOrigin(camera: nil, captured: nil, bytes: 9))
                    let light = PhotoLight(red: number, green: 2 * number, blue: 3 * number)
                    #expect(fact.light == nil || fact.light == light)
                }
                let origin = try #require(facts.first { $0.photo == exif.id }?.origin)
                #expect(origin == PhotoOrigin(camera: "Made-up 5", captured: "2026-05-03T10:20:30", bytes: 12_345))
            }
        }
    }

    @Test func listedPhotosEqualFullScan() throws {
        try SyntheticStudy.with { study in
            try fill(study)
            let all = try study.catalog.facts()
            let some = all.enumerated().filter { $0.offset % 3 == 1 }.map(\.element)
            #expect(try study.catalog.facts(of: some.reversed().map(\.photo)) == some)
            #expect(try study.catalog.facts(of: [photoID("nobody's")]) == [])
            let withoutSearch = all.filter { $0.face.record == nil }.map(\.photo)
            #expect(try study.catalog.photosWithoutFaceSearch() == withoutSearch)
        }
    }

    @Test func shootHasPhotosOfOneVolunteerInOneSession() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a", "b"])
            try study.session("s2", of: ["a"])
            let own = try ["1", "2"].map { try study.photo($0, label("a")) }
            try study.photo("3", label("b"))
            try study.photo("4", in: "s2", label("a"))
            #expect(try study.catalog.shoot(of: own[0]).map(\.photo) == own.sorted())
            #expect(try study.catalog.shoot(of: photoID("nobody's")) == [])
        }
    }

    /// A query for one photo must not scan a million photos.
    @Test func singlePhotoQueriesUseIndexes() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            let photo = try study.photo("1", label("a", "dots", "on-face"))
            var scans: [String] = []
            let plans = try study.plans {
                _ = try study.catalog.shoot(of: photo)
                _ = try study.catalog.photos(file: "1.jpg")
                _ = try study.catalog.formats(of: [photo])
            }
            for step in plans where step.contains("SCAN") { scans.append(step) }
            // Scans of small tables and of the list itself are allowed.
            #expect(
                scans.filter { step in
                    !["session", "volunteer", "json_each", "session_volunteer", "DISTINCT"].contains {
                        step.hasPrefix("SCAN \($0)")
                    }
                } == [])
            #expect(plans.count > 6)
        }
    }

    @Test func imageDigestsFollowOrderOfPhotos() throws {
        try SyntheticStudy.with { study in
            try study.session("s1", of: ["a"])
            let photos = try (0..<20).map { try study.photo("\($0)", label("a")) }.sorted()
            let images = photos.enumerated().filter { $0.offset % 3 != 0 }.map {
                Image(photo: $0.element, profile: .standard, digest: .sha256(of: $0.element.hex.utf8))
            }
            try study.catalog.store(images: images)
            let wanted = Array(photos.dropFirst(5))
            #expect(
                try study.catalog.images(.standard, of: wanted)
                    == wanted.map { photo in images.first { $0.photo == photo }?.digest })
            #expect(
                try study.catalog.images(#require(Profile(name: "16-none-grey")), of: wanted) == wanted.map { _ in nil }
            )
        }
    }
}

extension SyntheticStudy {
    /// Returns the query plans of all statements that `body` runs.
    func plans(_ body: () throws -> Void) throws -> [String] {
        let statements = catalog.database.inDatabase { db in
            let log = StatementLog()
            db.trace { log.statements.append("\($0)") }
            return log
        }
        try body()
        return try catalog.database.inDatabase { db in
            db.trace(options: [])
            return try statements.statements.filter { $0.hasPrefix("SELECT") }.flatMap { sql in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql.replacing(/\?\d*/, with: "NULL"))").map {
                    $0["detail"] as String
                }
            }
        }
    }

    private final class StatementLog: @unchecked Sendable {
        var statements: [String] = []
    }
}
