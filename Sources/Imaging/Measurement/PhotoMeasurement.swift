/// All measurements of a photo, taken once on its upright copy at ``Reduction/measuring(width:height:)``.
public struct PhotoMeasurement: Hashable, Sendable {
    /// Nil if no search for faces was requested.
    public let face: FaceSearch?
    /// The hash of ``PerceptualHashing``. Near-duplicates differ in few bits.
    public let perceptualHashBits: UInt64
    public let quality: Quality

    /// - Throws: ``ImagingError`` if the landmark model cannot be read, or libvips fails.
    public init(_ photo: UprightPhoto, lookingForFaces: Bool = true) throws {
        let grey = GreyPicture(photo.picture)
        face = lookingForFaces ? try FaceSearch(photo, grey) : nil
        perceptualHashBits = PerceptualHashing.bits(of: grey)
        quality = Quality(photo, grey, face: face?.face)
    }
}

/// Measures of a photo's quality in whole numbers that do not depend on its resolution. `docs/faces.md` ("Photo
/// quality") defines them and describes what they are used for.
public struct Quality: Hashable, Sendable {
    /// Per mille of the difference between neighbours that blurring the measured part removes. The value is low if the
    /// part is blurred already.
    public let sharpness: Int
    /// Mean luma of the measured part, 0…255.
    public let luma: Int
    /// Per mille of the measured part that is black or white, and therefore has no detail.
    public let dark, bright: Int
    /// The part of the face's square that is outside of the photo; nil without a face.
    public let beyond: BeyondBorder?

    /// Largest luma of a black pixel, and smallest luma of a white pixel.
    static let black = 8
    static let white = 250

    /// Measures the face. Without a face it measures the middle square with half the photo's shorter side.
    ///
    /// - Parameters:
    ///   - grey: the luma of `photo`.
    ///   - face: in whole pixels of the whole photo.
    init(_ photo: UprightPhoto, _ grey: GreyPicture, face: Face?) {
        let part = grey.cropped(face.map { photo.box(of: $0) } ?? Self.middle(of: grey))
        sharpness = Sharpness.perMille(part)
        luma = part.luma.reduce(0) { $0 + Int($1) } / part.luma.count
        dark = 1000 * part.luma.count { $0 <= Self.black } / part.luma.count
        bright = 1000 * part.luma.count { $0 >= Self.white } / part.luma.count
        beyond = face.map { BeyondBorder(FaceSquare($0), width: photo.width, height: photo.height) }
    }

    private static func middle(of grey: GreyPicture) -> PixelBox {
        let side = max(1, min(grey.width, grey.height) / 2)
        return PixelBox(left: (grey.width - side) / 2, top: (grey.height - side) / 2, width: side, height: side)
    }
}

extension UprightPhoto {
    /// Returns the box of a face in pixels of the decoded picture; at least one pixel.
    fileprivate func box(of face: Face) -> PixelBox {
        let fraction = reduction.rawValue
        let left = min(picture.width - 1, (face.box.left + excessLeft) / fraction)
        let top = min(picture.height - 1, (face.box.top + excessTop) / fraction)
        return PixelBox(
            left: left, top: top, width: min(picture.width - left, max(1, face.box.width / fraction)),
            height: min(picture.height - top, max(1, face.box.height / fraction)))
    }
}

/// The part of a face's square beyond each border of its photo, in per mille of the square. A face crop repeats the
/// border pixels there.
public struct BeyondBorder: Hashable, Sendable {
    public let left, top, right, bottom: Int

    public init(left: Int, top: Int, right: Int, bottom: Int) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// Sample points along each side of the square.
    static let samples = 32

    /// Counts each sample point outside of the photo for the border that it is farthest beyond; of equal distances for
    /// left, then top, right, bottom.
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
/// Another blur removes much of the difference between neighbours from a sharp picture, and little from a blurred one.
/// The measure does not depend on brightness or contrast.
enum Sharpness {
    /// Pixels a side of the reduced copy.
    static let side = 32

    /// Returns the per mille of the differences between neighbours that a mean of three removes, along rows or along
    /// columns, whichever is less; 0 if there is no difference.
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

    /// Returns the middle square of the picture as `side` × `side` means of whole pixels, at least one pixel each.
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
