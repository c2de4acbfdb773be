import Foundation
import Testing
import WorkflowTestSupport

@testable import Review

/// Clients that send too much, too slowly, or what no browser sends. The server lives after each of them.
@Suite struct LimitTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    private func lives(_ review: TestReview) async throws -> Bool {
        try await review.get("/api/state").json["photos"] as? Int == SmallStudy.count
    }

    @Test(
        "Tricks in the path are rejected",
        arguments: [
            "/../catalog", "/static/../index.html", "/static/%2e%2e/index.html", "/static/..%2findex.html",
            "/static/%2e%2e%2findex.html", "/static//review.js", "//evil.example/", "/./", "/static/.lock", "/a\\b",
            "/a%00b",
            "/a%5cb", "/photo/%2f", "http://127.0.0.1/", "*", "/a;b", "/a#b", "/?q=%00", "/?q=%ff", "/?q=%4", "/é",
        ])
    func paths(_ target: String) async throws {
        let review = try await TestReview(study)
        let response = try await review.get(target)
        #expect(response.status == 400 && response.errorCode == "bad_request", "\(response.status)")
        #expect(try await lives(review))
    }

    @Test(
        "Names of files that do not exist are not found",
        arguments: ["/static/index.html", "/static/x.js", "/x", "/api/x"])
    func unknownPaths(_ target: String) async throws {
        let review = try await TestReview(study)
        #expect(try await review.get(target).status == 404)
    }

    @Test(
        "Malformed heads are rejected",
        arguments: [
            "GET /\r\n\r\n", "GET / HTTP/1.1\r\nHost\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n",
            "get / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nA b: x\r\n\r\n", "GET / HTTP/1.1\r\n a: x\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nX: a\u{0}b\r\n\r\n", "GET / HTTP/1.1\r\nX: a\rb\r\n\r\n",
            "GET / HTTP/1.1\nX: a\n\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", "\r\n\r\n",
        ])
    func heads(_ text: String) async throws {
        let review = try await TestReview(study)
        #expect(try await review.exchange(Data(text.utf8)).status == 400)
        #expect(try await lives(review))
    }

    @Test("Long heads and many fields are rejected")
    func longHeads() async throws {
        let review = try await TestReview(study)
        let long = "GET /?text=\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\n\r\n"
        #expect(try await review.exchange(Data(long.utf8)).status == 431)
        let many = "GET / HTTP/1.1\r\n\(String(repeating: "X: y\r\n", count: 200))\r\n"
        #expect(try await review.exchange(Data(many.utf8)).status == 431)
        // A head that never ends.
        #expect(try await review.exchange(Data(repeating: UInt8(ascii: "a"), count: 3 << 20)).status == 431)
        #expect(try await lives(review))
    }

    @Test("A body of 10 MB is rejected before it is read, and a body of 1 MB is read")
    func largeBody() async throws {
        let review = try await TestReview(study)
        let fields = [
            "Host": review.host, "Cookie": try await review.openedCookie(), "Origin": "http://\(review.host)",
            "Content-Type": "application/json",
        ]
        let large = Data(repeating: UInt8(ascii: " "), count: 10 << 20)
        let response = try await review.request("POST /api/labels", fields, large)
        #expect(response.status == 413 && response.errorCode == "too_large")
        // The server reads the body and finds that it is not JSON.
        #expect(try await review.request("POST /api/labels", fields, large.prefix(1 << 20)).status == 400)
        #expect(try await lives(review))
    }

    @Test("A client that sends its head or its body byte by byte is disconnected")
    func slowClients() async throws {
        var limits = TestReview.patience
        limits.head = .milliseconds(500)
        limits.body = .milliseconds(500)
        let review = try await TestReview(study, limits: limits)
        let port = review.server.port
        let head = try await review.onThread {
            let connection = try RawConnection(port: port)
            connection.send("GET / HTTP/1.1\r\nHost: ".utf8)
            return connection.receive()
        }
        // 0: the time was over before the server has read a byte.
        #expect([408, 0].contains(head.status))
        let silent = try await review.onThread { try RawConnection(port: port).receive() }
        #expect(silent.status == 0, "a client that sends nothing gets nothing")
    }

    @Test("A body that does not arrive ends the connection")
    func slowBody() async throws {
        var limits = TestReview.patience
        limits.body = .milliseconds(500)
        let review = try await TestReview(study, limits: limits)
        let cookie = try await review.openedCookie()
        let (port, host) = (review.server.port, review.host)
        let response = try await review.onThread {
            let connection = try RawConnection(port: port)
            connection.send(
                """
                POST /api/labels HTTP/1.1\r\nHost: \(host)\r\nCookie: \(cookie)\r\nOrigin: http://\(host)\r\n\
                Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"changes":
                """.utf8)
            return connection.receive()
        }
        #expect(response.status == 0 || response.status == 408)
        #expect(try await lives(review))
    }

    @Test("Of 1,000 connections at once, each is served or rejected, and the server lives")
    func manyConnections() async throws {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, 8192)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        try #require(limit.rlim_cur >= 2500)
        let review = try await TestReview(study)
        let cookie = try await review.openedCookie()
        let (port, host) = (review.server.port, review.host)
        let statuses = try await review.onThread {
            let connections = try (0..<1000).map { _ in try RawConnection(port: port) }
            let request = "GET /api/state HTTP/1.1\r\nHost: \(host)\r\nCookie: \(cookie)\r\nConnection: close\r\n\r\n"
            for connection in connections { connection.send(request.utf8) }
            return connections.map { $0.receive().status }
        }
        // 0: the connection was closed while the client still sent.
        #expect(Set(statuses).isSubset(of: [200, 503, 0]), "\(Set(statuses))")
        #expect(statuses.count { $0 == 200 } > 0)
        #expect(try await lives(review))
    }

    @Test("A full table closes the connection that has waited longest for a next request")
    func idleConnections() async throws {
        var limits = TestReview.patience
        limits.connections = 4
        let review = try await TestReview(study, limits: limits)
        let cookie = try await review.openedCookie()
        let (port, host) = (review.server.port, review.host)
        let statuses = try await review.onThread {
            let request = "GET /api/state HTTP/1.1\r\nHost: \(host)\r\nCookie: \(cookie)\r\n\r\n"
            var open: [RawConnection] = []
            return try (0..<12).map { _ in
                let connection = try RawConnection(port: port)
                connection.send(request.utf8)
                open.append(connection)
                return connection.receive().status
            }
        }
        // A rejection is possible while the earlier responses are still being sent.
        #expect(Set(statuses).isSubset(of: [200, 503]))
        #expect(statuses.prefix(4) == [200, 200, 200, 200])
        let table = ConnectionTable(limit: 2)
        #expect(table.open() == 1 && table.open() == 2 && table.open() == nil)
        table.setDeadline(nil, of: 2, isIdle: true)
        #expect(table.open() == 3 && table.open() == nil)
    }

    @Test("Several requests on one connection are answered in order")
    func persistence() async throws {
        let review = try await TestReview(study)
        let cookie = try await review.openedCookie()
        let (port, host) = (review.server.port, review.host)
        let statuses = try await review.onThread {
            let connection = try RawConnection(port: port)
            return ["/api/state", "/none", "/"].map { path in
                connection.send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\nCookie: \(cookie)\r\n\r\n".utf8)
                return connection.receive().status
            }
        }
        #expect(statuses == [200, 404, 200])
    }
}
