import Foundation

/// A request, read within ``HTTPLimits``.
struct WebRequest: Sendable {
    let head: RequestHead
    var body: [UInt8] = []

    /// The values of a key in the query, in their order.
    func values(_ key: String) -> [String] { head.query.filter { $0.key == key }.map(\.value) }

    /// The first value of a key in the query. Nil if the key is missing or has an empty value: a form sends empty values.
    func value(_ key: String) -> String? { values(key).first.flatMap { $0.isEmpty ? nil : $0 } }
}

/// The status of a response.
enum WebStatus: Int, Sendable {
    case ok = 200
    case seeOther = 303
    case badRequest = 400
    case unauthorized = 401
    case forbidden = 403
    case notFound = 404
    case methodNotAllowed = 405
    case requestTimeout = 408
    case conflict = 409
    case lengthRequired = 411
    case contentTooLarge = 413
    case unsupportedMediaType = 415
    case fieldsTooLarge = 431
    case internalError = 500
    case unavailable = 503
    case versionNotSupported = 505

    var phrase: String {
        switch self {
        case .ok: "OK"
        case .seeOther: "See Other"
        case .badRequest: "Bad Request"
        case .unauthorized: "Unauthorized"
        case .forbidden: "Forbidden"
        case .notFound: "Not Found"
        case .methodNotAllowed: "Method Not Allowed"
        case .requestTimeout: "Request Timeout"
        case .conflict: "Conflict"
        case .lengthRequired: "Length Required"
        case .contentTooLarge: "Content Too Large"
        case .unsupportedMediaType: "Unsupported Media Type"
        case .fieldsTooLarge: "Request Header Fields Too Large"
        case .internalError: "Internal Server Error"
        case .unavailable: "Service Unavailable"
        case .versionNotSupported: "HTTP Version Not Supported"
        }
    }
}

/// A response. Every response has the same security fields; see ``encoded(keepsOpen:)``.
struct WebResponse: Sendable {
    var status: WebStatus
    var type: String
    var body: Data
    /// Further fields, such as `Location`. The values come from this program, never from a request.
    var fields: [(name: String, value: String)] = []

    init(_ status: WebStatus = .ok, type: String, _ body: Data, fields: [(name: String, value: String)] = []) {
        self.status = status
        self.type = type
        self.body = body
        self.fields = fields
    }

    static func html(_ text: String, _ status: WebStatus = .ok) -> WebResponse {
        WebResponse(status, type: "text/html; charset=utf-8", Data(text.utf8))
    }

    static func json(_ text: String, _ status: WebStatus = .ok) -> WebResponse {
        WebResponse(status, type: "application/json", Data(text.utf8))
    }

    /// The fields of every response. Scripts and styles come from this server only; no other page can contain this page,
    /// read a response or learn its address; and the browser stores nothing.
    static let securityFields = """
        Cache-Control: no-store\r
        Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; \
        connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r
        X-Content-Type-Options: nosniff\r
        Referrer-Policy: no-referrer\r
        Cross-Origin-Resource-Policy: same-origin\r
        Cross-Origin-Opener-Policy: same-origin\r
        X-Frame-Options: DENY\r

        """

    /// Returns the bytes to send.
    func encoded(keepsOpen: Bool) -> Data {
        var head = "HTTP/1.1 \(status.rawValue) \(status.phrase)\r\n"
        head += "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n"
        head += "Connection: \(keepsOpen ? "keep-alive" : "close")\r\n"
        for field in fields { head += "\(field.name): \(field.value)\r\n" }
        head += Self.securityFields + "\r\n"
        return Data(head.utf8) + body
    }
}

/// A request that is answered with an error.
struct WebError: Error, Sendable {
    let status: WebStatus
    /// A word for programs: `bad_request`, `conflict`.
    let code: String
    let message: String
    /// What the user can do.
    let next: String?
    /// Seconds after which the request may succeed.
    var retryAfter: Int?
    /// Whether a person opens the address, so that the response is a page and not JSON.
    var isPage = false

    init(_ status: WebStatus, _ code: String, _ message: String, next: String? = nil, retryAfter: Int? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.next = next
        self.retryAfter = retryAfter
    }

    static func badRequest(_ message: String) -> WebError { WebError(.badRequest, "bad_request", message) }

    static let notFound = WebError(.notFound, "not_found", "there is nothing at this address")

    /// The object in the body of every error.
    struct Details: Encodable {
        let code: String
        let message: String
        let next: String?
    }

    private struct Body: Encodable { let error: Details }

    var response: WebResponse {
        var response =
            isPage
            ? .html(ReviewPages.error(self), status)
            : WebResponse(status, type: "application/json", Self.data(code, message, next))
        if let retryAfter { response.fields.append(("Retry-After", "\(retryAfter)")) }
        return response
    }

    private static func data(_ code: String, _ message: String, _ next: String?) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(Body(error: Details(code: code, message: message, next: next)))
        } catch {
            return Data(#"{"error":{"code":"internal","message":"the error could not be written"}}"#.utf8)
        }
    }
}
