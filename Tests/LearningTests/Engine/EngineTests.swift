import Foundation
import Testing

@testable import Learning

@Suite("Thread team")
struct ThreadTeamTests {
    /// Runs the benchmark program as a process: OpenMP reads its variables once, at the start.
    private func run(_ command: String, _ environment: [String: String]) throws -> (
        status: Int32, output: String, error: String
    ) {
        let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let candidates = [products, Bundle.module.bundleURL.deletingLastPathComponent()].map {
            $0.appendingPathComponent("LearningBench")
        }
        let process = Process()
        let output = Pipe()
        let error = Pipe()
        process.executableURL = try #require(
            candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) as URL?)
        process.arguments = [command, "--threads", "2"]
        process.environment = environment
        (process.standardOutput, process.standardError) = (output, error)
        try process.run()
        // With fewer threads than planned, oneDNN may also wait forever. The test then fails after a time limit.
        let watchdog = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + 120, execute: watchdog)
        defer { watchdog.cancel() }
        let (outputData, errorData) = (
            output.fileHandleForReading.readDataToEndOfFile(), error.fileHandleForReading.readDataToEndOfFile()
        )
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: outputData, as: UTF8.self),
            String(decoding: errorData, as: UTF8.self)
        )
    }

    @Test("a team fails if OpenMP delivers fewer threads than requested")
    func limited() throws {
        let limited = try run("digest", ["OMP_THREAD_LIMIT": "1", "OMP_NUM_THREADS": "2"])
        #expect(limited.status == 70)
        #expect(limited.output.isEmpty)
        #expect(limited.error.contains("OpenMP delivered 1 of 2 threads"))
    }

    @Test("weights do not depend on OMP_DYNAMIC and OMP_NUM_THREADS")
    func dynamic() throws {
        let usual = try run("digest", [:])
        #expect(usual.status == 0 && usual.output.count == 65)
        for environment in [
            ["OMP_DYNAMIC": "true"], ["OMP_NUM_THREADS": "1"], ["OMP_DYNAMIC": "true", "OMP_NUM_THREADS": "7"],
        ] {
            #expect(try run("digest", environment).output == usual.output, "\(environment)")
        }
    }

    @Test("split covers a range once", arguments: [0, 1, 15, 16, 17, 1000])
    func split(count: Int) throws {
        nonisolated(unsafe) let marks = UnsafeMutableBufferPointer<Int>.allocate(capacity: count + 1)
        marks.initialize(repeating: 0)
        defer { marks.deallocate() }
        try ThreadTeam.open(threads: 2).split(count) { range in for i in range { marks[i] += 1 } }
        #expect(Array(marks) == Array(repeating: 1, count: count) + [0])
    }

    @Test("an invalid number of threads is an error", arguments: [0, -1, 2000])
    func senseless(threads: Int) {
        #expect(throws: LearningError.self) { try ThreadTeam.open(threads: threads) }
    }
}

@Suite("Memory plan")
struct MemoryPlanTests {
    private let buffers: [BufferRequirement] = {
        var random = SeededRandom(["slots"])
        return (0..<200).map { _ in
            let first = random.below(100)
            return BufferRequirement(
                bytes: 1 + random.below(5000), region: [.shared, .shared, .persistent][random.below(3)],
                lifetime: first...first + random.below(20))
        }
    }()

    @Test("buffers with overlapping lifetimes do not overlap")
    func overlappingLifetimes() {
        let plan = MemoryPlan(buffers)
        for a in buffers.indices {
            #expect(plan.offsets[a] % MemoryPlan.alignment == 0 && plan.offsets[a] + buffers[a].bytes <= plan.bytes)
            for b in buffers.indices where b > a {
                guard
                    buffers[a].region == .persistent || buffers[b].region == .persistent
                        || buffers[a].lifetime?.overlaps(buffers[b].lifetime ?? 0...0) == true
                else { continue }
                #expect(
                    plan.offsets[a] + buffers[a].bytes <= plan.offsets[b]
                        || plan.offsets[b] + buffers[b].bytes <= plan.offsets[a])
            }
        }
    }

    @Test("buffers with disjoint lifetimes share memory")
    func shares() {
        let all = buffers.reduce(0) { $0 + $1.bytes }
        #expect(MemoryPlan(buffers).bytes < all * 6 / 10)
    }

    @Test("gradients have the same offsets as their weights")
    func gradients() {
        let plan = MemoryPlan(
            [100, 5000, 64].flatMap {
                [BufferRequirement(bytes: $0, region: .weights), BufferRequirement(bytes: $0, region: .gradients)]
            })
        #expect(plan.weights.count == plan.gradients.count)
        for n in 0..<3 {
            #expect(
                plan.offsets[2 * n] - plan.weights.lowerBound == plan.offsets[2 * n + 1] - plan.gradients.lowerBound)
        }
    }
}
