import Core
import Testing

@testable import Imaging

/// Compares placements with images that were really rendered.
@Suite struct ImagePlacementTests {
    /// A white photo with one black box. No reduction divides its sides.
    private static let width = 2605
    private static let height = 1951
    private static let box = Box(x: 930, y: 700, width: 130, height: 90)

    private static let photo: Picture = {
        var rgb = [UInt8](repeating: 255, count: 3 * width * height)
        for y in box.y..<box.y + box.height {
            let start = 3 * (y * width + box.x)
            rgb.replaceSubrange(start..<start + 3 * box.width, with: repeatElement(0, count: 3 * box.width))
        }
        return Picture(width: width, height: height, rgb: rgb)!
    }()

    /// Returns the centroid of the dark pixels.
    private func centroid(of picture: Picture) -> (column: Double, row: Double) {
        var (x, y, weight) = (0.0, 0.0, 0.0)
        for row in 0..<picture.height {
            for column in 0..<picture.width {
                // A pixel at the border of the box counts in proportion. Errors of JPEG on white are below the
                // threshold.
                let value = Double(picture.rgb[3 * (row * picture.width + column)])
                let dark = value < 245 ? 255 - value : 0
                x += dark * (Double(column) + 0.5)
                y += dark * (Double(row) + 0.5)
                weight += dark
            }
        }
        return (x / weight, y / weight)
    }

    private func expectPlacementMatchesImage(
        _ profile: Profile, face: PhotoFace?, _ format: DecodedPhoto.Format, orientation: Int
    ) throws {
        let bytes = try Self.photo.encoded(as: format, quality: 95, orientation: orientation)
        let image = try DecodedPhoto.image(of: bytes, limits: DecodingLimits(), profile, face: face)
        let photo = try DecodedPhoto(bytes) { profile.reduction(width: $0, height: $1, face: face) }.upright
        let placement = ImagePlacement(profile, of: photo, face: face)
        // Without the decoded photo, the placement of a face crop is the same. There is no placement of other reduced
        // photos.
        #expect(
            ImagePlacement(profile, width: Self.width, height: Self.height, face: face)
                == (face == nil ? nil : placement))
        #expect((placement.width, placement.height) == (image.width, image.height))
        let centroid = centroid(of: image)
        let position = placement.photoPosition(column: centroid.column, row: centroid.row)
        let (x, y) = (
            Double(Self.box.x) + Double(Self.box.width) / 2, Double(Self.box.y) + Double(Self.box.height) / 2
        )
        // A pixel of the image has a width of five to nine pixels of the photo.
        #expect(
            abs(position.x - x) < 0.7 && abs(position.y - y) < 0.7,
            "\(format), orientation \(orientation): \(position), not \((x, y))")
    }

    /// Blocks of a reduced picture are counted from the corner with which the file begins, which moves rotated photos
    /// by up to three pixels. libjpeg drops pixels that do not fill a block.
    @Test(arguments: [
        (DecodedPhoto.Format.jpeg, 1), (.jpeg, 2), (.jpeg, 3), (.jpeg, 4), (.jpeg, 5), (.jpeg, 6), (.jpeg, 7),
        (.jpeg, 8), (.png, 1), (.png, 3), (.png, 6), (.png, 8),
    ])
    func placementOfReducedPhotos(_ format: DecodedPhoto.Format, _ orientation: Int) throws {
        for profile in [
            Profile(size: 240, crop: .centre, colour: .srgb)!, Profile(size: 320, crop: .none, colour: .srgb)!,
        ] {
            #expect(profile.reduction(width: Self.width, height: Self.height, face: nil) == .quarter)
            try expectPlacementMatchesImage(profile, face: nil, format, orientation: orientation)
        }
    }

    @Test(arguments: [(1, 0), (1, 90), (3, -110), (6, 60), (8, 0)])
    func placementOfFaceCrops(_ orientation: Int, _ drop: Int) throws {
        let face = PhotoFace(
            box: Box(x: 700, y: 500, width: 640, height: 600), leftEye: PixelPoint(x: 860, y: 700 - drop),
            rightEye: PixelPoint(x: 1180, y: 700 + drop))
        try expectPlacementMatchesImage(
            Profile(size: 224, crop: .face, colour: .srgb)!, face: face, .jpeg, orientation: orientation)
    }

    @Test func faceCropWithoutAFaceIsACentreCrop() throws {
        let (face, centre) = (
            Profile(size: 64, crop: .face, colour: .srgb)!, Profile(size: 64, crop: .centre, colour: .srgb)!
        )
        let placement = try #require(ImagePlacement(face, width: 300, height: 200, face: nil))
        #expect(placement == ImagePlacement(centre, width: 300, height: 200, face: nil))
    }

    @Test func placementOfTheSameSizeIsTheIdentity() throws {
        let placement = try #require(
            ImagePlacement(Profile(size: 64, crop: .centre, colour: .srgb)!, width: 64, height: 64, face: nil))
        for k in [0, 1, 40, 63] { #expect(placement.photoPixel(column: k, row: 63 - k) == PixelPoint(x: k, y: 63 - k)) }
    }

    @Test func cropBeyondTheBorderHasPositionsOutside() throws {
        let face = PhotoFace(
            box: Box(x: 0, y: 0, width: 40, height: 40), leftEye: PixelPoint(x: 12, y: 15),
            rightEye: PixelPoint(x: 28, y: 15))
        // The side of the square is 90, its centre is (20, 20).
        let placement = try #require(
            ImagePlacement(Profile(size: 90, crop: .face, colour: .srgb)!, width: 40, height: 40, face: face))
        #expect(placement.photoPixel(column: 0, row: 0) == PixelPoint(x: -25, y: -25))
        #expect(placement.photoPixel(column: 45, row: 89) == PixelPoint(x: 20, y: 64))
    }
}
