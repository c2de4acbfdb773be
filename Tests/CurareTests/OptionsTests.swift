import ArgumentParser
import Core
import Foundation
import Testing

@testable import curare

/// What every command understands, as it is parsed. One after the other: the number of threads is the process's.
@Suite(.serialized) struct OptionsTests {
    @Test(arguments: [
        ["split", "r.yaml"], ["verify", "small"], ["status"], ["validate", "small"],
        ["rebuild", "v", "--photos", "p", "--to", "t"],
    ])
    func jobsLimitEveryStepOfEveryCommand(_ command: [String]) throws {
        let before = ThreadBudget.shared.count
        defer { ThreadBudget.shared.count = before }
        _ = try Curare.parseAsRoot(command + ["--jobs", "1"])
        #expect(ThreadBudget.shared.count == 1)
        _ = try Curare.parseAsRoot(command + ["--jobs", "7"])
        #expect(ThreadBudget.shared.count == 7)
        _ = try Curare.parseAsRoot(command)
        #expect(ThreadBudget.shared.count == ProcessInfo.processInfo.activeProcessorCount)
    }

    @Test(arguments: ["0", "257", "-1", "many"]) func aNumberThatIsNoneIsRefused(_ jobs: String) {
        #expect(throws: (any Error).self) { try Curare.parseAsRoot(["status", "--jobs", jobs]) }
    }
}
