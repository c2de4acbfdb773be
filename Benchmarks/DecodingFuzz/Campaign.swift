import Core
import Foundation
import Imaging

/// A fuzzing campaign that damages photos, decodes each in a child process, and records the outcomes.
struct Campaign {
    struct Options: Sendable {
        var count = 10_000
        var seed: UInt64 = 1
        /// Seconds that decoding one file may take.
        var seconds = 5.0
        /// Kilobytes that decoding one file may need.
        var memory = 1 << 20
        /// Folder for the files that crashed a codec, made it hang, or needed too much memory.
        var keep: URL?
        var folders: [URL] = []
    }

    /// Files for each child, so that the memory of one file is not counted for another.
    private static let filesPerChild = 250

    let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> FuzzReport {
        let seeds = try SeedFile.all(options.folders)
        if let keep = options.keep {
            try FileManager.default.createDirectory(at: keep, withIntermediateDirectories: true)
        }
        let lanes = ProcessInfo.processInfo.activeProcessorCount
        let start = ContinuousClock.now
        let options = options
        let reports = ThreadBudget(lanes).map(Array(0..<lanes)) { lane in
            Result { try Self.run(stride(from: lane, to: options.count, by: lanes), seeds, options) }
        }
        var whole = FuzzReport(seed: options.seed, seeds: seeds.count)
        for report in reports { whole.add(try report.get()) }
        whole.seconds = (start.duration(to: .now) / .seconds(1)).rounded()
        return whole
    }

    private static func run(_ numbers: StrideTo<Int>, _ seeds: [SeedFile], _ options: Options) throws -> FuzzReport {
        var report = FuzzReport()
        var child: FuzzChildProcess?
        var childFiles = 0
        for number in numbers {
            if child == nil || childFiles == filesPerChild {
                child = nil
                child = try FuzzChildProcess()
                childFiles = 0
            }
            guard let running = child else { continue }
            childFiles += 1
            let (format, bytes) = damaged(number, seeds, options.seed)
            let start = ContinuousClock.now
            let outcome = running.decode(bytes, seconds: options.seconds)
            let isFailure = report.record(
                outcome, format, number: number, seconds: start.duration(to: .now) / .seconds(1),
                limit: options.memory)
            if case .responded = outcome {} else { child = nil }
            if isFailure, let keep = options.keep {
                try Data(bytes).write(to: keep.appending(path: "\(options.seed)-\(number).\(format)"))
            }
        }
        return report
    }

    /// Returns file `number` of the campaign. The file depends on the seed and the number only.
    private static func damaged(_ number: Int, _ seeds: [SeedFile], _ seed: UInt64) -> (format: String, bytes: [UInt8])
    {
        var random = SplitMix64(seed: seed &* 1_000_003 &+ UInt64(number))
        let original = seeds[number % seeds.count]
        var bytes = original.bytes
        // Most files have one kind of damage. A file with much damage is rejected early, and its codec is not tested.
        for _ in 0...(random.below(3) == 0 ? random.below(4) : 0) {
            Mutation.allCases[random.below(Mutation.allCases.count)].apply(
                to: &bytes, other: seeds[random.below(seeds.count)].bytes, &random)
        }
        return (original.format, bytes)
    }
}

/// An undamaged file.
struct SeedFile: Sendable {
    let format: String
    let bytes: [UInt8]

