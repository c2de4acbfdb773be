import Core

/// The checked bytes of a CSV file, and their form.
struct SheetText {
    /// The bytes without byte-order mark and without a line `sep=;`.
    let bytes: ArraySlice<UInt8>
    let form: SheetForm
    var separator: UInt8 { form.separator }
    /// The number of the first line of ``bytes``.
    let firstLine: Int

    /// Checks encoding and line lengths, and finds the separator.
    ///
    /// - Parameter file: the name of the file in messages.
    /// - Throws: ``CurareError`` (65) if the bytes are not UTF-8 text, or a line is too long.
    init(_ bytes: [UInt8], _ file: String) throws {
        var form = SheetForm()
        let text = try Self.withoutByteOrderMark(bytes, file)
        form.hasByteOrderMark = text.count < bytes.count
        try Self.checkLines(text, file)
        form.lineEnd = Self.firstLineEnd(text) ?? form.lineEnd
        if let declared = try Self.declaredSeparator(text, file) {
            form.separator = declared.separator
            form.declaresSeparator = true
            self.bytes = declared.rest
            firstLine = 2
        } else {
            form.separator = Self.mostFrequentSeparator(Self.firstTextLine(text))
            self.bytes = text
            firstLine = 1
        }
        self.form = form
    }

    /// Returns the first line end; nil if there is none.
    private static func firstLineEnd(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard let start = bytes.firstIndex(where: isLineEnd) else { return nil }
        let isPair = bytes[start...].starts(with: [UInt8(ascii: "\r"), UInt8(ascii: "\n")])
        return Array(bytes[start..<start + (isPair ? 2 : 1)])
    }

    private static let comma = UInt8(ascii: ",")
    private static let semicolon = UInt8(ascii: ";")
    private static let tab = UInt8(ascii: "\t")

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    private static func withoutByteOrderMark(_ bytes: [UInt8], _ file: String) throws -> ArraySlice<UInt8> {
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            throw CurareError(.badInput, "the file is UTF-16", at: file, next: "save it as \"CSV UTF-8\"")
        }
        return bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
    }

    /// Checks each line that is not empty. A file can have millions of empty lines, so the loop keeps no line.
    private static func checkLines(_ bytes: ArraySlice<UInt8>, _ file: String) throws {
        let end = bytes.contains(UInt8(ascii: "\n")) ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
        try bytes.withUnsafeBufferPointer { bytes in
            var number = 1
            var start = 0
            for index in 0..<bytes.count where bytes[index] == end {
                if index > start { try checkLine(bytes[start..<index], "\(file):\(number)") }
                number += 1
                start = index + 1
            }
            if start < bytes.count { try checkLine(bytes[start...], "\(file):\(number)") }
        }
    }

    private static func checkLine(_ line: Slice<UnsafeBufferPointer<UInt8>>, _ location: String) throws {
        guard line.count <= SheetTable.maximumLine else {
            throw CurareError(
                .badInput, "the line has \(line.count) bytes; at most \(SheetTable.maximumLine) are read", at: location,
                next: "shorten the line, or save the spreadsheet as \"CSV UTF-8\" again")
        }
        guard !line.contains(0) else {
            throw CurareError(.badInput, "the line holds a NUL byte", at: location, next: "save it as \"CSV UTF-8\"")
        }
        guard String(validating: line, as: UTF8.self) != nil else {
            throw CurareError(.badInput, "the line is not UTF-8", at: location, next: "save it as \"CSV UTF-8\"")
        }
    }

    /// Returns the separator of a first line such as `sep=;`, which Excel reads and writes, and the bytes after this
    /// line. Nil if the first line has another form.
    private static func declaredSeparator(
        _ bytes: ArraySlice<UInt8>, _ file: String
    ) throws -> (separator: UInt8, rest: ArraySlice<UInt8>)? {
        let line = bytes.prefix { !isLineEnd($0) }
        let text = String(decoding: line, as: UTF8.self)
        let declaration = text.drop { $0 == "\"" || $0 == " " }
        guard declaration.utf8.count <= 64, declaration.lowercased().hasPrefix("sep=") else { return nil }
        guard let separator = declaration.utf8.dropFirst(4).first, [comma, semicolon, tab].contains(separator) else {
            throw CurareError(
                .badInput, "the first line \"\(text.prefix(40))\" names no separator that is read", at: "\(file):1",
                next: "delete the line, and separate the cells by commas or semicolons")
        }
        var rest = bytes[line.endIndex...]
        let isReturn = rest.first == UInt8(ascii: "\r")
        rest = rest.dropFirst()
        if isReturn, rest.first == UInt8(ascii: "\n") { rest = rest.dropFirst() }
        return (separator, rest)
    }

    /// The first line that is not empty.
    private static func firstTextLine(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.drop(while: isLineEnd).prefix { !isLineEnd($0) }
    }

    /// Returns the most frequent separator of the header; of equally frequent separators the comma, then the semicolon.
    private static func mostFrequentSeparator(_ header: ArraySlice<UInt8>) -> UInt8 {
        var best = (byte: comma, count: header.count { $0 == comma })
        for byte in [semicolon, tab] {
            let count = header.count { $0 == byte }
            if count > best.count { best = (byte, count) }
        }
        return best.byte
    }
}
