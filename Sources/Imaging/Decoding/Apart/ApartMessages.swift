import Foundation

/// What goes before the bytes of a question.
struct ApartQuestion: Codable {
    /// Bytes of the photo that follow.
    let size: Int
    /// Bytes that the child may take; nil is no limit.
    let memory: UInt64?
}

/// A child's answers: first to a photo, then, asked by a single byte that says at what reduction, its pixels.
enum ApartAnswer: Codable {
    case header(PhotoHeader)
    /// 3 × width × height bytes follow.
    case pixels(width: Int, height: Int)
    case refused(code: String, what: String, next: String)

    init(_ error: any Error) {
        let error = error as? ImagingError ?? ImagingError(.failed, "\(error)", next: "please report this")
        self = .refused(code: error.code.rawValue, what: error.message, next: error.nextStep)
    }
}

/// Blocks of bytes, each after its length, over a socket; nil and false where the other side is gone or late.
struct ApartSocket {
    private static let longest = 1 << 28

    let descriptor: Int32

    func send(_ value: some Encodable) -> Bool {
        guard let data = try? JSONEncoder().encode(value) else { return false }
        let length = withUnsafeBytes(of: UInt64(data.count).bigEndian) { Array($0) }
        return length.withUnsafeBytes(send) && data.withUnsafeBytes(send)
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var done = 0
        while done < bytes.count {
            // A signal for a closed socket would end the whole program.
            let put = Glibc.send(descriptor, bytes.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
            if put < 0, errno == EINTR { continue }
            guard put > 0 else { return false }
            done += put
        }
        return true
    }

    func receive<Value: Decodable>(_ type: Value.Type, within seconds: Double? = nil) -> Value? {
        guard let length = receive(8, within: seconds)?.reduce(UInt64(0), { $0 << 8 | UInt64($1) }),
            length <= Self.longest,
            let data = receive(Int(length), within: seconds)
        else { return nil }
        return try? JSONDecoder().decode(type, from: Data(data))
    }

    /// - Parameter seconds: how long to wait for each piece; nil waits for ever.
    func receive(_ count: Int, within seconds: Double? = nil) -> [UInt8]? {
        guard count > 0 else { return [] }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            while done < count {
                var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let ready = poll(&wait, 1, seconds.map { Int32($0 * 1000) } ?? -1)
                if ready < 0, errno == EINTR { continue }
                guard ready > 0 else { break }
                let got = recv(descriptor, buffer.baseAddress! + done, count - done, 0)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                done += got
            }
        }
        return bytes.count == count ? bytes : nil
    }
}