    /// Returns photos of every format that the program can write, and all photos in `folders`. Files that are not
    /// photos are skipped.
    static func all(_ folders: [URL]) throws -> [SeedFile] {
        var seeds: [SeedFile] = []
        for format in DecodedPhoto.Format.allCases where format != .dng {
            for (number, side) in [24, 160, 400].enumerated() {
                let isRotated = number == 1 && format != .heic && format != .avif
                let bytes = try drawn(number, side).encoded(
                    as: format, quality: [100, 60, 90][number], orientation: isRotated ? 6 : 1,
                    captured: "2026:03:04 05:06:07", camera: "Model X")
                seeds.append(SeedFile(format: format.rawValue, bytes: bytes))
            }
        }
        for folder in folders {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
                let file = folder.appending(path: name)
                guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
                let bytes = Array(try Data(contentsOf: file))
                do {
                    seeds.append(SeedFile(format: try DecodedPhoto(bytes).format.rawValue, bytes: bytes))
                } catch is ImagingError {
                    continue
                }
            }
        }
        return seeds
    }

    /// Returns a picture of gradients with noise, similar to a photo.
    private static func drawn(_ number: Int, _ side: Int) throws -> Picture {
        var random = SplitMix64(seed: UInt64(number))
        let rgb = (0..<3 * side * side * 3 / 4).map {
            UInt8(truncatingIfNeeded: ($0 / 3 % side) * 200 / side + ($0 % 3) * 17 + random.below(12))
        }
        guard let picture = Picture(width: side, height: side * 3 / 4, rgb: rgb) else {
            throw ImagingError(.failed, "cannot draw a picture of side \(side)", nextStep: "please report this")
        }
        return picture
    }
}

/// The outcomes of a campaign.
struct FuzzReport: Encodable, Sendable {
    struct Failure: Encodable, Sendable {
        let number: Int
        let format, failure: String
    }

    var seed: UInt64 = 0
    var seeds = 0
    var seconds = 0.0
    private(set) var files = 0
    /// Number of files by the format before the damage.
    private(set) var filesByFormat: [String: Int] = [:]
    /// Number of decoded files by the format after the damage.
    private(set) var decoded: [String: Int] = [:]
    /// Number of rejected files by the error code.
    private(set) var rejected: [String: Int] = [:]
    private(set) var crashes = 0
    private(set) var hangs = 0
    private(set) var tooMuchMemory = 0
    /// Number of errors other than `ImagingError`.
    private(set) var unexpected = 0
    private(set) var highestMemoryMB = 0
    private(set) var longestSeconds = 0.0
    private(set) var failures: [Failure] = []

    init(seed: UInt64 = 0, seeds: Int = 0) {
        self.seed = seed
        self.seeds = seeds
    }

    var passed: Bool { crashes + hangs + tooMuchMemory + unexpected == 0 && files > 0 }

    /// Records the outcome of one file.
    ///
    /// - Returns: whether the outcome is a failure.
    mutating func record(
        _ outcome: FuzzChildProcess.Outcome, _ format: String, number: Int, seconds: Double, limit: Int
    ) -> Bool {
        files += 1
        filesByFormat[format, default: 0] += 1
        longestSeconds = max(longestSeconds, (seconds * 100).rounded() / 100)
        var failure: String?
        switch outcome {
        case .crashed(let signal):
            crashes += 1
            failure = "crashed with signal \(signal)"
        case .hung:
            hangs += 1
            failure = "no response"
        case .responded(let result, let memory):
            highestMemoryMB = max(highestMemoryMB, memory / 1024)
            switch result {
            case .decoded(let format): decoded[format, default: 0] += 1
            case .rejected(let code): rejected[code, default: 0] += 1
            case .unexpected(let error):
                unexpected += 1
                failure = error
            }
            if memory > limit {
                tooMuchMemory += 1
                failure = "\(memory / 1024) MB, \(result)"
            }
        }
        if let failure { failures.append(Failure(number: number, format: format, failure: failure)) }
        return failure != nil
    }

    mutating func add(_ other: FuzzReport) {
        files += other.files
        filesByFormat.merge(other.filesByFormat, uniquingKeysWith: +)
        decoded.merge(other.decoded, uniquingKeysWith: +)
        rejected.merge(other.rejected, uniquingKeysWith: +)
        crashes += other.crashes
        hangs += other.hangs
        tooMuchMemory += other.tooMuchMemory
        unexpected += other.unexpected
        highestMemoryMB = max(highestMemoryMB, other.highestMemoryMB)
        longestSeconds = max(longestSeconds, other.longestSeconds)
        failures = (failures + other.failures).sorted { $0.number < $1.number }
    }
}
