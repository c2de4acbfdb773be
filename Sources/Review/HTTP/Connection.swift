import FlyingSocks
import Foundation

/// What a client may send, and how long the server waits for it.
struct HTTPLimits: Sendable {
    /// The request line and the fields.
    var headBytes = 16 << 10
    var bodyBytes = 1 << 20
    /// From the first byte of a request, or from the connection, to the end of its head.
    var head = Duration.seconds(10)
    /// From the end of the head to the end of the body.
    var body = Duration.seconds(30)
    /// Between two requests of a connection.
    var idle = Duration.seconds(60)
    /// For a client that does not read its response.
    var response = Duration.seconds(30)
    /// For the bytes that a rejected client still sends.
    var rest = Duration.seconds(2)
    /// Open connections. A browser opens six.
    var connections = 128
}

/// What a server does with a request.
protocol RequestHandler: Sendable {
    /// Returns the error for a request that is rejected before its body is read; nil if the body is read.
    func rejection(of head: RequestHead) -> WebError?

    func response(to request: WebRequest) async -> WebResponse
}

/// One connection: reads requests one after the other, within ``HTTPLimits``, and sends the responses.
///
/// The time limits are deadlines in a ``ConnectionTable``, which cancels the task of a connection whose deadline has
/// passed.
struct Connection<Handler: RequestHandler> {
    let socket: AsyncSocket
    let limits: HTTPLimits
    let handler: Handler
    /// Sets the deadline of the present phase; nil for a phase without a limit. The second value is whether the connection
    /// waits for a next request, so that a new connection may replace it.
    let setDeadline: @Sendable (Duration?, _ isIdle: Bool) -> Void

    func run() async {
        var buffer: [UInt8] = []
        setDeadline(limits.head, false)
        do {
            while let head = try await readHead(&buffer) {
                let response: WebResponse
                if let error = rejection(of: head) {
                    // The rest of the request is not read, so that the next request cannot be found.
                    return await reject(error)
                } else {
                    let body = try await readBody(head, &buffer)
                    setDeadline(nil, false)
                    response = await handler.response(to: WebRequest(head: head, body: body))
                }
                setDeadline(limits.response, false)
                try await socket.write(response.encoded(keepsOpen: head.keepsOpen))
                guard head.keepsOpen else { break }
                setDeadline(limits.idle, true)
            }
        } catch let error as WebError {
            await reject(error)
        } catch is CancellationError where !buffer.isEmpty {
            // The task is cancelled, so that only a write that does not wait is possible.
            let error = WebError(.requestTimeout, "timeout", "the request took too long")
            _ = try? socket.socket.write(error.response.encoded(keepsOpen: false))
        } catch {
            // The client has closed the connection, or does not read.
        }
    }

    private func rejection(of head: RequestHead) -> WebError? {
        if let error = handler.rejection(of: head) { return error }
        guard head.contentLength ?? 0 <= limits.bodyBytes else {
            return WebError(
                .contentTooLarge, "too_large", "the body has more than \(limits.bodyBytes) bytes",
                next: "send fewer changes in one request")
        }
        return nil
    }

    /// Returns the next head; nil if the client has closed the connection between two requests.
    private func readHead(_ buffer: inout [UInt8]) async throws -> RequestHead? {
        var searched = 0
        while true {
            if let end = Self.endOfHead(in: buffer, from: searched) {
                guard end <= limits.headBytes else { throw Self.tooManyFields }
                let head = try RequestHead(buffer[..<end])
                buffer.removeFirst(end + 4)
                return head
            }
            guard buffer.count <= limits.headBytes else { throw Self.tooManyFields }
            searched = max(0, buffer.count - 3)
            let isFirst = buffer.isEmpty
            do {
                buffer += try await socket.read(atMost: 4096)
            } catch SocketError.disconnected {
                return nil
            }
            if isFirst { setDeadline(limits.head, false) }
        }
    }

    private static var tooManyFields: WebError {
        WebError(.fieldsTooLarge, "bad_request", "the head of the request is too long")
    }

    /// Returns the index of the empty line that ends the head.
    private static func endOfHead(in buffer: [UInt8], from start: Int) -> Int? {
        guard buffer.count >= 4 else { return nil }
        return (start...buffer.count - 4).first { index in
            buffer[index] == 13 && buffer[index + 1] == 10 && buffer[index + 2] == 13 && buffer[index + 3] == 10
        }
    }

    private func readBody(_ head: RequestHead, _ buffer: inout [UInt8]) async throws -> [UInt8] {
        let length = head.contentLength ?? 0
        setDeadline(limits.body, false)
        if length > buffer.count, head.fields["expect"]?.lowercased() == "100-continue" {
            try await socket.write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        }
        while buffer.count < length { buffer += try await socket.read(atMost: 4096) }
        let body = Array(buffer[..<length])
        buffer.removeFirst(length)
        return body
    }

    /// Sends an error and closes the connection. Reads and discards for a short time what the client still sends:
    /// otherwise the system would reset the connection before the client reads the error.
    private func reject(_ error: WebError) async {
        setDeadline(limits.rest, false)
        do {
            try await socket.write(error.response.encoded(keepsOpen: false))
            shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
            while try await !socket.read(atMost: 4096).isEmpty {}
        } catch {
            // The client has closed the connection, or the time has passed.
        }
    }
}
