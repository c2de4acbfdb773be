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

    @Test(
        "A number outside of its range is a usage error with the range",
        arguments: [
            ("--seed", "-1", "from 0 to 9007199254740991"), ("--epochs", "0", "from 1 to 10000"),
            ("--epochs", "10001", "from 1 to 10000"), ("--batch", "4097", "from 1 to 4096"),
            ("--learning-rate", "0", "above 0 and at most 100"),
            ("--trunk-learning-rate", "100.1", "above 0 and at most 100"), ("--seeds", "101", "from 1 to 100"),
        ])
    func trainingLimits(_ option: String, _ value: String, _ range: String) throws {
        let error = try #require(throws: (any Error).self) {
            try Curare.parseAsRoot(["validate", "small", "\(option)=\(value)"])
        }
        #expect(Curare.exitCode(for: error).rawValue == 64)
        #expect(Curare.message(for: error).contains(range))
    }

    @Test(
        "Four numbers of a box without quotes are a usage error with the quotes",
        arguments: [
            (["s/a.jpg", "--box", "80", "110", "60", "60"], "--box \"80 110 60 60\""),
            (["--face-box", "8", "0", "6", "6", "s/a.jpg"], "--face-box \"8 0 6 6\""),
        ])
    func boxWithoutQuotes(_ arguments: [String], _ quoted: String) throws {
        let error = try #require(throws: (any Error).self) { try Curare.parseAsRoot(["label"] + arguments) }
        #expect(Curare.exitCode(for: error).rawValue == 64)
        #expect(Curare.message(for: error).contains("Put the four numbers in quotes: \(quoted)"))
        _ = try Curare.parseAsRoot(["label", "123456", "s/a.jpg", "--box", "80 110 60 60"])
    }

    @Test("The highest and lowest numbers are accepted")
    func trainingLimitsAreIncluded() throws {
        _ = try Curare.parseAsRoot(
            ["validate", "small", "--seed", "9007199254740991", "--epochs", "10000", "--batch", "4096"]
                + ["--learning-rate", "100"])
        _ = try Curare.parseAsRoot(["validate", "small", "--seed", "0", "--epochs", "1", "--batch", "1"])
    }

    @Test(
        "An audit prints one format, and writes its page to a file",
        arguments: [["--json", "--format", "markdown"], ["--format", "html"], ["--html", ""], ["--html", "-"]])
    func auditFormats(_ options: [String]) throws {
        let error = try #require(throws: (any Error).self) { try Curare.parseAsRoot(["audit"] + options) }
        #expect(Curare.exitCode(for: error).rawValue == 64)
        _ = try Curare.parseAsRoot(["audit", "small", "--format", "json", "--html", "audit.html"])
    }

    @Test("A progress line has the count, the rate and the remaining time")
    func progressLine() {
        let text = ProgressLine.text("importing", "photos", 120, 457, seconds: 1.5, "")
        #expect(text == "importing: 120 of 457 photos, 80.0 photos/s, 5 s left")
        #expect(ProgressLine.duration(200) == "3 min 20 s" && ProgressLine.duration(7500) == "2 h 5 min")
    }
}
