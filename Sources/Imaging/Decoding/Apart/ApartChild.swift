import Foundation

/// A process that decodes one photo after the other. Used by one thread at a time.
final class ApartChild: @unchecked Sendable {
    let process: pid_t
    private let socket: ApartSocket
    private let seconds: Double
    private(set) var isAlive = true
    /// Whether the child waits to hear if the pixels are wanted.
    private var isAsked = false

    /// - Throws: ``ImagingError`` where the system gives no process.
    init(_ program: String, seconds: Double) throws {
        self.seconds = seconds
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Self.failure(errno)
        }
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
        // Codecs write to both by themselves. Whatever else is open here closes itself when another program begins.
        for descriptor: Int32 in [1, 2] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0)
        }
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup(program), strdup(ApartDecoding.word), nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let failed = posix_spawn(&process, program, &actions, nil, &arguments, environ)
        guard failed == 0 else {
            close(ends[0])
            throw Self.failure(failed)
        }
        self.process = process
        socket = ApartSocket(descriptor: ends[0])
    }

    deinit { end() }

    func header(of bytes: [UInt8], memory: UInt64?) throws -> PhotoHeader {
        if isAsked {
            isAsked = false
            guard [UInt8(0)].withUnsafeBytes(socket.send) else { throw died() }
        }
        guard socket.send(ApartQuestion(size: bytes.count, memory: memory)), bytes.withUnsafeBytes(socket.send),
            let answer = socket.receive(ApartAnswer.self, within: seconds)
        else { throw died() }
        guard case .header(let header) = answer else { throw error(answer) }
        isAsked = true
        return header
    }

    func pixels(_ reduction: Reduction) throws -> VipsPixels {
        isAsked = false
        guard [UInt8(reduction.rawValue)].withUnsafeBytes(socket.send),
            let answer = socket.receive(ApartAnswer.self, within: seconds)
        else { throw died() }
        guard case .pixels(let width, let height) = answer else { throw error(answer) }
        guard width > 0, height > 0, let rgb = socket.receive(3 * width * height, within: seconds) else { throw died() }
        return VipsPixels(width: width, height: height, rgb: rgb)
    }

    private func error(_ answer: ApartAnswer) -> ImagingError {
        guard case .refused(let code, let what, let next) = answer, let code = ImagingError.Code(rawValue: code) else {
            return died()
        }
        return ImagingError(code, what, next: next)
    }

    private func died() -> ImagingError {
        end()
        return ImagingError(
            .damaged,
            "the decoder crashed on the file, took more than \(Int(seconds)) s, or asked for more memory than a photo needs",
            next: "copy it from the camera again, or convert it to JPEG")
    }

    private func end() {
        guard isAlive else { return }
        isAlive = false
        close(socket.descriptor)
        kill(process, SIGKILL)
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }

    private static func failure(_ number: Int32) -> ImagingError {
        ImagingError(
            .failed, "no process could be started to decode in: \(String(cString: strerror(number)))",
            next: "close other programs, or raise the limit on processes")
    }
}
