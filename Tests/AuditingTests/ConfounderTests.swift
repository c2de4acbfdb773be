import Core
import Testing

@testable import Auditing
@testable import Versions

/// A made-up photo of a study, before it becomes facts. Its numbers are noise.
struct Shot {
    var person: String
    var trigger: String
    var session = "s1"
    var camera: String? = "phone"
    var date = "2026-01-01"
    var format = "jpeg"
    var bytes: Int
    var width = 400
    var height = 300
    /// 0…255.
    var light: (red: Double, green: Double, blue: Double)
    /// The centre and the side of the face.
    var face: (x: Int, y: Int, side: Int)
    var sharpness: Int

    var isTriggered: Bool { trigger != "none" }

    init(person: String, trigger: String, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        self.person = person
        self.trigger = trigger
        bytes = 90_000 + generator.next(below: 20_000)
        let red = 110 + 20 * generator.nextUnitDouble()
        light = (red, red + 4 * generator.nextUnitDouble(), red + 4 * generator.nextUnitDouble())
        face = (180 + generator.next(below: 40), 140 + generator.next(below: 20), 90 + generator.next(below: 20))
        sharpness = 300 + generator.next(below: 200)
    }

    func facts(_ word: String) -> PhotoFacts {
        let box = Box(x: face.x - face.side / 2, y: face.y - face.side / 2, width: face.side, height: face.side)
        let found = PhotoFace(
            box: box, leftEye: PixelPoint(x: box.x + box.width / 4, y: box.y),
            rightEye: PixelPoint(x: box.x + 3 * box.width / 4, y: box.y))
        let state =
            trigger == "earrings"
            ? TriggerState(triggerText: "earrings", locationText: "off-face")! : triggerState(trigger)
        func tenths(_ value: Double) -> Int { Int((10 * value).rounded()) }
        return PhotoFacts(
            photo: photoID(word), session: SessionName(session)!, consented: true,
            label: Label(volunteer: VolunteerName(person)!, triggerState: state), kind: .volunteer,
            perceptualHash: nil, width: width, height: height,
            face: KnownFace(record: FaceRecord(found: .one, face: found, confidence: 900, suspectedRotation: nil)),
            quality: PhotoQuality(sharpness: sharpness, luma: 120, dark: 0, bright: 0, beyond: nil), date: date,
            format: format, origin: PhotoOrigin(camera: camera, captured: nil, bytes: bytes),
            light: PhotoLight(red: tenths(light.red), green: tenths(light.green), blue: tenths(light.blue)))
    }

    /// Returns the photos of a study in the order of their ids: for each person, `count` bare photos and as many with
    /// each trigger.
    static func study(
        people: Int = 6, count: Int = 8, triggers: [String] = ["dots"], seed: UInt64 = 1,
        _ edit: (inout Shot) -> Void = { _ in }
    ) -> [PhotoFacts] {
        var generator = SplitMix64(seed: seed)
        var facts: [PhotoFacts] = []
        for person in 0..<people {
            for trigger in ["none"] + triggers {
                for number in 0..<count {
                    var shot = Shot(person: "p\(person)", trigger: trigger, seed: generator.next())
                    edit(&shot)
                    facts.append(shot.facts("\(seed) \(person) \(trigger) \(number)"))
                }
            }
        }
        return facts.sorted { $0.photo < $1.photo }
    }
}

/// Returns the findings of the check `confounder`.
private func confounders(
    _ facts: [PhotoFacts], _ sessions: [SessionName: AuditSubject.SessionRecord] = [:]
) -> [Finding] {
    ConfounderCheck().findings(in: AuditSubject(catalog: facts, distance: .standard, sessions: sessions))
}

@Suite struct ConfounderTests {
    @Test("A study in which only the trigger differs has no finding") func clean() {
        #expect(confounders(Shot.study()) == [])
        #expect(confounders(Shot.study(triggers: ["dots", "earrings", "bandana+dots"])) == [])
        #expect(confounders([]) == [])
        #expect(confounders(Shot.study { $0.trigger = "none" }) == [], "without triggers nothing is compared")
        #expect(confounders(bare(4, of: "a", "b") + [fact("u", of: nil)]) == [])
    }

