import Foundation
import Synchronization

/// A decoder that decodes photos in child processes with a memory limit. A codec that crashes, hangs or needs too much
/// memory ends its child only; the photo is rejected, and a new child replaces the old one.
///
/// Every ``DecodedPhoto`` uses this decoder after the program has called ``serveIfRequested()``.
public final class SandboxedDecoder: Sendable {
    /// The command-line argument that makes the program a decoding child.
    static let argument = "--sandboxed-decoder"
    /// Seconds that decoding a photo may take.
    private static let timeLimit = 60.0

    private static let isEnabled = Atomic<Bool>(false)
    private static let shared = SandboxedDecoder(program: "/proc/self/exe")
    static var enabled: SandboxedDecoder? { isEnabled.load(ordering: .relaxed) ? shared : nil }

    private let program: String
    private let seconds: Double
    private let idle = Mutex<[DecoderProcess]>([])

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

        func picture(_ reduction: Reduction) throws -> Picture { try process.picture(reduction) }
    }

    /// - Throws: ``ImagingError`` if the file has no valid header, or the child ended.
    func open(_ bytes: [UInt8], _ limits: DecodingLimits) throws -> Photo {
        let process = try idle.withLock { $0.popLast() } ?? DecoderProcess(program, seconds: seconds)
        do {
            let header = try process.header(of: bytes, memory: limits.memory)
            return Photo(header: header, process: process, owner: self)
        } catch {
            putBack(process)
            throw error
        }
    }

    private func putBack(_ process: DecoderProcess) {
        if process.isAlive { idle.withLock { $0.append(process) } }
    }
}

/// A child process that decodes photos, one at a time. Only one thread may use an instance at a time.
final class DecoderProcess: @unchecked Sendable {
    let identifier: pid_t
    private let socket: DecoderSocket
    private let seconds: Double
    private(set) var isAlive = true
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
        identifier = process
        socket = DecoderSocket(descriptor: ends[0])
    }

    deinit { end() }

    /// Sends a photo, and returns its header.
    ///
    /// - Parameter memory: bytes that the child may allocate; nil is no limit.
    func header(of bytes: [UInt8], memory: UInt64?) throws -> PhotoHeader {
        let response = try exchange {
            if awaitsPixelRequest {
                awaitsPixelRequest = false
                try socket.send(byte: 0)
            }
            try socket.send(DecoderRequest(size: bytes.count, memory: memory))
            try bytes.withUnsafeBytes(socket.send)
            return try socket.receive(DecoderResponse.self, within: seconds)
        }
        guard case .header(let header) = response else { throw error(response) }
        awaitsPixelRequest = true
        return header
    }

    /// Returns the pixels of the photo whose header was read last.
    func picture(_ reduction: Reduction) throws -> Picture {
        awaitsPixelRequest = false
        let response = try exchange {
            try socket.send(byte: UInt8(reduction.rawValue))
            return try socket.receive(DecoderResponse.self, within: seconds)
        }
        guard case .pixels(let width, let height) = response else { throw error(response) }
        let rgb = try exchange { try socket.receive(3 * width * height, within: seconds) }
        guard let picture = Picture(width: width, height: height, rgb: rgb) else { throw ended() }
        return picture
    }

    /// Runs `body`. If the connection fails, this function ends the child and throws ``ImagingError``.
    private func exchange<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch is DecoderSocket.Failure { throw ended() }
    }

    private func error(_ response: DecoderResponse) -> ImagingError {
        guard case .rejected(let code, let message, let nextStep) = response,
            let code = ImagingError.Code(rawValue: code)
        else { return ended() }
        return ImagingError(code, message, nextStep: nextStep)
    }

    private func ended() -> ImagingError {
        end()
        return ImagingError(
            .damaged,
            """
            the decoder crashed on the file, took more than \(Int(seconds)) s, or needed more memory than a photo \
            needs
            """,
            nextStep: "copy it from the camera again, or convert it to JPEG")
    }

    private func end() {
        guard isAlive else { return }
        isAlive = false
        close(socket.descriptor)
        kill(identifier, SIGKILL)
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    }

    private static func startFailure(_ number: Int32) -> ImagingError {
        ImagingError(
            .failed, "cannot start a process for decoding: \(String(cString: strerror(number)))",
            nextStep: "close other programs, or raise the limit on processes")
    }
}
