import Foundation

@testable import Imaging

/// A labelled photo and its changed copies as grey cells. The photo is first, followed by the copies in the order of
/// ``PhotoChanges/all``.
struct ChangedPhoto {
    let volunteer: String
    let isBare: Bool
    let grids: [GreyGrid]

    /// Reads all photos in a folder of session folders. The cells of the sheets must not contain quotes.
    static func all(in sessions: URL) throws -> [ChangedPhoto] {
        try FileManager.default.contentsOfDirectory(atPath: sessions.path).sorted().flatMap { session in
            let folder = sessions.appending(path: session)
            let lines = try String(contentsOf: folder.appending(path: "session.csv"), encoding: .utf8).split(
                whereSeparator: \.isNewline)
            return try lines.dropFirst().map { line in
                let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                // An import measures the photo at this reduction.
                let picture = try DecodedPhoto(
                    Array(Data(contentsOf: folder.appending(path: cells[0]))), reduction: Reduction.measuring
                ).picture
                let pictures = try [picture] + PhotoChanges.all.map { try $0.make(picture) }
                return ChangedPhoto(
                    volunteer: cells[1], isBare: cells[2] == "none", grids: pictures.map { GreyGrid(GreyPicture($0)) })
            }
        }
    }

    /// Returns the hashes in the order of the grids.
    ///
    /// - Parameter lowest: the lowest of the eight frequencies.
    func hashes(from lowest: Int) -> [UInt64] {
        grids.map { PerceptualHashing.bits(of: $0, from: lowest) }
    }
}

/// Changes of a photo whose results must be recognized as near-duplicates.
enum PhotoChanges {
    /// The changes with their names, in the order of the report.
    static let all: [(name: String, make: @Sendable (Picture) throws -> Picture)] = [
        ("png", { try $0.reencoded(as: .png) }),
        ("jpeg-95", { try $0.reencoded(as: .jpeg, quality: 95) }),
        ("jpeg-85", { try $0.reencoded(as: .jpeg, quality: 85) }),
        ("jpeg-75", { try $0.reencoded(as: .jpeg, quality: 75) }),
        ("jpeg-60", { try $0.reencoded(as: .jpeg, quality: 60) }),
        ("half", { $0.halved }),
        ("half-jpeg-75", { try $0.halved.reencoded(as: .jpeg, quality: 75) }),
        ("brighter-5%", { $0.brightened(105) }),
        ("darker-10%", { $0.brightened(90) }),
        ("left-1%", { $0.cropped(left: 1) }),
        ("left-2%", { $0.cropped(left: 2) }),
        ("around-1%", { $0.cropped(left: 1, top: 1, right: 1, bottom: 1) }),
        ("around-2%", { $0.cropped(left: 2, top: 2, right: 2, bottom: 2) }),
    ]
}

extension Picture {
    func reencoded(as format: DecodedPhoto.Format, quality: Int = 90) throws -> Picture {
        try DecodedPhoto(encoded(as: format, quality: quality)).picture
    }

    /// Returns a picture of `width` × `height`. `pixel` returns the value for a column, a row and a channel.
    private static func drawn(_ width: Int, _ height: Int, _ pixel: (Int, Int, Int) -> Int) -> Picture {
        var rgb: [UInt8] = []
        rgb.reserveCapacity(3 * width * height)
        for y in 0..<height {
            for x in 0..<width { for channel in 0..<3 { rgb.append(UInt8(clamping: pixel(x, y, channel))) } }
        }
        return Picture(uncheckedWidth: width, height: height, rgb: rgb)
    }

    private func level(_ x: Int, _ y: Int, _ channel: Int) -> Int { Int(rgb[3 * (y * width + x) + channel]) }

    /// The picture with half as many pixels a side, each the mean of four.
    var halved: Picture {
        Self.drawn(max(1, width / 2), max(1, height / 2)) { x, y, channel in
            let (right, below) = (min(2 * x + 1, width - 1), min(2 * y + 1, height - 1))
            return
                (level(2 * x, 2 * y, channel) + level(right, 2 * y, channel) + level(2 * x, below, channel)
                + level(right, below, channel) + 2) / 4
        }
    }

    /// Returns the picture with all values multiplied by a number of hundredths.
    func brightened(_ hundredths: Int) -> Picture {
        Self.drawn(width, height) { (level($0, $1, $2) * hundredths + 50) / 100 }
    }

    /// Returns the picture without a number of hundredths of each side; at least one pixel for a number above 0.
    func cropped(left: Int, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Picture {
        func pixels(_ hundredths: Int, of side: Int) -> Int {
            hundredths == 0 ? 0 : max(1, (side * hundredths + 50) / 100)
        }
        let (left, top) = (pixels(left, of: width), pixels(top, of: height))
        return Self.drawn(width - left - pixels(right, of: width), height - top - pixels(bottom, of: height)) {
            level($0 + left, $1 + top, $2)
        }
    }
}
