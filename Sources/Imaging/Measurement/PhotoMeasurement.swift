import Core

/// All measurements of a photo, taken once on its upright copy at ``Reduction/measuring(width:height:)``.
public struct PhotoMeasurement: Hashable, Sendable {
    /// Nil if no search for faces was requested.
    public let face: FaceSearch?
    /// The hash of ``PerceptualHashing``. Near-duplicates differ in few bits.
    public let perceptualHash: PerceptualHash
    public let quality: PhotoQuality
    public let light: PhotoLight

    /// - Throws: ``ImagingError`` if the landmark model cannot be read, or libvips fails.
    public init(_ photo: UprightPhoto, lookingForFaces: Bool = true) throws {
        try self.init(photo, searchingFacesWith: lookingForFaces ? .hog : nil)
    }

    /// - Parameter finder: the face detector; nil if no search for faces is requested.
    /// - Throws: ``ImagingError`` if the landmark model cannot be read, or libvips fails; errors of the face network.
    public init(_ photo: UprightPhoto, searchingFacesWith finder: FaceFinder?) throws {
        let grey = GreyPicture(photo.picture)
        face = try finder.map { try FaceSearch(photo, grey, with: $0) }
        perceptualHash = PerceptualHash(PerceptualHashing.bits(of: grey))
        quality = PhotoQuality(photo, grey, face: face?.face)
        light = PhotoLight(photo, face: face?.face)
    }
}

extension PhotoQuality {
    /// Largest luma of a black pixel.
    private static let black = 8
    /// Smallest luma of a white pixel.
    private static let white = 250

    /// Measures the face. Without a face, measures the middle square, whose side is half the photo's shorter side. The
    /// measures do not depend on the photo's resolution; `docs/faces.md` ("Photo quality") defines them.
    ///
    /// - Parameters:
    ///   - grey: the luma of `photo`.
    ///   - face: in whole pixels of the whole photo.
    init(_ photo: UprightPhoto, _ grey: GreyPicture, face: PhotoFace?) {
        let part = grey.cropped(face.map { photo.box(of: $0) } ?? Self.middle(of: grey))
        let count = part.luma.count
        self.init(
            sharpness: Sharpness.perMille(part), luma: part.luma.reduce(0) { $0 + Int($1) } / count,
            dark: 1000 * part.luma.count { $0 <= Self.black } / count,
            bright: 1000 * part.luma.count { $0 >= Self.white } / count,
            beyond: face.map { Beyond(FaceSquare($0), width: photo.width, height: photo.height) })
    }

    private static func middle(of grey: GreyPicture) -> Box {
        let side = max(1, min(grey.width, grey.height) / 2)
        return Box(x: (grey.width - side) / 2, y: (grey.height - side) / 2, width: side, height: side)
    }
}

extension UprightPhoto {
    /// Returns the box of a face in pixels of the decoded picture; at least one pixel.
    func box(of face: PhotoFace) -> Box {
        let fraction = reduction.rawValue
        let left = min(picture.width - 1, (face.box.x + excessLeft) / fraction)
        let top = min(picture.height - 1, (face.box.y + excessTop) / fraction)
        return Box(
            x: left, y: top, width: min(picture.width - left, max(1, face.box.width / fraction)),
            height: min(picture.height - top, max(1, face.box.height / fraction)))
    }
}

extension PhotoQuality.Beyond {
    /// Sample points along each side of the square.
    private static let samples = 32

    /// Measures the part of a face's square beyond each border of a `width` × `height` photo. A face crop repeats the
    /// border pixels there.
    ///
    /// Each sample point outside of the photo counts for one border: the border that the point is farthest beyond. Of
    /// several borders at the same distance, the first in the order left, top, right, bottom counts.
    init(_ square: FaceSquare, width: Int, height: Int) {
        var counts = [0, 0, 0, 0]
        // Distance from the centre to each sample point, in 1/65536 pixel, along the line through the eyes and at right
        // angles to it.
        let offsets = (0..<Self.samples).map { (2 * $0 + 1 - Self.samples) * square.side }
        let along = offsets.map { $0 * square.cosine / (2 * Self.samples) }
        let across = offsets.map { $0 * square.sine / (2 * Self.samples) }
        for row in 0..<Self.samples {
            for column in 0..<Self.samples {
                let x = (square.doubledX << 15) + along[column] - across[row]
                let y = (square.doubledY << 15) + across[column] + along[row]
                let outside = [-x, -y, x - (width << 16), y - (height << 16)]
                guard let farthest = outside.max(), farthest > 0, let border = outside.firstIndex(of: farthest) else {
                    continue
                }
                counts[border] += 1
            }
        }
        let shares = counts.map { 1000 * $0 / (Self.samples * Self.samples) }
        self.init(left: shares[0], top: shares[1], right: shares[2], bottom: shares[3])
    }
}

/// Sharpness after Crété-Roffet, Dolmiere, Ladret, Nicolas, "The Blur Effect: Perception and Estimation with a New
/// No-Reference Perceptual Blur Metric" (SPIE 6492, 2007). The scale is inverted, the picture is reduced to a fixed
/// size, and the filter is the shortest one.
///
/// Another blur removes much of the difference between neighbours from a sharp picture, and little from a blurred
/// picture. The measure does not depend on brightness or contrast.
enum Sharpness {
    /// Side of the reduced copy in pixels.
    static let side = 32

    /// Returns how much of the differences between neighbouring pixels disappears, in per mille, when each pixel is
    /// replaced by the mean of three. Computes one value along rows and one along columns, and returns the smaller
    /// value. Returns 0 if there is no difference.
    static func perMille(_ picture: GreyPicture) -> Int {
        let copy = reduced(picture)
        return min(lost(copy, along: 1, across: side), lost(copy, along: side, across: 1))
    }

    private static func lost(_ copy: [Int], along step: Int, across line: Int) -> Int {
        var all = 0
        var lost = 0
        for first in stride(from: 0, to: side * line, by: line) {
            func mean(_ index: Int) -> Int {
                copy[first + (index - 1) * step] + copy[first + index * step] + copy[first + (index + 1) * step]
            }
            for index in 1..<side - 2 {
                let sharp = 3 * abs(copy[first + (index + 1) * step] - copy[first + index * step])
                all += sharp
                lost += max(0, sharp - abs(mean(index + 1) - mean(index)))
            }
        }
        return all == 0 ? 0 : 1000 * lost / all
    }

    /// Returns the middle square of the picture as `side` × `side` means. Each mean covers at least one whole pixel.
    private static func reduced(_ picture: GreyPicture) -> [Int] {
        let square = min(picture.width, picture.height)
        let left = (picture.width - square) / 2
        let top = (picture.height - square) / 2
        func range(_ index: Int, from start: Int) -> Range<Int> {
            let first = index * square / side
            return start + first..<start + max(first + 1, (index + 1) * square / side)
        }
        return (0..<side * side).map { index in
            let rows = range(index / side, from: top)
            let columns = range(index % side, from: left)
            var sum = 0
            for row in rows { for column in columns { sum += Int(picture.luma[row * picture.width + column]) } }
            return sum / (rows.count * columns.count)
        }
    }
}
