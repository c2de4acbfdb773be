// Measures near-duplicates among the photos of a study, and the time for grouping many photos. The output is JSON.
//
//     NearDuplicateBench [--photos SESSIONS_FOLDER] [--count 100000]
//
// SESSIONS_FOLDER contains session folders with a session.csv. For each of five hashes and each distance, the report
// has the share of changed copies that are found, and the groups of different photos. The product uses the hash that
// starts at frequency 4.
import Core
import Foundation
import Storage

func option(_ name: String) -> String? {
    guard let index = CommandLine.arguments.firstIndex(of: "--\(name)"), index + 1 < CommandLine.arguments.count else {
        return nil
    }
    return CommandLine.arguments[index + 1]
}

/// Returns the option `--count`; 100,000 by default.
func photoCount() -> Int {
    guard let text = option("count") else { return 100_000 }
    guard let count = Int(text), count > 0 else {
        FileHandle.standardError.write(Data("NearDuplicateBench: --count needs a positive number, not \(text)\n".utf8))
        exit(64)
    }
    return count
}

struct Report: Encodable {
    let photos: Int
    let hashes: [PhotoReport]
    let grouping: [GroupingReport]

    /// `make bench` prints these keys, which must not change.
    enum CodingKeys: String, CodingKey {
        case photos
        case hashes = "likeness"
        case grouping = "gathering"
    }
}

let photos = try option("photos").map { try ChangedPhoto.all(in: URL(filePath: $0)) } ?? []
let distances = GroupDistance.range.compactMap(GroupDistance.init)
let hashReports =
    photos.isEmpty ? [] : (1...5).flatMap { lowest in distances.map { PhotoReport(photos, lowest: lowest, $0) } }
let count = photoCount()
let grouping = GroupingReport.kinds.flatMap { kind in
    let hashes = kind.make(count)
    return distances.map { GroupingReport(kind.description, hashes, $0) }
}
let encoder = JSONEncoder()
encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
print(
    String(
        decoding: try encoder.encode(Report(photos: photos.count, hashes: hashReports, grouping: grouping)),
        as: UTF8.self))
