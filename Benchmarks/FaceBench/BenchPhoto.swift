import Core
import Foundation

@testable import Imaging

/// A labelled photo of the benchmark.
struct BenchPhoto: Sendable {
    let name: String
    /// `bare`, `reference`, or the name of the trigger.
    let group: String
    /// The same volunteer, pose and expression with and without a trigger have the same key.
    let pair: String
    let upright: UprightPhoto

    /// Reads all photos in a folder of session folders. The cells of the sheets must not contain quotes.
    static func all(in sessions: URL) throws -> [BenchPhoto] {
        try FileManager.default.contentsOfDirectory(atPath: sessions.path).sorted().flatMap { session in
            let folder = sessions.appending(path: session)
            let description = try String(contentsOf: folder.appending(path: "session.yaml"), encoding: .utf8)
            let isReference = description.contains("kind: reference")
            let lines = try String(contentsOf: folder.appending(path: "session.csv"), encoding: .utf8).split(
                whereSeparator: \.isNewline)
            return try lines.dropFirst().map { line in
                let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                let name = (cells[0] as NSString).deletingPathExtension
                return BenchPhoto(
                    name: cells[0], group: isReference ? "reference" : cells[2] == "none" ? "bare" : cells[2],
                    pair: name.split(separator: "_").dropLast().joined(separator: "_"),
                    upright: try DecodedPhoto(
                        Array(Data(contentsOf: folder.appending(path: cells[0]))), reduction: Reduction.measuring
                    ).upright)
            }
        }
    }

    /// Writes a copy as a binary PPM, for Tests/ImagingTests/Fixtures/detector/detector.cpp.
    func write(copyOf side: Int, to folder: URL) throws {
        let copy = try upright.picture.scaled(longerSide: side)
        let file = folder.appending(path: name.replacingOccurrences(of: "/", with: "_") + ".ppm")
        try (Data("P6\n\(copy.width) \(copy.height)\n255\n".utf8) + Data(copy.rgb)).write(to: file)
    }
}
