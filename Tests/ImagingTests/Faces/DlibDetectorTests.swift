import Core
import Foundation
import Learning
import Storage
import Testing

@testable import Demo
@testable import Imaging

/// The detector with its real weights, compared with dlib's own detector on drawn portraits.
/// `Fixtures/detector/detector.cpp` wrote the expected boxes and scores.
@Suite struct DlibDetectorTests {
    static let weights = UserFolder.weights.appending(path: CNNFaceDetector.fileName)
    static let isInstalled = FileManager.default.fileExists(atPath: weights.path)
    /// A folder to which the searched copies are written, for detector.cpp.
    static let copies = ProcessInfo.processInfo.environment["CURARE_DETECTOR_COPIES"]

    static let portraits = (0..<12).flatMap { seat in
        let volunteer = DemoVolunteer(seed: 1, name: "volunteer-\(seat)", index: seat)
        return (0..<2).map { number in
            (
                name: "volunteer-\(seat)-\(number).ppm",
                portrait: Portrait(
                    of: volunteer,
                    PhotoConditions(seed: 1, volunteer: volunteer.name, number: number, setting: .studio))
            )
        }
    }

    private static func network() throws -> FaceFinder.Network {
        let detector = try CNNFaceDetector(file: Array(Data(contentsOf: weights)))
        return { planes, height, width in try detector.scores(planes, height, width) }
    }

    @Test(.enabled(if: copies != nil)) func writeCopies() throws {
        let folder = URL(filePath: try #require(Self.copies))
        for (name, portrait) in Self.portraits {
            let copy = try portrait.picture().scaled(longerSide: CNNFaceSearch.side)
            try (Data("P6\n\(copy.width) \(copy.height)\n255\n".utf8) + Data(copy.rgb)).write(
                to: folder.appending(path: name))
        }
    }

    @Test(.enabled(if: isInstalled, "run make face-weights")) func boxesAndScoresAreThoseOfDlib() throws {
        let file = try #require(Bundle.module.url(forResource: "Fixtures/detector/detector", withExtension: "json"))
        let expected = try JSONDecoder().decode([String: [[Double]]].self, from: Data(contentsOf: file))
        #expect(expected.count == Self.portraits.count)
        let network = try Self.network()
        for (name, portrait) in Self.portraits {
            let photo = UprightPhoto(try portrait.picture())
            let search = CNNFaceSearch(photo: photo, grey: GreyPicture(photo.picture), network: network)
            let found = try search.detections(in: photo.picture.scaled(longerSide: CNNFaceSearch.side))
            let boxes = try #require(expected[name])
            #expect(found.count == boxes.count, "\(name)")
            for (detection, numbers) in zip(found, boxes) {
                let box = detection.box
                let edges = [box.x, box.y, box.x + box.width - 1, box.y + box.height - 1]
                #expect(edges.map(Double.init) == Array(numbers[..<4]), "\(name)")
                #expect(abs(Double(detection.confidence) / 1000 - numbers[4]) < 1e-3, "\(name)")
            }
        }
    }

    @Test(.enabled(if: isInstalled, "run make face-weights")) func drawnFacesAreFound() throws {
        let network = try Self.network()
        for (name, portrait) in Self.portraits {
            let search = try FaceSearch(UprightPhoto(portrait.picture()), with: .cnn(network))
            #expect(search.face != nil && search.suspectedRotation == nil, "\(name)")
        }
    }
}
