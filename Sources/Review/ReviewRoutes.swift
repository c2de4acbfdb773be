import Core
import Foundation
import Intake
import Workflows

/// The addresses of the page and of its API; see docs/review-api.md.
struct ReviewRoutes: RequestHandler {
    let study: ReviewStudy
    let access: AccessControl
    /// Threads for everything but pictures: a page that loads many pictures does not delay a label.
    let requests: ThreadQueue
    let pictures: ThreadQueue

    func rejection(of head: RequestHead) -> WebError? {
        guard var error = access.rejection(of: head) else { return nil }
        error.isPage = Self.wantsPage(head)
        return error
    }

    func response(to request: WebRequest) async -> WebResponse {
        let queue = request.head.path.hasPrefix("/image/") ? pictures : requests
        return await queue.run {
            do {
                return try route(request)
            } catch let conflict as ReviewConflict {
                return Self.response(to: conflict)
            } catch {
                var error = WebError(error)
                error.isPage = Self.wantsPage(request.head)
                return error.response
            }
        }
    }

    /// Whether a person opens an address, so that an error is a page and not JSON.
    private static func wantsPage(_ head: RequestHead) -> Bool {
        head.method == "GET" && !head.path.hasPrefix("/api/")
            && head.fields["accept", default: ""].lowercased().contains("text/html")
    }

    private func route(_ request: WebRequest) throws -> WebResponse {
        let head = request.head
        if access.isLogin(head) { return try login(request) }
        let parts = head.path.split(separator: "/").map(String.init)
        return head.method == "GET" ? try get(parts, request) : try post(parts, request)
    }

    private func login(_ request: WebRequest) throws -> WebResponse {
        let cookie = try access.login(request).map { [(name: "Set-Cookie", value: $0)] } ?? []
        if request.head.path == "/open" {
            var response = WebResponse.html(ReviewPages.opening)
            response.fields = cookie
            return response
        }
        return WebResponse(
            .seeOther, type: "text/plain", Data(), fields: [(name: "Location", value: "/")] + cookie)
    }

    private func get(_ parts: [String], _ request: WebRequest) throws -> WebResponse {
        switch parts.count {
        case 0: return .html(try ReviewPages(study).list(query(request, limit: ReviewPages.length)))
        case 2:
            switch (parts[0], parts[1]) {
            case ("photo", let id): return .html(try ReviewPages(study).photo(id))
            case ("static", let name): return try StaticFiles.response(name)
            case ("image", let id): return try picture(id, request)
            case ("api", "state"): return try json(study.overview())
            case ("api", "photos"): return try json(study.photos(query(request, limit: nil)))
            case ("api", "findings"): return try json(study.findings())
            case ("api", "disagreements"): return try json(study.disagreements())
            default: break
            }
        case 3 where parts[0] == "api" && parts[1] == "photos": return try json(study.history(parts[2]))
        case 4 where parts[0] == "api" && parts[1] == "photos" && parts[3] == "people":
            return try json(study.people(parts[2]))
        default: break
        }
        throw Self.posts.contains(parts) ? Self.wrongMethod : WebError.notFound
    }

    private static let posts = [
        ["api", "labels"], ["api", "boxes"], ["api", "findings", "accept"], ["api", "findings", "reopen"],
    ]
    private static let wrongMethod = WebError(.methodNotAllowed, "method", "this address has another method")

    private func post(_ parts: [String], _ request: WebRequest) throws -> WebResponse {
        switch parts {
        case ["api", "labels"]:
            return try json(Photos(photos: study.store(RequestBodies.labels(request.body))))
        case ["api", "boxes"]:
            guard let photo = try study.store([RequestBodies.box(request.body)]).first else { throw WebError.notFound }
            return try json(Photo(photo: photo))
        case ["api", "findings", "accept"]:
            let body = try RequestBodies.acceptance(request.body)
            return try json(Finding(finding: study.accept(check: body.check, key: body.key, reason: body.reason)))
        case ["api", "findings", "reopen"]:
            let body = try RequestBodies.finding(request.body)
            return try json(Finding(finding: study.reopen(check: body.check, key: body.key)))
        default: throw WebError.notFound
        }
    }

    private func picture(_ id: String, _ request: WebRequest) throws -> WebResponse {
        guard let side = request.value("size").flatMap({ Int($0) }), ReviewStudy.pictureSides.contains(side) else {
            let sides = ReviewStudy.pictureSides.map(String.init).joined(separator: ", ")
            throw WebError.badRequest("size must be one of \(sides)")
        }
        return WebResponse(type: "image/jpeg", Data(try study.picture(id, side: side)))
    }

    /// - Parameter limit: the number of photos; nil takes the number of the request.
    private func query(_ request: WebRequest, limit: Int?) throws -> ReviewQuery {
        var query = ReviewQuery()
        query.session = request.value("session")
        query.volunteer = request.value("volunteer")
        query.trigger = request.value("trigger")
        query.location = request.value("location")
        query.finding = request.value("finding")
        query.text = request.value("text")
        query.leastSureFirst = request.value("unsure") == "1"
        query.offset = try number("offset", request, 0...Int(Int32.max)) ?? 0
        query.limit = try limit ?? number("limit", request, 1...ReviewQuery.maximumLimit) ?? query.limit
        return query
    }

    private func number(_ key: String, _ request: WebRequest, _ range: ClosedRange<Int>) throws -> Int? {
        guard let text = request.value(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw WebError.badRequest("\(key) must be a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    // MARK: - JSON

    private struct Photos: Encodable { let photos: [ReviewPhoto] }
    private struct Photo: Encodable { let photo: ReviewPhoto }
    private struct Finding: Encodable { let finding: ReviewFindings.ReviewFinding }
    private struct Conflict: Encodable {
        let error: WebError.Details
        let conflicts: [ReviewPhoto]
    }

    private static func response(to conflict: ReviewConflict) -> WebResponse {
        let details = WebError.Details(
            code: "conflict", message: "somebody else has changed a photo since this page read it",
            next: "choose a value for the photo again; nothing was changed")
        do {
            return try json(Conflict(error: details, conflicts: conflict.photos), .conflict)
        } catch {
            return WebError(error).response
        }
    }

    private func json(_ value: some Encodable) throws -> WebResponse { try Self.json(value, .ok) }

    private static func json(_ value: some Encodable, _ status: WebStatus) throws -> WebResponse {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return WebResponse(status, type: "application/json", try encoder.encode(value))
    }
}

extension WebError {
    /// The seconds after which a change may succeed while another process holds the workspace.
    private static let busySeconds = 2

    /// Creates the error of a request from an error of the study. Paths of files are left out.
    init(_ error: any Error) {
        if let error = error as? WebError {
            self = error
            return
        }
        guard let error = error as? any ReportableError else {
            self.init(.internalError, "internal", "unexpected error: \(error)", next: "please report this")
            return
        }
        let message = error.message.printable()
        let next = error.nextStep?.printable()
        switch error.exitCode {
        case .usage, .badInput: self.init(.badRequest, "bad_request", message, next: next)
        case .missingInput: self.init(.notFound, "not_found", message, next: next)
        case .busy: self.init(.unavailable, "busy", message, next: next, retryAfter: Self.busySeconds)
        case .inputOutput: self.init(.unavailable, "unavailable", message, next: next)
        case .bug: self.init(.internalError, "internal", message, next: next)
        }
    }
}
