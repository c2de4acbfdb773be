import ArgumentParser
import Core
import Foundation
import Testing

@testable import curare

/// The options of every command. The tests follow one another: the number of threads is a setting of the process.
@Suite(.serialized) struct OptionsTests {
    @Test(
        "--jobs sets the number of threads in every command",
        arguments: [
            ["split", "r.yaml"], ["verify", "small"], ["status"], ["validate", "small"],
            ["rebuild", "v", "--photos", "p", "--to", "t"],
        ])
    func jobs(_ command: [String]) throws {
        let before = ThreadBudget.shared.count
        defer { ThreadBudget.shared.count = before }
        _ = try Curare.parseAsRoot(command + ["--jobs", "1"])
        #expect(ThreadBudget.shared.count == 1)
        _ = try Curare.parseAsRoot(command + ["--jobs", "7"])
        #expect(ThreadBudget.shared.count == 7)
        _ = try Curare.parseAsRoot(command)
        #expect(ThreadBudget.shared.count == ProcessInfo.processInfo.activeProcessorCount)
    }

    @Test("--jobs accepts numbers from 1 to 256", arguments: ["0", "257", "-1", "many"])
    func wrongJobs(_ jobs: String) {
        #expect(throws: (any Error).self) { try Curare.parseAsRoot(["status", "--jobs", jobs]) }
    }

    @Test("A progress line has the count, the rate and the remaining time")
    func progressLine() {
        let text = ProgressLine.text("importing", "photos", 120, 457, seconds: 1.5, "")
        #expect(text == "importing: 120 of 457 photos, 80.0 photos/s, 5 s left")
        #expect(ProgressLine.duration(200) == "3 min 20 s" && ProgressLine.duration(7500) == "2 h 5 min")
    }
}
