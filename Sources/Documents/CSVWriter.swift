/// How a CSV file is written: the separator, the line ends and the start of the file.
package struct SheetForm: Hashable, Sendable {
    package var separator = UInt8(ascii: ",")
    package var lineEnd: [UInt8] = [UInt8(ascii: "\n")]
    package var hasByteOrderMark = false
    /// Whether the first line names the separator, such as `sep=;`.
    package var declaresSeparator = false

    package init() {}
}

/// A writer of comma-separated values (RFC 4180) as UTF-8 bytes.
///
/// A cell is in quotation marks where ``SheetTable`` or a spreadsheet would otherwise read another text: a cell with the
/// separator, a quotation mark or a line end, or with whitespace at its start or end. A cell that a spreadsheet reads as a
/// formula, such as `=1+1`, is written as it is.
package struct CSVWriter {
    package private(set) var bytes: [UInt8] = []
    private let form: SheetForm

    package init(_ header: [String], form: SheetForm = SheetForm()) {
        self.form = form
        if form.hasByteOrderMark { bytes += [0xef, 0xbb, 0xbf] }
        if form.declaresSeparator { bytes += Array("sep=".utf8) + [form.separator] + form.lineEnd }
        add(header)
    }

    /// Adds a row.
    package mutating func add(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(form.separator) }
            add(cell)
        }
        bytes += form.lineEnd
    }

    private static let quote = UInt8(ascii: "\"")

    private mutating func add(_ cell: String) {
        guard needsQuotes(cell) else {
            bytes += cell.utf8
            return
        }
        bytes.append(Self.quote)
        // By bytes: a quotation mark with a combining character is one `Character`.
        for byte in cell.utf8 {
            if byte == Self.quote { bytes.append(Self.quote) }
            bytes.append(byte)
        }
        bytes.append(Self.quote)
    }

    private func needsQuotes(_ cell: String) -> Bool {
        let special = [Self.quote, form.separator, UInt8(ascii: "\n"), UInt8(ascii: "\r")]
        if cell.utf8.contains(where: special.contains) { return true }
        let scalars = cell.unicodeScalars
        return scalars.first?.properties.isWhitespace == true || scalars.last?.properties.isWhitespace == true
    }
}
