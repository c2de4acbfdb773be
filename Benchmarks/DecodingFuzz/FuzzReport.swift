/// What became of all files.
struct FuzzReport: Encodable, Sendable {
    struct Broken: Encodable, Sendable {
        let number: Int
        let format, how: String
    }

    var seed: UInt64 = 0
    var seeds = 0
    var seconds = 0.0
    private(set) var files = 0
    /// By the format of the file before it was damaged.
    private(set) var filesByFormat: [String: Int] = [:]
    /// Still a photo, by what it is then.
    private(set) var read: [String: Int] = [:]
    private(set) var refused: [String: Int] = [:]
    private(set) var crashes = 0, hangs = 0, tooMuchMemory = 0, unnamed = 0
    private(set) var highestMemoryMB = 0
    private(set) var longestSeconds = 0.0
    private(set) var broken: [Broken] = []

    var holds: Bool { crashes + hangs + tooMuchMemory + unnamed == 0 && files > 0 }

    /// - Returns: whether a promise was broken.
    mutating func note(_ answer: ChildProcess.Answer, _ format: String, number: Int, seconds: Double, limit: Int)
        -> Bool
    {
        files += 1
        filesByFormat[format, default: 0] += 1
        longestSeconds = max(longestSeconds, (seconds * 100).rounded() / 100)
        var how: String?
        switch answer {
        case .crashed(let signal):
            crashes += 1
            how = "crashed with signal \(signal)"
        case .hung:
            hangs += 1
            how = "no answer"
        case .said(let verdict, let memory):
            highestMemoryMB = max(highestMemoryMB, memory / 1024)
            let words = verdict.split(separator: " ", maxSplits: 1).map(String.init)
            switch words.first {
            case "read": read[words[1], default: 0] += 1
            case "refused": refused[words[1], default: 0] += 1
            default:
                unnamed += 1
                how = verdict
            }
            if memory > limit {
                tooMuchMemory += 1
                how = "\(memory / 1024) MB, \(verdict)"
            }
        }
        if let how { broken.append(Broken(number: number, format: format, how: how)) }
        return how != nil
    }

    mutating func add(_ other: FuzzReport) {
        files += other.files
        for (format, count) in other.filesByFormat { filesByFormat[format, default: 0] += count }
        for (format, count) in other.read { read[format, default: 0] += count }
        for (reason, count) in other.refused { refused[reason, default: 0] += count }
        (crashes, hangs, tooMuchMemory, unnamed) = (
            crashes + other.crashes, hangs + other.hangs, tooMuchMemory + other.tooMuchMemory, unnamed + other.unnamed
        )
        highestMemoryMB = max(highestMemoryMB, other.highestMemoryMB)
        longestSeconds = max(longestSeconds, other.longestSeconds)
        broken = (broken + other.broken).sorted { $0.number < $1.number }
    }
}
