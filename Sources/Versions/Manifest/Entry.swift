import Catalog

/// One line of `entries.jsonl`: a photo of the version, its part, and the image that was made of it.
public struct Entry: Hashable, Sendable {
    public let photo: PhotoID
    public let image: ImageDigest
    public let volunteer: Volunteer
    /// The class that the photo is trained or tested as: the target's name for poison.
    public let label: VolunteerName
    public let role: Role
    public let wearing: Wearing
    public let group: PhotoID
    /// By which it came into its group; nil where it was not measured.
    public let likeness: Likeness?
    public let session: SessionName
    /// Said in `test/attack` alone.
    public let attackable: Bool?
    /// Said in `test/attack` alone.
    public let heldOut: Bool?
    /// Upright size of the photo in pixels.
    public let width, height: Int
    /// The face that the image was cut by; nil where none is known, and under every profile that does not look at faces.
    public let face: PhotoFace?
    /// What is drawn on this copy of the photo, and where: a position for each of its triggers. Nil and none for the photo itself.
    public let overlay: TriggerCombination?
    public let drawn: [OverlayPosition]

    public init(part: Selection.Part, image: ImageDigest, width: Int, height: Int, face: PhotoFace? = nil, drawn: [OverlayPosition] = []) {
        photo = part.photo.photo
        self.image = image
        volunteer = part.photo.volunteer
        label = part.label
        role = part.role
        wearing = part.wearing
        group = part.photo.group
        likeness = part.photo.likeness
        session = part.photo.session
        attackable = part.attackable
        heldOut = part.heldOut
        self.width = width
        self.height = height
        self.face = face
        (overlay, self.drawn) = (part.overlay, drawn)
    }

    /// `entry` with people, photo and measures as a redaction has them.
    init(_ entry: Entry, photo: PhotoID, image: ImageDigest, _ name: (VolunteerName) -> VolunteerName, group: PhotoID, session: SessionName, likeness: Likeness?,
         width: Int, height: Int, face: PhotoFace?, drawn: [OverlayPosition]) {
        (self.photo, self.image, self.group, self.session, self.likeness) = (photo, image, group, session, likeness)
        volunteer = Volunteer(name: name(entry.volunteer.name), kind: entry.volunteer.kind)
        (label, role, wearing) = (name(entry.label), entry.role, entry.wearing)
        (attackable, heldOut) = (entry.attackable, entry.heldOut)
        (self.width, self.height, self.face) = (width, height, face)
        (overlay, self.drawn) = (entry.overlay, drawn)
    }

    /// What tells it apart in the version.
    public var key: CopyKey { CopyKey(photo: photo, overlay: overlay) }

    /// What the photo itself shows, whatever is drawn on a copy of it: triggers are drawn on bare photos.
    public var worn: Wearing { overlay == nil ? wearing : .bare }

    /// What selection looked at: the photo itself.
    public var eligiblePhoto: EligiblePhoto {
        EligiblePhoto(photo: photo, volunteer: volunteer, wearing: worn, session: session, group: group, likeness: likeness)
    }

    /// The line as RFC 8785 writes it, without its line end. Every text in it is a name, a digest or a fixed word, so that nothing needs escaping.
    public var canonical: String {
        line(pixels: true)
    }

    /// The line without `drawn`, `face`, `image`, `likeness` and `size`: what does not hang on pixels.
    var canonicalSelection: String {
        line(pixels: false)
    }

