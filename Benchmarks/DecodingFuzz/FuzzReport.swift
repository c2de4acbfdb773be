/// The outcomes of a campaign.
struct FuzzReport: Encodable, Sendable {
    struct Failure: Encodable, Sendable {
        let number: Int
        let kind, failure: String
    }

    var seed: UInt64 = 0
    var seeds = 0
    var seconds = 0.0
    private(set) var files = 0
    /// Number of files by the kind before the damage.
    private(set) var filesByKind: [String: Int] = [:]
    /// Number of decoded files by the format after the damage.
    private(set) var decoded: [String: Int] = [:]
    /// Number of rejected files by the error code.
    private(set) var rejected: [String: Int] = [:]
    /// Files that ended the process that imports, or made it hang.
    private(set) var aborts = 0
    /// Files that ended their decoding process. The photo was rejected, and the process was replaced.
    private(set) var decoderCrashes = 0
    /// Files that were rejected because they exceeded their budget.
    private(set) var overBudget = 0
    /// Files that needed more memory than the limit, whatever the outcome.
    private(set) var beyondBudget = 0
    /// Files that were rejected without a reason or a next step.
    private(set) var unnamedRejections = 0
    private(set) var peakMemoryMB = 0
    private(set) var longestSeconds = 0.0
    private(set) var failures: [Failure] = []

    init(seed: UInt64 = 0, seeds: Int = 0) {
        self.seed = seed
        self.seeds = seeds
    }

    var passed: Bool { aborts + beyondBudget + unnamedRejections == 0 && files > 0 }

    /// Records the outcome of one file.
    ///
    /// - Parameter limit: kilobytes that decoding one file may need.
    /// - Returns: whether the outcome is a failure.
    mutating func record(
        _ outcome: FuzzChildProcess.Outcome, _ kind: String, number: Int, seconds: Double, limit: Int
    ) -> Bool {
        files += 1
        filesByKind[kind, default: 0] += 1
        longestSeconds = max(longestSeconds, (seconds * 100).rounded() / 100)
        var failure: String?
        switch outcome {
        case .crashed(let signal):
            aborts += 1
            failure = "ended with signal \(signal)"
        case .hung:
            aborts += 1
            failure = "no response"
        case .responded(let result, let memory):
            peakMemoryMB = max(peakMemoryMB, memory / 1024)
            switch result {
            case .decoded(let format): decoded[format, default: 0] += 1
            case .rejected(let code, let message):
                rejected[code, default: 0] += 1
                if code == "over-budget" { overBudget += 1 }
                if message.contains("crashed") { decoderCrashes += 1 }
            case .unexpected(let error):
                unnamedRejections += 1
                failure = error
            }
            if memory > limit {
                beyondBudget += 1
                failure = "\(memory / 1024) MB, \(result)"
            }
        }
        if let failure { failures.append(Failure(number: number, kind: kind, failure: failure)) }
        return failure != nil
    }

    mutating func add(_ other: FuzzReport) {
        files += other.files
        filesByKind.merge(other.filesByKind, uniquingKeysWith: +)
        decoded.merge(other.decoded, uniquingKeysWith: +)
        rejected.merge(other.rejected, uniquingKeysWith: +)
        aborts += other.aborts
        decoderCrashes += other.decoderCrashes
        overBudget += other.overBudget
        beyondBudget += other.beyondBudget
        unnamedRejections += other.unnamedRejections
        peakMemoryMB = max(peakMemoryMB, other.peakMemoryMB)
        longestSeconds = max(longestSeconds, other.longestSeconds)
        failures = (failures + other.failures).sorted { $0.number < $1.number }
    }
}
