import Foundation
import Imaging
import Testing

@testable import Demo

/// The face detector held against faces whose eyes are known, since they are drawn.
@Suite struct DrawnFaceTests {
    /// Where the middles of both eyes are drawn: the picture's left one first.
    private func eyes(of portrait: Portrait) -> [Point] {
        let pose = portrait.shot.pose
        let space = HeadSpace(portrait.sitter, pose)
        func turned(_ point: Point, _ degrees: Double, _ scale: Double, about pivot: Point) -> Point {
            let (x, y, angle) = (point.x - pivot.x, point.y - pivot.y, degrees * .pi / 180)
            return Point(
                pivot.x + scale * (x * cos(angle) - y * sin(angle)), pivot.y + scale * (x * sin(angle) + y * cos(angle))
            )
        }
        return [-1.0, 1].map { side in
            let tilted = turned(space.on(side * portrait.sitter.eyes.distance, -0.06), pose.tilt, 1, about: Body.hinge)
            return turned(tilted, 0, pose.scale, about: HeadSpace.middle).moved(pose.shift.x, pose.shift.y)
        }
    }

    private static let portraits = (0..<12).flatMap { seat in
        let sitter = Sitter(seed: 1, name: "sitter-\(seat)", seat: seat)
        return (0..<4).map { Portrait(of: sitter, Shot(seed: 1, sitter: sitter.name, number: $0, place: .studio)) }
    }

    @Test func drawnFacesAreFoundWithTheirEyesWhereTheyAreDrawn() throws {
        for portrait in Self.portraits {
            let search = try FaceSearch(UprightPhoto(portrait.picture()))
            let face = try #require(search.face, "\(portrait.sitter.name)")
            #expect(search.found == .one && search.suspectTurn == nil)
            for (eye, drawn) in zip([face.leftEye, face.rightEye], eyes(of: portrait)) {
                #expect(
                    abs(Double(eye.x) - drawn.x) < 6 && abs(Double(eye.y) - drawn.y) < 7,
                    "\(portrait.sitter.name): \(eye), drawn at \(drawn)")
            }
        }
    }

    /// The tag says how the file's pixels are to be turned; without it the picture comes as it was stored.
    @Test(arguments: [(8, QuarterTurn.left), (3, .half), (6, .right)])
    func aPhotoThatLostItsOrientationIsReportedAndNotTurned(_ orientation: Int, _ turn: QuarterTurn) throws {
        for portrait in try clear().prefix(4) {
            let tagged = try DecodedPhoto(portrait.picture().encoded(as: .png, orientation: orientation)).picture
            #expect(try FaceSearch(UprightPhoto(tagged)).face != nil)
            let search = try FaceSearch(UprightPhoto(stored(portrait.picture(), orientation)))
            #expect(
                search.suspectTurn == turn && search.face == nil && search.found == .none, "\(portrait.sitter.name)")
        }
    }

    /// The pixels that lie in a file with this tag.
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

    /// Portraits whose drawn faces are clear ones to the detector, the clearest first.
    private func clear() throws -> [Portrait] {
        let confidences = try Self.portraits.map { ($0, try FaceSearch(UprightPhoto($0.picture())).confidence ?? 0) }
        return confidences.filter { $0.1 > 400 }.sorted { $0.1 > $1.1 }.map(\.0)
    }

    @Test func twoPeopleOfOneSizeAreSeveral() throws {
        let picture = try #require(try clear().first).picture()
        let pictures = [picture, picture]
        let (width, height) = (pictures[0].width, pictures[0].height)
        let rows = (0..<height).flatMap { y in pictures.flatMap { $0.rgb[3 * width * y..<3 * width * (y + 1)] } }
        #expect(
            try FaceSearch(UprightPhoto(try #require(Picture(width: 2 * width, height: height, rgb: rows)))).found
                == .several)
    }
}
