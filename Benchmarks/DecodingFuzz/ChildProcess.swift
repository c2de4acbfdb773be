import Foundation

/// A child that decodes, seen from outside. One that dies or does not answer is replaced.
final class ChildProcess {
    enum Answer {
        /// What it said, and its highest memory in kilobytes.
        case said(String, memory: Int)
        /// The signal that ended it.
        case crashed(Int32)
        case hung
    }

    private let process = Process()
    private let input = Pipe(), output = Pipe()

    init() throws {
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [Child.word]
        (process.standardInput, process.standardOutput) = (input, output)
        // Words about a crash take seconds, which would look like a hang.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        try process.run()
    }

    deinit { stop() }

    func ask(_ bytes: [UInt8], seconds: Double) -> Answer {
        let down = input.fileHandleForWriting.fileDescriptor
        let up = output.fileHandleForReading.fileDescriptor
        guard Pipe8.write(down, number: UInt64(bytes.count)), Pipe8.write(down, bytes) else { return died() }
        var line: [UInt8] = []
        let deadline = ContinuousClock.now + .seconds(seconds)
        while line.last != 10 {
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            var wait = pollfd(fd: up, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&wait, 1, Int32(left) + 1) > 0 else {
                stop()
                return .hung
            }
            guard let byte = Pipe8.read(up, 1) else { return died() }
            line += byte
        }
        let words = String(decoding: line.dropLast(), as: UTF8.self).split(separator: " ", maxSplits: 1)
        guard words.count == 2, let memory = Int(words[0]) else { return died() }
        return .said(String(words[1]), memory: memory)
    }

    private func died() -> Answer {
        process.waitUntilExit()
        return .crashed(process.terminationStatus)
    }

    private func stop() {
        // One that was never started cannot be waited for.
        guard process.processIdentifier > 0 else { return }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }
}
