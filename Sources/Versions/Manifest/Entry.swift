import Core
import Documents

/// One line of `entries.jsonl`: a photo of the version, its part, and the image that was made of it.
public struct Entry: Hashable, Sendable {
    /// What selection looked at: the photo itself.
    public let eligiblePhoto: EligiblePhoto
    public let image: ImageDigest
    /// The class that the photo is trained or tested as: the target's name for poison.
    public let label: VolunteerName
    public let role: Role
    /// Said in `test/attack` alone.
    public let attackable: Bool?
    /// Said in `test/attack` alone.
    public let heldOut: Bool?

    public var photo: PhotoID { eligiblePhoto.photo }
    public var volunteer: Volunteer { eligiblePhoto.volunteer }
    public var group: PhotoID { eligiblePhoto.group }
    /// By which it came into its group; nil where it was not measured.
    public var perceptualHash: PerceptualHash? { eligiblePhoto.perceptualHash }
    public var session: SessionName { eligiblePhoto.session }
    /// Upright size of the photo in pixels.
    public var width: Int { eligiblePhoto.width }
    public var height: Int { eligiblePhoto.height }
    /// The face that the image was cut by; nil where none is known, and under every profile that does not look at faces.
    public var face: PhotoFace? { eligiblePhoto.face }
    /// What is seen worn: what the photo shows, or what is drawn.
    public let triggerState: TriggerState
    /// What is drawn on this copy of the photo, and where: a position for each of its triggers. Nil and none for the photo itself.
    public let overlay: TriggerCombination?
    public let drawn: [OverlayPosition]

    public init(part: Selection.Part, image: ImageDigest, drawn: [OverlayPosition] = []) {
        eligiblePhoto = part.photo
        self.image = image
        (label, role, attackable, heldOut) = (part.label, part.role, part.attackable, part.heldOut)
        (triggerState, overlay, self.drawn) = (part.triggerState, part.overlay, drawn)
    }

    /// `entry` with people, photo and measures as a redaction has them.
    init(_ entry: Entry, _ photo: EligiblePhoto, image: ImageDigest, label: VolunteerName, drawn: [OverlayPosition]) {
        (eligiblePhoto, self.image, self.label) = (photo, image, label)
        (role, attackable, heldOut) = (entry.role, entry.attackable, entry.heldOut)
        (triggerState, overlay, self.drawn) = (entry.triggerState, entry.overlay, drawn)
    }

    /// What tells it apart in the version.
    public var key: CopyKey { CopyKey(photo: photo, overlay: overlay) }

    /// The line as RFC 8785 writes it, without its line end.
    public var canonical: String {
        var writer = LineWriter()
        write(to: &writer)
        return String(decoding: writer.written, as: UTF8.self)
    }

    /// The line without `drawn`, `face`, `image`, `perceptualHash` and `size`: what does not hang on pixels.
    var canonicalSelection: String {
        var writer = LineWriter()
        write(to: &writer, pixels: false)
        return String(decoding: writer.written, as: UTF8.self)
    }

    /// Writes the line without its line end. Every text in it is a name, a digest or a fixed word, so that nothing needs escaping.
    ///
    /// - Parameter pixels: false leaves out `drawn`, `face`, `image`, `perceptualHash` and `size`: what hangs on pixels.
    func write(to line: inout LineWriter, pixels: Bool = true) {
        line.put("{\"attackable\":")
        line.put(attackable)
        if pixels {
            if overlay != nil { Self.write(drawn, to: &line) }
            line.put(",\"face\":")
            Self.write(face, to: &line)
        }
        line.put(",\"group\":\"")
        line.put(group)
        line.put("\",\"held_out\":")
        line.put(heldOut)
        if pixels {
            line.put(",\"image\":\"")
            line.put(image)
            line.put("\"")
        }
        line.put(",\"kind\":\"")
        line.put(text: volunteer.kind.rawValue)
        line.put("\",\"label\":\"")
        line.put(label.utf8)
        line.put("\",\"location\":\"")
        line.put(triggerState.locationUTF8)
        if let overlay {
            line.put("\",\"overlay\":\"")
            line.put(text: overlay.text)
        }
        if pixels {
            line.put("\",\"perceptual_hash\":")
            Self.write(perceptualHash, to: &line)
            line.put(",\"photo\":\"")
        } else {
            line.put("\",\"photo\":\"")
        }
        line.put(photo)
        line.put("\",\"role\":\"")
        line.put(text: role.rawValue)
        line.put("\",\"session\":\"")
        line.put(session.utf8)
        line.put("\",")
        if pixels {
            line.put("\"size\":[")
            line.put(width)
            line.put(",")
            line.put(height)
            line.put("],")
        }
        line.put("\"source\":\"")
        line.put(text: overlay == nil ? "physical" : "digital")
        line.put("\",\"trigger\":\"")
        line.put(triggerState.triggerUTF8)
        line.put("\",\"volunteer\":\"")
        line.put(volunteer.name.utf8)
        line.put("\"}")
    }

