/// The square of a picture that shows a face: its middle, its side and how it is turned, in whole numbers alone.
struct FaceSquare: Hashable {
    /// Twice the pixel coordinates of the middle, so that halves are whole.
    let doubledX, doubledY: Int
    /// Pixels; at least 1.
    let side: Int
    /// The direction of the eyes' line in 1/65536: (65536, 0) is level.
    let cosine, sine: Int

    /// The crop is this many quarters of the face's box, whose longer side counts: nine quarters leave five eighths of it above the brows, below
    /// the chin and beside each cheek, where bandanas, neck tattoos and earrings are.
    static let quarters = 9
    /// Eyes that are farther off the level than this many hundredths of their distance (30°) are no eyes: the picture is not turned by them.
    static let steepest = 58

    init(_ face: Face) {
        let box = face.box
        (doubledX, doubledY) = (2 * box.left + box.width, 2 * box.top + box.height)
        side = max(1, Self.quarters * max(box.width, box.height) / 4)
        let (x, y) = (face.rightEye.x - face.leftEye.x, face.rightEye.y - face.leftEye.y)
        // Eyes too near each other say nothing of the level: a profile.
        guard 5 * x >= box.width, 100 * abs(y) <= Self.steepest * x else {
            (cosine, sine) = (65536, 0)
            return
        }
        let length = Self.root((x * x + y * y) << 32)
        (cosine, sine) = ((x << 32) / length, (y << 32) / length)
    }

    /// The square root, rounded down.
    private static func root(_ value: Int) -> Int {
        guard value > 1 else { return value }
        var root = 1 << ((Int.bitWidth - value.leadingZeroBitCount + 1) / 2)
        while true {
            let next = (root + value / root) / 2
            if next >= root { return root }
            root = next
        }
    }
}
