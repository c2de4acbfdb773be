import Core
import Foundation

/// The removal of pictures from the bytes of a run's page.
///
/// A page is edited only when every picture is found with certainty. `Reports` writes a picture as the value of an
/// attribute: `data:image/png;base64,TEXT`, between quotation marks. A page with any other form of `data:`, for example
/// after damage, can contain parts of a picture anywhere.
enum RunPage {
    /// What a page contains.
    enum Pictures: Equatable {
        case none
        /// The byte ranges of all pictures, without the quotation marks.
        case at([Range<Int>])
        /// The page is damaged: it is not text, or the pictures cannot all be found.
        case uncertain
    }

    /// Finds the pictures of a page.
    static func pictures(in page: [UInt8]) -> Pictures {
        guard String(validating: page, as: UTF8.self) != nil else { return .uncertain }
        var found: [Range<Int>] = []
        var text = page[...]
        while let start = text.firstRange(of: scheme)?.lowerBound {
            let rest = page[start...]
            if let end = endOfPicture(rest) {
                found.append(start..<end)
                text = page[end...]
            } else if harmless.contains(where: { rest.starts(with: $0) }) {
                text = page[(start + scheme.count)...]
            } else {
                return .uncertain
            }
        }
        var ends = found.makeIterator()
        var next = ends.next()
        var length = 0
        for (index, byte) in page.enumerated() {
            while let picture = next, picture.upperBound <= index { next = ends.next() }
            let isInPicture = next?.contains(index) == true
            length = isBase64(byte) && !isInPicture ? length + 1 : 0
            if length > longestWord { return .uncertain }
        }
        return found.isEmpty ? .none : .at(found)
    }

    /// Returns a page without the pictures at `ranges`, and with a note about the reason.
    static func page(_ page: [UInt8], without ranges: [Range<Int>]) -> [UInt8] {
        var cleaned: [UInt8] = []
        var index = 0
        for range in ranges {
            cleaned += page[index..<range.lowerBound]
            cleaned += emptyPicture
            index = range.upperBound
        }
        cleaned += page[index...]
        if let heading = cleaned.firstRange(of: headingEnd) { cleaned.insert(contentsOf: note, at: heading.upperBound) }
        return cleaned
    }

    private static let scheme = Array("data:".utf8)
    private static let emptyPicture = Array("data:,".utf8)
    private static let headingEnd = Array("</h1>".utf8)
    private static let note = Array(
        "<p class=\"warning\">The pictures were removed because a volunteer has withdrawn consent.</p>".utf8)
    /// The forms of `data:` without a picture: a removed picture, and the rule of the page's security policy.
    private static let harmless = ["data:,\"", "data:,'", "data:\">"].map { Array($0.utf8) }
    private static let starts = ["data:image/png;base64,", "data:image/jpeg;base64,"].map { Array($0.utf8) }
    /// The length of the longest word of a page: a SHA-256 digest. A longer word may be a part of a picture.
    private static let longestWord = 64

    /// Returns the end of the picture at the start of `text`. Nil when `text` does not start with a whole picture.
    private static func endOfPicture(_ text: ArraySlice<UInt8>) -> Int? {
        guard let start = starts.first(where: { text.starts(with: $0) }) else { return nil }
        var index = text.startIndex + start.count
        let first = index
        while index < text.endIndex, isBase64(text[index]) { index += 1 }
        guard index > first else { return nil }
        var padding = 0
        while index < text.endIndex, padding < 2, text[index] == UInt8(ascii: "=") {
            index += 1
            padding += 1
        }
        let isBase64Text = (index - first).isMultiple(of: 4)
        guard isBase64Text, index + 1 < text.endIndex,
            text[index] == UInt8(ascii: "\"") || text[index] == UInt8(ascii: "'"),
            [UInt8(ascii: " "), UInt8(ascii: ">"), UInt8(ascii: "/")].contains(text[index + 1])
        else { return nil }
        return index
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
