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
        // Sittings in which a face is missing; in most none is.
        var sittings: [Sitting: [Int]] = [:]
        func sitting(_ fact: PhotoFacts) -> Sitting? {
            fact.label.map {
                Sitting(session: fact.session, volunteer: $0.volunteer, isUpright: fact.height >= fact.width)
            }
        }
        func isMissing(_ fact: PhotoFacts) -> Bool { fact.face.record != nil && fact.face.face == nil }
        for fact in facts where isMissing(fact) {
            if let sitting = sitting(fact) { sittings[sitting] = [] }
        }
        guard !sittings.isEmpty else { return [:] }
        for place in facts.indices {
            if let sitting = sitting(facts[place]) { sittings[sitting]?.append(place) }
        }
        var boxes: [PhotoID: Box] = [:]
        for places in sittings.values {
            let found = places.compactMap { place in
                facts[place].face.face.map {
                    Found(box: $0.box, width: facts[place].width, height: facts[place].height)
                }
            }
            guard found.count >= fewest else { continue }
            let missing = places.filter { isMissing(facts[$0]) }
            for place in missing { boxes[facts[place].photo] = median(of: found, in: facts[place]) }
        }
        return boxes
    }

    /// A face in a photo of that size.
    private struct Found {
        let box: Box
        let width, height: Int
    }

    /// The middle value of each side's place, in shares of the photos' sizes; of two middle ones the smaller.
    private static func median(of found: [Found], in photo: PhotoFacts) -> Box {
        func middle(_ value: (Found) -> Int) -> Int { found.map(value).sorted()[(found.count - 1) / 2] }
        let x = middle { $0.box.x * photo.width / $0.width }
        let right = middle { ($0.box.x + $0.box.width) * photo.width / $0.width }
        let y = middle { $0.box.y * photo.height / $0.height }
        let bottom = middle { ($0.box.y + $0.box.height) * photo.height / $0.height }
        return Box(x: x, y: y, width: max(1, right - x), height: max(1, bottom - y))
    }
}
