import Catalog
import Core

/// A photo with its sessions, its labels, its face and its quality.
public struct PhotoDetails: Encodable {
    public struct RecordedLabel: Encodable {
        public let volunteer: String
        public let trigger: String
        public let location: String
        /// The origin of the label: a raw value of ``LabelSource``.
        public let source: String
        /// Who gave the label; absent if the author is unknown.
        public let author: String?
        public let made: String
        /// Whether this label is the label that counts today.
        public let counts: Bool
        /// Whether the label comes from `curare label --undo`.
        public let undo: Bool

        init(_ record: LabelRecord, counts: Bool) {
            volunteer = record.label.volunteer.text
            trigger = record.label.triggerState.triggerText
            location = record.label.triggerState.locationText
            source = record.source.rawValue
            author = record.author?.text
            made = record.made
            self.counts = counts
            undo = record.restores != nil
        }
    }

    /// A change of a box.
    public struct RecordedBox: Encodable {
        /// `trigger` or `face`.
        public let region: String
        /// x, y, width, height; null if the change removed the box.
        @ExplicitNull public var box: [Int]?
        /// The origin of the box: `review` or `sheet`.
        public let source: String
        /// Who made the change; absent if the author is unknown.
        public let author: String?
        public let made: String

        init(_ record: BoxRecord) {
            region = record.region.rawValue
            _box = ExplicitNull(wrappedValue: record.box?.numbers)
            source = record.source.rawValue
            author = record.author?.text
            made = record.made
        }
    }

    public struct SessionFile: Encodable {
        public let session: String
        public let file: String
        public let note: String?
    }

    public let photo: String
    public let format: String
    public let width: Int
    public let height: Int
    public let bytes: Int
    public let captured: String?
    public let camera: String?
    /// The path of the original file.
    public let original: String
    public let sessions: [SessionFile]
    public let labels: [RecordedLabel]
    /// The changes of the boxes after the import, the oldest first; absent without a change.
    public let boxes: [RecordedBox]?
    public let face: FaceDetails
    public let quality: QualityDetails?

    /// - Throws: ``CurareError`` (66) if the catalog has no such photo.
    init(_ id: PhotoID, _ session: WorkspaceSession) throws {
        let catalog = session.catalog
        let facts = try catalog.shoot(of: id)
        guard let photo = try catalog.photo(id), let fact = facts.first(where: { $0.photo == id }) else {
            throw CurareError(.missingInput, "the catalog has no photo \(id.short)")
        }
        let counting = try catalog.label(of: id)
        self.photo = id.hex
        format = photo.format
        width = photo.width
        height = photo.height
        bytes = photo.bytes
        captured = photo.captured
        camera = photo.camera
        original = session.workspace.photoFile(id, format: photo.format).path
        sessions = try catalog.sessionPhotos(of: id).map {
            SessionFile(session: $0.session.text, file: $0.file, note: $0.note)
        }
        labels = try catalog.labels(of: id).map { RecordedLabel($0, counts: $0.id == counting?.id) }
        let changes = try catalog.boxHistory(of: id)
        boxes = changes.isEmpty ? nil : changes.map(RecordedBox.init)
        face = FaceDetails(fact, among: facts)
        quality = fact.quality.map { QualityDetails($0, fact.framing) }
    }
}

/// The face in a photo, and the location of the trigger.
public struct FaceDetails: Encodable {
    public struct LocationByRule: Encodable {
        public let location: String
        /// The percentage of the trigger's box that is inside the face's outline.
        public let percent: Int
    }

    /// `none`, `one` or `several`; nil if the face detector did not run on the photo.
    public let found: String?
    /// The detector that ran: a raw value of ``FaceDetectorKind``.
    public let detector: String?
    /// Whether a person marked the face.
    public let marked: Bool
    /// x, y, width, height.
    public let box: [Int]?
    /// x and y of the left eye, x and y of the right eye.
    public let eyes: [Int]?
    /// Thousandths of the detector's score.
    public let confidence: Int?
    /// The clockwise turn, in degrees, after which the detector finds a clear face.
    public let suspectTurn: Int?
    /// The position of the face in the volunteer's other photos of the session, if no face was found in this photo.
    public let likely: [Int]?
    /// The corners of the face's outline: x, y, x, y and so on.
    public let outline: [Int]?
    public let triggerBox: [Int]?
    /// The location that the rule derives from the trigger's box.
    public let ruled: LocationByRule?
    /// Whether the location of the label differs from the location that the rule derives.
    public let contradicted: Bool

    /// - Parameter facts: All photos of the same volunteer in the same session.
    init(_ fact: PhotoFacts, among facts: [PhotoFacts]) {
        let known = fact.face
        found = known.record?.found.rawValue
        detector = known.record?.detector.rawValue
        marked = known.marked != nil
        box = known.face?.box.numbers
        eyes = known.face.map { [$0.leftEye.x, $0.leftEye.y, $0.rightEye.x, $0.rightEye.y] }
        confidence = known.record?.confidence
        suspectTurn = known.record?.suspectedRotation
        likely = FaceBoxSuggestion.boxes(facts)[fact.photo]?.numbers
        outline = known.landmarks.map { FaceOutline($0).corners.flatMap { [$0.x, $0.y] } }
        triggerBox = fact.triggerBox?.numbers
        ruled = fact.triggerBox.flatMap { TriggerLocationEstimate(of: $0, on: known) }.map {
            LocationByRule(location: $0.location.rawValue, percent: $0.percent)
        }
        contradicted = fact.contradiction != nil
    }
}

/// The measured quality of a photo.
public struct QualityDetails: Encodable {
    /// Per mille of the face square that is outside the photo, for each border.
    public struct Overhang: Encodable {
        public let left: Int
        public let top: Int
        public let right: Int
        public let bottom: Int
    }

    public let sharpness: Int
    public let luma: Int
    public let dark: Int
    public let bright: Int
    /// The shorter side of the face's box in pixels. This value and the next two values are null without a face.
    @ExplicitNull public var faceSide: Int?
    /// The area of the face's box in per mille of the photo's area.
    @ExplicitNull public var faceShare: Int?
    /// The slope of the line through the eyes in per mille; a positive slope falls to the right.
    @ExplicitNull public var eyesSlope: Int?
    @ExplicitNull public var beyond: Overhang?
    public let flags: [String]

    init(_ quality: PhotoQuality, _ framing: FaceFraming?) {
        sharpness = quality.sharpness
        luma = quality.luma
        dark = quality.dark
        bright = quality.bright
        _faceSide = ExplicitNull(wrappedValue: framing?.side)
        _faceShare = ExplicitNull(wrappedValue: framing?.share)
        _eyesSlope = ExplicitNull(wrappedValue: framing?.slope)
        _beyond = ExplicitNull(
            wrappedValue: quality.beyond.map {
                Overhang(left: $0.left, top: $0.top, right: $0.right, bottom: $0.bottom)
            })
        flags = QualityFlag.flags(quality, framing).map(\.rawValue)
    }
}

extension Box {
    /// x, y, width, height.
    var numbers: [Int] { [x, y, width, height] }
}
