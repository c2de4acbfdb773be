import Foundation

/// The child's side.
struct ApartServer {
    private let socket: ApartSocket

    init(socket: Int32) {
        self.socket = ApartSocket(descriptor: socket)
    }

    /// Answers until the parent is gone.
    func serve() -> Never {
        // A crash is told by the signal; nobody wants the memory.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // Who interrupts the program at a terminal means the parent: a child that dies first would look like a crash. It goes when the parent is gone.
        signal(SIGINT, SIG_IGN)
        while let question = socket.receive(ApartQuestion.self), let bytes = socket.receive(question.size) {
            guard answer(bytes, question) else { break }
        }
        exit(0)
    }

    private func answer(_ bytes: [UInt8], _ question: ApartQuestion) -> Bool {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
        limit.rlim_cur = min(question.memory.map { rlim_t($0) } ?? .max, limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
        let contents = Contents(bytes)
        do {
            guard socket.send(ApartAnswer.header(try PhotoHeader(bytes, contents))) else { return false }
        } catch {
            return socket.send(ApartAnswer(error))
        }
        // A reduction asks for the pixels, 0 goes on to the next photo.
        guard let wish = socket.receive(1)?.first else { return false }
        guard let reduction = Reduction(rawValue: Int(wish)) else { return true }
        do {
            let pixels = try VipsPixels(decoding: bytes, contents, reduction)
            return socket.send(ApartAnswer.pixels(width: pixels.width, height: pixels.height))
                && pixels.rgb.withUnsafeBytes(socket.send)
        } catch {
            return socket.send(ApartAnswer(error))
        }
    }
}
