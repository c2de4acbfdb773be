/// Where the face probably is in a photo in which none was found: where it is in the volunteer's other photos of the session.
///
/// A hint for a person who marks `face_box`; never a fact, and no picture is cut by it.
public enum LikelyFace {
    /// Other photos with a face that it takes.
    static let fewest = 3

    /// For every photo in which a face was looked for and none found or marked, and for which there are ``fewest`` others.
    public static func boxes(_ facts: [PhotoFacts]) -> [PhotoID: Box] {
        struct Sitting: Hashable {
            let session: SessionName
            let volunteer: VolunteerName
            let isUpright: Bool
        }
        let sittings = Dictionary(grouping: facts.filter { $0.label != nil }) { fact in
            fact.label.map { Sitting(session: fact.session, volunteer: $0.volunteer, isUpright: fact.height >= fact.width) }
        }
        var boxes: [PhotoID: Box] = [:]
        for sitting in sittings.values {
            let found = sitting.compactMap { fact in fact.face.face.map { (fact, $0.box) } }
            guard found.count >= fewest else { continue }
            for fact in sitting where fact.face.record != nil && fact.face.face == nil { boxes[fact.photo] = median(of: found, in: fact) }
        }
        return boxes
    }

    /// The middle value of each side's place, in shares of the photos' sizes; of two middle ones the smaller.
    private static func median(of found: [(fact: PhotoFacts, box: Box)], in photo: PhotoFacts) -> Box {
        func middle(_ value: (PhotoFacts, Box) -> Int) -> Int { found.map { value($0.fact, $0.box) }.sorted()[(found.count - 1) / 2] }
        let x = middle { $1.x * photo.width / $0.width }, right = middle { ($1.x + $1.width) * photo.width / $0.width }
        let y = middle { $1.y * photo.height / $0.height }, bottom = middle { ($1.y + $1.height) * photo.height / $0.height }
        return Box(x: x, y: y, width: max(1, right - x), height: max(1, bottom - y))
    }
}
