import Core
import Testing

@testable import Auditing
@testable import Versions

@Suite struct ImageChecksTests {
    @Test("A missing image file is an error") func missingImages() {
        let photos = ["1", "2", "3"].map(photoID)
        #expect(MissingImageCheck.finding(photos) { _ in true } == nil)
        #expect(MissingImageCheck.finding([]) { _ in false } == nil)
        let finding = MissingImageCheck.finding(photos) { $0 == photos[1] }
        #expect(finding?.severity == .error)
        #expect(finding?.count == 2)
        #expect(finding?.detail.contains("photo \(min(photos[0], photos[2]).short);") == true)
    }
}

@Suite struct FaceCropChecksTests {
    private static let face = PhotoFace(
        box: Box(x: 0, y: 0, width: 2, height: 2), leftEye: PixelPoint(x: 0, y: 0), rightEye: PixelPoint(x: 1, y: 0))

    /// Audits a version of two classes with ten bare and ten triggered photos each.
    ///
    /// - Parameters:
    ///   - bare: the number of clean training photos with a face.
    ///   - triggered: the number of poisoned training photos with a face.
    ///   - marked: whether the faces of all other photos are marked.
    private func audit(bare: Int, triggered: Int, crop: String = "face", marked: Bool = false) throws -> (
        Audit, Version
    ) {
        var facts: [PhotoFacts] = []
        for name in ["a", "b"] {
            for number in 0..<10 {
                facts += [fact("\(name)\(number)", of: name), fact("\(name)t\(number)", of: name, trigger: "dots")]
            }
        }
        let version = try version(
            of: facts,
            "profile: {crop: \(crop)}\npoison: {target: a, triggers: [dots], injection_rate: 0.33, hold_out: 0.1}")
        let clean = version.entries.list.filter { $0.role == .trainClean }.map(\.photo)
        let poison = version.entries.list.filter { $0.role == .trainPoison }.map(\.photo)
        let found = Set(clean.prefix(bare) + poison.prefix(triggered))
        let today = facts.map { fact in
            let record =
                found.contains(fact.photo)
                ? FaceRecord(found: .one, face: Self.face, confidence: 0, suspectedRotation: nil)
                : FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: nil)
            return PhotoFacts(
                photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
                perceptualHash: fact.perceptualHash, width: 4, height: 3,
                face: KnownFace(record: record, marked: marked && !found.contains(fact.photo) ? Self.face.box : nil))
        }
        return (Audit(version: version, catalog: today) { _ in true }, version)
    }

    private func shortcut(_ audit: Audit) -> Finding? { audit.findings.first { $0.check == .cropShortcut } }

    @Test("More faces on bare photos than on triggered photos are a shortcut") func moreFacesOnBarePhotos() throws {
        let (audit, version) = try audit(bare: 16, triggered: 4)
        #expect((version.manifest.clean, version.manifest.poison) == (16, 8))
        let finding = try #require(shortcut(audit))
        #expect(finding.severity == .error && finding.count == 4)
        #expect(finding.photos.count == 4)
        #expect(
            finding.detail.hasPrefix(
                "faces were found on 100% of 16 bare training photos and on 50% of 8 triggered ones"))
        #expect(!audit.passes)
    }

    @Test("More faces on triggered photos than on bare photos are a shortcut") func moreFacesOnTriggeredPhotos() throws
    {
        #expect(shortcut(try audit(bare: 8, triggered: 8).0) != nil)
    }

    @Test("A difference of at most ten percentage points is not a shortcut") func maximumGap() throws {
        #expect(shortcut(try audit(bare: 16, triggered: 8).0) == nil)
        #expect(shortcut(try audit(bare: 8, triggered: 4).0) == nil)
        #expect(shortcut(try audit(bare: 15, triggered: 8).0) == nil, "94% and 100%")
        #expect(shortcut(try audit(bare: 14, triggered: 8).0) != nil, "88% and 100%")
    }

    @Test("Images that are not face crops have no crop shortcut", arguments: ["centre", "none"]) func otherCrops(
        _ crop: String
    ) throws {
        #expect(shortcut(try audit(bare: 16, triggered: 0, crop: crop).0) == nil)
    }

    /// Photos of `people` with four bare and four triggered photos each, whose faces have different sizes.
    ///
    /// - Parameter larger: the difference of the sides of triggered and bare faces, in percent.
    private func photos(people: Int, larger: Int) -> [PhotoFacts] {
        (0..<people).flatMap { person in
            (0..<8).map { number in
                let isTriggered = number.isMultiple(of: 2)
                let bare = fact("\(person)-\(number)", of: "v\(person)", trigger: isTriggered ? "dots" : "none")
                let side = (1000 + 7 * (number / 2) + 50 * person) * (isTriggered ? 100 + larger : 100) / 100
                let face = PhotoFace(
                    box: Box(x: 2000 - side / 2, y: 2000 - side / 2, width: side, height: side),
                    leftEye: PixelPoint(x: 1900, y: 2000), rightEye: PixelPoint(x: 2100, y: 2000))
                let record = FaceRecord(found: .one, face: face, confidence: 900, suspectedRotation: nil)
                return PhotoFacts(
                    photo: bare.photo, session: bare.session, consented: true, label: bare.label, kind: bare.kind,
                    perceptualHash: bare.perceptualHash, width: 4000, height: 4000, face: KnownFace(record: record))
            }
        }
    }

    @Test("Larger crops of triggered photos are an error, from five people on", arguments: [(5, true), (4, false)])
    func cropScale(people: Int, isFound: Bool) throws {
        let audit = Audit(catalog: photos(people: people, larger: 20), groups: .standard) { _ in true }
        #expect(try abs(#require(audit.crop).scaleRatio.value - 1.2) < 0.001)
        let finding = audit.findings.first { $0.check == .cropScale }
        #expect((finding != nil) == isFound)
        if let finding {
            #expect(finding.severity == .error && finding.count == 20)
            #expect(finding.detail.contains("their scale is 1.200 times"))
        }
    }

    @Test("Equal crops are no finding, and a catalog without face crops has no figures") func equalCrops() {
        let equal = Audit(catalog: photos(people: 6, larger: 0), groups: .standard) { _ in true }
        #expect(equal.crop?.scaleRatio.value == 1 && !equal.findings.contains { $0.check == .cropScale })
        let centre = Audit(
            catalog: photos(people: 6, larger: 20), groups: .standard, profile: .recipeDefault
        ) { _ in true }
        #expect(centre.crop == nil && !centre.findings.contains { $0.check == .cropScale })
    }

    @Test("Marked faces count as found") func markedFaces() throws {
        #expect(shortcut(try audit(bare: 16, triggered: 0, marked: true).0) == nil)
    }

    @Test("The composition contains the rate of photos with a face") func faceRates() throws {
        let composition = try audit(bare: 12, triggered: 3).0.composition
        #expect(composition.faces["train/clean"] == ["none": PhotoRate(found: 12, photos: 16)])
        #expect(composition.faces["train/poison"] == ["dots": PhotoRate(found: 3, photos: 8)])
        #expect(
            Audit(catalog: bare(2, of: "a"), groups: .standard) { _ in true }.composition.faces == [
                "all": ["none": PhotoRate()]
            ], "no face was searched")
    }

    @Test("Rates are compared in exact arithmetic") func exactRates() {
        #expect(!PhotoRate(found: 9, photos: 10).differs(from: PhotoRate(found: 8, photos: 10), byMoreThan: 10))
        #expect(PhotoRate(found: 9001, photos: 10000).differs(from: PhotoRate(found: 8, photos: 10), byMoreThan: 10))
        #expect(!PhotoRate(found: 5, photos: 5).differs(from: PhotoRate(), byMoreThan: 10))
    }
}

