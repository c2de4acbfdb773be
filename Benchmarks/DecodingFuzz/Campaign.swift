import Core
import Foundation
import Imaging

/// A fuzzing campaign that damages photos, decodes each in a child process, and records the outcomes.
struct Campaign {
    struct Options: Sendable {
        var count = 10_000
        var seed: UInt64 = 1
        /// Seconds to wait for one file. The decoder ends itself earlier, when its processor time is used up.
        var seconds = 300.0
        /// Kilobytes that decoding one file may need.
        var memory = 1 << 20
        /// Folder for the files that ended the process, made it hang, needed too much memory, or gave no named error.
        var keep: URL?
        var folders: [URL] = []
    }

    /// Files for each child, so that the memory of one file is not counted for another.
    private static let filesPerChild = 250
    /// One of this many files is a damaged huge photo, which takes a hundred times longer than others.
    private static let filesPerHugeFile = 25

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
        let huge = seeds.filter(\.isHuge)
        let usual = seeds.filter { !$0.isHuge }
        let original =
            number % filesPerHugeFile == 0 && !huge.isEmpty
            ? huge[number / filesPerHugeFile % huge.count] : usual[number % usual.count]
        var bytes = original.bytes
        // Most files have one kind of damage. A file with much damage is rejected early, and its codec is not tested.
        for _ in 0...(random.below(3) == 0 ? random.below(4) : 0) {
            Mutation.allCases[random.below(Mutation.allCases.count)].apply(
                to: &bytes, other: usual[random.below(usual.count)].bytes, &random)
        }
        return (original.kind, bytes)
    }
}
