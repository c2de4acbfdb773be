extension YAMLReader {
    /// A day that there was, as `YYYY-MM-DD`, which sorts as text.
    package func date() -> String? {
        guard let text else { return nil }
        let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard text.utf8.count == 10, !text.utf8.contains(UInt8(ascii: "+")), numbers.count == 3, let year = numbers[0],
            let month = numbers[1], let day = numbers[2],
            (1826...9999).contains(year), (1...12).contains(month), (1...Self.days(month, year)).contains(day)
        else {
            complain("\"\(text.prefix(80))\" is not a date. Write YYYY-MM-DD")
            return nil
        }
        return text
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