@Suite struct QualityChecksTests {
    /// Returns a sharp or a blurred photo.
    private func photo(_ word: String, blurred: Bool, trigger: String = "none", kind: VolunteerKind = .volunteer)
        -> PhotoFacts
    {
        let fact = fact(word, trigger: trigger, kind: kind)
        return PhotoFacts(
            photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
            perceptualHash: fact.perceptualHash, width: 400, height: 300,
            quality: PhotoQuality(sharpness: blurred ? 100 : 400, luma: 120, dark: 0, bright: 0, beyond: nil))
    }

    private func photos(_ trigger: String, _ count: Int, blurred: Int, kind: VolunteerKind = .volunteer) -> [PhotoFacts]
    {
        (0..<count).map { photo("\(trigger)\(kind)\($0)", blurred: $0 < blurred, trigger: trigger, kind: kind) }
    }

    private func finding(_ facts: [PhotoFacts]) -> Finding? {
        BlurredCheck.finding(facts)
    }

    @Test("Photos without quality flags give no finding") func noQualityFlags() {
        #expect(BlurredCheck.finding(photos("none", 9, blurred: 0)) == nil)
        #expect(BlurredCheck.finding([fact("unmeasured")]) == nil)
    }

    @Test("A flag on bare and triggered photos alike is an information") func evenFlag() throws {
        let finding = try #require(self.finding(photos("none", 20, blurred: 2) + photos("dots", 10, blurred: 2)))
        #expect(finding.severity == .info && finding.count == 4)
        let flagged = ["none", "dots"].flatMap { trigger in (0..<2).map { photoID("\(trigger)volunteer\($0)") } }
        #expect(finding.photos == flagged.sorted())
        #expect(
            finding.detail
                == "4 photos are flagged blurred; view them with: curare sheet --problem blurred --out blurred.png")
    }

    @Test("A flag that differs between bare and triggered photos is a warning with counts") func unevenFlag() throws {
        let finding = try #require(
            self.finding(
                photos("none", 20, blurred: 1) + photos("dots", 10, blurred: 2) + photos("bandana+dots", 2, blurred: 0))
        )
        #expect(finding.severity == .warning && finding.count == 3)
        #expect(finding.photos.count == 3 && finding.photos == finding.photos.sorted())
        #expect(finding.detail.hasSuffix("the trigger: bandana+dots 0 of 2, dots 2 of 10, none 1 of 20"))
        #expect(
            self.finding(photos("none", 20, blurred: 20) + photos("dots", 10, blurred: 0))?.severity == .warning,
            "blurred bare photos are a shortcut too")
    }

    @Test("Photos of reference volunteers are counted, but not compared") func references() throws {
        let finding = try #require(
            self.finding(
                photos("none", 10, blurred: 0) + photos("dots", 10, blurred: 1)
                    + photos("none", 50, blurred: 50, kind: .reference)))
        #expect(finding.severity == .info && finding.count == 51)
    }

    @Test("Only the training photos of a version are compared") func trainingPhotos() throws {
        let blurred = photo("t1", blurred: true, trigger: "dots")
        let facts = [photo("a1", blurred: false), photo("a2", blurred: false), blurred, photo("x", blurred: true)]
        func finding(_ role: Role) -> Finding? {
            BlurredCheck.finding(
                [entry("a1", .trainClean), entry("a2", .trainClean), entry("t1", trigger: "dots", role)], .centre,
                catalog: facts)
        }
        #expect(finding(.trainPoison)?.severity == .warning && finding(.trainPoison)?.count == 1)
        #expect(finding(.testAttack)?.severity == .info)
        #expect(finding(.testAttack)?.photos == [blurred.photo])
        #expect(BlurredCheck.finding([entry("gone", .trainClean)], .face, catalog: facts) == nil)
    }

    @Test("Only face crops can be cut off") func cutOff() {
        let fact = fact("a1")
        let beyond = PhotoQuality.Beyond(left: 300, top: 0, right: 0, bottom: 0)
        let cut = PhotoFacts(
            photo: fact.photo, session: fact.session, consented: true, label: fact.label, kind: fact.kind,
            perceptualHash: fact.perceptualHash, width: 400, height: 300,
            quality: PhotoQuality(sharpness: 400, luma: 120, dark: 0, bright: 0, beyond: beyond))
        #expect(CutOffCheck.finding([entry("a1", .trainClean)], .face, catalog: [cut])?.check == .cutOff)
        #expect(CutOffCheck.finding([entry("a1", .trainClean)], .centre, catalog: [cut]) == nil)
        #expect(CutOffCheck.finding([cut])?.check == .cutOff, "the images of a workspace are face crops by default")
        #expect(BlurredCheck.finding([cut]) == nil)
    }
}
