import CFaces
import Core

/// An image pyramid in one tensor, as dlib's face network takes it. Each level has 5/6 of the sides of the level before.
struct TiledPyramid {
    /// Size of each of the three planes.
    let width, height: Int
    /// Where the levels are in the planes, from the picture itself to the smallest copy.
    let levels: [Box]
    /// Red, green and blue, each `height` × `width` numbers.
    let planes: [Float]

    /// - Throws: ``ImagingError`` if dlib fails.
    init(_ picture: Picture) throws {
        var layout = CurareFacePyramid()
        try FaceDetector.call {
            curare_faces_pyramid_layout(Int32(picture.width), Int32(picture.height), &layout, $0)
        }
        width = Int(layout.width)
        height = Int(layout.height)
        levels = withUnsafeBytes(of: layout.levels) { raw in
            raw.bindMemory(to: CurareFaceBox.self).prefix(Int(layout.count)).map {
                Box(x: Int($0.left), y: Int($0.top), width: Int($0.width), height: Int($0.height))
            }
        }
        var planes = [Float](repeating: 0, count: 3 * width * height)
        try FaceDetector.call {
            curare_faces_pyramid(picture.rgb, Int32(picture.width), Int32(picture.height), &layout, &planes, $0)
        }
        self.planes = planes
    }

    /// Size of the network's output. Each of its three strided 5 × 5 convolutions has an output of ⌊(side − 5)/2⌋ + 1.
    var outputWidth: Int { Self.outputSide(width) }
    var outputHeight: Int { Self.outputSide(height) }

    private static func outputSide(_ side: Int) -> Int {
        (0..<3).reduce(side) { side, _ in side < 5 ? 0 : (side - 5) / 2 + 1 }
    }

    /// Side of the detector's window in pixels of the tensor.
    static let windowSide = 80

    /// Returns the box of an output of the network, in whole pixels of the picture. The box can extend beyond the
    /// picture.
    ///
    /// The arithmetic is that of dlib: `map_output_to_input` of the layers, `tiled_pyramid_to_image` and
    /// `pyramid_down<6>::rect_up`.
    func box(column: Int, row: Int) -> Box {
        let x = Double(8 * column + 14)
        let y = Double(8 * row + 14)
        let half = Double(Self.windowSide - 1) / 2
        let level = level(nearestToX: 8 * column + 14, y: 8 * row + 14)
        func edge(_ value: Double, _ start: Int) -> Int {
            var value = value - Double(start)
            for _ in 0..<level { value = value * (6.0 / 5.0) + 0.3 }
            return Int((value + 0.5).rounded(.down))
        }
        let left = edge(x - half, levels[level].x)
        let top = edge(y - half, levels[level].y)
        let right = edge(x + half, levels[level].x)
        let bottom = edge(y + half, levels[level].y)
        return Box(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
    }

    /// Returns the index of the first level that contains the point, or else of the nearest level.
    private func level(nearestToX x: Int, y: Int) -> Int {
        let distances = levels.map { level in
            let across = max(level.x - x, x - (level.x + level.width - 1), 0)
            let down = max(level.y - y, y - (level.y + level.height - 1), 0)
            return across * across + down * down
        }
        return distances.indices.min { distances[$0] < distances[$1] } ?? 0
    }
}

/// dlib's non-maximum suppression with the parameters of the face network.
enum FaceSuppression {
    /// Largest intersection over union of two boxes that are both kept.
    private static let overlap = 0.33827613511099552

    /// Returns the detections without those that overlap a detection with a higher score.
    ///
    /// - Parameter detections: in order of decreasing score.
    static func kept(_ detections: [FaceDetector.Detection]) -> [FaceDetector.Detection] {
        var kept: [FaceDetector.Detection] = []
        for detection in detections where !kept.contains(where: { overlaps($0.box, detection.box) }) {
            kept.append(detection)
        }
        return kept
    }

    /// Returns dlib's `test_box_overlap`: the union is the box around both boxes. The second parameter of the network,
    /// the covered part, is 1 and has no effect.
    static func overlaps(_ a: Box, _ b: Box) -> Bool {
        let inner =
            max(0, min(a.x + a.width, b.x + b.width) - max(a.x, b.x))
            * max(0, min(a.y + a.height, b.y + b.height) - max(a.y, b.y))
        guard inner > 0 else { return false }
        let outer =
            (max(a.x + a.width, b.x + b.width) - min(a.x, b.x)) * (max(a.y + a.height, b.y + b.height) - min(a.y, b.y))
        return Double(inner) / Double(outer) > overlap
    }
}
