import Core
import Foundation
import Synchronization

/// A decoder that decodes photos in child processes with a ``DecodingBudget``. A codec that crashes, hangs or exceeds
/// its memory or its processor time ends its child only; the photo is rejected, and a new child replaces the old one.
///
/// Every ``DecodedPhoto`` uses this decoder after the program has called ``serveIfRequested()``.
public final class SandboxedDecoder: Sendable {
    /// The command-line argument that makes the program a decoding child.
    static let argument = "--sandboxed-decoder"
    /// Seconds to wait for a response. This limit is for a child that hangs without using the processor; the budget
    /// limits the processor time, to a much smaller number of seconds.
    private static let timeLimit = 1800.0

    private static let isEnabled = Atomic<Bool>(false)
    private static let shared = SandboxedDecoder(program: "/proc/self/exe")
    static var enabled: SandboxedDecoder? { isEnabled.load(ordering: .relaxed) ? shared : nil }

    private static let highestMemory = Atomic<Int>(0)

    /// The highest memory, in bytes, of any child of this process since the last call. For measurements.
    public static func takeHighestMemory() -> Int { highestMemory.exchange(0, ordering: .relaxed) }

    static func record(memory: Int) { _ = highestMemory.max(memory, ordering: .relaxed) }

    private let program: String
    private let seconds: Double
    private let idle = Mutex<[DecoderProcess]>([])
    private let largePhotos = Mutex(())

    /// - Parameter program: a program that calls ``serveIfRequested()``.
    init(program: String, seconds: Double = SandboxedDecoder.timeLimit) {
        self.program = program
        self.seconds = seconds
    }

    /// Enables the decoder. The main function must call this before anything else: in a child this function decodes
    /// until the parent has ended, and does not return.
    public static func serveIfRequested() {
        if CommandLine.arguments.dropFirst() == [argument] { DecoderServer(socket: 0).serve() }
        isEnabled.store(true, ordering: .relaxed)
    }

    /// A photo whose header a child has read. The same child decodes the pixels.
    final class Photo {
        let header: PhotoHeader
        let process: DecoderProcess
        private let owner: SandboxedDecoder

        fileprivate init(header: PhotoHeader, process: DecoderProcess, owner: SandboxedDecoder) {
            self.header = header
            self.process = process
            self.owner = owner
        }

        deinit { owner.putBack(process) }

        /// - Parameter part: a part of the reduced upright picture; nil is the whole picture.
        func picture(_ reduction: Reduction, _ part: Box? = nil) throws -> Picture {
            guard header.width * header.height > DecodingBudget.largePixels else {
                return try process.picture(reduction, part)
            }
            return try owner.largePhotos.withLock { _ in try process.picture(reduction, part) }
        }
    }

    /// - Throws: ``ImagingError`` if the file has no valid header, or the child ended.
    func open(_ bytes: [UInt8], _ limits: DecodingLimits) throws -> Photo {
        let process = try idle.withLock { $0.popLast() } ?? DecoderProcess(program, seconds: seconds)
        do {
            let header = try process.header(of: bytes, limits.budget)
            return Photo(header: header, process: process, owner: self)
        } catch {
            putBack(process)
            throw error
        }
    }

    private func putBack(_ process: DecoderProcess) {
        if process.isReusable { idle.withLock { $0.append(process) } }
    }
}

/// A child process that decodes photos, one at a time. Only one thread may use an instance at a time.
final class DecoderProcess: @unchecked Sendable {
    let identifier: pid_t
    private let socket: DecoderSocket
    private let seconds: Double
    private(set) var isAlive = true
    /// The highest memory of this process when it started the child. The system counts this memory for the child too.
    private let inheritedMemory: Int
    /// The highest memory of the child, in bytes, as far as the child has reported it.
    private var peakMemory = 0 {
        didSet { SandboxedDecoder.record(memory: peakMemory) }
    }
    /// Memory above which a child is replaced after a photo, so that the memory of the next photo can be measured.
    private static let reusableMemory = 400 << 20
    /// Memory from which a failure is attributed to the memory limit.
    private static let scarceMemory = 600 << 20
    /// Whether the child has sent a header, and waits for the request for pixels.
    private var awaitsPixelRequest = false

