import Core

/// A table with named columns from a CSV file that a person wrote, usually with a spreadsheet.
///
/// The file can start with a byte-order mark, use `;` instead of `,`, and contain blank lines.
package struct SheetTable {
    package struct Row {
        /// The line on which the row starts, from 1.
        package let line: Int
        private let cells: [String: String]

        package init(line: Int, cells: [String: String]) {
            self.line = line
            self.cells = cells
        }

        /// The text of a cell without surrounding whitespace; empty if the table has no such column.
        package subscript(column: String) -> String { cells[column] ?? "" }
    }

    /// The largest accepted file.
    package static let maximumBytes = 50_000_000
    /// The longest accepted line in bytes.
    package static let maximumLine = 65_536

    package let columns: [String]
    /// Whether the header has all required columns and no unknown ones. Otherwise the rows cannot be interpreted.
    package let isHeaderValid: Bool
    package let rows: [Row]
    package let problems: [CurareError.Problem]

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - file: the name of the file in messages.
    ///   - required: the columns that must exist.
    ///   - allowed: all columns that may exist.
    /// - Throws: ``CurareError`` (65) if the bytes are not a table.
    package init(_ bytes: [UInt8], file: String, required: [String], allowed: [String]) throws {
        let text = try Self.validatedText(bytes, file)
        let firstLine = text.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let semicolons = firstLine.count { $0 == UInt8(ascii: ";") }
        let commas = firstLine.count { $0 == UInt8(ascii: ",") }
        let records = try Self.records(text, delimiter: UInt8(ascii: semicolons > commas ? ";" : ","), file)
        columns = records[0].cells.map { $0.trimmingSpace.lowercased() }
        var problems = Self.headerProblems(columns, file, required, allowed)
        isHeaderValid = problems.isEmpty
        var rows: [Row] = []
        for record in records.dropFirst() {
            let cells = record.cells.map(\.trimmingSpace)
            guard cells.contains(where: { !$0.isEmpty }) else { continue }
            if cells.dropFirst(columns.count).contains(where: { !$0.isEmpty }) {
                problems.append(
                    CurareError.Problem("\(file):\(record.line)", "the row has more cells than the header has columns"))
            }
            rows.append(Row(line: record.line, cells: Dictionary(zip(columns, cells)) { first, _ in first }))
        }
        self.rows = rows
        self.problems = problems
    }

    private static func records(
        _ text: ArraySlice<UInt8>, delimiter: UInt8, _ file: String
    ) throws -> [CSVReader.Record] {
        do {
            return try CSVReader.records(text, delimiter: delimiter)
        } catch {
            switch error {
            case .misplacedQuote(let line):
                throw CurareError(
                    .badInput, "the sheet is not CSV: there is a quotation mark inside a cell", at: "\(file):\(line)",
                    next: "save the sheet as CSV from the spreadsheet again")
            case .unclosedQuote(let line):
                throw CurareError(
                    .badInput, "a quotation mark is opened and never closed", at: "\(file):\(line)",
                    next: "close it, or save the sheet from the spreadsheet again")
            }
        }
    }

    /// Returns the text without byte-order mark, after checks of its encoding and its line lengths.
    private static func validatedText(_ bytes: [UInt8], _ file: String) throws -> ArraySlice<UInt8> {
        var bytes = bytes[...]
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            throw CurareError(.badInput, "the sheet is UTF-16", at: file, next: "save it as \"CSV UTF-8\"")
        }
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
        let end = bytes.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
        var isEmpty = true
        for (index, line) in bytes.split(separator: end, omittingEmptySubsequences: false).enumerated() {
            let location = "\(file):\(index + 1)"
            guard line.count <= maximumLine else {
                throw CurareError(
                    .badInput, "the line has \(line.count) bytes; at most \(maximumLine) are read", at: location)
            }
            guard !line.contains(0) else {
                throw CurareError(
                    .badInput, "the line holds a NUL byte", at: location, next: "save it as \"CSV UTF-8\"")
            }
            guard let text = String(validating: line, as: UTF8.self) else {
                throw CurareError(.badInput, "the line is not UTF-8", at: location, next: "save it as \"CSV UTF-8\"")
            }
            isEmpty = isEmpty && text.allSatisfy(\.isWhitespace)
        }
        guard !isEmpty else {
            throw CurareError(
                .badInput, "the sheet is empty", at: file, next: "write a header and a row for each photo")
        }
        return bytes
    }

    private static func headerProblems(
        _ columns: [String], _ file: String, _ required: [String], _ allowed: [String]
    ) -> [CurareError.Problem] {
        let location = "\(file):1"
        var problems = required.filter { !columns.contains($0) }.map {
            CurareError.Problem(location, "the column \($0) is missing")
        }
        for (index, column) in columns.enumerated() where !column.isEmpty {
            if columns[..<index].contains(column) {
                problems.append(CurareError.Problem(location, "the column \(column) appears twice"))
            }
            if !allowed.contains(column) {
                let hint = closestMatch(to: column, among: allowed).map { "; did you mean \($0)?" } ?? "."
                let message =
                    "unknown column \"\(column.prefix(40))\"\(hint) Allowed: \(allowed.joined(separator: ", "))"
                problems.append(CurareError.Problem(location, message))
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