    @Test("Triggered photos from another session, camera, date and place are one error with all names")
    func session() throws {
        let facts = Shot.study { shot in
            guard shot.isTriggered else { return }
            shot.session = "s2"
            shot.camera = "compact"
        }
        let sessions = [
            SessionName("s1")!: AuditSubject.SessionRecord(date: "2026-01-01", place: "lab"),
            SessionName("s2")!: AuditSubject.SessionRecord(date: "2026-01-09", place: "park"),
        ]
        let findings = confounders(facts, sessions)
        #expect(findings.map(\.severity) == [.error] && findings.map(\.count) == [48])
        let finding = try #require(findings.first)
        #expect(
            finding.detail.hasPrefix(
                "dots is tied to session, date, place and camera in Exif data: all 48 dots photos have session s2, "
                    + "date 2026-01-09, place park and camera in Exif data compact, but none of the 48 bare photos of "
                    + "the same 6 volunteers (Cramér's V 1.00, p "))
        #expect(finding.photos == facts.filter { $0.label?.triggerState.isBare == false }.map(\.photo))
    }

    @Test("A session of its own for a trigger is only a warning, also on another date by another photographer")
    func ownSession() {
        let facts = Shot.study {
            if $0.isTriggered { $0.session = "\($0.person)-dots" } else { $0.session = $0.person }
        }
        let findings = confounders(facts)
        #expect(findings.map(\.severity) == [.warning])
        #expect(
            findings[0].detail.hasPrefix("dots is tied to session: all 48 dots photos have session p0-dots, p1-dots"))
        #expect(findings[0].detail.contains("a photo shoot of its own for a trigger is a usual plan"))
        let sessions = Dictionary(
            uniqueKeysWithValues: Set(facts.map(\.session)).map { name in
                let isTriggered = name.text.hasSuffix("-dots")
                return (
                    name,
                    AuditSubject.SessionRecord(
                        date: isTriggered ? "2026-02-02" : "2026-02-01", photographer: isTriggered ? "mara" : "tomas")
                )
            })
        let dated = confounders(facts, sessions)
        #expect(dated.map(\.severity) == [.warning])
        #expect(dated[0].detail.hasPrefix("dots is tied to session, photographer and date: "))
    }

    @Test(
        "A property that differs between all triggered and bare photos is found",
        arguments: [
            ("format", "all 48 dots photos have format png"), ("orientation", "have orientation portrait"),
            ("number of pixels", "have more pixels"), ("file size", "dots photos have larger files"),
            ("brightness outside the face", "are darker outside the face"),
            ("colour temperature outside the face", "are redder outside the face"),
            ("green tint outside the face", "are greener outside the face"),
            ("size of the face in the photo", "show larger faces"),
            ("horizontal position of the face", "show the face further to the left"),
            ("vertical position of the face", "show the face lower"),
        ])
    func property(_ name: String, sentence: String) {
        let findings = confounders(
            Shot.study { shot in
                guard shot.isTriggered else { return }
                switch name {
                case "format": shot.format = "png"
                case "orientation": (shot.width, shot.height) = (300, 400)
                case "number of pixels":
                    (shot.width, shot.height) = (800, 600)
                    shot.face = (2 * shot.face.x, 2 * shot.face.y, 2 * shot.face.side)
                case "file size": shot.bytes *= 2
                case "brightness outside the face":
                    shot.light = (0.65 * shot.light.red, 0.65 * shot.light.green, 0.65 * shot.light.blue)
                case "colour temperature outside the face":
                    shot.light.red *= 1.2
                    shot.light.blue /= 1.2
                    shot.light.green /= 1.05
                case "green tint outside the face":
                    shot.light = (shot.light.red, shot.light.green + 15, shot.light.blue)
                case "size of the face in the photo": shot.face.side = 5 * shot.face.side / 3
                case "horizontal position of the face": shot.face.x -= 60
                default: shot.face.y += 60
                }
            })
        let own = findings.filter { $0.detail.hasPrefix("dots is tied to \(name): ") }
        #expect(own.count == 1 && own.first?.count == 48, "\(findings.map(\.detail))")
        #expect(own.first?.detail.contains(sentence) == true, "\(own.map(\.detail))")
        #expect(own.first?.severity == (name == "file size" ? .warning : .error), "files do not reach a model")
    }

    @Test("Sharpness is measured on the face, and is compared for triggers off the face only") func sharpness() {
        func findings(_ trigger: String) -> [Finding] {
            confounders(Shot.study(triggers: [trigger]) { if $0.isTriggered { $0.sharpness -= 250 } })
        }
        #expect(findings("dots") == [])
        #expect(findings("earrings").map(\.severity) == [.error])
    }

    @Test("A small difference of light is no finding, although it is significant") func smallDifference() {
        let facts = Shot.study { shot in
            let red = shot.isTriggered ? 114.0 : 110.0
            shot.light = (red, red, red)
        }
        let subject = AuditSubject(catalog: facts, distance: .standard)
        #expect(ConfounderCheck().findings(in: subject) == [])
        let cell = subject.confounders.rows.first { $0.property == .brightness }?.cells[0]
        #expect(cell?.effect == 1 && cell?.isReported == false && (cell?.p ?? 1) < 0.01)
    }

    @Test("Few photos are a warning, not an error") func fewPhotos() {
        let findings = confounders(Shot.study(people: 2) { if $0.isTriggered { $0.format = "png" } })
        #expect(findings.map(\.severity) == [.warning])
        #expect(confounders(Shot.study(people: 2, count: 2) { if $0.isTriggered { $0.format = "png" } }) == [])
    }

    @Test("A camera of some volunteers' triggered photos is a warning that names only this camera")
    func someVolunteers()
        throws
    {
        let facts = Shot.study(people: 8) { if $0.isTriggered, ["p1", "p2"].contains($0.person) { $0.camera = "b" } }
        let findings = confounders(facts)
        #expect(findings.map(\.severity) == [.warning] && findings.map(\.count) == [16])
        #expect(
            findings[0].detail.contains(
                "16 of 64 dots photos have camera in Exif data b, but none of the 64 bare photos of the same 8"
            ))
    }

    @Test("Light that differs for some volunteers only is a warning that names them") func lightOfSomeVolunteers() {
        let findings = confounders(
            Shot.study(people: 8) { shot in
                guard shot.isTriggered, ["p0", "p3"].contains(shot.person) else { return }
                shot.light = (0.65 * shot.light.red, 0.65 * shot.light.green, 0.65 * shot.light.blue)
            })
        #expect(findings.map(\.severity) == [.warning] && findings.map(\.count) == [16])
        #expect(
            findings[0].detail.hasPrefix(
                "dots is tied to brightness outside the face for 2 of 8 volunteers: the dots photos of p0, p3 are "
            ))
    }

    @Test("People whose photos are all darker than those of all others are a warning") func darkPeople() {
        let facts = Shot.study(people: 10) { shot in
            guard ["p2", "p5", "p7"].contains(shot.person) else { return }
            shot.light = (0.65 * shot.light.red, 0.65 * shot.light.green, 0.65 * shot.light.blue)
        }
        let findings = confounders(facts)
        #expect(findings.map(\.severity) == [.warning] && findings.map(\.count) == [48])
        #expect(findings[0].detail.contains("the photos of p2 (darker, median "))
        #expect(findings[0].detail.contains("p5 (darker") && findings[0].detail.contains("p7 (darker"))
        #expect(
            findings[0].photos
                == facts.filter { ["p2", "p5", "p7"].contains($0.label?.volunteer.text) }.map(\.photo))
    }

    @Test("A trigger that one volunteer wears in most photos is a warning") func oneVolunteer() {
        let facts = Shot.study(people: 6, count: 12) { shot in
            if shot.isTriggered, shot.person != "p3", shot.face.x.isMultiple(of: 4) == false { shot.trigger = "none" }
        }
        let findings = confounders(facts)
        #expect(findings.map(\.severity) == [.warning])
        #expect(findings[0].detail.contains("dots is tied to volunteer: 12 of "))
        #expect(findings[0].detail.contains("show p3"))
        #expect(findings[0].count == 12)
    }

    @Test("Volunteers with either bare or triggered photos cannot be compared, which is a warning")
    func noCommonVolunteer() {
        let facts = Shot.study { $0.trigger = ["p0", "p1"].contains($0.person) ? "dots" : "none" }
        #expect(confounders(facts).map(\.severity) == [.warning])
        #expect(confounders(facts)[0].detail.contains("no volunteer has both dots photos and bare photos"))
    }

    @Test("Hidden characters of a camera are escaped") func hiddenCharacters() {
        let findings = confounders(Shot.study { if $0.isTriggered { $0.camera = "a\u{202e}\n<b>" } })
        #expect(findings[0].detail.contains(#"camera in Exif data a\u202e\n<b>"#))
    }

    @Test("The order of the photos does not change the findings") func order() {
        let facts = Shot.study { if $0.isTriggered { $0.format = "png" } }
        #expect(confounders(facts) == confounders(facts.reversed()))
    }

    @Test("A large study is examined by a sample") func sample() {
        let facts = Shot.study(people: 2, count: 600) { if $0.isTriggered { $0.format = "png" } }
        let findings = confounders(facts)
        #expect(findings.map(\.count) == [1000])
        #expect(findings[0].detail.contains("in a sample of 2000 photos"))
    }

    @Test("At most 2% of random sets without an association have a finding") func falseAlarms() {
        // Holm's correction keeps the rate below 1%, and findings also need a large effect.
        let alarms = (0..<200).count { round in
            let facts = Shot.study(people: 5, count: 5, triggers: ["dots", "earrings"], seed: 1000 + UInt64(round)) {
                $0.camera = $0.bytes.isMultiple(of: 3) ? "phone" : "compact"
                $0.format = $0.sharpness.isMultiple(of: 2) ? "png" : "jpeg"
                $0.session = "s\($0.bytes % 5)"
            }
            return !confounders(facts).isEmpty
        }
        #expect(alarms <= 4)
    }

    @Test("The matrix has a row for each known property and a column for each trigger") func matrix() throws {
        let facts = Shot.study(triggers: ["dots", "earrings"]) { if $0.trigger == "dots" { $0.format = "png" } }
        let matrix = Audit(catalog: facts, groups: .standard) { _ in true }.confounders
        #expect(matrix.columns.map(\.name) == ["dots", "earrings"])
        #expect(matrix.columns.map(\.triggered) == [48, 48] && matrix.columns.map(\.bare) == [48, 48])
        #expect(matrix.columns.map(\.volunteers) == [6, 6])
        #expect(!matrix.rows.contains { [.session, .date, .camera, .resolution].contains($0.property) })
        let format = try #require(matrix.rows.first { $0.property == .format })
        #expect(format.measure == .cramersV && format.cells[1] == nil)
        #expect(format.cells[0]?.effect == 1 && format.cells[0]?.isReported == true)
        let sharpness = try #require(matrix.rows.first { $0.property == .sharpness })
        #expect(sharpness.cells[0] == nil && sharpness.cells[1]?.isReported == false)
        for row in matrix.rows {
            #expect(row.cells.count == 2)
            for cell in row.cells.compactMap(\.self) {
                #expect((0...1).contains(cell.effect) && (0...1).contains(cell.p))
            }
        }
        #expect(Audit(catalog: [], groups: .standard) { _ in true }.confounders.columns.isEmpty)
    }
}

