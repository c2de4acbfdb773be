import Core
import Synchronization

/// 256 random bits as text that only its owner knows.
struct Secret: Sendable {
    /// 64 hex digits.
    let text: String

    /// Creates a secret from the random source of the system.
    init() {
        var generator = SystemRandomNumberGenerator()
        text = (0..<4).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Compares in a time that does not depend on the position of the first difference.
    func matches(_ other: String) -> Bool {
        let own = Array(text.utf8)
        let other = Array(other.utf8)
        guard own.count == other.count else { return false }
        return zip(own, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// Who may use the page: the browser that opened the printed address.
///
/// The address contains a token that can be used once. The browser gets a cookie for it. Other users of the machine can
/// connect to the port, but know neither. Pages of other sites in the same browser cannot use the cookie: the browser does
/// not send it for them (`SameSite=Strict`), and their requests are recognized by `Origin` and `Sec-Fetch-Site`. A name of
/// another site that resolves to 127.0.0.1 is recognized by `Host`.
final class AccessControl: Sendable {
    /// Addresses that accept the token.
    static let loginPaths: Set = ["/", "/open"]

    private let hosts: Set<String>
    /// The name contains the port: a browser sends the cookies of 127.0.0.1 to all ports.
    private let cookieName: String
    private let session = Secret()
    /// Nil after it was used.
    private let token = Mutex<Secret?>(Secret())

    init(port: Int) {
        hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
        cookieName = "curare-review-\(port)"
    }

    /// The token for the address that is printed; nil after it was used.
    var unusedToken: String? { token.withLock { $0?.text } }

    /// Returns why a request is rejected; nil if it is accepted.
    func rejection(of head: RequestHead) -> WebError? {
        guard let host = head.fields["host"]?.lowercased(), hosts.contains(host) else {
            return Self.forbidden("the page has the address 127.0.0.1 or localhost only")
        }
        guard ["GET", "POST"].contains(head.method) else {
            return WebError(.methodNotAllowed, "method", "the method \(head.method.prefix(20)) is not supported")
        }
        let isPost = head.method == "POST"
        if isPost || head.fields["origin"] != nil, head.fields["origin"]?.lowercased() != "http://\(host)" {
            return Self.forbidden("the request comes from another site")
        }
        // A link on another site may open the page. Nothing else of another site may reach it.
        if let site = head.fields["sec-fetch-site"], !["same-origin", "none"].contains(site),
            isPost || head.fields["sec-fetch-mode"] != "navigate"
        {
            return Self.forbidden("the request comes from another site")
        }
        guard isLogin(head) || hasSession(head) else {
            return WebError(
                .unauthorized, "unauthorized", "this browser has not opened the page with its address",
                next: "open the address that curare review printed; it can be used once. Start curare review again for "
                    + "another browser")
        }
        guard isPost else {
            return head.contentLength ?? 0 == 0 ? nil : .badRequest("a GET request has no body")
        }
        return Self.bodyProblem(head)
    }

    private static func bodyProblem(_ head: RequestHead) -> WebError? {
        let type = head.fields["content-type", default: ""].lowercased().split(separator: ";").first ?? ""
        guard type.filter({ $0 != " " }) == "application/json" else {
            return WebError(.unsupportedMediaType, "media_type", "the body must be application/json")
        }
        guard head.contentLength != nil else {
            return WebError(.lengthRequired, "bad_request", "a body needs a Content-Length")
        }
        return nil
    }

    private static func forbidden(_ message: String) -> WebError { WebError(.forbidden, "forbidden", message) }

    /// Whether a request brings a token.
    func isLogin(_ head: RequestHead) -> Bool {
        head.method == "GET" && Self.loginPaths.contains(head.path) && head.query.contains { $0.key == "token" }
    }

    private func hasSession(_ head: RequestHead) -> Bool {
        let cookies = head.fields["cookie", default: ""].split(separator: ";").map { $0.drop { $0 == " " } }
        return cookies.contains { cookie in
            guard cookie.hasPrefix("\(cookieName)=") else { return false }
            return session.matches(String(cookie.dropFirst(cookieName.count + 1)))
        }
    }

    /// Exchanges the token for a cookie. A browser that has the cookie already, for example because the address is in its
    /// history, keeps the cookie.
    ///
    /// - Returns: the value of `Set-Cookie`; nil if the browser has the cookie already.
    /// - Throws: ``WebError`` (401) if the token is wrong or was used before.
    func login(_ request: WebRequest) throws(WebError) -> String? {
        if hasSession(request.head) { return nil }
        let given = request.values("token")
        let isValid = token.withLock { token in
            guard given.count == 1, token?.matches(given[0]) == true else { return false }
            token = nil
            return true
        }
        guard isValid else {
            throw WebError(
                .unauthorized, "unauthorized", "the token is wrong, or was used before",
                next: "start curare review again")
        }
        return "\(cookieName)=\(session.text); Path=/; HttpOnly; SameSite=Strict"
    }
}
