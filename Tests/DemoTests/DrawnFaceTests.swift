import Foundation
import Imaging
import Testing

@testable import Demo

/// Tests of the face search with drawn faces, whose eye positions are known.
@Suite struct DrawnFaceTests {
    /// Returns the centres of both drawn eyes, the left one in the picture first.
    private func eyes(of portrait: Portrait) -> [Point] {
        let pose = portrait.conditions.pose
        let space = HeadSpace(portrait.volunteer, pose)
        func transformed(_ point: Point, _ degrees: Double, _ scale: Double, about pivot: Point) -> Point {
            let (x, y, angle) = (point.x - pivot.x, point.y - pivot.y, degrees * .pi / 180)
            return Point(
                pivot.x + scale * (x * cos(angle) - y * sin(angle)), pivot.y + scale * (x * sin(angle) + y * cos(angle))
            )
        }
        return [-1.0, 1].map { side in
            let tilted = transformed(
                space.on(side * portrait.volunteer.eyes.distance, -0.06), pose.tilt, 1, about: Body.tiltCentre)
            return transformed(tilted, 0, pose.scale, about: HeadSpace.centre).moved(pose.shift.x, pose.shift.y)
        }
    }

    private static let portraits = (0..<12).flatMap { seat in
        let volunteer = DemoVolunteer(seed: 1, name: "volunteer-\(seat)", index: seat)
        return (0..<4).map {
            Portrait(of: volunteer, PhotoConditions(seed: 1, volunteer: volunteer.name, number: $0, setting: .studio))
        }
    }

    @Test func drawnFacesAreFoundWithTheirEyes() throws {
        for portrait in Self.portraits {
            let search = try FaceSearch(UprightPhoto(portrait.picture()))
            let face = try #require(search.face, "\(portrait.volunteer.name)")
            #expect(search.found == .one && search.suspectedRotation == nil)
            for (eye, drawn) in zip([face.leftEye, face.rightEye], eyes(of: portrait)) {
                #expect(
                    abs(Double(eye.x) - drawn.x) < 6 && abs(Double(eye.y) - drawn.y) < 7,
                    "\(portrait.volunteer.name): \(eye), drawn at \(drawn)")
            }
        }
    }

    /// The EXIF tag defines the rotation of the stored pixels. Without the tag the picture stays as it was stored.
    @Test(arguments: [(8, QuarterTurn.left), (3, .half), (6, .right)])
    func lostOrientationIsReported(_ orientation: Int, _ turn: QuarterTurn) throws {
        for portrait in try clearPortraits().prefix(4) {
            let tagged = try DecodedPhoto(portrait.picture().encoded(as: .png, orientation: orientation)).picture
            #expect(try FaceSearch(UprightPhoto(tagged)).face != nil)
            let search = try FaceSearch(UprightPhoto(stored(portrait.picture(), orientation)))
            #expect(
                search.suspectedRotation == turn && search.face == nil && search.found == .none,
                "\(portrait.volunteer.name)")
        }
    }

    /// Returns the pixels that a file with this EXIF tag stores.
    private func stored(_ upright: Picture, _ orientation: Int) throws -> Picture {
        let (width, height) = orientation == 3 ? (upright.width, upright.height) : (upright.height, upright.width)
        var rgb = [UInt8](repeating: 0, count: upright.rgb.count)
        for y in 0..<upright.height {
            for x in 0..<upright.width {
                let (column, row) =
                    switch orientation {
                    case 3: (width - 1 - x, height - 1 - y)
                    case 6: (y, height - 1 - x)
                    default: (width - 1 - y, x)
                    }
                for band in 0..<3 {
                    rgb[3 * (row * width + column) + band] = upright.rgb[3 * (y * upright.width + x) + band]
                }
            }
        }
        return try #require(Picture(width: width, height: height, rgb: rgb))
    }

    /// Returns the portraits with a high score of the detector, in order of decreasing score.
    private func clearPortraits() throws -> [Portrait] {
        let confidences = try Self.portraits.map { ($0, try FaceSearch(UprightPhoto($0.picture())).confidence ?? 0) }
        return confidences.filter { $0.1 > 400 }.sorted { $0.1 > $1.1 }.map(\.0)
    }

    @Test func twoFacesOfEqualSizeNeedReview() throws {
        let picture = try #require(try clearPortraits().first).picture()
        let pictures = [picture, picture]
        let (width, height) = (pictures[0].width, pictures[0].height)
        let rows = (0..<height).flatMap { y in pictures.flatMap { $0.rgb[3 * width * y..<3 * width * (y + 1)] } }
        #expect(
            try FaceSearch(UprightPhoto(try #require(Picture(width: 2 * width, height: height, rgb: rows)))).found
                == .several)
    }
}
