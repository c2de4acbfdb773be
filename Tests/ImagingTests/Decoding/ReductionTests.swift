import Core
import Testing

@testable import Imaging

@Suite struct ReductionTests {
    @Test(arguments: [
        (4000, 3000, 4), (3000, 4000, 4), (640, 480, 1), (1279, 100, 1), (1280, 100, 2), (2560, 10, 4), (5119, 9, 4),
        (5120, 1, 8), (60_000, 50_000, 8), (1, 1, 1),
    ])
    func photosAreMeasuredAtAtLeast640Pixels(_ width: Int, _ height: Int, _ fraction: Int) {
        #expect(Reduction.measuring(width: width, height: height).rawValue == fraction)
    }

    @Test func reductionLeavesEnoughPixels() {
        func reduction(_ size: Int, _ crop: Profile.Crop, face: PhotoFace? = nil) -> Int {
            Profile(size: size, crop: crop, colour: .srgb)!.reduction(width: 4000, height: 3000, face: face).rawValue
        }
        #expect(reduction(256, .centre) == 4)
        #expect(reduction(64, .centre) == 4, "never smaller than the copy that is searched for faces")
        #expect(reduction(376, .centre) == 2, "3000 / 376 is less than 8")
        #expect(reduction(751, .centre) == 1)
        #expect(reduction(751, .none) == 2)
        // A box of 400 pixels gives a square of 900 pixels: four for each of 225.
        let small = face(1800, 1200, 400, 400, eyes: 1900, 1350, 2100, 1350)
        #expect(reduction(225, .face, face: small) == 4)
        #expect(reduction(226, .face, face: small) == 2)
        #expect(reduction(256, .face) == 4)
        #expect(reduction(256, .centre, face: small) == 4, "other crops do not use the face")
    }

    /// Each block has one colour, so that the means are exact. The reduction does not divide the sides of the picture.
    @Test(arguments: [DecodedPhoto.Format.png, .tiff, .webp, .pnm], 1...8)
    func blocksKeepTheirPositionInEveryOrientation(_ format: DecodedPhoto.Format, _ orientation: Int) throws {
        guard format != .pnm || orientation == 1 else { return }
        let (width, height) = (21, 14)
        // Blocks are counted from the corner with which the file begins. The rotation moves this corner.
        let (fromRight, fromBottom) = ([2, 3, 6, 7].contains(orientation), [3, 4, 7, 8].contains(orientation))
        func shade(_ position: Int, _ length: Int, _ isReversed: Bool) -> Int {
            (isReversed ? length - 1 - position : position) / 4
        }
        var rgb: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                rgb += [UInt8(40 * shade(x, width, fromRight)), UInt8(60 * shade(y, height, fromBottom)), 9]
            }
        }
        let bytes = try Picture(width: width, height: height, rgb: rgb)!.encoded(
            as: format, quality: 100, orientation: orientation)
        let upright = try DecodedPhoto(bytes) {
            #expect(($0, $1) == (width, height))
            return .quarter
        }.upright
        #expect((upright.width, upright.height, upright.picture.width, upright.picture.height) == (21, 14, 6, 4))
        #expect((upright.excessLeft, upright.excessTop) == (fromRight ? 3 : 0, fromBottom ? 2 : 0))
        for row in 0..<4 {
            for column in 0..<6 {
                let pixel = Array(upright.picture.rgb[3 * (6 * row + column)..<3 * (6 * row + column) + 3])
                #expect(
                    pixel == [
                        UInt8(40 * (fromRight ? 5 - column : column)), UInt8(60 * (fromBottom ? 3 - row : row)), 9,
                    ])
            }
        }
    }

    /// The crop of a reduced photo differs from the crop of the whole photo by less than a pixel in every orientation.
    @Test(arguments: [2, 4, 8], 1...8)
    func faceCropOfAReducedPhotoMatchesTheWholePhoto(_ fraction: Int, _ orientation: Int) throws {
        let (width, height) = (411, 307)
        var rgb: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                rgb += [UInt8(x * 255 / width), UInt8(y * 255 / height), UInt8((x + y) * 127 / width)]
            }
        }
        let whole = Picture(width: width, height: height, rgb: rgb)!
        let bytes = try whole.encoded(as: .png, orientation: orientation)
        let face = face(150, 90, 120, 130, eyes: 180, 130, 240, 136)
        let profile = Profile(size: 24, crop: .face, colour: .srgb)!
        let expected = try whole.rendered(profile, face: face)
        let reduced = try DecodedPhoto(bytes) { _, _ in Reduction(rawValue: fraction)! }.upright
        #expect(reduced.reduction.rawValue == fraction)
        #expect(try reduced.rendered(profile, face: face).largestError(expected) <= 3)
    }

    @Test func decodedPhotoIsReusedOnlyAtItsReduction() throws {
        let picture = pattern(width: 1400, height: 900)
        let bytes = try picture.encoded(as: .png)
        let profile = Profile(size: 100, crop: .centre, colour: .srgb)!
        let large = Profile(size: 600, crop: .centre, colour: .srgb)!
        let measured = try DecodedPhoto(bytes, reduction: Reduction.measuring)
        #expect(measured.upright.reduction == .half)
        #expect(
            try DecodedPhoto.image(of: bytes, limits: DecodingLimits(), profile, face: nil, decoded: measured)
                == measured.upright.rendered(profile))
        #expect(
            try DecodedPhoto.image(of: bytes, limits: DecodingLimits(), profile, face: nil)
                == measured.upright.rendered(profile))
        #expect(
            try DecodedPhoto.image(of: bytes, limits: DecodingLimits(), large, face: nil, decoded: measured)
                == picture.rendered(large))
    }
}

