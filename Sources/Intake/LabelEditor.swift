import Catalog
import Core
import Documents
import Foundation
import Storage

/// Adds labels to photos in the catalog. A label is appended to the photo's history; earlier labels are kept.
public struct LabelEditor {
    private let catalog: Catalog
    private let made: String

    /// - Parameter made: the time to record with the labels, in UTC, ISO 8601.
    public init(_ catalog: Catalog, made: String) {
        self.catalog = catalog
        self.made = made
    }

    /// Adds the same label to several photos, with the source `review`.
    ///
    /// - Parameters:
    ///   - volunteer: nil to keep the volunteer of each photo's current label.
    ///   - trigger: the trigger as in `session.csv`: `none`, `sunglasses`, `bandana+sunglasses`.
    ///   - location: the location as in `session.csv`: `none`, `on-face`, `off-face+on-face`.
    /// - Returns: the number of labels that were added.
    /// - Throws: ``CurareError`` (65) with all problems. The catalog is then unchanged.
    @discardableResult
    public func label(_ photos: [PhotoReference], volunteer: String?, trigger: String, location: String) throws -> Int {
        let triggers = try catalog.triggers()
        let volunteers = try catalog.volunteers().map(\.name)
        var labels: [(photo: PhotoID, label: Label)] = []
        var problems: [CurareError.Problem] = []
        for reference in photos {
            guard let photo = photo(reference, at: "", &problems) else { continue }
            let name = try volunteer ?? catalog.label(of: photo)?.label.volunteer.text ?? ""
            let row = SheetTable.Row(line: 0, volunteer: name, trigger: trigger, location: location)
            if name.isEmpty {
                problems.append(
                    CurareError.Problem(reference.text, "the photo has no label yet; name the person with --volunteer"))
            }
            guard let label = Self.label(row, reference.text, triggers, volunteers, &problems) else { continue }
            labels.append((photo, label))
        }
        return try append(labels, .review, problems, at: nil)
    }

    /// Adds the labels of a CSV file with the columns `file,volunteer,trigger,location`. The column `file` contains
    /// photo references.
    ///
    /// - Returns: the number of labels that were added.
    /// - Throws: ``CurareError`` (65) with all problems, (66) when the file does not exist. The catalog is then
    ///   unchanged.
    @discardableResult
    public func label(sheet file: URL) throws -> Int {
        let name = file.lastPathComponent
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw MissingPath.error(
                "the CSV of labels does not exist", at: file.path,
                next: "name a CSV file with the columns \(SessionSheet.requiredColumns.joined(separator: ","))")
        }
        let table = try SheetTable(
            RegularFile(file).bytes(limit: SheetTable.maximumBytes), file: name, required: SessionSheet.requiredColumns,
            allowed: SessionSheet.requiredColumns)
        let triggers = try catalog.triggers()
        let volunteers = try catalog.volunteers().map(\.name)
        var labels: [(photo: PhotoID, label: Label)] = []
        var problems = table.problems
        var lines: [PhotoID: Int] = [:]
        for row in table.rows where table.isHeaderValid {
            let location = "\(name):\(row.line)"
            if row["volunteer"].isEmpty {
                problems.append(CurareError.Problem(location, "the volunteer is empty; name the person in the photo"))
            }
            let label = Self.label(row, location, triggers, volunteers, &problems)
            guard let photo = photo(PhotoReference(row["file"]), at: location, &problems), let label else { continue }
            if let line = lines.updateValue(row.line, forKey: photo) {
                problems.append(
                    CurareError.Problem(location, "line \(line) has the same photo; delete one of the two rows"))
            }
            labels.append((photo, label))
        }
        return try append(labels, .sheet, problems, at: name)
    }

    private func photo(_ reference: PhotoReference, at location: String, _ problems: inout [CurareError.Problem])
        -> PhotoID?
    {
        do {
            return try reference.photo(in: catalog)
        } catch let error as CurareError {
            problems.append(CurareError.Problem(location, error.message))
        } catch {
            problems.append(CurareError.Problem(location, "\(error)"))
        }
        return nil
    }

    private static func label(
        _ row: SheetTable.Row, _ location: String, _ triggers: [TriggerName], _ volunteers: [VolunteerName],
        _ problems: inout [CurareError.Problem]
    ) -> Label? {
        var found: [CurareError.Problem] = []
        let label = SessionRowParser(row: row, location: location, triggers: triggers).label {
            found.append(CurareError.Problem(location, $0))
        }
        if let label, !volunteers.contains(label.volunteer) {
            let hint =
                suggestion(for: label.volunteer.text, among: volunteers.map(\.text))
                ?? "import a session with this volunteer first"
            found.append(CurareError.Problem(location, "unknown volunteer \(label.volunteer); \(hint)"))
        }
        problems += found
        return found.isEmpty ? label : nil
    }

    private func append(
        _ labels: [(photo: PhotoID, label: Label)], _ source: LabelSource, _ problems: [CurareError.Problem],
        at location: String?
    ) throws -> Int {
        guard problems.isEmpty else {
            throw CurareError(
                .badInput, "the labels have \(problems.count) \(problems.count == 1 ? "problem" : "problems")",
                at: location, next: "fix the problems and run the command again; no label was changed",
                problems: problems)
        }
        try catalog.append(labels: labels, source: source, made: made)
        return labels.count
    }
}

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
                next: MissingPath.suggestion(for: text)
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
}
