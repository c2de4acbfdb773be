import Core
import Foundation
import Learning
import Storage

@testable import Imaging

// Compares the face detectors on labelled photos, and prints JSON.
//
//     FaceBench SESSIONS [--copies DIR]
//
// SESSIONS is a folder of session folders. Times are processor time of one thread for each photo, without decoding.
// --copies writes the copies of 320 pixels that the detector cnn searches, so that dlib can search them as well.

/// Runs `body` and returns its result and the processor time of this thread in milliseconds.
func timed<Value>(_ body: () throws -> Value) rethrows -> (value: Value, milliseconds: Double) {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return 1000 * Double(time.tv_sec) + Double(time.tv_nsec) / 1e6
    }
    let start = now()
    let value = try body()
    return (value, now() - start)
}

func rounded(_ value: Double, _ digits: Double = 1000) -> Double { (value * digits).rounded() / digits }

/// Returns the geometric mean of the box sides of triggered over bare photos of the same pair.
func pairedRatio(_ sides: [(photo: BenchPhoto, side: Int?)]) -> [String: Any] {
    var logarithms: [Double] = []
    let bare = Dictionary(
        sides.filter { $0.photo.group == "bare" }.map { ($0.photo.pair, $0.side) },
        uniquingKeysWith: { first, _ in first })
    for (photo, side) in sides where photo.group != "bare" && photo.group != "reference" {
        if let side, let other = bare[photo.pair] ?? nil { logarithms.append(log(Double(side) / Double(other))) }
    }
    guard !logarithms.isEmpty else { return ["pairs": 0] }
    return [
        "pairs": logarithms.count, "ratio": rounded(exp(logarithms.reduce(0, +) / Double(logarithms.count))),
    ]
}

func counts(_ photos: [BenchPhoto], _ isFound: (Int) -> Bool) -> [String: [Int]] {
    var counts: [String: [Int]] = [:]
    for (index, photo) in photos.enumerated() {
        let before = counts[photo.group] ?? [0, 0]
        counts[photo.group] = [before[0] + (isFound(index) ? 1 : 0), before[1] + 1]
    }
    return counts
}

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
    FileHandle.standardError.write(Data("usage: FaceBench SESSIONS [--copies DIR]\n".utf8))
    exit(64)
}
let photos = try BenchPhoto.all(in: URL(filePath: arguments[1]))
if let option = arguments.firstIndex(of: "--copies"), arguments.count > option + 1 {
    let folder = URL(filePath: arguments[option + 1])
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for photo in photos { try photo.write(copyOf: CNNFaceSearch.side, to: folder) }
}
let weights = UserFolder.weights.appending(path: CNNFaceDetector.fileName)
let detector = try CNNFaceDetector(file: Array(Data(contentsOf: weights)))
let network: FaceFinder.Network = { planes, height, width in try detector.scores(planes, height, width) }

var finders: [String: Any] = [:]
for finder in [FaceFinder.hog, .cnn(network)] {
    _ = try photos.first.map { try FaceSearch($0.upright, with: finder) }
    let searches = try photos.map { photo in try timed { try FaceSearch(photo.upright, with: finder) } }
    let faces = searches.map(\.value)
    let turned = try photos.indices.filter { $0 % 7 == 0 }.map { index in
        let upright = UprightPhoto(photos[index].upright.picture.rotated(.left))
        return try FaceSearch(upright, with: finder).suspectedRotation == .right
    }
    finders[finder.detector.rawValue] = [
        "milliseconds": rounded(searches.reduce(0) { $0 + $1.milliseconds } / Double(photos.count), 10),
        "found": counts(photos) { faces[$0].face != nil },
        "clear": counts(photos) { faces[$0].confidence ?? -1 > 0 },
        "several": faces.count { $0.found == .several },
        "turned_although_upright": faces.count { $0.suspectedRotation != nil },
        "turned_found": [turned.count { $0 }, turned.count],
        "paired_box_ratio": pairedRatio(
            zip(photos, faces).map { ($0, $1.face.map { max($0.box.width, $0.box.height) }) }),
    ]
}

var sizes: [[String: Any]] = []
for side in [192, 224, 256, 288, 320, 384] {
    let passes = try photos.map { photo in
        try timed {
            try CNNFaceSearch(photo: photo.upright, grey: GreyPicture(photo.upright.picture), network: network)
                .detections(in: photo.upright.picture.scaled(longerSide: side))
        }
    }
    func found(_ threshold: Int) -> [String: [Int]] {
        counts(photos) { passes[$0].value.first?.confidence ?? .min > threshold }
    }
    sizes.append([
        "side": side,
        "milliseconds": rounded(passes.reduce(0) { $0 + $1.milliseconds } / Double(photos.count), 10),
        "above_0": found(0), "above_0.9": found(900), "above_-0.5": found(-500),
        "boxes_above_0": passes.reduce(0) { $0 + $1.value.count { $0.confidence > 0 } },
        "paired_box_ratio": pairedRatio(
            zip(photos, passes).map { photo, pass in
                (photo, pass.value.first.flatMap { $0.confidence > 0 ? $0.box.width : nil })
            }),
    ])
}

let report: [String: Any] = ["photos": photos.count, "detectors": finders, "cnn_sizes": sizes]
let json = try JSONSerialization.data(withJSONObject: report, options: [.prettyPrinted, .sortedKeys])
print(String(decoding: json, as: UTF8.self))
