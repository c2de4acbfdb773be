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

    /// At least 97% of the bare photos, 95% of those with sunglasses, and all reference photos; see `docs/faces.md`.
    @Test(.enabled(if: isInstalled && !RealFacesTests.photos.isEmpty)) func realFacesAreFound() throws {
        let network = try Self.network()
        let searches = ThreadBudget.shared.map(RealFacesTests.photos) { file in
            Result {
                let bytes = try Array(Data(contentsOf: file))
                return try FaceSearch(
                    DecodedPhoto(bytes, reduction: Reduction.measuring).upright, with: .cnn(network))
            }
        }
        var found: [String: (faces: Int, photos: Int)] = [:]
        for (file, result) in zip(RealFacesTests.photos, searches) {
            let search = try result.get()
            #expect(search.suspectedRotation == nil && search.found != .several, "\(file.lastPathComponent)")
            let pose = RealFacesTests.pose(file)
            for group in [pose, pose.split(separator: " ").last.map(String.init) ?? ""] {
                let before = found[group] ?? (0, 0)
                found[group] = (before.faces + (search.face == nil ? 0 : 1), before.photos + 1)
            }
        }
        for (pose, count) in found.sorted(by: { $0.key < $1.key }) {
            print("DlibDetectorTests: \(pose): \(count.faces) of \(count.photos)")
        }
        for (group, minimum) in ["open": 97, "sunglasses": 95, "reference": 100] {
            #expect(found[group].map { 100 * $0.faces >= minimum * $0.photos } == true, "\(group)")
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