    /// - Throws: ``ImagingError`` if the system cannot start a process.
    init(_ program: String, seconds: Double) throws {
        self.seconds = seconds
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Self.startFailure(errno)
        }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
        // Codecs print to standard output and standard error. All other open descriptors have the flag close-on-exec.
        for descriptor: Int32 in [1, 2] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program), strdup(SandboxedDecoder.argument), nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let failure = posix_spawn(&process, program, &actions, nil, &arguments, environ)
        guard failure == 0 else {
            close(ends[0])
            throw Self.startFailure(failure)
        }
        inheritedMemory = DecoderServer.systemPeakMemory
        identifier = process
        socket = DecoderSocket(descriptor: ends[0])
    }

    deinit { end(isKilled: true) }

    /// Whether the child may decode another photo.
    var isReusable: Bool { isAlive && peakMemory < Self.reusableMemory }

    /// Sends a photo, and returns its header.
    func header(of bytes: [UInt8], _ budget: DecodingBudget) throws -> PhotoHeader {
        let response = try exchange {
            if awaitsPixelRequest {
                awaitsPixelRequest = false
                try socket.send(PixelRequest?.none)
            }
            try socket.send(DecoderRequest(size: bytes.count, budget: budget))
            try bytes.withUnsafeBytes(socket.send)
            return try socket.receive(DecoderResponse.self, within: seconds)
        }
        guard case .header(let header) = response else { throw error(response) }
        awaitsPixelRequest = true
        return header
    }

    /// Returns the pixels of the photo whose header was read last.
    func picture(_ reduction: Reduction, _ part: Box? = nil) throws -> Picture {
        awaitsPixelRequest = false
        let response = try exchange {
            try socket.send(PixelRequest(reduction, part))
            return try socket.receive(DecoderResponse.self, within: seconds)
        }
        guard case .pixels(let width, let height, let peak) = response else { throw error(response) }
        peakMemory = peak
        let rgb = try exchange { try socket.receive(3 * width * height, within: seconds) }
        guard let picture = Picture(width: width, height: height, rgb: rgb) else {
            throw ended(hasTimedOut: false)
        }
        return picture
    }

    /// Runs `body`. If the connection fails, this function ends the child and throws ``ImagingError``.
    private func exchange<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let failure as DecoderSocket.Failure {
            throw ended(hasTimedOut: failure == .timedOut)
        }
    }

    private func error(_ response: DecoderResponse) -> ImagingError {
        guard case .rejected(let code, let message, let nextStep, let peak) = response,
            let code = ImagingError.Code(rawValue: code)
        else { return ended(hasTimedOut: false) }
        peakMemory = peak
        if peak >= Self.scarceMemory { return Self.needsMemory }
        return ImagingError(code, message, nextStep: nextStep)
    }

    /// Ends the child, and returns the reason for which it gave no response.
    private func ended(hasTimedOut: Bool) -> ImagingError {
        let end = end(isKilled: hasTimedOut)
        SandboxedDecoder.record(memory: end.peakMemory)
        if hasTimedOut {
            return ImagingError(
                .overBudget, "the decoder gave no response for \(Int(seconds)) s", nextStep: ImagingError.overBudgetStep
            )
        }
        if end.signal == SIGPROF {
            return ImagingError(
                .overBudget, "decoding needs more processor time than a photo may use",
                nextStep: ImagingError.overBudgetStep)
        }
        if end.peakMemory >= Self.scarceMemory { return Self.needsMemory }
        return ImagingError(
            .damaged, Self.crash, nextStep: "copy it from the camera again, or convert it to JPEG")
    }

    static let crash = "the decoder crashed on the file"

    private static let needsMemory = ImagingError(
        .overBudget, "decoding needs more memory than a photo may use", nextStep: ImagingError.overBudgetStep)

    /// - Parameter isKilled: whether to end a child that may still run. Otherwise the child has closed its socket, and
    ///   this function waits until the child ends.
    @discardableResult private func end(isKilled: Bool) -> (signal: Int32, peakMemory: Int) {
        guard isAlive else { return (0, 0) }
        isAlive = false
        close(socket.descriptor)
        var status: Int32 = 0
        var usage = rusage()
        // A child that has closed its socket without ending gets a moment to end.
        for _ in 0..<200 where !isKilled {
            let waited = wait4(identifier, &status, WNOHANG, &usage)
            if waited == identifier { return (status & 0x7f, ownMemory(usage)) }
            usleep(10_000)
        }
        kill(identifier, SIGKILL)
        while wait4(identifier, &status, 0, &usage) < 0, errno == EINTR {}
        return (status & 0x7f, ownMemory(usage))
    }

    /// Returns the highest memory of the ended child: the system's number, unless that is the memory of this process.
    private func ownMemory(_ usage: rusage) -> Int {
        let memory = usage.ru_maxrss << 10
        return memory > inheritedMemory ? memory : peakMemory
    }

    private static func startFailure(_ number: Int32) -> ImagingError {
        ImagingError(
            .failed, "cannot start a process for decoding: \(String(cString: strerror(number)))",
            nextStep: "close other programs, or raise the limit on processes")
    }
}
