import CDNNL
import Foundation

/// What the promise "the same weights, bit for bit" hangs on beside model, plan and examples.
public struct EngineFacts: Hashable, Sendable, Codable {
    /// oneDNN's version, such as `2.6.3`.
    public let library: String
    /// The widest vector instructions that oneDNN makes code for, such as `avx2`.
    public let instructionSet: String
    /// Threads that OpenMP delivered.
    public let threads: Int
    /// The processor's name in `/proc/cpuinfo`; `unknown` where there is none.
    public let processor: String
    /// Such as `2.36`.
    public let glibc: String
    /// ``Models/arithmetic``; nil in what the first one's programs wrote.
    public let arithmetic: String?

    public init(team: ThreadTeam) {
        library = DNNL.version
        instructionSet = DNNL.instructionSet
        threads = team.threads
        processor = Self.processorName()
        glibc = String(cString: gnu_get_libc_version())
        arithmetic = Models.arithmetic
    }

    private static func processorName() -> String {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return "unknown" }
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
            ?? "unknown"
    }
}
