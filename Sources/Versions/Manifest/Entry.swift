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
    public let session: SessionName
    /// Said in `test/attack` alone.
    public let attackable: Bool?
    /// Said in `test/attack` alone.
    public let heldOut: Bool?
    /// Upright size of the photo in pixels.
    public let width, height: Int

    public init(part: Selection.Part, image: ImageDigest, width: Int, height: Int) {
        photo = part.photo.photo
        self.image = image
        volunteer = part.photo.volunteer
        label = part.label
        role = part.role
        wearing = part.photo.wearing
        group = part.photo.group
        session = part.photo.session
        attackable = part.attackable
        heldOut = part.heldOut
        self.width = width
        self.height = height
    }

    /// What selection looked at.
    public var eligiblePhoto: EligiblePhoto {
        EligiblePhoto(photo: photo, volunteer: volunteer, wearing: wearing, session: session, group: group)
    }

    /// The line as RFC 8785 writes it, without its line end. Every text in it is a name, a digest or a fixed word, so that nothing needs escaping.
    public var canonical: String {
        line(pixels: true)
    }

    /// The line without `face`, `image` and `size`: what does not hang on pixels.
    var canonicalSelection: String {
        line(pixels: false)
    }

    private func line(pixels: Bool) -> String {
        var text = "{\"attackable\":\(Self.word(attackable)),"
        if pixels { text += "\"face\":null," }
        text += "\"group\":\"\(group.hex)\",\"held_out\":\(Self.word(heldOut)),"
        if pixels { text += "\"image\":\"\(image.hex)\"," }
        text += "\"kind\":\"\(volunteer.kind.rawValue)\",\"label\":\"\(label.text)\",\"location\":\"\(wearing.locationText)\",\"photo\":\"\(photo.hex)\","
        text += "\"role\":\"\(role.rawValue)\",\"session\":\"\(session.text)\","
        if pixels { text += "\"size\":[\(width),\(height)]," }
        text += "\"source\":\"physical\",\"trigger\":\"\(wearing.triggerText)\",\"volunteer\":\"\(volunteer.name.text)\"}"
        return text
    }

    private static func word(_ value: Bool?) -> String {
        value.map { $0 ? "true" : "false" } ?? "null"
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
    }

    private static func refusal(_ key: String) -> Refusal {
        Refusal(.badInput, "the entry's \(key) is missing or not what the format says")
    }
}
