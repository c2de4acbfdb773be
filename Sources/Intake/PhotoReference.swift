import Catalog
import Core
import Storage

/// A person's reference to a photo: the first digits of its id, or its file name in `session.csv`, as `FILE` or
/// `SESSION/FILE`. When a session has several photos with the same file name, the reference means the newest photo.
public struct PhotoReference: Sendable {
    /// The minimum number of digits of an id.
    static let minimumDigits = 6

    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    /// Returns the photo that the reference identifies.
    ///
    /// - Throws: ``CurareError`` (66) when no photo matches, (65) when several photos match.
    public func photo(in catalog: Catalog) throws -> PhotoID {
        var found: Set<PhotoID> = []
        if text.utf8.count >= Self.minimumDigits { found.formUnion(try catalog.photos(prefix: text)) }
        found.formUnion(try catalog.photos(file: text))
        if let slash = text.firstIndex(of: "/"), let session = SessionName(String(text[..<slash])) {
            let file = String(text[text.index(after: slash)...])
            // The newest of several photos with the same file name is the last.
            if let newest = try catalog.photos(in: session).last(where: { $0.file == file }) {
                found.insert(newest.photo)
            }
        }
        guard let photo = found.first else {
            throw CurareError(
                .missingInput, "there is no photo \"\(text.prefix(80))\"",
                next: try suggestion(in: catalog) ?? MissingPath.suggestion(for: text)
                    ?? "write \(Self.minimumDigits) or more digits of the photo's id, or SESSION/FILE, "
                    + "where FILE is the file name in session.csv")
        }
        guard found.count == 1 else {
            let ids = found.sorted().prefix(5).map(\.short).joined(separator: ", ")
            throw CurareError(
                .badInput, "\"\(text.prefix(80))\" matches several photos: \(ids)",
                next: "write SESSION/FILE, or more digits of the id")
        }
        return photo
    }

    /// Returns the photo, or records why the reference identifies no photo.
    ///
    /// - Parameter location: the position of the reference in messages.
    func photo(in catalog: Catalog, at location: String, _ problems: inout [CurareError.Problem]) throws -> PhotoID? {
        do {
            return try photo(in: catalog)
        } catch let error as CurareError where [.badInput, .missingInput].contains(error.code) {
            let message = [error.message, error.nextStep].compactMap(\.self).joined(separator: "; ")
            problems.append(CurareError.Problem(location, message))
            return nil
        }
    }

    /// Returns the question whether the user meant another file name of the catalog: one with other upper or lower case,
    /// or else the most similar one. Nil if no file name is similar.
    private func suggestion(in catalog: Catalog) throws -> String? {
        if let reference = try sessionFile(in: catalog) { return question(reference) }
        var names = try catalog.fileNames()
        if let slash = text.firstIndex(of: "/") {
            let session = String(text[..<slash])
            let sessions = try catalog.sessions().map(\.name.text)
            if let meant = sessions.contains(session) ? session : closestMatch(to: session, among: sessions),
                let name = SessionName(meant)
            {
                names += try catalog.photos(in: name).map { "\(name)/\($0.file)" }
            }
        }
        return (confusableFileName(text, among: names) ?? closestMatch(to: text, among: names)).map(question)
    }

    /// Returns `SESSION/FILE` for a path that ends so: the folder of a session often has the session's name. Nil if the
    /// text is no such path.
    private func sessionFile(in catalog: Catalog) throws -> String? {
        let parts = text.split(separator: "/").map(String.init)
        for index in parts.indices.dropLast() {
            guard let session = SessionName(parts[index]) else { continue }
            let file = parts[(index + 1)...].joined(separator: "/")
            if try catalog.photos(in: session).contains(where: { $0.file == file }) { return "\(session)/\(file)" }
        }
        return nil
    }
}
