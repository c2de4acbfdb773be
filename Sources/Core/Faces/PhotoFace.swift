/// A face in a photo, in whole pixels of the upright photo.
public struct PhotoFace: Hashable, Sendable {
    /// From the brows to the chin, and about as wide as the face.
    public let box: Box
    /// The centre of the eye at the picture's left, and of the other.
    public let leftEye, rightEye: PixelPoint

    public init(box: Box, leftEye: PixelPoint, rightEye: PixelPoint) {
        (self.box, self.leftEye, self.rightEye) = (box, leftEye, rightEye)
    }

    /// The face in a box that a person marked: with the eyes that were measured, where both lie in it; otherwise with level ones, at three and
    /// seven tenths of its width and three eighths of its height.
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
}

extension PhotoFace {
    func hasEyes(in box: Box) -> Bool { box.contains(leftEye) && box.contains(rightEye) }
}

/// What looking for a face in a photo, once, has shown.
public struct FaceRecord: Hashable, Sendable {
    public enum Found: String, CaseIterable, Sendable {
        case none, one
        /// More than one that could be meant: a person should look.
        case several
    }

    public let found: Found
    /// Nil where none was found.
    public let face: PhotoFace?
    /// The detector's score in thousandths: above 0 a clear face. Nil where none was found.
    public var confidence: Int? { score.map(\.wrappedValue) }
    /// 90, 180 or 270 degrees clockwise, after which there would be a clear face: the photo has probably lost its orientation.
    public var suspectTurn: Int? { turn.map(\.wrappedValue) }
    /// Of ``face``; nil where none was found, or where they were not kept.
    public let landmarks: Landmarks?
    private let score, turn: Int32Backed?

    public init(found: Found, face: PhotoFace?, landmarks: Landmarks? = nil, confidence: Int?, suspectTurn: Int?) {
        (self.found, self.face, self.landmarks) = (found, face, landmarks)
        (score, turn) = (confidence.map(Int32Backed.init), suspectTurn.map(Int32Backed.init))
    }
}

/// All that the catalog knows of the face in a photo.
public struct KnownFace: Hashable, Sendable {
    /// Nil where it was not looked for yet.
    public let record: FaceRecord?
    /// The box that a sheet marked, which overrules the detector's.
    public let marked: Box?

    public init(record: FaceRecord? = nil, marked: Box? = nil) {
        (self.record, self.marked) = (record, marked)
    }

    /// The face that counts; nil where there is none, or none is known yet.
    public var face: PhotoFace? {
        marked.map { PhotoFace(marked: $0, measured: record?.face) } ?? record?.face
    }

    /// The landmarks of the face that counts; nil where there is none, or where the measured eyes do not lie in the box that a sheet marked.
    public var landmarks: Landmarks? {
        guard let measured = record?.face, let marked else { return record?.landmarks }
        return measured.hasEyes(in: marked) ? record?.landmarks : nil
    }
}
