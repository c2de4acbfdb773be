import Foundation
import Synchronization
import WorkflowTestSupport
import Workflows

@testable import Review

/// A response as it arrived.
struct RawResponse: Sendable {
    /// 0 if the connection was closed without a response.
    var status = 0
    /// By names in lower case. Of several fields with one name, the last.
    var fields: [String: String] = [:]
    var body = Data()

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object; empty if it is none.
    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }

    var errorCode: String? { (json["error"] as? [String: Any])?["code"] as? String }
}

/// A TCP connection on the loopback address. The functions block.
final class RawConnection: Sendable {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw FixtureError("no socket: \(errno)") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        // Other tests can delay the server.
        var wait = timeval(tv_sec: 240, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw FixtureError("no connection: \(errno)") }
    }

    deinit { close(descriptor) }

    /// Sends bytes. A server that has closed the connection is no error.
    func send(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            done += count
        }
    }

    func receive() -> RawResponse {
        var received: [UInt8] = []
        var response = RawResponse()
        var length: Int?
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while length.map({ received.count < $0 }) ?? true {
            let count = recv(descriptor, &part, part.count, 0)
            guard count > 0 else { break }
            received += part[..<count]
            guard length == nil, let end = Data(received).range(of: Data("\r\n\r\n".utf8)) else { continue }
            let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
            response.status = lines.first.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
            for line in lines.dropFirst() {
                let sides = line.split(separator: ":", maxSplits: 1)
                response.fields[sides[0].lowercased()] = sides[1].trimmingCharacters(in: .whitespaces)
            }
            received.removeFirst(end.upperBound)
            length = response.fields["content-length"].flatMap { Int($0) } ?? 0
        }
        response.body = Data(received)
        return response
    }
}

/// A server of the review page for one test, and a browser that has opened the page.
final class TestReview: Sendable {
    let study: ReviewStudy
    let server: ReviewServer
    /// Threads for the blocking client: a blocked test must not stop the tasks of the server.
    private let clients = ThreadQueue(threads: 4)
    private let cookie = Mutex<String?>(nil)

    init(_ workspace: WorkspaceFixture, author: String? = "Ada L.", limits: HTTPLimits = TestReview.patience)
        async throws
    {
        study = try ReviewStudy(Self.context(workspace), author: author)
        server = try ReviewServer(study, threads: 2, limits: limits)
        try await server.start()
    }

    deinit {
        server.stop()
        clients.stop()
    }

    /// Limits for a machine that runs many tests at once.
    static var patience: HTTPLimits {
        var limits = HTTPLimits()
        limits.head = .seconds(200)
        limits.body = .seconds(200)
        limits.idle = .seconds(200)
        limits.response = .seconds(200)
        limits.rest = .seconds(200)
        return limits
    }

    static func context(_ workspace: WorkspaceFixture) -> WorkflowContext {
        WorkflowContext(
            WorkspaceLocation(explicit: workspace.folder.path, environment: [:], currentFolder: workspace.folder),
            threads: 1, now: { Date(timeIntervalSince1970: 1_780_000_000) })
    }

    var host: String { "127.0.0.1:\(server.port)" }
    var token: String { String(server.address.split(separator: "=").last ?? "") }

    /// Sends bytes on a new connection, and returns the response.
    func exchange(_ bytes: Data) async throws -> RawResponse {
        let port = server.port
        return try await clients.run {
            Result {
                let connection = try RawConnection(port: port)
                connection.send(bytes)
                return connection.receive()
            }
        }.get()
    }

    /// Runs blocking work on a thread that is none of the server's.
    func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await clients.run { Result { try body() } }.get()
    }

    /// Sends a request with these fields only, and a body if there is one.
    func request(_ line: String, _ fields: [String: String], _ body: Data? = nil) async throws -> RawResponse {
        var head = "\(line) HTTP/1.1\r\n"
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        return try await exchange(Data((head + "Connection: close\r\n\r\n").utf8) + (body ?? Data()))
    }

    /// Opens the page with the token once, and returns the cookie.
    func openedCookie() async throws -> String {
        if let cookie = cookie.withLock({ $0 }) { return cookie }
        let response = try await request("GET /?token=\(token)", ["Host": host])
        guard response.status == 303, let set = response.fields["set-cookie"] else {
            throw FixtureError("the token was not accepted: \(response.status) \(response.text)")
        }
        let value = String(set.split(separator: ";")[0])
        cookie.withLock { $0 = value }
        return value
    }

    func get(_ target: String) async throws -> RawResponse {
        try await request("GET \(target)", ["Host": host, "Cookie": openedCookie()])
    }

    func post(_ target: String, _ body: Any) async throws -> RawResponse {
        let data = try JSONSerialization.data(withJSONObject: body)
        return try await request(
            "POST \(target)",
            [
                "Host": host, "Cookie": openedCookie(), "Origin": "http://\(host)", "Content-Type": "application/json",
            ], data)
    }

    /// The photos of a query, as the API returns them.
    func photos(_ query: String) async throws -> [[String: Any]] {
        let response = try await get("/api/photos?\(query)")
        guard response.status == 200, let photos = response.json["photos"] as? [[String: Any]] else {
            throw FixtureError("no photos: \(response.status) \(response.text)")
        }
        return photos
    }

    /// The photo with this file name.
    func photo(_ name: String) async throws -> [String: Any] {
        guard let photo = try await photos("limit=500").first(where: { $0["name"] as? String == name }) else {
            throw FixtureError("there is no photo \(name)")
        }
        return photo
    }

    /// The change of a photo for `/api/labels`.
    static func change(_ photo: [String: Any], _ set: [String: String]) -> [String: Any] {
        ["id": photo["id"] ?? "", "version": photo["version"] ?? "", "set": set]
    }
}
