import Core
import Testing

@Suite struct PrintableTextTests {
    @Test(arguments: [
        ("IMG_1.jpg", "IMG_1.jpg"), ("", ""), ("größe ☃ 日本語 🙂️.jpg", "größe ☃ 日本語 🙂️.jpg"),
        ("cafe\u{301}", "cafe\u{301}"), ("a\u{a0}b\u{202f}c", "a\u{a0}b\u{202f}c"), ("a\\b", "a\\b"),
        ("Icon\r", "Icon\\r"), ("a\nb\tc", "a\\nb\\tc"), ("a\r\nb", "a\\r\\nb"),
        ("\u{1b}[2J", "\\u001b[2J"), ("\u{0}\u{7}\u{7f}", "\\u0000\\u0007\\u007f"), ("\u{9b}31m", "\\u009b31m"),
        ("\u{202e}gpj.exe\u{2069}", "\\u202egpj.exe\\u2069"), ("a\u{200b}da", "a\\u200bda"),
        ("\u{feff}x", "\\ufeffx"), ("\u{2028}x", "\\u2028x"), ("\u{e0001}x", "\\U000e0001x"),
    ])
    func hiddenCharactersAreVisible(_ text: String, _ expected: String) {
        #expect(Array(text.printable().unicodeScalars) == Array(expected.unicodeScalars))
        #expect(text.printable().printable() == text.printable())
    }

    @Test(arguments: [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("=\u{301}x", "'=\u{301}x"), ("a=1", "a=1"),
        ("", ""), ("\t=1", "\\t=1"), ("no-face+blurred", "no-face+blurred"),
    ])
    func noCellIsAFormula(_ text: String, _ expected: String) {
        #expect(Array(text.spreadsheetCell.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test func lineFeedsStayOnRequestOnly() {
        #expect("a\nb\rc\u{1b}".printable(keepingLines: true) == "a\nb\\rc\\u001b")
        #expect("a\r\nb".printable(keepingLines: true).unicodeScalars.elementsEqual("a\\r\nb".unicodeScalars))
    }

    /// Every character is either in the output as it is, or it is hidden and the output is ASCII.
    @Test func everyCodePointIsVisibleOrEscaped() {
        for value in UInt32(0)...0x10ffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let printed = String(Character(scalar)).printable()
            guard scalar.isHidden else {
                if printed.unicodeScalars.first != scalar { Issue.record("U+\(String(value, radix: 16))") }
                continue
            }
            if !printed.utf8.allSatisfy({ (32...126).contains($0) }) { Issue.record("U+\(String(value, radix: 16))") }
        }
    }
}
