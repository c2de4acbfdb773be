import Foundation
import Core
import Imaging

/// Damages real files and notes what becomes of each.
struct Campaign {
    struct Options: Sendable {
        var count = 10_000
        var seed: UInt64 = 1
        var seconds = 5.0
        /// Kilobytes.
        var memory = 1 << 20
        /// Files that broke a promise are kept here.
        var keep: URL?
        var folders: [URL] = []
    }

    /// Files before a child is replaced, so that no file is blamed for another's memory.
    private static let childsLife = 250

    let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws -> FuzzReport {
        let seeds = try Seed.all(options.folders)
        let options = options
        if let keep = options.keep {
            try FileManager.default.createDirectory(at: keep, withIntermediateDirectories: true)
        }
        let lanes = ProcessInfo.processInfo.activeProcessorCount
        let start = ContinuousClock.now
        let parts = ThreadBudget(lanes).map(Array(0..<lanes)) { lane in
            var report = FuzzReport()
            var child: ChildProcess?
            var age = 0
            for number in stride(from: lane, to: options.count, by: lanes) {
                if age == Self.childsLife { child = nil }
                if child == nil { (child, age) = (try? ChildProcess(), 0) }
                guard let running = child else { continue }
                age += 1
                let (format, bytes) = Self.damaged(number, seeds, options.seed)
                let began = ContinuousClock.now
                let answer = running.ask(bytes, seconds: options.seconds)
                let isBroken = report.note(
                    answer, format, number: number, seconds: began.duration(to: .now) / .seconds(1),
                    limit: options.memory)
                if case .said = answer {} else { child = nil }
                if isBroken, let keep = options.keep {
                    try? Data(bytes).write(to: keep.appending(path: "\(options.seed)-\(number).\(format)"))
                }
            }
            return report
        }
        var whole = parts.reduce(into: FuzzReport()) { $0.add($1) }
        (whole.seeds, whole.seed, whole.seconds) = (
            seeds.count, options.seed, (start.duration(to: .now) / .seconds(1)).rounded()
        )
        return whole
    }

    /// File `number` of the campaign: it hangs on the seed and its number alone.
    private static func damaged(_ number: Int, _ seeds: [Seed], _ seed: UInt64) -> (format: String, bytes: [UInt8]) {
        var dice = Dice(seed: seed &* 1_000_003 &+ UInt64(number))
        let victim = seeds[number % seeds.count]
        var bytes = victim.bytes
        // Mostly one kind of harm: files that are broken all over are refused at the door, and no codec is tried.
        for _ in 0...(dice.below(3) == 0 ? dice.below(4) : 0) {
            Mutation.allCases[dice.below(Mutation.allCases.count)].apply(
                to: &bytes, other: seeds[dice.below(seeds.count)].bytes, &dice)
        }
        return (victim.format, bytes)
    }
}
