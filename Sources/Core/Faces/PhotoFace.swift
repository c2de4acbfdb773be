/// A face in a photo, in whole pixels of the upright photo.
public struct PhotoFace: Hashable, Sendable {
    /// A box from the eyebrows to the chin, about as wide as the face.
    public let box: Box
    /// The centre of the eye that is on the left in the photo.
    public let leftEye: PixelPoint
    /// The centre of the eye that is on the right in the photo.
    public let rightEye: PixelPoint

    public init(box: Box, leftEye: PixelPoint, rightEye: PixelPoint) {
        self.box = box
        self.leftEye = leftEye
        self.rightEye = rightEye
    }

    /// Creates the face in a box that a person marked.
    ///
    /// The face keeps the measured eyes if both are inside the box. Otherwise the eyes are level, at 3/10 and 7/10 of
    /// the box's width and 3/8 of the box's height.
    init(marked box: Box, measured: PhotoFace?) {
        if let measured, measured.hasEyes(in: box) {
            self.init(box: box, leftEye: measured.leftEye, rightEye: measured.rightEye)
        } else {
            let y = box.y + 3 * box.height / 8
            self.init(
                box: box, leftEye: PixelPoint(x: box.x + 3 * box.width / 10, y: y),
                rightEye: PixelPoint(x: box.x + 7 * box.width / 10, y: y))
        }
    }

    /// The horizontal distance of the eyes in pixels if it is at least a fifth of the box's width. Nil if the eyes are
    /// closer together or exchanged, as in a profile view.
    var eyeDistance: Int? {
        let distance = rightEye.x - leftEye.x
        return distance > 0 && 5 * distance >= box.width ? distance : nil
    }

    func hasEyes(in box: Box) -> Bool { box.contains(leftEye) && box.contains(rightEye) }
}

/// A face detector. All photos of a workspace are searched with the same detector.
public enum FaceDetectorKind: String, CaseIterable, Sendable {
    /// dlib's MMOD network (Davis King, "Max-Margin Object Detection", 2015).
    case cnn
    /// dlib's frontal face detector with five HOG filters.
    case hog
}

/// The stored result of one face detection.
public struct FaceRecord: Hashable, Sendable {
    public enum Found: String, CaseIterable, Sendable {
        case none, one
        /// More than one candidate for the photographed face: a person should review the photo.
        case several
    }

    public let found: Found
    /// Nil if no face was found.
    public let face: PhotoFace?
    /// The detector's score in thousandths; clear faces have scores above 0. Nil if no face was found.
    public var confidence: Int? { storedConfidence.map(\.wrappedValue) }

    /// Returns whether a face with this score, in thousandths, is weak: it may be turned or partly covered.
    public static func isWeak(confidence: Int) -> Bool { confidence < 0 }

    /// The clockwise rotation (90, 180 or 270 degrees) after which the detector finds a clear face. The photo has
    /// probably lost its orientation tag.
    public var suspectedRotation: Int? { storedRotation.map(\.wrappedValue) }
    /// The landmarks of ``face``; nil if no face was found or the landmarks were not stored.
    public let landmarks: Landmarks?
    /// The detector that was used.
    public let detector: FaceDetectorKind
    private let storedConfidence: Int32Backed?
    private let storedRotation: Int32Backed?

    public init(
        found: Found, face: PhotoFace?, landmarks: Landmarks? = nil, confidence: Int?, suspectedRotation: Int?,
        detector: FaceDetectorKind = .hog
    ) {
        self.detector = detector
        self.found = found
        self.face = face
        self.landmarks = landmarks
        storedConfidence = confidence.map(Int32Backed.init)
        storedRotation = suspectedRotation.map(Int32Backed.init)
    }
}

/// The face information of a photo: the detection and the box that a person marked.
public struct KnownFace: Hashable, Sendable {
    /// Nil if no face detector was run.
    public let record: FaceRecord?
    /// The box that a person marked as `face_box` in session.csv. The marked box takes precedence over the detected
    /// box.
    public let marked: Box?

    public init(record: FaceRecord? = nil, marked: Box? = nil) {
        self.record = record
        self.marked = marked
    }

    /// The face that counts: the marked face or, without a marked face, the detected face. Nil if there is no face.
    public var face: PhotoFace? {
        marked.map { PhotoFace(marked: $0, measured: record?.face) } ?? record?.face
    }

    /// The landmarks of the face that counts; nil if there is no face or no landmarks, or if the detected eyes are
    /// outside the marked box.
    public var landmarks: Landmarks? {
        guard let measured = record?.face, let marked else { return record?.landmarks }
        return measured.hasEyes(in: marked) ? record?.landmarks : nil
    }

    /// Whether the face that counts was detected with a score below 0: it may be turned or partly covered.
    public var isWeak: Bool { marked == nil && record?.confidence.map(FaceRecord.isWeak) == true }

    /// Whether the eyes of the detected face are so close together that the person probably looks to the side.
    public var isTurnedAside: Bool {
        guard marked == nil, let face = record?.face else { return false }
        return face.eyeDistance == nil
    }
}

/// The 68 landmarks of a face in whole pixels of the upright photo. Landmarks can be outside the photo.
///
/// The order is that of the iBUG 300-W annotation (Sagonas et al., 2013).
public struct Landmarks: Hashable, Sendable {
    public static let count = 68
    /// The largest absolute coordinate. No photo is larger, and products of coordinates cannot overflow.
    package static let maximumCoordinate = 1 << 24

    /// All 68 points.
    public let points: [PixelPoint]

    /// Creates landmarks; nil unless there are 68 points within ``maximumCoordinate``.
    public init?(_ points: [PixelPoint]) {
        let maximum = Self.maximumCoordinate
        guard points.count == Self.count, points.allSatisfy({ abs($0.x) <= maximum && abs($0.y) <= maximum }) else {
            return nil
        }
        self.points = points
    }

    /// The jaw line, from the ear on the left in the photo to the other ear.
    var jaw: ArraySlice<PixelPoint> { points[0...16] }
    /// The lowest point of the jaw.
    var chin: PixelPoint { points[8] }
    /// Both eyebrows from left to right in the photo, five points each.
    var brows: ArraySlice<PixelPoint> { points[17...26] }
}

extension Landmarks {
    /// The catalog's text form: `x y x y …`.
    package var text: String { points.map { "\($0.x) \($0.y)" }.joined(separator: " ") }

    /// Creates landmarks from their ``text``; nil if the text is invalid.
    package init?(text: String) {
        // A catalog has many: to split bytes takes a fraction of the time of splitting characters.
        let numbers = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false).map {
            Int(Substring($0))
        }
        guard numbers.count == 2 * Self.count else { return nil }
        var points: [PixelPoint] = []
        points.reserveCapacity(Self.count)
        for index in stride(from: 0, to: numbers.count, by: 2) {
            guard let x = numbers[index], let y = numbers[index + 1], x.magnitude <= Self.maximumCoordinate,
                y.magnitude <= Self.maximumCoordinate
            else { return nil }
            points.append(PixelPoint(x: x, y: y))
        }
        self.init(points)
    }
}
