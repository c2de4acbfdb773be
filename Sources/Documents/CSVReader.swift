/// A reader of comma-separated values (RFC 4180) from UTF-8 bytes.
///
/// Differences from RFC 4180, as spreadsheets write them: the delimiter can be any byte, a line can end with `\n` or
/// `\r`, rows can have different numbers of cells, empty lines are skipped, and spaces and tabs around a quoted cell
/// are ignored.
struct CSVReader {
    /// One row.
    struct Record: Equatable {
        /// The line on which the row starts, from 1. A quoted cell can contain line ends.
        let line: Int
        let cells: [String]
    }

    enum ParseError: Error, Equatable {
        /// A quotation mark inside a cell without quotes, or text after the closing quotation mark.
        case misplacedQuote(line: Int)
        /// A quoted cell that does not end, or that starts on this line and ends inside a cell of a later line.
        case unclosedQuote(line: Int)
    }

    private let bytes: ArraySlice<UInt8>
    private let delimiter: UInt8
    private var index: Int
    private var line: Int

    private init(_ bytes: ArraySlice<UInt8>, delimiter: UInt8, firstLine: Int) {
        self.bytes = bytes
        self.delimiter = delimiter
        index = bytes.startIndex
        line = firstLine
    }

    /// Calls `body` with each row, so that only one row is in memory.
    ///
    /// - Parameter firstLine: the number of the first line of `bytes`.
    /// - Throws: ``ParseError``; the errors of `body`.
    static func forEachRecord(
        _ bytes: ArraySlice<UInt8>, delimiter: UInt8, firstLine: Int = 1, _ body: (Record) throws -> Void
    ) throws {
        var reader = CSVReader(bytes, delimiter: delimiter, firstLine: firstLine)
        while true {
            while let byte = reader.peek, isLineEnd(byte) { _ = reader.takeLineEnd() }
            guard reader.index < bytes.endIndex else { return }
            try body(reader.record())
        }
    }

    /// Returns all rows.
    static func records(_ bytes: ArraySlice<UInt8>, delimiter: UInt8) throws -> [Record] {
        var records: [Record] = []
        try forEachRecord(bytes, delimiter: delimiter) { records.append($0) }
        return records
    }

    private mutating func record() throws(ParseError) -> Record {
        let start = line
        var cells: [String] = []
        repeat {
            skipSpace()
            cells.append(peek == Self.quote ? try quotedCell() : try plainCell())
        } while take(delimiter)
        _ = takeLineEnd()
        return Record(line: start, cells: cells)
    }

    /// Reads a cell without quotes. A doubled quotation mark means one.
    private mutating func plainCell() throws(ParseError) -> String {
        var cell: [UInt8] = []
        while let byte = peek, byte != delimiter, !Self.isLineEnd(byte) {
            index += 1
            if byte == Self.quote, !take(Self.quote) { throw .misplacedQuote(line: line) }
            cell.append(byte)
        }
        return String(decoding: cell, as: UTF8.self)
    }

    private mutating func quotedCell() throws(ParseError) -> String {
        let start = line
        index += 1
        var cell: [UInt8] = []
        while let byte = peek {
            if byte == Self.quote {
                index += 1
                if !take(Self.quote) {
                    skipSpace()
                    guard peek.map({ $0 == delimiter || Self.isLineEnd($0) }) ?? true else {
                        throw line == start ? .misplacedQuote(line: line) : .unclosedQuote(line: start)
                    }
                    return String(decoding: cell, as: UTF8.self)
                }
                cell.append(Self.quote)
            } else if let end = takeLineEnd() {
                cell += end
            } else {
                cell.append(byte)
                index += 1
            }
        }
        throw .unclosedQuote(line: start)
    }

    private static let quote = UInt8(ascii: "\"")

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    private var peek: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    /// Skips one line end (`\n`, `\r` or `\r\n`) and returns its bytes; nil if there is none.
    private mutating func takeLineEnd() -> ArraySlice<UInt8>? {
        let start = index
        let isReturn = take(UInt8(ascii: "\r"))
        let isFeed = take(UInt8(ascii: "\n"))
        guard isReturn || isFeed else { return nil }
        line += 1
        return bytes[start..<index]
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t"), byte != delimiter { index += 1 }
    }
}
