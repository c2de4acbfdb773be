import Core

/// What the catalog knows of the face in a photo, and of where its trigger is, for a person who looks at that photo.
struct FaceAnswer: Encodable {
    struct Ruled: Encodable {
        let location: String
        let percent: Int
    }

    /// `none`, `one`, `several`; null where it was not looked for yet.
    let found: String?
    let marked: Bool
    let box, eyes: [Int]?
    /// Thousandths of the detector's score.
    let confidence: Int?
    let suspectTurn: Int?
    /// Where it is in the volunteer's other photos of the session, where none was found here.
    let likely: [Int]?
    /// The corners of its outline: x, y, x, y and so on.
    let outline: [Int]?
    let triggerBox: [Int]?
    /// What the rule says of the trigger's box.
    let ruled: Ruled?
    let contradicted: Bool

    init(_ fact: PhotoFacts, among facts: [PhotoFacts]) {
        let known = fact.face
        (found, marked) = (known.record?.found.rawValue, known.marked != nil)
        (box, eyes) = (
            known.face?.box.numbers, known.face.map { [$0.leftEye.x, $0.leftEye.y, $0.rightEye.x, $0.rightEye.y] }
        )
        (confidence, suspectTurn) = (known.record?.confidence, known.record?.suspectTurn)
        likely = LikelyFace.boxes(facts)[fact.photo]?.numbers
        outline = known.landmarks.map { FaceOutline($0).corners.flatMap { [$0.x, $0.y] } }
        triggerBox = fact.triggerBox?.numbers
        ruled = fact.triggerBox.flatMap { RuledLocation(of: $0, on: known) }.map {
            Ruled(location: $0.location.rawValue, percent: $0.percent)
        }
        contradicted = fact.contradiction != nil
    }

    var words: [String] {
        [face]
            + [
                likely.map {
                    "  in this volunteer's other photos of the session it is about at \(Self.text($0)): give it as face_box if that is right"
                }, trigger,
            ].compactMap(\.self)
    }

    private var face: String {
        if marked { return "face: marked by a person at \(Self.text(box)), eyes at \(Self.text(eyes))" }
        let turned =
            suspectTurn.map {
                "; after a turn of \($0)° clockwise there is a clear one: the photo has probably lost its orientation"
            } ?? ""
        return switch found {
        case nil: "face: not looked for yet"
        case FaceRecord.Found.none.rawValue: "face: none found\(turned)"
        case FaceRecord.Found.several.rawValue:
            "face: several could be meant; taken: the one at \(Self.text(box)), eyes at \(Self.text(eyes)), \(certainty)"
        default: "face: found at \(Self.text(box)), eyes at \(Self.text(eyes)), \(certainty)"
        }
    }

    private var certainty: String {
        let score = "score \(decimals(Double(confidence ?? 0) / 1000, 2))"
        return confidence ?? 0 >= 0 ? "clear (\(score))" : "weak, turned aside or half hidden, worth a look (\(score))"
    }

    private var trigger: String? {
        triggerBox.map { box in
            let ruling =
                ruled.map { "\($0.percent)% of it in the face's outline, \($0.location) by the rule" }
                ?? "no face's outline to hold it against"
            return "trigger's box: \(Self.text(box)), \(ruling)\(contradicted ? "; the label says otherwise" : "")"
        }
    }

    private static func text(_ numbers: [Int]?) -> String { (numbers ?? []).map(String.init).joined(separator: " ") }
}

extension Box {
    /// x, y, width, height.
    var numbers: [Int] { [x, y, width, height] }
}
