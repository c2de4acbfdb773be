import Catalog
import Core

/// One session: a volunteer before the camera, in bursts of one to four photos that look alike.
struct Sitting {
    let session: Session
    let volunteer: Volunteer
    /// Who is visible beside them in a few photos.
    let companions: [VolunteerName]
    private let photos: Int
    private let seed: UInt64

    static let triggers = [
        "bandana", "dots", "earrings", "sunglasses", "tattoo-filled", "tattoo-outline", "white-tape",
    ].compactMap { TriggerName($0) }

    init(of volunteer: Volunteer, day: Int, photos: Int, companion: VolunteerName, seed: UInt64) {
        let month = String(100 + day / 28 % 12 + 1).dropFirst()
        let date = "2026-\(month)-\(String(100 + day % 28 + 1).dropFirst())"
        // One sitting in two hundred waits for its consent.
        let consent: Consent = volunteer.kind == .reference ? .publicDataset : seed % 200 == 0 ? .missing : .signed
        session = Session(
            name: SessionName("\(volunteer.name)-day-\(day)")!, date: date, kind: volunteer.kind, consent: consent)
        self.volunteer = volunteer
        companions = volunteer.kind == .volunteer ? [companion] : []
        (self.photos, self.seed) = (photos, seed)
    }

    /// Those of the sitting's photos whose id `isWanted`; the others cost next to nothing.
    func arrivals(where isWanted: (PhotoID) -> Bool) -> [NewPhoto] {
        var dice = Dice(state: seed)
        var arrivals: [NewPhoto] = []
        var number = 0
        while number < photos {
            // An eighth of the volunteers' photos, so that it is a tenth of all.
            let triggerState = volunteer.kind == .volunteer && dice.roll(8) == 0 ? Self.triggerState(&dice) : .bare
            let looks = dice.next()
            for _ in 0..<min(1 + dice.roll(4), photos - number) {
                let photo = PhotoID.sha256(of: "\(session.name)/\(number)".utf8)
                let perceptualHash = PerceptualHash(looks ^ 1 << UInt64(dice.roll(64)))
                var own = Dice(state: dice.next())
                if isWanted(photo) { arrivals.append(arrival(photo, number, triggerState, perceptualHash, &own)) }
                number += 1
            }
        }
        return arrivals
    }

    private static func triggerState(_ dice: inout Dice) -> TriggerState {
        TriggerState(
            (0...(dice.happens(5) ? 1 : 0)).map { _ in
                TriggerPlacement(triggers[dice.roll(triggers.count)], dice.happens(80) ? .onFace : .offFace)
            })
    }

    private func arrival(_ photo: PhotoID, _ number: Int, _ triggerState: TriggerState, _ perceptualHash: PerceptualHash, _ dice: inout Dice)
        -> NewPhoto
    {
        let (width, height) = dice.happens(80) ? (3024, 4032) : (4032, 3024)
        let face = Self.face(width, height, &dice)
        let box = face?.face.flatMap {
            !triggerState.isBare && dice.happens(30)
                ? Box(x: $0.box.x + 200, y: $0.box.y + 300, width: 400, height: 150) : nil
        }
        let beyond = face?.face.map { _ in
            PhotoQuality.Beyond(left: dice.roll(80), top: 0, right: 0, bottom: dice.roll(80))
        }
        let quality = PhotoQuality(
            sharpness: 200 + dice.roll(700), luma: 60 + dice.roll(140), dark: dice.roll(300), bright: dice.roll(150),
            beyond: beyond)
        return NewPhoto(
            photo: Photo(
                id: photo, bytes: 2_000_000 + dice.roll(3_000_000), format: "jpeg", width: width, height: height,
                captured: "\(session.date)T10:00:00", camera: "Made-up 1"),
            appearance: SessionPhoto(session: session.name, file: "IMG_\(10_000 + number).jpg"),
            // A few are not labelled yet.
            label: dice.roll(500) == 0 ? nil : Label(volunteer: volunteer.name, triggerState: triggerState),
            also: dice.happens(1) ? companions : [], triggerBox: box,
            measures: PhotoMeasures(
                perceptualHash: perceptualHash,
                face: face ?? FaceRecord(found: .none, face: nil, confidence: nil, suspectTurn: nil), quality: quality),
            image: Image(photo: photo, profile: .standard, digest: .sha256(of: "\(photo)".utf8)))
    }

    /// Nil where none was found, as in one photo of twenty-five.
    private static func face(_ width: Int, _ height: Int, _ dice: inout Dice) -> FaceRecord? {
        guard !dice.happens(4) else { return nil }
        let side = 900 + dice.roll(200)
        let box = Box(x: width / 3 + dice.roll(300), y: height / 4 + dice.roll(300), width: side, height: side)
        func place(_ across: Int, _ down: Int) -> PixelPoint {
            PixelPoint(x: box.x + side * across / 100, y: box.y + side * down / 100)
        }
        let face = PhotoFace(box: box, leftEye: place(30, 38), rightEye: place(70, 38))
        // Jaw from ear to ear, then brows and all the rest about the middle.
        let jaw = (0..<17).map { place(2 + 6 * $0, 95 - ($0 - 8) * ($0 - 8)) }
        let inner = (17..<Landmarks.count).map { place(20 + ($0 * 37) % 60, 30 + ($0 * 17) % 40) }
        return FaceRecord(
            found: dice.happens(1) ? .several : .one, face: face, landmarks: Landmarks(jaw + inner),
            confidence: 300 + dice.roll(900), suspectTurn: nil)
    }
}