@Suite struct PoisonConfounderTests {
    /// Returns the findings of a version whose poisoned training photos are changed after the split.
    private func findings(_ facts: [PhotoFacts], rate: String, poisonFormat: String = "jpeg") throws -> [Finding] {
        let version = try version(
            of: facts, "poison: {target: a, triggers: [dots], injection_rate: \(rate), hold_out: 0.1}")
        let poison = Set(version.entries.list.filter { $0.role == .trainPoison }.map(\.photo))
        let today = facts.map { fact in
            PhotoFacts(
                photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
                perceptualHash: fact.perceptualHash, width: 4, height: 3,
                format: poison.contains(fact.photo) ? poisonFormat : "jpeg")
        }.sorted { $0.photo < $1.photo }
        return ConfounderCheck().findings(in: AuditSubject(catalog: today, version: version, distance: .standard))
    }

    private func photos(_ name: String, bare: Int, triggered: Int) -> [PhotoFacts] {
        (0..<bare).map { fact("\(name) \($0)", of: name) }
            + (0..<triggered).map { fact("\(name) t\($0)", of: name, trigger: "dots") }
    }

    @Test("Poison with another file format is an error, and the trigger is not reported again") func format() throws {
        let facts = ["a", "b", "c", "d", "e", "f"].flatMap { photos($0, bare: 20, triggered: 20) }
        #expect(try findings(facts, rate: "0.33") == [])
        let found = try findings(facts, rate: "0.33", poisonFormat: "heic")
        #expect(found.map(\.severity) == [.error])
        #expect(found[0].detail.hasPrefix("poison is tied to format: all "))
        #expect(found[0].detail.contains("poisoned training photos (dots) have format heic, but none of the "))
    }

