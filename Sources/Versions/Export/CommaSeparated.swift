import Foundation

/// A CSV file (RFC 4180, lines ended by LF). What Curare exports are names, digests, numbers and fixed words: no cell needs quotes.
struct CommaSeparated {
    private var text: String

    init(_ header: [String]) {
        text = header.joined(separator: ",") + "\n"
    }

    mutating func add(_ cells: [String]) {
        text += cells.joined(separator: ",") + "\n"
    }

    var data: Data { Data(text.utf8) }
}
