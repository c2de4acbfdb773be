import Core

/// A table with named columns from a CSV file that a person wrote, usually with a spreadsheet.
///
/// The file can start with a byte-order mark and with a line `sep=;`, use `;` or tabs instead of `,`, and contain blank
/// lines. Whitespace and zero-width spaces around the text of a cell are ignored.
package struct SheetTable {
    package struct Row {
        /// The line on which the row starts, from 1.
        package let line: Int
        private let columns: [String]
        private let cells: [String]

        /// - Parameters:
        ///   - columns: the names of the table's columns. All rows share one array.
        ///   - cells: the texts of the first columns.
        fileprivate init(line: Int, columns: [String], cells: [String]) {
            self.line = line
            self.columns = columns
            self.cells = cells
        }

        package init(line: Int, cells: [String: String]) {
            self.init(line: line, columns: Array(cells.keys), cells: Array(cells.values))
        }

        /// Returns the row with other texts in the columns that are keys of `texts`.
        package func replacing(_ texts: [String: String]) -> Row {
            Row(line: line, columns: columns, cells: zip(columns, cells).map { texts[$0] ?? $1 })
        }

        /// The text of a cell without surrounding whitespace; empty if the table has no such column.
        package subscript(column: String) -> String {
            guard let index = columns.firstIndex(of: column), index < cells.count else { return "" }
            return cells[index]
        }
    }

    /// The largest accepted file.
    package static let maximumBytes = 50_000_000
    /// The longest accepted line in bytes.
    package static let maximumLine = 65_536
    /// The largest accepted number of rows that are not blank.
    package static let maximumRows = 500_000
    /// The number of problems after which no further problem of the same kind is recorded.
    package static let maximumProblems = 1_000

    package let columns: [String]
    /// Whether the header has all required columns and no unknown columns. Otherwise the rows cannot be interpreted.
    package let isHeaderValid: Bool
    package let rows: [Row]
    package let problems: [CurareError.Problem]
    /// The form of the file, so that a program can write the table in the same form.
    package let form: SheetForm

    /// Whether tabs separate the cells. Spreadsheets write such files as `Text`, not as `CSV`.
    package var isTabSeparated: Bool { form.separator == UInt8(ascii: "\t") }

    /// Reads a table.
    ///
    /// - Parameters:
    ///   - file: the name of the file in messages.
    ///   - required: the columns that must exist.
    ///   - allowed: all columns that may exist.
    /// - Throws: ``CurareError`` (65) if the bytes are not a table.
    package init(
        _ bytes: [UInt8], file: String, required: [String], allowed: [String], maximumRows: Int = Self.maximumRows
    ) throws {
        let text = try SheetText(bytes, file)
        var header: [String]?
        var rows: [Row] = []
        var problems: [CurareError.Problem] = []
        var isHeaderValid = false
        try Self.forEachRecord(of: text, file) { record in
            let cells = record.cells.map(\.trimmingSpace)
            guard cells.contains(where: { !$0.isEmpty }) else { return }
            guard let columns = header else {
                let names = cells.map { $0.lowercased() }
                header = names
                problems = Self.headerProblems(names, "\(file):\(record.line)", required, allowed)
                isHeaderValid = problems.isEmpty
                return
            }
            if problems.count < Self.maximumProblems, cells.dropFirst(columns.count).contains(where: { !$0.isEmpty }) {
                problems.append(
                    CurareError.Problem("\(file):\(record.line)", "the row has more cells than the header has columns"))
            }
            guard rows.count < maximumRows else {
                throw CurareError(
                    .badInput, "the file has more than \(maximumRows) rows", at: "\(file):\(record.line)",
                    next: "divide the photos into several sessions")
            }
            rows.append(Row(line: record.line, columns: columns, cells: Array(cells.prefix(columns.count))))
        }
        guard let header else {
            throw CurareError(
                .badInput, "the file is empty", at: file, next: "write a header and a row for each photo")
        }
        columns = header
        self.isHeaderValid = isHeaderValid
        self.rows = rows
        self.problems = problems
        form = text.form
    }

    private static func forEachRecord(
        of text: SheetText, _ file: String, _ body: (CSVReader.Record) throws -> Void
    ) throws {
        do {
            try CSVReader.forEachRecord(
                text.bytes, delimiter: text.separator, firstLine: text.firstLine, body)
        } catch CSVReader.ParseError.misplacedQuote(let line) {
            throw CurareError(
                .badInput, "the file is not CSV: line \(line) has a quotation mark inside a cell",
                at: "\(file):\(line)",
                next: "write the mark twice and put the cell in quotation marks, such as \"6\"\" phone\"; "
                    + "or save the spreadsheet as \"CSV UTF-8\" again")
        } catch CSVReader.ParseError.unclosedQuote(let line) {
            throw CurareError(
                .badInput,
                "the file is not CSV: a quotation mark is opened in line \(line) and never closed at the end of a cell",
                at: "\(file):\(line)", next: "close it, or save the spreadsheet as \"CSV UTF-8\" again")
        }
    }

    /// The largest number of problems of the header. A line can have thousands of cells, and each cell is compared with
    /// all cells before it.
    private static let maximumHeaderProblems = 50

    private static func headerProblems(
        _ columns: [String], _ location: String, _ required: [String], _ allowed: [String]
    ) -> [CurareError.Problem] {
        var problems = required.filter { !columns.contains($0) }.map {
            CurareError.Problem(location, "the column \($0) is missing")
        }
        for (index, column) in columns.enumerated() where !column.isEmpty && problems.count < maximumHeaderProblems {
            if columns[..<index].contains(column) {
                problems.append(CurareError.Problem(location, "the column \(column) appears twice"))
            }
            if !allowed.contains(column) {
                let hint = suggestionClause(for: column, among: allowed)
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
        guard let first = firstIndex(where: { !$0.isBlank }), let last = lastIndex(where: { !$0.isBlank })
        else { return "" }
        return String(self[first...last])
    }
}

extension Character {
    /// Whether the character is whitespace or a space without width, which web pages and chat programs put into copied
    /// text.
    fileprivate var isBlank: Bool {
        isWhitespace || self == "\u{200b}" || self == "\u{2060}" || self == "\u{feff}"
    }
}