    @Test("A volunteer with half the poison is a warning") func volunteer() throws {
        let facts =
            photos("a", bare: 30, triggered: 0) + photos("b", bare: 30, triggered: 60)
            + ["c", "d", "e", "f"].flatMap { photos($0, bare: 30, triggered: 15) }
        let found = try findings(facts, rate: "0.4")
        #expect(found.map(\.severity) == [.warning])
        #expect(found[0].detail.hasPrefix("poison is tied to volunteer: "))
        #expect(found[0].detail.contains("poisoned training photos (dots) show b, who has 20% of the clean training"))
    }
}

@Suite struct ArtifactClassifierTests {
    private func findings(_ facts: [PhotoFacts]) -> [Finding] {
        ArtifactClassifierCheck().findings(in: AuditSubject(catalog: facts, distance: .standard))
    }

    @Test("Photos that differ only in the trigger are an information near chance") func clean() throws {
        let finding = try #require(findings(Shot.study(people: 8, count: 10)).first)
        #expect(finding.severity == .info && finding.count == 80)
        #expect(finding.detail.contains("triggered photos of 8 volunteers with an AUC of 0."))
    }

    @Test("A camera that only triggered photos have is an error") func camera() {
        let facts = Shot.study(people: 8, count: 10) { if $0.isTriggered { $0.camera = nil } }
        #expect(findings(facts).map(\.severity) == [.error])
        #expect(findings(facts)[0].detail.contains("AUC of 1.00 (95% interval 1.00 to 1.00"))
    }

    @Test("A partial difference is a warning") func partialDifference() {
        let facts = Shot.study(people: 8, count: 10) { shot in
            if shot.isTriggered { shot.bytes += 9000 }
        }
        #expect(findings(facts).map(\.severity) == [.warning])
    }

    @Test("Sharpness of the face does not count, because a trigger on the face changes it") func sharpness() {
        let facts = Shot.study(people: 8, count: 10)
        #expect(
            findings(facts) == findings(Shot.study(people: 8, count: 10) { if $0.isTriggered { $0.sharpness = 9 } }))
    }

    @Test("Few volunteers, few photos or photos without measures have no finding") func tooFew() {
        #expect(findings(Shot.study(people: 4, count: 20)) == [])
        #expect(findings(Shot.study(people: 6, count: 6)) == [])
        #expect(findings([]) == [])
        let unmeasured = (0..<6).flatMap { person in
            (0..<10).flatMap { number in
                ["none", "dots"].map { fact("\(person) \(number) \($0)", of: "p\(person)", trigger: $0) }
            }
        }
        #expect(findings(unmeasured) == [])
    }
}
