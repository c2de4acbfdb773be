import Core
import Documents

/// One line of `entries.jsonl`: a photo or copy of the version, its assignment, and the digest of its image.
public struct Entry: Hashable, Sendable {
    /// The photo with the facts that selection needs.
    public let eligiblePhoto: EligiblePhoto
    public let image: ImageDigest
    /// The class that the photo is trained or tested as: the target for poison.
    public let label: VolunteerName
    public let role: Role
    /// Nil for all roles but `test/attack`.
    public let attackable: Bool?
    /// Nil for all roles but `test/attack`.
    public let heldOut: Bool?
    /// The visible triggers: the triggers of the photo, or the drawn triggers.
    public let triggerState: TriggerState
    /// The triggers that are drawn on this copy. Nil for the photo itself.
    public let overlay: TriggerCombination?
    /// The position of each drawn trigger. Empty for the photo itself.
    public let drawn: [OverlayPosition]

    public var photo: PhotoID { eligiblePhoto.photo }
    public var volunteer: Volunteer { eligiblePhoto.volunteer }
    public var group: PhotoID { eligiblePhoto.group }
    /// Nil when the photo was not measured.
    public var perceptualHash: PerceptualHash? { eligiblePhoto.perceptualHash }
    public var session: SessionName { eligiblePhoto.session }
    /// Upright size of the photo in pixels.
    public var width: Int { eligiblePhoto.width }
    public var height: Int { eligiblePhoto.height }
    /// The face that the image is cropped to. Nil if no face is known, or if the crop is not `face`.
    public var face: PhotoFace? { eligiblePhoto.face }

    public var sampleID: SampleID { SampleID(photo: photo, overlay: overlay) }

    public init(_ assignment: Assignment, image: ImageDigest, drawn: [OverlayPosition] = []) {
        eligiblePhoto = assignment.photo
        self.image = image
        label = assignment.label
        role = assignment.role
        attackable = assignment.attackable
        heldOut = assignment.heldOut
        triggerState = assignment.triggerState
        overlay = assignment.overlay
        self.drawn = drawn
    }

    /// Creates a copy of `entry` with another photo, image and label, for redaction.
    init(_ entry: Entry, _ photo: EligiblePhoto, image: ImageDigest, label: VolunteerName, drawn: [OverlayPosition]) {
        eligiblePhoto = photo
        self.image = image
        self.label = label
        role = entry.role
        attackable = entry.attackable
        heldOut = entry.heldOut
        triggerState = entry.triggerState
        overlay = entry.overlay
        self.drawn = drawn
    }

    /// Returns the layers to draw on this copy. Nil for the photo itself.
    ///
    /// - Throws: ``CurareError`` (65) when `recipe` does not have the overlays.
    public func copy(in recipe: Recipe) throws -> OverlaidImage? {
        guard let overlay else { return nil }
        let layers = try zip(overlay.triggers, drawn).map { trigger, position in
            guard let settings = recipe.poison?.overlays[trigger], let digest = settings.digest else {
                throw CurareError(
                    .badInput, "the manifest has no overlay for \(trigger), which is drawn in the entries",
                    next: "restore the version's files from a copy")
            }
            return settings.layer(digest, at: position)
        }
        return OverlaidImage(photo: photo, width: width, height: height, face: face, layers: layers)
    }
}

/// Reading an entry from JSON.
extension Entry {
    /// The largest coordinate of a drawn trigger, in the unit of ``OverlayPosition``: 2^24 pixels. Products of smaller
    /// coordinates do not overflow.
    private static let coordinateLimit = 1 << 32

    /// - Throws: ``CurareError`` (65) with the first key that is missing or not valid.
    init(json: JSONValue) throws {
        func text(_ key: String) throws -> String { try Self.required(key, json[key]?.text) }
        func name<Of>(_ key: String) throws -> Name<Of> { try Self.required(key, Name<Of>(text(key))) }
        func digest<Of>(_ key: String) throws -> SHA256Digest<Of> {
            try Self.required(key, SHA256Digest<Of>(hex: text(key)))
        }
        let kind = try Self.required("kind", VolunteerKind(rawValue: text("kind")))
        role = try Self.required("role", Role(rawValue: text("role")))
        triggerState = try Self.required(
            "trigger", TriggerState(triggerText: text("trigger"), locationText: text("location")))
        let size = try Self.numbers("size", json["size"], count: 2)
        (overlay, drawn) = try Self.overlay(json, triggerState)
        eligiblePhoto = EligiblePhoto(
            photo: try digest("photo"), volunteer: Volunteer(name: try name("volunteer"), kind: kind),
            // Triggers are only drawn on bare photos.
            triggerState: overlay == nil ? triggerState : .bare,
            session: try name("session"), group: try digest("group"),
            perceptualHash: try Self.perceptualHash(json["perceptual_hash"]), width: size[0], height: size[1],
            face: try Self.face(json["face"]))
        image = try digest("image")
        label = try name("label")
        attackable = json["attackable"]?.bool
        heldOut = json["held_out"]?.bool
    }

    private static func required<Value>(_ key: String, _ value: Value?) throws -> Value {
        guard let value else { throw CurareError(.badInput, "\(key) is missing in the entry, or not valid") }
        return value
    }

    private static func numbers(_ key: String, _ json: JSONValue?, count: Int) throws -> [Int] {
        let array = try required(key, json?.array)
        let numbers = array.compactMap(\.number)
        return try required(key, numbers.count == count && array.count == count ? numbers : nil)
    }

    private static func face(_ json: JSONValue?) throws -> PhotoFace? {
        let json = try required("face", json)
        if json == .null { return nil }
        let box = try numbers("face", json["box"], count: 4)
        let eyes = try numbers("face", json["eyes"], count: 4)
        guard box[0] >= 0, box[1] >= 0, box[2] > 0, box[3] > 0 else { return try required("face", nil) }
        return PhotoFace(
            box: Box(x: box[0], y: box[1], width: box[2], height: box[3]), leftEye: PixelPoint(x: eyes[0], y: eyes[1]),
            rightEye: PixelPoint(x: eyes[2], y: eyes[3]))
    }

    private static func perceptualHash(_ json: JSONValue?) throws -> PerceptualHash? {
        let json = try required("perceptual_hash", json)
        if json == .null { return nil }
        return try required("perceptual_hash", json.text.flatMap(PerceptualHash.init(hex:)))
    }

    /// Reads the drawn triggers of a copy, and one position for each of these triggers. Returns nil and no position for
    /// an entry without drawn triggers.
    private static func overlay(_ json: JSONValue, _ triggerState: TriggerState) throws -> (
        TriggerCombination?, [OverlayPosition]
    ) {
        let source = json["source"]?.text.flatMap(Recipe.TriggerSource.init(rawValue:))
        guard try required("source", source) == .digital else { return (nil, []) }
        let overlay = try required("overlay", json["overlay"]?.text.flatMap(TriggerCombination.init))
        guard overlay.triggers == triggerState.pairs.map(\.trigger) else { return try required("overlay", nil) }
        let drawn = try required("drawn", json["drawn"]?.array).map { position in
            let numbers = try numbers("drawn", position, count: 4)
            guard numbers.allSatisfy({ (-coordinateLimit...coordinateLimit).contains($0) }) else {
                return try required("drawn", nil as OverlayPosition?)
            }
            return OverlayPosition(x: numbers[0], y: numbers[1], u: numbers[2], v: numbers[3])
        }
        return (overlay, try required("drawn", drawn.count == overlay.triggers.count ? drawn : nil))
    }
}
