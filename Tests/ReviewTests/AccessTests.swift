import Foundation
import Testing
import WorkflowTestSupport

@testable import Review

/// Who can use the page: nobody without the token, and no page of another site.
@Suite struct AccessTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    @Test("A name of another site that resolves to 127.0.0.1 is rejected (DNS rebinding)")
    func rebinding() async throws {
        let review = try await TestReview(study)
        let cookie = try await review.openedCookie()
        let port = review.server.port
        for host in [
            "evil.example:\(port)", "127.0.0.1:\(port + 1)", "127.0.0.1", "127.0.0.1.evil.example:\(port)", "",
        ] {
            let response = try await review.request("GET /api/state", ["Host": host, "Cookie": cookie])
            #expect(response.status == 403 && response.errorCode == "forbidden", "\(host)")
        }
        #expect(try await review.request("GET /api/state", ["Cookie": cookie]).status == 403)
        for host in ["127.0.0.1:\(port)", "localhost:\(port)", "LOCALHOST:\(port)"] {
            #expect(try await review.request("GET /api/state", ["Host": host, "Cookie": cookie]).status == 200)
        }
    }

    @Test("A request of another site is rejected")
    func foreignOrigin() async throws {
        let review = try await TestReview(study)
        let own = ["Host": review.host, "Cookie": try await review.openedCookie(), "Content-Type": "application/json"]
        let body = Data("{}".utf8)
        let port = review.server.port
        for origin in ["http://evil.example", "null", "https://127.0.0.1:\(port)", "http://localhost:\(port)", ""] {
            let fields = own.merging(["Origin": origin]) { $1 }
            #expect(try await review.request("POST /api/labels", fields, body).status == 403, "\(origin)")
            #expect(try await review.request("GET /api/state", fields).status == 403, "\(origin)")
        }
        #expect(try await review.request("POST /api/labels", own, body).status == 403, "a POST needs an Origin")
        for site in ["cross-site", "same-site"] {
            let fields = own.merging(["Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"]) { $1 }
            #expect(try await review.request("GET /api/state", fields).status == 403)
            let link = own.merging(["Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"]) { $1 }
            #expect(try await review.request("GET /", link).status == 200, "a link may open the page")
        }
    }

    @Test("Without the cookie there are no data, and the token can be used once")
    func tokens() async throws {
        let review = try await TestReview(study)
        let host = ["Host": review.host]
        for target in ["/", "/api/state", "/api/photos", "/static/review.js", "/photo/x", "/image/x?size=160", "/none"]
        {
            let response = try await review.request("GET \(target)", host)
            #expect(response.status == 401 && response.errorCode == "unauthorized", "\(target)")
        }
        let wrong = String(repeating: "0", count: 64)
        for query in ["token=", "token=\(wrong)", "token=\(review.token.dropLast())", "token=\(review.token)&token=x"] {
            #expect(try await review.request("GET /?\(query)", host).status == 401, "a wrong token does not use it up")
        }
        let token = review.token
        let login = try await review.request("GET /?token=\(token)", host)
        #expect(login.status == 303 && login.fields["location"] == "/")
        let cookie = try #require(login.fields["set-cookie"])
        #expect(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict") && cookie.contains("; Path=/"))
        #expect(!cookie.contains(token))
        #expect(try await review.request("GET /?token=\(token)", host).status == 401, "the token was used")
        #expect(try await review.request("GET /open?token=\(token)", host).status == 401)
        let value = String(cookie.split(separator: ";")[0])
        #expect(try await review.request("GET /", host.merging(["Cookie": "a=b; \(value)"]) { $1 }).status == 200)
        // The address can be in the history of the browser.
        let again = try await review.request("GET /?token=\(token)", host.merging(["Cookie": value]) { $1 })
        #expect(again.status == 303 && again.fields["set-cookie"] == nil)
        let old = "curare-review-\(review.server.port)=\(wrong)"
        #expect(try await review.request("GET /", host.merging(["Cookie": old]) { $1 }).status == 401)
        let page = try await review.request("GET /", host.merging(["Accept": "text/html"]) { $1 })
        #expect(page.status == 401 && page.fields["content-type"]?.hasPrefix("text/html") == true)
    }

    @Test("A browser that another program starts gets the cookie with a page")
    func opening() async throws {
        let review = try await TestReview(study)
        let path = try #require(review.server.openingAddress.split(separator: review.host).last)
        let response = try await review.request("GET \(path)", ["Host": review.host])
        #expect(response.status == 200 && response.text.contains("url=/\""))
        #expect(
            response.fields["set-cookie"]?.contains("SameSite=Strict") == true && !response.text.contains(review.token))
    }

    @Test("Two servers have different secrets of 256 bits")
    func secrets() async throws {
        let first = try await TestReview(study)
        let second = try await TestReview(study)
        #expect(first.token.utf8.count == 64 && second.token.utf8.count == 64 && first.token != second.token)
        let cookie = try await first.openedCookie().split(separator: "=").last
        let other = "curare-review-\(second.server.port)=\(cookie ?? "")"
        #expect(try await second.request("GET /", ["Host": second.host, "Cookie": other]).status == 401)
        let secret = Secret()
        #expect(secret.matches(secret.text) && !secret.matches(Secret().text) && !secret.matches(""))
    }

    @Test("Every response forbids storing, framing, foreign scripts and guessing of types")
    func securityFields() async throws {
        let review = try await TestReview(study)
        let id = try await review.photo("ada-0.png")["id"] as? String ?? ""
        for target in [
            "/", "/photo/\(id)", "/image/\(id)?size=160", "/static/review.css", "/api/state", "/none", "/../x",
        ] {
            let fields = try await review.get(target).fields
            #expect(fields["cache-control"] == "no-store", "\(target)")
            let policy = fields["content-security-policy"]
            #expect(
                policy == "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
                    + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", "\(target)")
            #expect(fields["x-content-type-options"] == "nosniff" && fields["referrer-policy"] == "no-referrer")
            #expect(fields["cross-origin-resource-policy"] == "same-origin")
        }
    }

    @Test("The body of a POST is JSON of a stated length, and other methods do not exist")
    func methods() async throws {
        let review = try await TestReview(study)
        let own = ["Host": review.host, "Cookie": try await review.openedCookie(), "Origin": "http://\(review.host)"]
        let json = own.merging(["Content-Type": "application/json; charset=utf-8"]) { $1 }
        for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
            let response = try await review.request(
                "POST /api/labels", own.merging(["Content-Type": type]) { $1 }, Data("{}".utf8))
            #expect(response.status == 415, "\(type)")
        }
        #expect(try await review.request("POST /api/labels", own, Data("{}".utf8)).status == 415)
        #expect(try await review.request("POST /api/labels", json, Data("{}".utf8)).status == 400)
        #expect(try await review.request("POST /api/labels", json).status == 411)
        let chunked = json.merging(["Transfer-Encoding": "chunked"]) { $1 }
        #expect(try await review.request("POST /api/labels", chunked).status == 411)
        for method in ["PUT", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"] {
            #expect(try await review.request("\(method) /", own).status == 405, "\(method)")
        }
        #expect(try await review.get("/api/labels").status == 405)
        #expect(try await review.request("POST /api/state", json, Data("{}".utf8)).status == 404)
        #expect(try await review.request("GET /", own, Data("x".utf8)).status == 400)
    }
}
