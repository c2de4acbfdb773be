import Core
import Foundation
import Imaging
import Testing

/// Faces in real photos next to the repository, as described in `docs/faces.md`. Without these photos the test is
/// skipped.
@Suite struct RealFacesTests {
    static let photos: [URL] = {
        let folder =
            URL(filePath: #filePath).pathComponents.dropLast(5).joined(separator: "/").dropFirst()
            + "/shared/photos/sessions"
        let paths = FileManager.default.enumerator(atPath: String(folder))?.compactMap { $0 as? String } ?? []
        if paths.isEmpty { print("RealFacesTests: skipped, there are no photos at \(folder)") }
        return paths.filter { !["", "csv", "yaml"].contains(($0 as NSString).pathExtension) }.sorted().map {
            URL(filePath: String(folder)).appending(path: $0)
        }
    }()

    /// Returns the pose in a file name: `straight open`, `left sunglasses`, …; all reference photos face the camera.
    static func pose(_ file: URL) -> String {
        let parts = file.deletingPathExtension().lastPathComponent.split(separator: "_")
        return parts.count < 4 ? "reference" : "\(parts[1]) \(parts[3])"
    }

    /// Smallest percentage of photos of a pose in which a face must be found.
    static let minimumPercentages = ["straight open": 100, "straight sunglasses": 100, "reference": 100]

    @Test(.enabled(if: !photos.isEmpty))
    func frontalFacesAreFoundAndNoPhotoLooksRotated() {
        var found: [String: (faces: Int, photos: Int)] = [:]
        let searches = ThreadBudget.shared.map(Self.photos) { file in
            Result {
                try FaceSearch(DecodedPhoto(Array(Data(contentsOf: file)), reduction: Reduction.measuring).upright)
            }
        }
        for (file, result) in zip(Self.photos, searches) {
            guard case .success(let search) = result else {
                Issue.record("\(file.lastPathComponent): \(result)")
                continue
            }
            #expect(search.suspectedRotation == nil && search.found != .several, "\(file.lastPathComponent)")
            let pose = Self.pose(file)
            let before = found[pose] ?? (0, 0)
            found[pose] = (before.faces + (search.face == nil ? 0 : 1), before.photos + 1)
        }
        for (pose, count) in found.sorted(by: { $0.key < $1.key }) {
            print("RealFacesTests: \(pose): \(count.faces) of \(count.photos)")
        }
        for (pose, minimum) in Self.minimumPercentages {
            #expect(found[pose].map { 100 * $0.faces >= minimum * $0.photos } == true, "\(pose)")
        }
    }
}
