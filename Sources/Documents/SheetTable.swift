import Core
import SwiftCSV

/// A CSV file that a person wrote, as rows of named cells with the lines they stand on. Quoting is SwiftCSV's; what a spreadsheet does
/// around it is settled here: byte-order mark, `;` for `,`, CRLF, blank lines.
package struct SheetTable {
    package struct Row {
        /// The line that the row begins on, from 1.
        package let line: Int
        private let cells: [String: String]

        package init(line: Int, cells: [String: String]) {
            (self.line, self.cells) = (line, cells)
        }

        /// The cell's text without space around it; empty where the column is not there.
        package subscript(column: String) -> String { cells[column] ?? "" }
    }

    package static let maximumBytes = 50_000_000
    package static let maximumLine = 65_536

    package let columns: [String]
    /// Whether the header says what the cells are; otherwise nothing can be read out of the rows.
    package let hasItsColumns: Bool
    package let rows: [Row]
    package let problems: [CurareError.Problem]

    /// - Parameters:
    ///   - file: how messages name it.
    ///   - required: columns that must be there.
    ///   - allowed: columns that may be there.
    /// - Throws: ``CurareError`` (65) where it is no table at all.
    package init(_ bytes: [UInt8], file: String, required: [String], allowed: [String]) throws {
        let text = try Self.text(bytes, file)
        let header = text.prefix { !$0.isNewline }
        let delimiter: CSVDelimiter = header.count { $0 == ";" } > header.count { $0 == "," } ? .semicolon : .comma
        let table: EnumeratedCSV
        var tableRows: [[String]] = []
        do {
            // Row by row: SwiftCSV's own list widens every row to the widest, so that one long line would fill the memory.
            table = try EnumeratedCSV(string: text, delimiter: delimiter, loadColumns: false, rowLimit: 0)
            try table.enumerateAsArray(startAt: 1, rowLimit: nil) { tableRows.append($0) }
        } catch {
            throw CurareError(
                .badInput, "the sheet is not CSV: a quotation mark stands where none can", at: file,
                next: "save it as CSV from the spreadsheet again")
        }
        columns = table.header.map { $0.trimmingSpace.lowercased() }
        var problems = Self.headerProblems(columns, file, required, allowed)
        hasItsColumns = problems.isEmpty
        var rows: [Row] = []
        var line = 1 + Self.lineEnds(in: table.header)
        for cells in tableRows {
            if cells.contains(where: { !$0.trimmingSpace.isEmpty }) {
                if cells.dropFirst(columns.count).contains(where: { !$0.trimmingSpace.isEmpty }) {
                    problems.append(
                        CurareError.Problem("\(file):\(line)", "the row has more cells than the header has columns"))
                }
                rows.append(
                    Row(line: line, cells: Dictionary(zip(columns, cells.map(\.trimmingSpace))) { first, _ in first }))
            }
            line += Self.lineEnds(in: cells)
        }
        (self.rows, self.problems) = (rows, problems)
    }

    /// Lines that a row of `cells` takes: one, and one more for every line end inside its quotes.
    private static func lineEnds(in cells: [String]) -> Int {
        1 + cells.reduce(0) { $0 + $1.count(where: \.isNewline) }
    }

    private static func text(_ bytes: [UInt8], _ file: String) throws -> String {
        var bytes = bytes[...]
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            throw CurareError(.badInput, "the sheet is UTF-16", at: file, next: "save it as \"CSV UTF-8\"")
        }
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
        let end = bytes.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
        for (index, line) in bytes.split(separator: end, omittingEmptySubsequences: false).enumerated() {
            let place = "\(file):\(index + 1)"
            guard line.count <= maximumLine else {
                throw CurareError(.badInput, "the line has \(line.count) bytes; at most \(maximumLine) are read", at: place)
            }
            guard !line.contains(0) else {
                throw CurareError(.badInput, "the line holds a NUL byte", at: place, next: "save it as \"CSV UTF-8\"")
            }
            guard String(validating: line, as: UTF8.self) != nil else {
                throw CurareError(.badInput, "the line is not UTF-8", at: place, next: "save it as \"CSV UTF-8\"")
            }
        }
        guard bytes.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) else {
            throw CurareError(
                .badInput, "a quotation mark is opened and never closed", at: file,
                next: "close it, or save the sheet from the spreadsheet again")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw CurareError(.badInput, "the sheet is empty", at: file, next: "write a header and a row for each photo")
        }
        return text
    }

    private static func headerProblems(_ columns: [String], _ file: String, _ required: [String], _ allowed: [String])
        -> [CurareError.Problem]
    {
        let place = "\(file):1"
        var problems = required.filter { !columns.contains($0) }.map {
            CurareError.Problem(place, "the column \($0) is missing")
        }
        for (index, column) in columns.enumerated() where !column.isEmpty {
            if columns[..<index].contains(column) {
                problems.append(CurareError.Problem(place, "the column \(column) stands twice"))
            }
            if !allowed.contains(column) {
                let hint = closestMatch(to: column, among: allowed).map { "; did you mean \($0)?" } ?? "."
                problems.append(
                    CurareError.Problem(
                        place,
                        "unknown column \"\(column.prefix(40))\"\(hint) Allowed: \(allowed.joined(separator: ", "))"))
            }
        }
        return problems
    }
}

extension String {
    fileprivate var trimmingSpace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
