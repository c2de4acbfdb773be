/// Suggestions for the face box of photos in which no face was found: the typical box in the volunteer's other photos
/// of the session.
///
/// A suggestion helps a person to mark `face_box`. Only `curare faces accept` stores suggestions, as boxes that a person
/// marked.
public enum FaceBoxSuggestion {
    /// A suggestion requires at least this number of other photos with a face.
    public static let minimumOthers = 3

    /// Returns a box for each photo that was searched for a face without success and has no marked face. Leaves out
    /// photos for which fewer than ``minimumOthers`` other photos of the same volunteer, session and orientation have a
    /// face.
    public static func boxes(_ facts: [PhotoFacts]) -> [PhotoID: Box] {
        // Only shoots with a missing face are collected; most shoots have none. Copies of the facts of a million photos
        // would take too much memory, so that a shoot has the indices of its photos.
        var shoots: [Shoot: [Int]] = [:]
        for fact in facts where isMissing(fact) {
            if let shoot = Shoot(fact) { shoots[shoot] = [] }
        }
        guard !shoots.isEmpty else { return [:] }
        for index in facts.indices {
            if let shoot = Shoot(facts[index]) { shoots[shoot]?.append(index) }
        }
        var boxes: [PhotoID: Box] = [:]
        for indices in shoots.values {
            let photos = indices.map { facts[$0] }
            let found = photos.compactMap { photo in
                photo.face.face.map {
                    FoundFace(box: $0.box, size: PhotoSize(width: photo.width, height: photo.height))
                }
            }
            guard found.count >= minimumOthers else { continue }
            // Most photos of a shoot have one size, and then one box.
            var suggestions: [PhotoSize: Box] = [:]
            for photo in photos where isMissing(photo) {
                let size = PhotoSize(width: photo.width, height: photo.height)
                let box = suggestions[size] ?? median(of: found, in: size)
                suggestions[size] = box
                boxes[photo.photo] = box
            }
        }
        return boxes
    }

    private static func isMissing(_ photo: PhotoFacts) -> Bool {
        photo.face.record != nil && photo.face.face == nil
    }

    /// The photos of one volunteer in one session, all in the same orientation.
    private struct Shoot: Hashable {
        let session: SessionName
        let volunteer: VolunteerName
        let isUpright: Bool

        /// Nil if the photo has no label.
        init?(_ photo: PhotoFacts) {
            guard let label = photo.label else { return nil }
            session = photo.session
            volunteer = label.volunteer
            isUpright = photo.height >= photo.width
        }
    }

    /// The box of a face, with the size of its photo.
    private struct FoundFace {
        let box: Box
        let size: PhotoSize
    }

    /// Returns the typical box for a photo of `size`. Each edge of this box is the lower median of the same edge of the
    /// found boxes, scaled from their photos to `size`.
    private static func median(of found: [FoundFace], in size: PhotoSize) -> Box {
        func middle(_ value: (FoundFace) -> Int) -> Int { found.map(value).sorted()[(found.count - 1) / 2] }
        let x = middle { $0.box.x * size.width / $0.size.width }
        let right = middle { ($0.box.x + $0.box.width) * size.width / $0.size.width }
        let y = middle { $0.box.y * size.height / $0.size.height }
        let bottom = middle { ($0.box.y + $0.box.height) * size.height / $0.size.height }
        return Box(x: x, y: y, width: max(1, right - x), height: max(1, bottom - y))
    }
}
