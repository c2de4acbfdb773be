import Catalog
import Core
import Foundation
import Storage

// A workspace whose catalog holds many photos that nobody took, to measure what a large study costs. The same number gives the same catalog.
//
//     ScaleBench FOLDER PHOTOS
//
// Originals and images are empty files: what is measured looks whether they are there and never into them.

guard CommandLine.arguments.count == 3, let photos = Int(CommandLine.arguments[2]), photos >= MadeUpStudy.classes else {
    FileHandle.standardError.write(
        Data("usage: ScaleBench FOLDER PHOTOS, at least \(MadeUpStudy.classes) of them\n".utf8))
    exit(64)
}
let workspace = Workspace(root: URL(filePath: CommandLine.arguments[1], directoryHint: .isDirectory))
let catalog = try Catalog.create(in: workspace, profile: .standard)
let study = MadeUpStudy(photos: photos)
for sitting in study.sittings {
    try catalog.store(sitting.session, sitters: [sitting.volunteer.name], also: sitting.companions)
}
var files = EmptyFiles(workspace)
// In the order of ids, an eighth at a time: a tree that grows at its end is written once, and what has landmarks fills memory.
for eighth in 0..<8 {
    let arrivals = study.sittings.flatMap { $0.arrivals { $0.hex.first?.hexDigitValue.map { $0 / 2 } == eighth } }
        .sorted { $0.photo.id < $1.photo.id }
    for start in stride(from: 0, to: arrivals.count, by: 20_000) {
        try catalog.store(Array(arrivals[start..<min(start + 20_000, arrivals.count)]), made: "2026-01-01T00:00:00Z")
    }
    for arrival in arrivals { try files.make(arrival.photo.id, .standard) }
}
