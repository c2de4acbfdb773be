/// Text from outside, such as file names, cells of CSV files and EXIF values, in a form that is safe to print.
///
/// A control character in a file name can change the title of a terminal or delete its lines. A mark of the writing
/// direction can show `gpj.exe` as `exe.jpg`. A zero-width space makes two different names look the same.
extension StringProtocol {
    /// Returns the text with each hidden character replaced by an escape that a reader can see: `\n`, `\r`, `\t`, or
    /// the code point as `\u202e` or `\U000e0001`.
    ///
    /// - Parameter keepingLines: whether line feeds stay as they are, for text of several lines.
    public func printable(keepingLines: Bool = false) -> String {
        guard unicodeScalars.contains(where: { $0.isHidden && !(keepingLines && $0 == "\n") }) else {
            return String(self)
        }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isHidden, !(keepingLines && scalar == "\n") {
                text += scalar.visibleEscape
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Returns the text for a cell that a spreadsheet may show. Hidden characters are escaped visibly. A text that a
    /// spreadsheet would read as a formula gets an apostrophe in front.
    public var spreadsheetCell: String {
        let text = printable()
        // By scalars: a sign with a combining character is one `Character`.
        guard let first = text.unicodeScalars.first, ["=", "+", "-", "@"].contains(first) else { return text }
        return "'\(text)"
    }
}

extension Unicode.Scalar {
    /// Whether the character is a control character, a format character such as a mark of the writing direction or a
    /// zero-width space, or a separator of lines or paragraphs.
    public var isHidden: Bool {
        if isASCII { return value < 32 || value == 127 }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    /// Whether the character is a control character, including tab, line feed and carriage return.
    public var isControl: Bool { properties.generalCategory == .control }

    fileprivate var visibleEscape: String {
        switch self {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            let digits = String(value, radix: 16)
            let isShort = value <= 0xffff
            let zeros = String(repeating: "0", count: (isShort ? 4 : 8) - digits.count)
            return (isShort ? "\\u" : "\\U") + zeros + digits
        }
    }
}
