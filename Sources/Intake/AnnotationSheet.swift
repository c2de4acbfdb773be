import Catalog
import Core
import Documents
import Foundation
import Storage

/// The labels that a further annotator wrote into a CSV file with the columns of `session.csv`.
///
/// The column `file` contains the file name in a session, if the session is given, and otherwise a photo reference. Rows
/// without a volunteer are skipped: the annotator left them open. The columns `box`, `face_box`, `also` and `note` are
/// ignored.
public struct AnnotationSheet: Sendable {
    /// One label for each annotated photo, in the order of the file.
    public let labels: [(photo: PhotoID, label: Label)]
    /// The number of rows without a volunteer.
    public let skipped: Int

    /// - Parameter session: the session whose file names the column `file` contains; nil if the column contains photo
    ///   references.
    /// - Throws: ``CurareError`` (65) with all problems, (66) when the file does not exist.
    public init(_ file: URL, session: SessionName?, in catalog: Catalog) throws {
        let name = file.lastPathComponent
        let table = try SessionSheet.labels(in: file, allowed: SessionSheet.columns)
        let names = try KnownNames(catalog)
        var photos = PhotosByFile(session, catalog)
        var labels: [(photo: PhotoID, label: Label)] = []
        var problems = table.problems
        var lines: [PhotoID: Int] = [:]
        var skipped = 0
        for row in table.rows where table.isHeaderValid {
            let location = "\(name):\(row.line)"
            guard problems.count < SheetTable.maximumProblems else {
                problems.append(CurareError.Problem(location, "this row and the rows below were not checked"))
                break
            }
            guard !row.isOpen else {
                skipped += 1
                continue
            }
            let before = problems.count
            let label = names.label(row, location, &problems)
            if label == nil, problems.count == before {
                problems.append(
                    CurareError.Problem(location, "the trigger has no location; write on-face or off-face"))
            }
            guard let photo = try photos.photo(row["file"], at: location, &problems), let label else { continue }
            if let line = lines.updateValue(row.line, forKey: photo) {
                problems.append(
                    CurareError.Problem(location, "line \(line) has the same photo; delete one of the two rows"))
            }
            labels.append((photo, label))
        }
        try LabelEditor.check(problems, at: name)
        self.labels = labels
        self.skipped = skipped
    }
}

extension SheetTable.Row {
    /// Whether the row gives no label.
    fileprivate var isOpen: Bool { ["volunteer", "trigger", "location"].allSatisfy { self[$0].isEmpty } }
}

/// The photos of a catalog by their file names. A sheet can have hundreds of thousands of rows, so that each session is
/// read once.
private struct PhotosByFile {
    private let session: SessionName?
    private let catalog: Catalog
    private var files: [SessionName: [String: PhotoID]] = [:]

    init(_ session: SessionName?, _ catalog: Catalog) {
        self.session = session
        self.catalog = catalog
    }

    /// Returns the photo of a row, or records why the row names no photo.
    mutating func photo(_ text: String, at location: String, _ problems: inout [CurareError.Problem]) throws -> PhotoID?
    {
        if let session {
            if let photo = try photos(in: session)[SheetPath.normalized(text)] { return photo }
            let meant = confusableFileName(text, among: try photos(in: session).keys)
            let hint = meant.map { "; \(question($0))" } ?? ""
            problems.append(
                CurareError.Problem(location, "the session \(session) has no file \"\(text.prefix(80))\"\(hint)"))
            return nil
        }
        if let slash = text.firstIndex(of: "/"), let session = SessionName(String(text[..<slash])),
            let photo = try photos(in: session)[String(text[text.index(after: slash)...])],
            try catalog.photos(file: text).isEmpty
        {
            return photo
        }
        return try PhotoReference(text).photo(in: catalog, at: location, &problems)
    }

    /// Returns the photos of a session by file name: of several photos with the same file name, the newest.
    private mutating func photos(in session: SessionName) throws -> [String: PhotoID] {
        if let known = files[session] { return known }
        let photos = try catalog.photos(in: session)
        let newest = Dictionary(photos.map { ($0.file, $0.photo) }, uniquingKeysWith: { _, later in later })
        files[session] = newest
        return newest
    }
}