extension Picture {
    /// Returns the largest difference of a channel of a pixel.
    fileprivate func largestError(_ other: Picture) -> Int {
        zip(rgb, other.rgb).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }
}

/// A face crop decodes only the part of the photo that it shows.
@Suite struct WindowTests {
    /// - Returns: a picture in which every pixel differs from its neighbours.
    private static func drawn(_ width: Int, _ height: Int) -> Picture {
        var rgb: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                rgb += [UInt8(x * 7 & 255), UInt8(y * 5 & 255), UInt8((x * 3 + y * 11) & 255)]
            }
        }
        return Picture(width: width, height: height, rgb: rgb)!
    }

    private static let faces = [
        face(150, 90, 60, 70, eyes: 165, 115, 195, 121), face(0, 0, 40, 50, eyes: 10, 20, 30, 20),
        face(370, 250, 41, 57, eyes: 380, 270, 400, 275), face(0, 250, 90, 57, eyes: 20, 270, 60, 262),
    ]

    @Test(arguments: [DecodedPhoto.Format.jpeg, .png, .webp], 1...8)
    func partGivesTheSameCropInEveryOrientation(_ format: DecodedPhoto.Format, _ orientation: Int) throws {
        let bytes = try Self.drawn(411, 307).encoded(as: format, quality: 100, orientation: orientation)
        for reduction in Reduction.allCases {
            let whole = try DecodedPhoto(bytes) { _, _ in reduction }.upright
            for face in Self.faces {
                let square = FaceSquare(face)
                let part = try DecodedPhoto(bytes, limits: DecodingLimits(), square, size: 24) { _, _ in reduction }
                    .upright
                #expect(part.picture.width * part.picture.height < whole.picture.width * whole.picture.height)
                #expect((part.width, part.height) == (whole.width, whole.height))
                #expect(part.cut(square, size: 24) == whole.cut(square, size: 24))
            }
        }
    }

    @Test func partOfASquareOutsideThePhotoHasAPixel() {
        let frame = ReducedFrame(width: 400, height: 300, .half, roundsDown: true, orientation: 1)
        #expect(frame.clipped(Box(x: -500, y: 900, width: 20, height: 20)) == Box(x: 0, y: 149, width: 1, height: 1))
        #expect(
            frame.clipped(Box(x: -5, y: -5, width: 900, height: 900)) == Box(x: 0, y: 0, width: 200, height: 150))
        let thin = ReducedFrame(width: 3000, height: 2, .eighth, roundsDown: true, orientation: 6)
        #expect((thin.reducedWidth, thin.reducedHeight) == (375, 1))
    }
}
