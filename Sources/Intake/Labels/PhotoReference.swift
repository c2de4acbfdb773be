import Catalog
import Core

/// How a person names a photo: the first digits of its id, or its file's name in a sheet, as `FILE` or `SESSION/FILE`.
public struct PhotoReference: Sendable {
    /// Digits of an id that are enough to mean it.
    static let shortestPrefix = 6

    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    /// The one photo that is meant.
    ///
    /// - Throws: ``CurareError`` (66) where there is none, (65) where there are several.
    public func photo(in catalog: Catalog) throws -> PhotoID {
        var found: Set<PhotoID> = []
        if text.utf8.count >= Self.shortestPrefix { found.formUnion(try catalog.photos(prefix: text)) }
        found.formUnion(try catalog.photos(file: text))
        if let slash = text.firstIndex(of: "/"), let session = SessionName(String(text[..<slash])) {
            let file = String(text[text.index(after: slash)...])
            found.formUnion(try catalog.photos(in: session).filter { $0.file == file }.map(\.photo))
        }
        guard let photo = found.first else {
            throw CurareError(
                .missingInput, "no photo is called \"\(text.prefix(80))\"",
                next:
                    "name it by the first \(Self.shortestPrefix) or more digits of its id, or by SESSION/FILE as its sheet does"
            )
        }
        guard found.count == 1 else {
            let ids = found.sorted().prefix(5).map(\.short).joined(separator: ", ")
            throw CurareError(
                .badInput, "\"\(text.prefix(80))\" names several photos: \(ids)",
                next: "write SESSION/FILE, or more digits of the id")
        }
        return photo
    }
}