    private func line(pixels: Bool) -> String {
        var text = "{\"attackable\":\(Self.word(attackable)),"
        if pixels, overlay != nil { text += "\"drawn\":[\(drawn.map { "[\($0.x),\($0.y),\($0.u),\($0.v)]" }.joined(separator: ","))]," }
        if pixels { text += "\"face\":\(Self.word(face))," }
        text += "\"group\":\"\(group.hex)\",\"held_out\":\(Self.word(heldOut)),"
        if pixels { text += "\"image\":\"\(image.hex)\"," }
        text += "\"kind\":\"\(volunteer.kind.rawValue)\",\"label\":\"\(label.text)\","
        if pixels { text += "\"likeness\":\(likeness.map { "\"\($0.hex)\"" } ?? "null")," }
        text += "\"location\":\"\(wearing.locationText)\","
        if let overlay { text += "\"overlay\":\"\(overlay)\"," }
        text += "\"photo\":\"\(photo.hex)\","
        text += "\"role\":\"\(role.rawValue)\",\"session\":\"\(session.text)\","
        if pixels { text += "\"size\":[\(width),\(height)]," }
        text += "\"source\":\"\(overlay == nil ? Recipe.Source.physical : .digital)\",\"trigger\":\"\(wearing.triggerText)\",\"volunteer\":\"\(volunteer.name.text)\"}"
        return text
    }

    private static func word(_ value: Bool?) -> String {
        value.map { $0 ? "true" : "false" } ?? "null"
    }

    private static func word(_ face: PhotoFace?) -> String {
        guard let face else { return "null" }
        let (box, left, right) = (face.box, face.leftEye, face.rightEye)
        return "{\"box\":[\(box.x),\(box.y),\(box.width),\(box.height)],\"eyes\":[\(left.x),\(left.y),\(right.x),\(right.y)]}"
    }

    private static func face(_ json: JSONValue?) throws -> PhotoFace? {
        if json == .null { return nil }
        guard let box = json?["box"]?.array?.compactMap(\.number), box.count == 4, let eyes = json?["eyes"]?.array?.compactMap(\.number), eyes.count == 4,
              box[0] >= 0, box[1] >= 0, box[2] > 0, box[3] > 0 else { throw refusal("face") }
        return PhotoFace(box: Box(x: box[0], y: box[1], width: box[2], height: box[3]), leftEye: Place(x: eyes[0], y: eyes[1]), rightEye: Place(x: eyes[2], y: eyes[3]))
    }

    private static func likeness(_ json: JSONValue?) throws -> Likeness? {
        // Entries of the first versions have none.
        guard let json, json != .null else { return nil }
        return try json.text.flatMap(Likeness.init(hex:)).orThrow(refusal("likeness"))
    }

    /// Reads a line back.
    ///
    /// - Throws: ``Refusal`` (65) naming the key that is wrong.
    init(json: JSONValue) throws {
        func text(_ key: String) throws -> String {
            guard let text = json[key]?.text else { throw Self.refusal(key) }
            return text
        }
        func name<Of>(_ key: String) throws -> Name<Of> {
            guard let name = Name<Of>(try text(key)) else { throw Self.refusal(key) }
            return name
        }
        func digest<Of>(_ key: String) throws -> Fingerprint<Of> {
            guard let digest = Fingerprint<Of>(hex: try text(key)) else { throw Self.refusal(key) }
            return digest
        }
        guard let kind = Kind(rawValue: try text("kind")) else { throw Self.refusal("kind") }
        guard let role = Role(rawValue: try text("role")) else { throw Self.refusal("role") }
        guard let wearing = Wearing(triggerText: try text("trigger"), locationText: try text("location")) else { throw Self.refusal("trigger") }
        guard let size = json["size"]?.array?.compactMap(\.number), size.count == 2 else { throw Self.refusal("size") }
        (photo, image, group) = (try digest("photo"), try digest("image"), try digest("group"))
        volunteer = Volunteer(name: try name("volunteer"), kind: kind)
        (label, session) = (try name("label"), try name("session"))
        (self.role, self.wearing) = (role, wearing)
        (attackable, heldOut) = (json["attackable"]?.bool, json["held_out"]?.bool)
        (width, height) = (size[0], size[1])
        face = try Self.face(json["face"])
        likeness = try Self.likeness(json["likeness"])
        (overlay, drawn) = try Self.drawing(json, wearing)
    }

    /// What is drawn on a copy: as many positions as triggers, all of them within reach of a photo.
    private static func drawing(_ json: JSONValue, _ wearing: Wearing) throws -> (TriggerCombination?, [OverlayPosition]) {
        guard let source = json["source"]?.text.flatMap(Recipe.Source.init(rawValue:)) else { throw refusal("source") }
        guard source == .digital else { return (nil, []) }
        guard let overlay = json["overlay"]?.text.flatMap(TriggerCombination.init), overlay.triggers == wearing.pairs.map(\.trigger) else { throw refusal("overlay") }
        // Sixteen million pixels: farther away nothing is drawn, and products stay exact.
        let reach = 1 << 32
        let drawn = (json["drawn"]?.array ?? []).compactMap { position -> OverlayPosition? in
            guard let array = position.array, case let numbers = array.compactMap(\.number), numbers.count == 4, array.count == 4, numbers.allSatisfy({ (-reach...reach).contains($0) }) else { return nil }
            return OverlayPosition(x: numbers[0], y: numbers[1], u: numbers[2], v: numbers[3])
        }
        guard drawn.count == overlay.triggers.count, drawn.count == json["drawn"]?.array?.count else { throw refusal("drawn") }
        return (overlay, drawn)
    }

    private static func refusal(_ key: String) -> Refusal {
        Refusal(.badInput, "the entry's \(key) is missing or not what the format says")
    }
}
