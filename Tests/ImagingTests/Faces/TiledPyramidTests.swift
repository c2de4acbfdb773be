import Core
import Foundation
import Testing

@testable import Imaging

/// The image pyramid and the suppression, compared with dlib's. `Fixtures/detector/pyramid.cpp` wrote the values.
@Suite struct TiledPyramidTests {
    struct Golden: Decodable, Sendable, CustomTestStringConvertible {
        let width, height, planeWidth, planeHeight: Int
        let sum, weighted: Double
        let levels, boxes: [[Int]]

        var testDescription: String { "\(width) × \(height)" }

        static let all: [Golden] = {
            guard let file = Bundle.module.url(forResource: "Fixtures/detector/pyramid", withExtension: "json"),
                let data = try? Data(contentsOf: file)
            else { return [] }
            return (try? JSONDecoder().decode([Golden].self, from: data)) ?? []
        }()

        var picture: Picture {
            var rgb: [UInt8] = []
            for y in 0..<height {
                for x in 0..<width {
                    rgb += [
                        UInt8((x * 7 + y * 3) % 256), UInt8((x * y) % 251), UInt8((x * 5 + y * y) % 241),
                    ]
                }
            }
            return Picture(uncheckedWidth: width, height: height, rgb: rgb)
        }
    }

    @Test func thereAreValues() { #expect(Golden.all.count == 7) }

    @Test(arguments: Golden.all) func tensorAndBoxesAreThoseOfDlib(_ golden: Golden) throws {
        let pyramid = try TiledPyramid(golden.picture)
        #expect(pyramid.width == golden.planeWidth && pyramid.height == golden.planeHeight)
        #expect(pyramid.levels.map { [$0.x, $0.y, $0.width, $0.height] } == golden.levels)
        var sum = 0.0
        var weighted = 0.0
        for (index, value) in pyramid.planes.enumerated() {
            sum += Double(value)
            weighted += Double(value) * Double(index % 97)
        }
        #expect(abs(sum - golden.sum) < 1e-6 * abs(golden.sum) + 1e-3)
        #expect(abs(weighted - golden.weighted) < 1e-6 * abs(golden.weighted) + 1e-1)
        for box in golden.boxes {
            let found = pyramid.box(column: box[0], row: box[1])
            #expect(
                [found.x, found.y, found.x + found.width - 1, found.y + found.height - 1] == Array(box[2...]),
                "\(box)")
        }
    }

    /// The threshold is 0.338: two squares of side 100 that are moved by 50 share half of each, one third of the box
    /// around both.
    @Test func aBoxIsSuppressedByABetterOneThatOverlapsIt() {
        func detection(_ x: Int, _ confidence: Int) -> FaceDetector.Detection {
            FaceDetector.Detection(box: Box(x: x, y: 0, width: 100, height: 100), confidence: confidence)
        }
        let detections = [detection(0, 900), detection(49, 800), detection(50, 700), detection(300, 100)]
        #expect(FaceSuppression.kept(detections).map(\.confidence) == [900, 700, 100])
        #expect(FaceSuppression.kept([]) == [])
    }
}
