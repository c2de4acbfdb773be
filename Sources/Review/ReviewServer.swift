import Core
import Foundation
import Synchronization
import Workflows

/// The local web application for the review of photos.
///
/// Only programs on the same machine can connect. Only the browser that opens ``address`` first can use the page.
public final class ReviewServer: Sendable {
    /// The address of the page with the token that can be used once. Anyone who reads it can open the page.
    public let address: String
    public let port: Int
    /// The address for a browser that another program starts. It has the token of ``address``.
    public var openingAddress: String { address.replacing("/?token=", with: "/open?token=") }

    /// What `curare review --json` prints. Its encoding is the contract of the command.
    public struct Address: Encodable {
        public let address: String
        public let port: Int
    }

    public var result: Address { Address(address: address, port: port) }

    private let server: LoopbackServer
    private let routes: ReviewRoutes

    /// Opens the port; see ``start()``.
    ///
    /// - Parameters:
    ///   - port: 0 for a free port.
    ///   - threads: the number of threads that decode photos, at most.
    /// - Throws: ``CurareError`` (74) if the port cannot be opened.
    public convenience init(_ study: ReviewStudy, port: Int = 0, threads: Int) throws {
        try self.init(study, port: port, threads: threads, limits: HTTPLimits())
    }

    init(_ study: ReviewStudy, port: Int = 0, threads: Int, limits: HTTPLimits) throws {
        server = try LoopbackServer(port: port, limits: limits)
        self.port = server.port
        let access = AccessControl(port: server.port)
        address = "http://127.0.0.1:\(server.port)/?token=\(access.unusedToken ?? "")"
        routes = ReviewRoutes(
            study: study, access: access, requests: ThreadQueue(threads: 3),
            pictures: ThreadQueue(threads: max(1, min(threads, Self.maximumPictureThreads))))
    }

    /// A large photo needs up to a gigabyte while it is decoded.
    private static let maximumPictureThreads = 4

    /// Serves requests until ``stop()``.
    public func start() async throws {
        try await server.start(routes)
    }

    /// Serves requests until the process ends.
    ///
    /// - Throws: ``CurareError`` (74) if the server cannot start.
    public func run() throws {
        let started = DispatchSemaphore(value: 0)
        let failure = Mutex<(any Error)?>(nil)
        Task.detached {
            do { try await self.start() } catch { failure.withLock { $0 = error } }
            started.signal()
        }
        started.wait()
        if let error = failure.withLock({ $0 }) {
            throw CurareError(
                .inputOutput, "the server could not start: \(error.localizedDescription)", at: "127.0.0.1:\(port)",
                next: "run the command again")
        }
        while true { sleep(1_000_000) }
    }

    public func stop() {
        server.stop()
        routes.requests.stop()
        routes.pictures.stop()
    }
}
