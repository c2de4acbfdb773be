/// What overlays on a face are measured by: the line of the eyes and their distance, in whole numbers alone.
public struct FaceFrame: Hashable, Sendable {
    /// The distance of the eyes in 1/256 of a pixel, at least a third of the face's width: in a profile the eyes are too near each other.
    public let unit: Int
    /// The direction of the eyes' line in 1/65536: (65536, 0) is level. Eyes that are too near each other, or more than 30° off the level, say nothing of it.
    public let cosine, sine: Int
    private let face: PhotoFace
    private let landmarks: Landmarks?

    /// - Parameter landmarks: of `face`, where they are known.
    public init(_ face: PhotoFace, _ landmarks: Landmarks?) {
        (self.face, self.landmarks) = (face, landmarks)
        let (x, y) = (face.rightEye.x - face.leftEye.x, face.rightEye.y - face.leftEye.y)
        let length = Self.root(Int128(x * x + y * y) << 32)
        unit = max(length / 256, face.box.width * 256 / 3)
        // As the face's square is turned (docs/format.md).
        let isTold = 5 * x >= face.box.width && 100 * abs(y) <= 58 * x && length > 0
        (cosine, sine) =
            isTold ? (Int(Int128(x) << 32 / Int128(length)), Int(Int128(y) << 32 / Int128(length))) : (65536, 0)
    }

    /// A place in 1/256 of a photo's pixel; nil for one that the face does not tell.
    public func position(of place: OverlayPlace) -> (x: Int, y: Int)? {
        guard let told = place.face else { return nil }
        let along = told.beyond.0
        let down = told.beyond.1
        if let landmarks, !told.landmarks.isEmpty {
            let places = told.landmarks.map { landmarks.places[$0] }
            let middle = (
                places.reduce(0) { $0 + 256 * $1.x } / places.count + 128,
                places.reduce(0) { $0 + 256 * $1.y } / places.count + 128
            )
            return moved(middle, hundredths: along, down)
        }
        let eyes = (128 * (face.leftEye.x + face.rightEye.x) + 128, 128 * (face.leftEye.y + face.rightEye.y) + 128)
        return moved(eyes, hundredths: told.otherwise.0 + along, told.otherwise.1 + down)
    }

    /// `point` moved along the eyes and across them, in hundredths of their distance.
    private func moved(_ point: (Int, Int), hundredths along: Int, _ down: Int) -> (x: Int, y: Int) {
        let (a, b) = (along * unit / 100, down * unit / 100)
        return (point.0 + (a * cosine - b * sine) >> 16, point.1 + (a * sine + b * cosine) >> 16)
    }

    /// The square root, rounded down.
    private static func root(_ value: Int128) -> Int {
        guard value > 1 else { return Int(value) }
        var root = Int128(1) << ((Int128.bitWidth - value.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (root + value / root) / 2
            if next >= root { return Int(root) }
            root = next
        }
    }
}
