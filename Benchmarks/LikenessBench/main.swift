import Core
import Foundation
import Storage

// Which photos of a study become near-duplicates, and what gathering many of them costs, as JSON.
//
//     LikenessBench [--photos SESSIONS_FOLDER] [--count 100000]
//
// SESSIONS_FOLDER holds session folders with a session.csv. For each of five hashes (the product's own begins at frequency 4) and each distance:
// how many changed copies of the photos are found, and what different photos become of one group.

func option(_ name: String) -> String? {
    guard let at = CommandLine.arguments.firstIndex(of: "--\(name)"), at + 1 < CommandLine.arguments.count else {
        return nil
    }
    return CommandLine.arguments[at + 1]
}

struct Report: Encodable {
    let photos: Int
    let perceptualHash: [PhotoReport]
    let gathering: [GatheringReport]
}

let photos = try option("photos").map { try ChangedPhoto.all(in: URL(filePath: $0)) } ?? []
let distances = GroupDistance.range.compactMap(GroupDistance.init)
let perceptualHash =
    photos.isEmpty ? [] : (1...5).flatMap { lowest in distances.map { PhotoReport(photos, lowest: lowest, $0) } }
let count = option("count").flatMap { Int($0) } ?? 100_000
let gathering = GatheringReport.kinds.flatMap { kind in
    let perceptualHashes = kind.make(count)
    return distances.map { GatheringReport(kind.what, perceptualHashes, $0) }
}
let encoder = JSONEncoder()
encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
print(
    String(
        decoding: try encoder.encode(Report(photos: photos.count, perceptualHash: perceptualHash, gathering: gathering)),
        as: UTF8.self))
