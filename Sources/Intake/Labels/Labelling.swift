import Catalog
import Core
import Documents
import Foundation
import Storage

/// New labels for photos that are in the catalog already: added to their histories, never over them.
public struct Labelling {
    private let catalog: Catalog
    private let made: String

    /// - Parameter made: the time of the labels, UTC ISO 8601.
    public init(_ catalog: Catalog, made: String) {
        (self.catalog, self.made) = (catalog, made)
    }

    /// One label for several photos, by a person's own word.
    ///
    /// - Parameters:
    ///   - volunteer: nil keeps the person that each photo shows now.
    ///   - trigger, location: as a sheet has them: `none`, `sunglasses`, `bandana+sunglasses`.
    /// - Throws: ``CurareError`` (65) with every problem; then nothing is changed.
    @discardableResult
    public func label(_ photos: [PhotoReference], volunteer: String?, trigger: String, location: String) throws -> Int {
        let triggers = try catalog.triggers()
        let volunteers = try catalog.volunteers().map(\.name)
        var labels: [(photo: PhotoID, label: Label)] = []
        var problems: [CurareError.Problem] = []
        for reference in photos {
            guard let photo = found(reference, at: "", &problems) else { continue }
            let name = try volunteer ?? catalog.label(of: photo)?.label.volunteer.text ?? ""
            let row = SheetTable.Row(line: 0, volunteer: name, trigger: trigger, location: location)
            if name.isEmpty {
                problems.append(
                    CurareError.Problem(
                        reference.text, "nobody has said yet who is in it: name the person with --volunteer"))
            }
            guard let label = Self.label(row, reference.text, triggers, volunteers, &problems) else { continue }
            labels.append((photo, label))
        }
        return try append(labels, .review, problems, at: nil)
    }

    /// Labels from a sheet with the columns `file,volunteer,trigger,location`, whose `file` names a photo as ``PhotoReference`` does.
    ///
    /// - Throws: ``CurareError`` (65) with every problem; then nothing is changed.
    @discardableResult
    public func label(sheet file: URL) throws -> Int {
        let name = file.lastPathComponent
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw CurareError(.missingInput, "there is no such sheet", at: file.path)
        }
        let table = try SheetTable(
            RegularFile(file).bytes(limit: SheetTable.maximumBytes), file: name, required: SessionSheet.required,
            allowed: SessionSheet.required)
        let triggers = try catalog.triggers()
        let volunteers = try catalog.volunteers().map(\.name)
        var labels: [(photo: PhotoID, label: Label)] = []
        var problems = table.problems
        var lines: [PhotoID: Int] = [:]
        for row in table.rows where table.hasItsColumns {
            let place = "\(name):\(row.line)"
            if row["volunteer"].isEmpty { problems.append(CurareError.Problem(place, "the volunteer is empty")) }
            let label = Self.label(row, place, triggers, volunteers, &problems)
            guard let photo = found(PhotoReference(row["file"]), at: place, &problems), let label else { continue }
            if let line = lines.updateValue(row.line, forKey: photo) {
                problems.append(CurareError.Problem(place, "the photo stands in line \(line) too"))
            }
            labels.append((photo, label))
        }
        return try append(labels, .sheet, problems, at: name)
    }

    private func found(_ reference: PhotoReference, at place: String, _ problems: inout [CurareError.Problem]) -> PhotoID? {
        do { return try reference.photo(in: catalog) } catch {
            problems.append(CurareError.Problem(place, (error as? CurareError)?.message ?? "\(error)"))
            return nil
        }
    }

    private static func label(
        _ row: SheetTable.Row, _ place: String, _ triggers: [TriggerName], _ volunteers: [VolunteerName],
        _ problems: inout [CurareError.Problem]
    ) -> Label? {
        var found: [CurareError.Problem] = []
        let label = RowReader(row: row, place: place, triggers: triggers).label {
            found.append(CurareError.Problem(place, $0))
        }
        if let label, !volunteers.contains(label.volunteer) {
            let hint =
                closestMatch(to: label.volunteer.text, among: volunteers.map(\.text)).map { "; did you mean \($0)?" }
                ?? "; a volunteer comes in with a session"
            found.append(CurareError.Problem(place, "unknown volunteer \(label.volunteer)\(hint)"))
        }
        problems += found
        return found.isEmpty ? label : nil
    }

    private func append(
        _ labels: [(photo: PhotoID, label: Label)], _ source: LabelSource, _ problems: [CurareError.Problem],
        at place: String?
    ) throws -> Int {
        guard problems.isEmpty else {
            throw CurareError(
                .badInput, "the labels cannot be used", at: place,
                next: "mend them and run the command again; nothing was changed", problems: problems)
        }
        try catalog.append(labels: labels, source: source, made: made)
        return labels.count
    }
}
