import Foundation
import Imaging
import Testing

/// Returns a photo that another program encoded. `Fixtures/make.py` writes the photos.
func fixture(_ name: String) throws -> [UInt8] {
    let folder = try #require(Bundle.module.resourceURL).appending(path: "Fixtures")
    return Array(try Data(contentsOf: folder.appending(path: name)))
}

/// Returns the picture that every fixture shows: four coloured quarters, and a white square at the top left.
func scene(width: Int = 96, height: Int = 64, square: Int = 16) -> Picture {
    var rgb: [UInt8] = []
    for y in 0..<height {
        for x in 0..<width {
            if x < square, y < square {
                rgb += [255, 255, 255]
            } else {
                switch (x < width / 2, y < height / 2) {
                case (true, true): rgb += [200, 40, 40]
                case (false, true): rgb += [40, 180, 40]
                case (true, false): rgb += [40, 40, 200]
                case (false, false): rgb += [180, 180, 180]
                }
            }
        }
    }
    return Picture(width: width, height: height, rgb: rgb)!
}

/// Removes a temporary folder, and records an issue if this fails.
func remove(_ folder: URL) {
    do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
}

extension Picture {
    /// Returns the mean difference over all channels of all pixels; infinite if the sizes differ.
    func meanError(_ other: Picture) -> Double {
        guard (width, height) == (other.width, other.height) else { return .infinity }
        let sum = zip(rgb, other.rgb).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        return Double(sum) / Double(rgb.count)
    }

    func pixel(_ x: Int, _ y: Int) -> [Int] { rgb[3 * (y * width + x)..<3 * (y * width + x) + 3].map(Int.init) }
}
