import CFaces
import Foundation

/// The one door to dlib: reads the landmarks at the first use, and turns its failures into errors.
enum Detector {
    /// Where Debian's libdlib-data puts the model.
    static let landmarks = "/usr/share/dlib/shape_predictor_68_face_landmarks.dat"

    static var version: String { String(cString: curare_faces_version()) }

    /// A box as the detector gave it, in pixels of the searched picture.
    struct Hit: Hashable {
        let box: PixelBox
        /// Thousandths: 0 is the detector's own threshold, 2000 a clear face.
        let confidence: Int
    }

    /// Nil where it started; otherwise its own words.
    private static let startFailure: String? = {
        var error = [CChar](repeating: 0, count: Int(CURARE_FACES_ERROR_SIZE))
        return curare_faces_start(landmarks, &error) == 0 ? nil : text(error)
    }()

    /// Starts on a thread of its own, so that whoever first looks for a face need not wait for all of it.
    static func prepare() {
        Thread.detachNewThread { _ = startFailure }
    }

    /// Faces of at least 80 pixels a side, at most 16, by falling confidence.
    static func hits(in picture: GreyPicture, threshold: Int) throws -> [Hit] {
        var boxes = [CurareFaceBox](repeating: CurareFaceBox(), count: 16)
        var count: Int32 = 0
        try call {
            curare_faces_find(
                picture.luma, Int32(picture.width), Int32(picture.height), Int32(threshold), &boxes, 16, &count, $0)
        }
        return boxes.prefix(Int(count)).map {
            Hit(
                box: PixelBox(left: Int($0.left), top: Int($0.top), width: Int($0.width), height: Int($0.height)),
                confidence: Int($0.confidence))
        }
    }

    /// The 68 landmarks of the face in `box`, in whole pixels of the searched picture; some may be outside of it.
    static func landmarks(in picture: GreyPicture, _ box: PixelBox) throws -> [PixelPoint] {
        let box = CurareFaceBox(
            left: Int32(box.left), top: Int32(box.top), width: Int32(box.width), height: Int32(box.height),
            confidence: 0)
        var points = [Int32](repeating: 0, count: 2 * Int(CURARE_FACES_LANDMARKS))
        try call { curare_faces_landmarks(picture.luma, Int32(picture.width), Int32(picture.height), box, &points, $0) }
        return stride(from: 0, to: points.count, by: 2).map { PixelPoint(x: Int(points[$0]), y: Int(points[$0 + 1])) }
    }

    private static func call(_ body: (UnsafeMutablePointer<CChar>) -> Int32) throws {
        if let startFailure {
            throw ImagingError(
                .failed, "the face landmarks cannot be read from \(landmarks): \(startFailure)",
                next: "run make setup; it installs libdlib-data")
        }
        var error = [CChar](repeating: 0, count: Int(CURARE_FACES_ERROR_SIZE))
        guard body(&error) != 0 else { return }
        throw ImagingError(.failed, "the face detector failed: \(text(error))", next: "please report this")
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
