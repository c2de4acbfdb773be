import Core
import Foundation
import Imaging

/// The child's side of the campaign. It reads files from standard input, each preceded by its length, and writes one
/// line of JSON for each.
enum FuzzChild {
    static let argument = "--child"

    /// The response to one file.
    struct Response: Codable {
        let result: Result
        /// The highest memory of the child and of its decoding process, in kilobytes.
        let memory: Int
    }

    enum Result: Codable, CustomStringConvertible {
        /// The format of the file.
        case decoded(String)
        /// The code and the message of an `ImagingError`.
        case rejected(String, message: String)
        /// An error that names no reason or no next step.
        case unexpected(String)

        var description: String {
            switch self {
            case .decoded(let format): "decoded as \(format)"
            case .rejected(let code, let message): "rejected as \(code): \(message)"
            case .unexpected(let error): error
            }
        }
    }

    static func serve() -> Never {
        // As in the product, plain JPEGs and PNGs are decoded here and all other photos in a process of their own.
        SandboxedDecoder.serveIfRequested()
        // The limit is far above the allowed memory, which is measured. It protects the machine.
        var limit = rlimit(rlim_cur: 6 << 30, rlim_max: 6 << 30)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        limit = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        do {
            while let size = FuzzPipe.readNumber(0), let bytes = FuzzPipe.read(0, Int(size)) {
                try FuzzPipe.resetHighestMemory()
                let result = decode(bytes)
                let decoders = SandboxedDecoder.takeHighestMemory() / 1024
                let response = Response(result: result, memory: max(try FuzzPipe.highestMemory(), decoders))
                guard FuzzPipe.write(1, Array(try JSONEncoder().encode(response)) + [10]) else { break }
            }
        } catch {
            FileHandle.standardError.write(Data("DecodingFuzz child: \(error)\n".utf8))
            exit(1)
        }
        exit(0)
    }

    private static let profile = Profile(size: 256, crop: .centre, colour: .srgb)

    /// Decodes a photo and makes its image, as an import does.
    private static func decode(_ bytes: [UInt8]) -> Result {
        guard let profile else { return .unexpected("the profile is invalid") }
        do {
            let photo = try DecodedPhoto(bytes, reduction: Reduction.measuring)
            _ = try PhotoMeasurement(photo.upright, lookingForFaces: false)
            _ = try DecodedPhoto.image(of: bytes, limits: DecodingLimits(), profile, face: nil, decoded: photo)
            return .decoded(photo.format.rawValue)
        } catch let error as ImagingError {
            guard error.code != .failed, !error.message.isEmpty, error.nextStep?.isEmpty == false else {
                return .unexpected("\(error.code.rawValue): \(error)")
            }
            return .rejected(error.code.rawValue, message: error.message)
        } catch {
            return .unexpected("\(error)")
        }
    }
}

/// A child that decodes files, as the parent sees it. A child that ends or does not respond must be replaced.
final class FuzzChildProcess {
    enum Outcome {
        /// The result, and the highest memory in kilobytes.
        case responded(FuzzChild.Result, memory: Int)
        /// The child ended with this signal or status.
        case crashed(Int32)
        case hung
    }

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init() throws {
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = [FuzzChild.argument]
        process.standardInput = input
        process.standardOutput = output
        // A backtrace takes seconds, which would look like a hang.
        process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
        try process.run()
    }

    deinit { stop() }

    func decode(_ bytes: [UInt8], seconds: Double) -> Outcome {
        let sending = input.fileHandleForWriting.fileDescriptor
        let receiving = output.fileHandleForReading.fileDescriptor
        guard FuzzPipe.write(sending, number: UInt64(bytes.count)), FuzzPipe.write(sending, bytes) else {
            return ended()
        }
        var line: [UInt8] = []
        let deadline = ContinuousClock.now + .seconds(seconds)
        while line.last != 10 {
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            var wait = pollfd(fd: receiving, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&wait, 1, Int32(left) + 1) > 0 else {
                stop()
                return .hung
            }
            guard let byte = FuzzPipe.read(receiving, 1) else { return ended() }
            line += byte
        }
        do {
            let response = try JSONDecoder().decode(FuzzChild.Response.self, from: Data(line))
            return .responded(response.result, memory: response.memory)
        } catch {
            return .responded(.unexpected("invalid response: \(error)"), memory: 0)
        }
    }

    private func ended() -> Outcome {
        process.waitUntilExit()
        return .crashed(process.terminationStatus)
    }

    private func stop() {
        // Foundation cannot wait for a process that was never started.
        guard process.processIdentifier > 0 else { return }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }
}

/// Functions for numbers and blocks over a pipe, and for the memory of this process. Reading returns nil and writing
/// returns false if the other side has ended.
enum FuzzPipe {
    static func read(_ descriptor: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let received = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress! + done, count - done)
            }
            guard received > 0 else { return nil }
            done += received
        }
        return bytes
    }

    static func readNumber(_ descriptor: Int32) -> UInt64? {
        read(descriptor, 8)?.reduce(0) { ($0 << 8) | UInt64($1) }
    }

    static func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let sent = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done) }
            guard sent > 0 else { return false }
            done += sent
        }
        return true
    }

    static func write(_ descriptor: Int32, number: UInt64) -> Bool {
        write(descriptor, (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * UInt64($0))) })
    }

    /// Resets the highest memory that the kernel reports for this process.
    static func resetHighestMemory() throws {
        try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    }

    /// Returns the highest memory of this process in kilobytes.
    static func highestMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        guard let memory = line.split(separator: " ").compactMap({ Int($0) }).first else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return memory
    }
}
