import Foundation

/// The request line and the fields of a request, after a strict check. The parser accepts what browsers send and rejects
/// everything else: no other program needs this server.
struct RequestHead: Sendable {
    struct QueryItem: Sendable {
        let key: String
        let value: String
    }

    let method: String
    /// Letters, digits and `-._/` only, without empty parts and parts that start with a dot. An encoded character in a path
    /// is an error, so that a path has one spelling.
    let path: String
    let query: [QueryItem]
    /// The values of the fields by their names in lower case.
    let fields: [String: String]
    /// Whether the client keeps the connection open for another request.
    let keepsOpen: Bool
    /// The number of bytes of the body; nil if the request does not state one.
    let contentLength: Int?

    static let maximumFields = 100
    /// Fields that decide about access or about the length of the body. Two of them could be read in two ways.
    private static let singleFields: Set = [
        "host", "origin", "content-length", "content-type", "transfer-encoding", "sec-fetch-site", "sec-fetch-mode",
    ]

    /// Parses the bytes before the empty line that ends the head.
    ///
    /// - Throws: ``WebError`` (400, 411, 505).
    init(_ bytes: some Collection<UInt8>) throws(WebError) {
        var lines = try Self.lines(Array(bytes))
        guard !lines.isEmpty else { throw .badRequest("the request is empty") }
        let parts = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, !parts[0].isEmpty, parts[0].utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw .badRequest("the request line is not METHOD TARGET VERSION")
        }
        guard ["HTTP/1.1", "HTTP/1.0"].contains(parts[2]) else {
            throw WebError(.versionNotSupported, "bad_request", "the protocol is not HTTP/1.1")
        }
        method = parts[0]
        (path, query) = try Self.target(parts[1])
        fields = try Self.fields(lines)
        let connection = fields["connection", default: ""].lowercased()
        keepsOpen = parts[2] == "HTTP/1.1" && !connection.contains("close")
        guard fields["transfer-encoding"] == nil else {
            throw WebError(.lengthRequired, "bad_request", "a body needs a Content-Length")
        }
        contentLength = try fields["content-length"].map(Self.length)
    }

    /// Splits the head into lines. Each line ends with CR and LF, and contains no other control character.
    private static func lines(_ bytes: [UInt8]) throws(WebError) -> [String] {
        var lines: [String] = []
        var line: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 13, index + 1 < bytes.count, bytes[index + 1] == 10 {
                lines.append(String(decoding: line, as: UTF8.self))
                line = []
                index += 2
                continue
            }
            guard byte >= 32, byte != 127 else { throw .badRequest("the head has a control character") }
            line.append(byte)
            index += 1
        }
        lines.append(String(decoding: line, as: UTF8.self))
        return lines
    }

    private static func fields(_ lines: [String]) throws(WebError) -> [String: String] {
        guard lines.count <= maximumFields else {
            throw WebError(.fieldsTooLarge, "bad_request", "the request has more than \(maximumFields) fields")
        }
        var fields: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
                throw .badRequest("a field has no name")
            }
            let name = line[..<colon].lowercased()
            guard name.utf8.allSatisfy(isTokenByte) else { throw .badRequest("the name of a field is not a token") }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            if let earlier = fields[name] {
                guard !singleFields.contains(name) else { throw .badRequest("the field \(name) occurs twice") }
                fields[name] = earlier + (name == "cookie" ? "; " : ", ") + value
            } else {
                fields[name] = value
            }
        }
        return fields
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    private static func length(_ text: String) throws(WebError) -> Int {
        guard !text.isEmpty, text.utf8.count <= 15, text.utf8.allSatisfy({ (48...57).contains($0) }),
            let length = Int(text)
        else { throw .badRequest("Content-Length is not a number") }
        return length
    }

    private static func target(_ text: String) throws(WebError) -> (path: String, query: [QueryItem]) {
        let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(halves[0])
        guard path.hasPrefix("/"), path.utf8.allSatisfy(isPathByte) else {
            throw .badRequest("the path has a character that no path of this server has")
        }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard path == "/" || parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }) else {
            throw .badRequest("the path has an empty part, or a part that starts with a dot")
        }
        guard halves.count == 2 else { return (path, []) }
        var query: [QueryItem] = []
        for item in halves[1].split(separator: "&") {
            let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query.append(
                QueryItem(key: try decoded(sides[0]), value: sides.count == 2 ? try decoded(sides[1]) : ""))
        }
        return (path, query)
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 45, 46, 47, 48...57, 65...90, 95, 97...122: true
        default: false
        }
    }

    /// Decodes `%41` and `+` in a query.
    private static func decoded(_ text: Substring) throws(WebError) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(32)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                    throw .badRequest("the query has an incomplete escape")
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
            throw .badRequest("the query is not UTF-8 text")
        }
        return decoded
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
