import Core
import FlyingSocks
import Foundation
import Synchronization

/// An HTTP/1.1 server on 127.0.0.1. Other machines cannot connect to it.
///
/// The sockets are those of FlyingSocks. The reader of requests is ``Connection``, because the server of FlyingFox reads
/// the head of a request without a limit of bytes and time.
final class LoopbackServer: Sendable {
    /// The port that the system chose, or the requested one.
    let port: Int

    private let listener: Socket
    private let limits: HTTPLimits
    private let connections: ConnectionTable
    private let isStopped = Atomic(false)
    private let tasks = Mutex<[Task<Void, Never>]>([])

    /// Opens the port.
    ///
    /// - Parameter port: 0 for a port that the system chooses.
    /// - Throws: ``CurareError`` (74) if the port cannot be opened.
    init(port: Int, limits: HTTPLimits = HTTPLimits()) throws {
        self.limits = limits
        connections = ConnectionTable(limit: limits.connections)
        // A client that closes its connection must not end the program.
        signal(SIGPIPE, SIG_IGN)
        do {
            listener = try Socket(domain: AF_INET, type: .stream)
            closeOnExec(listener)
            try listener.setValue(true, for: .localAddressReuse)
            try listener.bind(to: sockaddr_in.inet(ip4: "127.0.0.1", port: UInt16(port)))
            try listener.listen()
            guard case .ip4(_, let port) = try listener.sockname() else { throw SocketError.unsupportedAddress }
            self.port = Int(port)
        } catch {
            throw CurareError(
                .inputOutput, "the port \(port) cannot be opened: \(error.localizedDescription)",
                at: "127.0.0.1:\(port)", next: "choose another port with --port, or leave out --port for a free one")
        }
    }

    /// Serves connections until ``stop()``.
    func start(_ handler: some RequestHandler) async throws {
        let pool = SocketPool<ePoll>.ePoll(maxEvents: 64)
        try await pool.prepare()
        let socket = try AsyncSocket(socket: listener, pool: pool)
        let started = [
            Task { _ = try? await pool.run() },
            Task { await self.acceptConnections(socket, handler) },
            Task { await self.enforceDeadlines() },
        ]
        tasks.withLock { $0 = started }
    }

    /// Closes the port and all connections.
    func stop() {
        guard !isStopped.exchange(true, ordering: .sequentiallyConsistent) else { return }
        connections.cancelAll()
        tasks.withLock { $0.forEach { $0.cancel() } }
        try? listener.close()
    }

    private func acceptConnections(_ listener: AsyncSocket, _ handler: some RequestHandler) async {
        while !Task.isCancelled {
            do {
                let client = try await listener.accept()
                closeOnExec(client.socket)
                serve(client, handler)
            } catch is CancellationError {
                return
            } catch {
                // The process has no free file descriptor, or the client has closed the connection already.
                try? await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    private func serve(_ client: AsyncSocket, _ handler: some RequestHandler) {
        guard let number = connections.open() else {
            let error = WebError(.unavailable, "unavailable", "too many connections are open", retryAfter: 1)
            _ = try? client.socket.write(error.response.encoded(keepsOpen: false))
            try? client.close()
            return
        }
        let task = Task { [connections, limits] in
            await Connection(socket: client, limits: limits, handler: handler) { limit, isIdle in
                connections.setDeadline(limit.map { .now + $0 }, of: number, isIdle: isIdle)
            }.run()
            try? client.close()
            connections.close(number)
        }
        connections.set(task, of: number)
    }

    private func enforceDeadlines() async {
        while !Task.isCancelled {
            connections.cancelExpired(.now)
            try? await Task.sleep(for: .milliseconds(200))
        }
    }
}

/// Keeps the programs that this one starts, such as the decoder of rare formats, from inheriting a socket.
private func closeOnExec(_ socket: Socket) {
    _ = fcntl(socket.file.rawValue, F_SETFD, FD_CLOEXEC)
}

/// The open connections and their deadlines.
final class ConnectionTable: Sendable {
    private struct Entry {
        var task: Task<Void, Never>?
        var deadline: ContinuousClock.Instant?
        /// When the connection began to wait for a next request; nil during a request.
        var idleSince: ContinuousClock.Instant?
        var isCancelled = false
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var next = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// Adds a connection, and returns its number. If the table is full, the connection that has waited longest for a next
    /// request is closed. Returns nil if all connections are in a request.
    func open() -> Int? {
        state.withLock { state in
            if state.entries.count >= limit {
                let idle = state.entries.filter { $0.value.idleSince != nil }
                guard let oldest = idle.min(by: { $0.value.idleSince! < $1.value.idleSince! }) else { return nil }
                oldest.value.task?.cancel()
                state.entries[oldest.key] = nil
            }
            state.next += 1
            state.entries[state.next] = Entry()
            return state.next
        }
    }

    func set(_ task: Task<Void, Never>, of number: Int) {
        state.withLock { state in
            // The connection can have ended already, or a newer one can have replaced it.
            guard let entry = state.entries[number], !entry.isCancelled else { return task.cancel() }
            state.entries[number]?.task = task
        }
    }

    func setDeadline(_ deadline: ContinuousClock.Instant?, of number: Int, isIdle: Bool) {
        state.withLock { state in
            state.entries[number]?.deadline = deadline
            state.entries[number]?.idleSince = isIdle ? .now : nil
        }
    }

    func close(_ number: Int) {
        state.withLock { $0.entries[number] = nil }
    }

    /// Cancels the connections whose deadline has passed.
    func cancelExpired(_ now: ContinuousClock.Instant) {
        cancel { $0.deadline.map { $0 < now } ?? false }
    }

    func cancelAll() {
        cancel { _ in true }
    }

    private func cancel(_ matches: (Entry) -> Bool) {
        state.withLock { state in
            for (number, entry) in state.entries where !entry.isCancelled && matches(entry) {
                state.entries[number]?.isCancelled = true
                entry.task?.cancel()
            }
        }
    }
}
