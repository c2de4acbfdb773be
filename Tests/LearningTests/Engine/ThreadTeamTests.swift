import Foundation
import Testing

@testable import Learning

@Suite("The team of threads")
struct ThreadTeamTests {
    /// The benchmark's program as a process of its own, since OpenMP reads its variables once, at the start.
    private func run(_ command: String, _ environment: [String: String]) throws -> (
        status: Int32, output: String, error: String
    ) {
        let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let beside = [products, Bundle.module.bundleURL.deletingLastPathComponent()].map {
            $0.appendingPathComponent("LearningBench")
        }
        let process = Process()
        let output = Pipe()
        let error = Pipe()
        process.executableURL = try #require(
            beside.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) as URL?)
        process.arguments = [command, "--threads", "2"]
        process.environment = environment
        (process.standardOutput, process.standardError) = (output, error)
        try process.run()
        // With fewer threads than planned, oneDNN may also wait for ever: that is to fail, not to hang.
        let watchdog = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: watchdog)
        defer { watchdog.cancel() }
        let (said, complained) = (
            output.fileHandleForReading.readDataToEndOfFile(), error.fileHandleForReading.readDataToEndOfFile()
        )
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: said, as: UTF8.self),
            String(decoding: complained, as: UTF8.self)
        )
    }

    @Test("is refused where OpenMP delivers fewer threads than asked for")
    func limited() throws {
        let limited = try run("digest", ["OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "2"])
        #expect(limited.status == 70)
        #expect(limited.output.isEmpty)
        #expect(limited.error.contains("OpenMP delivered 1 of 2 threads"))
    }

    @Test("gives the same weights whatever OMP_DYNAMIC and OMP_NUM_THREADS say")
    func dynamic() throws {
        let usual = try run("digest", [:])
        #expect(usual.status == 0 && usual.output.count == 65)
        for environment in [
            ["OMP_DYNAMIC": "true"], ["OMP_NUM_THREADS": "1"], ["OMP_DYNAMIC": "true", "OMP_NUM_THREADS": "7"],
        ] {
            #expect(try run("digest", environment).output == usual.output, "\(environment)")
        }
    }

    @Test("splits a range into parts that cover it once", arguments: [0, 1, 15, 16, 17, 1000])
    func split(count: Int) throws {
        nonisolated(unsafe) let marks = UnsafeMutableBufferPointer<Int>.allocate(capacity: count + 1)
        marks.initialize(repeating: 0)
        defer { marks.deallocate() }
        try ThreadTeam.open(threads: 2).split(count) { range in for i in range { marks[i] += 1 } }
        #expect(Array(marks) == Array(repeating: 1, count: count) + [0])
    }

    @Test("a number of threads that makes no sense is refused", arguments: [0, -1, 2000])
    func senseless(threads: Int) {
        #expect(throws: LearningError.self) { try ThreadTeam.open(threads: threads) }
    }
}
