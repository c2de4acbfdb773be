import Core
import Foundation

/// The child's side of a ``SandboxedDecoder``.
struct DecoderServer {
    private let socket: DecoderSocket

    init(socket: Int32) {
        self.socket = DecoderSocket(descriptor: socket)
    }

    /// Serves requests until the parent has ended.
    func serve() -> Never {
        // The parent learns of a crash from the closed socket. A core file is not needed.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // An interrupt at the terminal is meant for the parent. A child that ends first would look like a crash.
        signal(SIGINT, SIG_IGN)
        do {
            while true {
                let request = try socket.receive(DecoderRequest.self)
                try respond(to: socket.receive(request.size), request.budget)
            }
        } catch DecoderSocket.Failure.closed {
            exit(0)
        } catch {
            exit(1)
        }
    }

    /// - Throws: an error of the connection. An error of the photo is sent to the parent.
    private func respond(to bytes: [UInt8], _ budget: DecodingBudget) throws {
        Self.limit(budget, pixels: 0)
        let container = ContainerInfo(bytes)
        let header: PhotoHeader
        do {
            header = try PhotoHeader(container)
        } catch let error as ImagingError {
            return try socket.send(DecoderResponse(error))
        }
        Self.stopClock()
        try socket.send(DecoderResponse.header(header))
        guard let request = try socket.receive(PixelRequest?.self) else { return }
        Self.limit(budget, pixels: header.width * header.height)
        let picture: Picture
        do {
            picture = try Picture(decoding: container, request.reduction, request.part)
        } catch let error as ImagingError {
            return try socket.send(DecoderResponse(error))
        }
        Self.stopClock()
        try socket.send(DecoderResponse.pixels(width: picture.width, height: picture.height, peak: Self.peakMemory))
        try picture.rgb.withUnsafeBytes(socket.send)
    }

    /// The highest memory of this program so far, in bytes. ``systemPeakMemory`` of a child is at least the memory of the
    /// process that started the child.
    static var peakMemory: Int {
        let status: String
        do {
            status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        } catch {
            // Some containers have no /proc.
            return systemPeakMemory
        }
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
            return systemPeakMemory
        }
        return kilobytes << 10
    }

    /// The highest memory that the system counts for this process, in bytes.
    static var systemPeakMemory: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss << 10
    }

    /// Limits the memory, and the processor time from now on. The system ends a process that exceeds its time.
    private static func limit(_ budget: DecodingBudget, pixels: Int) {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
        limit.rlim_cur = min(budget.memory(pixels: pixels).map { rlim_t($0) } ?? .max, limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
        setClock(seconds: budget.processorSeconds(pixels: pixels))
    }

    private static func stopClock() { setClock(seconds: 0) }

    /// Sends SIGPROF, which ends the process, once all its threads together have run for `seconds`; 0 cancels that.
    private static func setClock(seconds: Double) {
        var timer = itimerval()
        // A process cannot run longer than a century.
        let limited = min(seconds, 3e9)
        timer.it_value.tv_sec = Int(limited)
        timer.it_value.tv_usec = Int((limited - limited.rounded(.down)) * 1e6)
        setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
    }
}

/// A message to the child, followed by the bytes of a photo.
struct DecoderRequest: Codable {
    /// Bytes of the photo that follow.
    let size: Int
    let budget: DecodingBudget
}

/// A message to the child after a header. Nil skips to the next photo.
struct PixelRequest: Codable {
    let reduction: Reduction
    /// Left, top, width and height of a part of the reduced upright picture; empty for the whole picture.
    private let sides: [Int]

    init(_ reduction: Reduction, _ part: Box?) {
        self.reduction = reduction
        sides = part.map { [$0.x, $0.y, $0.width, $0.height] } ?? []
    }

    var part: Box? {
        sides.count == 4 ? Box(x: sides[0], y: sides[1], width: sides[2], height: sides[3]) : nil
    }
}

/// A response of the child: first to a photo, then to a request for its pixels.
enum DecoderResponse: Codable {
    case header(PhotoHeader)
    /// 3 × width × height bytes follow. `peak` is the highest memory of the child, in bytes.
    case pixels(width: Int, height: Int, peak: Int)
    case rejected(code: String, message: String, nextStep: String?, peak: Int)

    init(_ error: ImagingError) {
        self = .rejected(
            code: error.code.rawValue, message: error.message, nextStep: error.nextStep,
            peak: DecoderServer.peakMemory)
    }
}

/// Messages over a socket: JSON values, each preceded by its length, and blocks of bytes.
struct DecoderSocket {
    enum Failure: Error, Equatable {
        /// The other process has ended.
        case closed
        case timedOut
        /// The bytes are not a message of this protocol.
        case malformed
        /// The system reported this error number.
        case system(Int32)
    }

    private static let maximumLength = 1 << 28

    let descriptor: Int32

    func send(_ value: some Encodable) throws {
        let data = try JSONEncoder().encode(value)
        try withUnsafeBytes(of: UInt64(data.count).bigEndian, send)
        try data.withUnsafeBytes(send)
    }

    func send(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            // Without this flag, a closed socket sends a signal that ends the program.
            let count = Glibc.send(descriptor, bytes.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw Self.failure(count) }
            done += count
        }
    }

    /// - Parameter seconds: longest wait for each piece; nil waits without a limit.
    func receive<Value: Decodable>(_ type: Value.Type, within seconds: Double? = nil) throws -> Value {
        let length = try receive(8, within: seconds).reduce(UInt64(0)) { ($0 << 8) | UInt64($1) }
        guard length <= Self.maximumLength else { throw Failure.malformed }
        let data = try receive(Int(length), within: seconds)
        do {
            return try JSONDecoder().decode(type, from: Data(data))
        } catch {
            throw Failure.malformed
        }
    }

    /// - Parameter seconds: longest wait for each piece; nil waits without a limit.
    func receive(_ count: Int, within seconds: Double? = nil) throws -> [UInt8] {
        guard count >= 0 else { throw Failure.malformed }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let ready = poll(&wait, 1, seconds.map { Int32($0 * 1000) } ?? -1)
                if ready < 0, errno == EINTR { continue }
                guard ready != 0 else { throw Failure.timedOut }
                guard ready > 0 else { throw Failure.system(errno) }
                let received = recv(descriptor, buffer.baseAddress! + done, count - done, 0)
                if received < 0, errno == EINTR { continue }
                guard received > 0 else { throw Self.failure(received) }
                done += received
            }
        }
    }

    /// The failure for a result of `send` or `recv` that is not positive.
    private static func failure(_ result: Int) -> Failure {
        result == 0 || errno == EPIPE || errno == ECONNRESET ? .closed : .system(errno)
    }
}
