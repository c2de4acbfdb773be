import Foundation
import Imaging
import Testing

/// A photo that another program's encoder made; `Fixtures/make.py` says how.
func fixture(_ name: String) throws -> [UInt8] {
    let folder = try #require(Bundle.module.resourceURL).appending(path: "Fixtures")
    return Array(try Data(contentsOf: folder.appending(path: name)))
}

/// What every fixture shows: four coloured quarters, and a white spot at the top left.
func scene(width: Int = 96, height: Int = 64, spot: Int = 16) -> Picture {
    var rgb: [UInt8] = []
    for y in 0..<height {
        for x in 0..<width {
            if x < spot, y < spot {
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

extension Picture {
    /// Mean difference over all channels of all pixels; infinite between pictures of two sizes.
    func meanError(_ other: Picture) -> Double {
        guard (width, height) == (other.width, other.height) else { return .infinity }
        let sum = zip(rgb, other.rgb).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        return Double(sum) / Double(rgb.count)
    }

    func pixel(_ x: Int, _ y: Int) -> [Int] { rgb[3 * (y * width + x)..<3 * (y * width + x) + 3].map(Int.init) }
}
