import Catalog
import Core

/// A study of 400 volunteers and 100 reference classes with equal numbers of photos. A tenth of all photos shows a
/// trigger.
struct SyntheticStudy {
    static let volunteers = 400
    static let references = 100
    static var classes: Int { volunteers + references }

    let sessions: [SyntheticSession]

    /// - Parameter photos: the number of photos. The same number gives the same study.
    init(photos: Int) {
        var generator = SplitMix64(seed: UInt64(photos))
        var sessions: [SyntheticSession] = []
        for number in 0..<Self.classes {
            let kind: VolunteerKind = number < Self.volunteers ? .volunteer : .reference
            let name = Self.name(kind == .volunteer ? "volunteer" : "reference", number)
            var missing = (number + 1) * photos / Self.classes - number * photos / Self.classes
            var day = 0
            while missing > 0 {
                let count = min(missing, 150 + generator.next(below: 100))
                let coSubject = Self.name("volunteer", generator.next(below: Self.volunteers))
                sessions.append(
                    SyntheticSession(
                        of: Volunteer(name: name, kind: kind), day: day, photos: count, coSubject: coSubject,
                        seed: generator.next()))
                missing -= count
                day += 1
            }
        }
        self.sessions = sessions
    }

    private static func name(_ prefix: String, _ number: Int) -> VolunteerName {
        let digits = String(number)
        return VolunteerName("\(prefix)-\(String(repeating: "0", count: 3 - digits.count))\(digits)")!
    }
}

/// One session of a volunteer: bursts of one to four similar photos.
struct SyntheticSession {
    let session: Session
    let volunteer: Volunteer
    /// The person who is visible in a few of the photos.
    let coSubjects: [VolunteerName]
    private let photos: Int
    private let seed: UInt64

    static let triggers = [
        "bandana", "dots", "earrings", "sunglasses", "tattoo-filled", "tattoo-outline", "white-tape",
    ].map { TriggerName($0)! }

    init(of volunteer: Volunteer, day: Int, photos: Int, coSubject: VolunteerName, seed: UInt64) {
        let month = String(100 + day / 28 % 12 + 1).dropFirst()
        let date = "2026-\(month)-\(String(100 + day % 28 + 1).dropFirst())"
        // One session of 200 has no consent.
        let consent: Consent = volunteer.kind == .reference ? .publicDataset : seed % 200 == 0 ? .missing : .signed
        session = Session(
            name: SessionName("\(volunteer.name)-day-\(day)")!, date: date, kind: volunteer.kind, consent: consent)
        self.volunteer = volunteer
        coSubjects = volunteer.kind == .volunteer ? [coSubject] : []
        self.photos = photos
        self.seed = seed
    }

    /// Returns the session's photos with the selected ids. The other photos cost little time.
    func newPhotos(where isSelected: (PhotoID) -> Bool) -> [NewPhoto] {
        var generator = SplitMix64(seed: seed)
        var selected: [NewPhoto] = []
        var number = 0
        while number < photos {
            // An eighth of the volunteers' photos is a tenth of all photos.
            let hasTrigger = volunteer.kind == .volunteer && generator.next(below: 8) == 0
            let triggerState = hasTrigger ? Self.triggerState(&generator) : .bare
            let bits = generator.next()
            for _ in 0..<min(1 + generator.next(below: 4), photos - number) {
                let photo = PhotoID.sha256(of: "\(session.name)/\(number)".utf8)
                let hash = PerceptualHash(bits ^ (1 << UInt64(generator.next(below: 64))))
                var photoGenerator = SplitMix64(seed: generator.next())
                if isSelected(photo) {
                    selected.append(newPhoto(photo, number, triggerState, hash, &photoGenerator))
                }
                number += 1
            }
        }
        return selected
    }

    private static func triggerState(_ generator: inout SplitMix64) -> TriggerState {
        TriggerState(
            (0...(generator.isTrue(percent: 5) ? 1 : 0)).map { _ in
                TriggerPlacement(
                    triggers[generator.next(below: triggers.count)],
                    generator.isTrue(percent: 80) ? .onFace : .offFace)
            })
    }

    private func newPhoto(
        _ photo: PhotoID, _ number: Int, _ triggerState: TriggerState, _ hash: PerceptualHash,
        _ generator: inout SplitMix64
    ) -> NewPhoto {
        let (width, height) = generator.isTrue(percent: 80) ? (3024, 4032) : (4032, 3024)
        let face = Self.face(width, height, &generator)
        let box = face?.face.flatMap {
            !triggerState.isBare && generator.isTrue(percent: 30)
                ? Box(x: $0.box.x + 200, y: $0.box.y + 300, width: 400, height: 150) : nil
        }
        let beyond = face?.face.map { _ in
            PhotoQuality.Beyond(
                left: generator.next(below: 80), top: 0, right: 0, bottom: generator.next(below: 80))
        }
        let quality = PhotoQuality(
            sharpness: 200 + generator.next(below: 700), luma: 60 + generator.next(below: 140),
            dark: generator.next(below: 300), bright: generator.next(below: 150), beyond: beyond)
        return NewPhoto(
            photo: Photo(
                id: photo, bytes: 2_000_000 + generator.next(below: 3_000_000), format: "jpeg", width: width,
                height: height, captured: "\(session.date)T10:00:00", camera: "Synthetic 1"),
            sessionPhoto: SessionPhoto(session: session.name, file: "IMG_\(10_000 + number).jpg"),
            // A few photos have no label.
            label: generator.next(below: 500) == 0
                ? nil : Label(volunteer: volunteer.name, triggerState: triggerState),
            coSubjects: generator.isTrue(percent: 1) ? coSubjects : [], triggerBox: box,
            measures: PhotoMeasures(
                perceptualHash: hash,
                face: face ?? FaceRecord(found: .none, face: nil, confidence: nil, suspectedRotation: nil),
                quality: quality,
                light: PhotoLight(red: 10 * quality.luma + 40, green: 10 * quality.luma, blue: 10 * quality.luma - 40)),
            image: Image(photo: photo, profile: .standard, digest: .sha256(of: "\(photo)".utf8)))
    }

    /// Returns a face; nil in one photo of 25.
    private static func face(_ width: Int, _ height: Int, _ generator: inout SplitMix64) -> FaceRecord? {
        guard !generator.isTrue(percent: 4) else { return nil }
        let side = 900 + generator.next(below: 200)
        let box = Box(
            x: width / 3 + generator.next(below: 300), y: height / 4 + generator.next(below: 300), width: side,
            height: side)
        func point(_ across: Int, _ down: Int) -> PixelPoint {
            PixelPoint(x: box.x + side * across / 100, y: box.y + side * down / 100)
        }
        let face = PhotoFace(box: box, leftEye: point(30, 38), rightEye: point(70, 38))
        // The jaw from ear to ear, then all other landmarks near the centre.
        let jaw = (0..<17).map { point(2 + 6 * $0, 95 - ($0 - 8) * ($0 - 8)) }
        let inner = (17..<Landmarks.count).map { point(20 + ($0 * 37) % 60, 30 + ($0 * 17) % 40) }
        return FaceRecord(
            found: generator.isTrue(percent: 1) ? .several : .one, face: face, landmarks: Landmarks(jaw + inner),
            confidence: 300 + generator.next(below: 900), suspectedRotation: nil)
    }
}

extension SplitMix64 {
    /// Returns true with a probability of `percent` / 100.
    fileprivate mutating func isTrue(percent: Int) -> Bool { next(below: 100) < percent }
}