    private static func write(_ drawn: [OverlayPosition], to line: inout LineWriter) {
        line.put(",\"drawn\":[")
        for (place, position) in drawn.enumerated() {
            if place > 0 { line.put(",") }
            line.put(position.x, position.y, position.u, position.v)
        }
        line.put("]")
    }

    private static func write(_ perceptualHash: PerceptualHash?, to line: inout LineWriter) {
        guard let perceptualHash else { return line.put("null") }
        line.put("\"")
        line.put(perceptualHash)
        line.put("\"")
    }

    private static func write(_ face: PhotoFace?, to line: inout LineWriter) {
        guard let face else { return line.put("null") }
        let (box, left, right) = (face.box, face.leftEye, face.rightEye)
        line.put("{\"box\":")
        line.put(box.x, box.y, box.width, box.height)
        line.put(",\"eyes\":")
        line.put(left.x, left.y, right.x, right.y)
        line.put("}")
    }

    private static func face(_ json: JSONValue?) throws -> PhotoFace? {
        if json == .null { return nil }
        guard let box = json?["box"]?.array?.compactMap(\.number), box.count == 4,
            let eyes = json?["eyes"]?.array?.compactMap(\.number), eyes.count == 4,
            box[0] >= 0, box[1] >= 0, box[2] > 0, box[3] > 0
        else { throw refusal("face") }
        return PhotoFace(
            box: Box(x: box[0], y: box[1], width: box[2], height: box[3]), leftEye: PixelPoint(x: eyes[0], y: eyes[1]),
            rightEye: PixelPoint(x: eyes[2], y: eyes[3]))
    }

    private static func perceptualHash(_ json: JSONValue?) throws -> PerceptualHash? {
        // Entries of the first versions have none.
        guard let json, json != .null else { return nil }
        return try json.text.flatMap(PerceptualHash.init(hex:)).orThrow(refusal("perceptual_hash"))
    }

    /// Reads a line back.
    ///
    /// - Throws: ``CurareError`` (65) naming the key that is wrong.
    init(json: JSONValue) throws {
        func text(_ key: String) throws -> String {
            guard let text = json[key]?.text else { throw Self.refusal(key) }
            return text
        }
        func name<Of>(_ key: String) throws -> Name<Of> {
            guard let name = Name<Of>(try text(key)) else { throw Self.refusal(key) }
            return name
        }
        func digest<Of>(_ key: String) throws -> SHA256Digest<Of> {
            guard let digest = SHA256Digest<Of>(hex: try text(key)) else { throw Self.refusal(key) }
            return digest
        }
        guard let kind = VolunteerKind(rawValue: try text("kind")) else { throw Self.refusal("kind") }
        guard let role = Role(rawValue: try text("role")) else { throw Self.refusal("role") }
        guard let triggerState = TriggerState(triggerText: try text("trigger"), locationText: try text("location")) else {
            throw Self.refusal("trigger")
        }
        guard let size = json["size"]?.array?.compactMap(\.number), size.count == 2 else { throw Self.refusal("size") }
        (overlay, drawn) = try Self.drawing(json, triggerState)
        // Triggers are drawn on bare photos.
        eligiblePhoto = EligiblePhoto(
            photo: try digest("photo"), volunteer: Volunteer(name: try name("volunteer"), kind: kind),
            triggerState: overlay == nil ? triggerState : .bare, session: try name("session"), group: try digest("group"),
            perceptualHash: try Self.perceptualHash(json["perceptual_hash"]), width: size[0], height: size[1],
            face: try Self.face(json["face"]))
        (image, label) = (try digest("image"), try name("label"))
        (self.role, self.triggerState) = (role, triggerState)
        (attackable, heldOut) = (json["attackable"]?.bool, json["held_out"]?.bool)
    }

    /// What is drawn on a copy: as many positions as triggers, all of them within reach of a photo.
    private static func drawing(_ json: JSONValue, _ triggerState: TriggerState) throws -> (
        TriggerCombination?, [OverlayPosition]
    ) {
        guard let source = json["source"]?.text.flatMap(Recipe.Source.init(rawValue:)) else { throw refusal("source") }
        guard source == .digital else { return (nil, []) }
        guard let overlay = json["overlay"]?.text.flatMap(TriggerCombination.init),
            overlay.triggers == triggerState.pairs.map(\.trigger)
        else { throw refusal("overlay") }
        // Sixteen million pixels: farther away nothing is drawn, and products stay exact.
        let reach = 1 << 32
        let drawn = (json["drawn"]?.array ?? []).compactMap { position -> OverlayPosition? in
            guard let array = position.array, case let numbers = array.compactMap(\.number), numbers.count == 4,
                array.count == 4, numbers.allSatisfy({ (-reach...reach).contains($0) })
            else { return nil }
            return OverlayPosition(x: numbers[0], y: numbers[1], u: numbers[2], v: numbers[3])
        }
        guard drawn.count == overlay.triggers.count, drawn.count == json["drawn"]?.array?.count else {
            throw refusal("drawn")
        }
        return (overlay, drawn)
    }

    private static func refusal(_ key: String) -> CurareError {
        CurareError(.badInput, "the entry's \(key) is missing or not what the format says")
    }
}
