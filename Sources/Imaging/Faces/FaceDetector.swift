import CFaces
import Core
import Foundation

/// Access to dlib's face detector and landmark model. The first call reads the models; every failure of dlib becomes an
/// ``ImagingError``.
enum FaceDetector {
    /// The landmark model, where Debian's package libdlib-data installs it.
    static let landmarkFile = "/usr/share/dlib/shape_predictor_68_face_landmarks.dat"

    static var version: String { String(cString: curare_faces_version()) }

    /// A box found by the detector, in pixels of the searched picture.
    struct Detection: Hashable {
        let box: Box
        /// The detector's score in thousandths: 0 is the detector's own threshold, 2000 is a clear face.
        let confidence: Int
    }

    /// The message of dlib if the start failed; nil after a successful start.
    private static let startFailure: String? = {
        var error = [CChar](repeating: 0, count: Int(CURARE_FACES_ERROR_SIZE))
        return curare_faces_start(landmarkFile, &error) == 0 ? nil : text(error)
    }()

    /// Reads the models on another thread, so that the first search has to wait less.
    static func prepare() {
        Thread.detachNewThread { _ = startFailure }
    }

    /// Returns at most 16 faces with a side of at least 80 pixels, in order of decreasing confidence.
    ///
    /// - Parameter threshold: smallest score in thousandths.
    static func detections(in picture: GreyPicture, threshold: Int) throws -> [Detection] {
        var boxes = [CurareFaceBox](repeating: CurareFaceBox(), count: 16)
        var count: Int32 = 0
        try call {
            curare_faces_find(
                picture.luma, Int32(picture.width), Int32(picture.height), Int32(threshold), &boxes, 16, &count, $0)
        }
        return boxes.prefix(Int(count)).map {
            Detection(
                box: Box(x: Int($0.left), y: Int($0.top), width: Int($0.width), height: Int($0.height)),
                confidence: Int($0.confidence))
        }
    }

    /// Returns the 68 landmarks of the face in `box`, in whole pixels of the searched picture. Some may be outside of
    /// the picture.
    static func landmarks(in picture: GreyPicture, _ box: Box) throws -> [PixelPoint] {
        let box = CurareFaceBox(
            left: Int32(box.x), top: Int32(box.y), width: Int32(box.width), height: Int32(box.height),
            confidence: 0)
        var points = [Int32](repeating: 0, count: 2 * Int(CURARE_FACES_LANDMARKS))
        try call { curare_faces_landmarks(picture.luma, Int32(picture.width), Int32(picture.height), box, &points, $0) }
        return stride(from: 0, to: points.count, by: 2).map { PixelPoint(x: Int(points[$0]), y: Int(points[$0 + 1])) }
    }

    /// Returns the square box in which the landmark model's mean shape is closest to `landmarks`.
    static func fittingBox(_ landmarks: [PixelPoint]) throws -> Box {
        let points = landmarks.flatMap { [Int32($0.x), Int32($0.y)] }
        var box = CurareFaceBox()
        try call { curare_faces_fit(points, &box, $0) }
        return Box(x: Int(box.left), y: Int(box.top), width: Int(box.width), height: Int(box.height))
    }

    /// Calls a function of dlib with a buffer for an error message.
    ///
    /// - Throws: ``ImagingError`` if the models cannot be read or the function fails.
    static func call(_ body: (UnsafeMutablePointer<CChar>) -> Int32) throws {
        if let startFailure {
            throw ImagingError(
                .failed, "cannot read the face landmark model \(landmarkFile): \(startFailure)",
                nextStep: "run make setup; it installs libdlib-data")
        }
        var error = [CChar](repeating: 0, count: Int(CURARE_FACES_ERROR_SIZE))
        guard body(&error) != 0 else { return }
        throw ImagingError(.failed, "the face detector failed: \(text(error))", nextStep: "please report this")
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
