import Catalog
import Core
import Documents
import Foundation
import Storage

/// The content of `session.csv` for a session in the catalog: one row for each photo, with the label that counts, the
/// marked boxes, the other visible people and the note.
///
/// An import of the session with this sheet finds no difference from the catalog. An existing sheet of the session can
/// give the form: the separator, the line ends, the order of rows and columns, and the rows of files that are not in the
/// catalog.
public struct SessionSheetExport {
    public let bytes: [UInt8]
    /// The number of rows below the header.
    public let rows: Int
    /// The number of rows whose location is left open, because the label that counts is a suggestion.
    public let suggested: Int
    /// The number of rows of files that the session in the catalog does not have, such as files in quarantine.
    public let kept: Int
    /// The number of rows of the existing sheet that are left out, because the photos were withdrawn.
    public let dropped: Int

    /// - Parameter sheet: an existing sheet of the session, which gives the form. Nil for all columns of the format,
    ///   commas, and rows sorted by file.
    /// - Throws: ``CurareError`` (65) when `sheet` is not a session sheet, or when a sheet cannot contain one of the
    ///   values; (66) when `sheet` does not exist.
    public init(_ session: SessionName, like sheet: URL?, in workspace: Workspace, _ catalog: Catalog) throws {
        var rows = try SessionSheetRows(session, catalog)
        let table = try sheet.map(Self.table)
        if let table, let sheet {
            for row in table.rows { try rows.add(row, nextTo: sheet) }
            rows.addOtherPhotos()
        } else {
            rows.addOtherPhotos()
            for file in try QuarantinedFile.all(in: workspace) where file.session == session.text { rows.add(file) }
        }
        let cells = rows.cells
        let columns = Self.columns(table, cells)
        var writer = CSVWriter(columns, form: table?.form ?? SheetForm())
        for row in cells { writer.add(columns.map { row[$0] ?? "" }) }
        bytes = writer.bytes
        self.rows = cells.count
        suggested = rows.suggested
        kept = rows.kept
        dropped = rows.dropped
        try Self.check(bytes, columns, cells, triggers: catalog.triggers(), sheet)
    }

    private static func table(_ sheet: URL) throws -> SheetTable {
        let bytes = try RegularFile.contents(ofNamedFile: sheet.path, limit: SheetTable.maximumBytes)
        let table = try SheetTable(
            bytes, file: sheet.lastPathComponent, required: SessionSheet.requiredColumns,
            allowed: SessionSheet.columns)
        guard table.isHeaderValid else {
            throw CurareError(
                .badInput, "the file is not a session sheet", at: sheet.path,
                next: "name the \(SessionFolder.sheetName) of the session", problems: table.problems)
        }
        return table
    }

    /// Returns the columns of the existing sheet, and then the other columns that have a text.
    private static func columns(_ table: SheetTable?, _ cells: [[String: String]]) -> [String] {
        guard let table else { return SessionSheet.columns }
        let existing = table.columns.filter { !$0.isEmpty }
        let used = Set(cells.flatMap { row in row.filter { !$0.value.isEmpty }.keys })
        return existing + SessionSheet.columns.filter { !existing.contains($0) && used.contains($0) }
    }

    /// Reads the new sheet as an import reads it, and compares the texts.
    ///
    /// - Throws: ``CurareError`` (65) when an import would read another text, or would find a problem.
    private static func check(
        _ bytes: [UInt8], _ columns: [String], _ cells: [[String: String]], triggers: [TriggerName], _ sheet: URL?
    ) throws {
        let name = SessionFolder.sheetName
        let table = try SheetTable(bytes, file: name, required: SessionSheet.requiredColumns, allowed: columns)
        var problems = try SessionSheet(bytes, file: name, triggers: triggers).problems
        guard table.rows.count == cells.count else {
            throw CurareError(.bug, "the sheet does not have all rows", next: "please report this")
        }
        for (row, cells) in zip(table.rows, cells) {
            let location = "\(name):\(row.line)"
            for column in columns where row[column] != cells[column] ?? "" {
                let text = (cells[column] ?? "").prefix(80)
                problems.append(
                    CurareError.Problem(
                        location,
                        "\(column): a sheet cannot contain \"\(text)\", because it starts or ends with whitespace"))
            }
            if let file = cells["file"], SheetPath.normalized(file) != file {
                problems.append(
                    CurareError.Problem(
                        location, "file: a sheet cannot contain the backslash in \"\(file.prefix(80))\""))
            }
        }
        guard problems.isEmpty else {
            throw CurareError(
                .badInput, "the new sheet would have \(problems.count) \(problems.count == 1 ? "problem" : "problems")",
                at: sheet?.path,
                next: sheet == nil
                    ? "correct these labels with curare label instead; nothing was written"
                    : "correct these rows in the existing sheet and run the command again; nothing was written",
                problems: problems)
        }
    }
}

/// The rows of a new sheet, as texts by column.
private struct SessionSheetRows {
    private(set) var cells: [[String: String]] = []
    private(set) var suggested = 0
    private(set) var kept = 0
    private(set) var dropped = 0

    private let session: SessionName
    private let catalog: Catalog
    private let names: EarlierNames
    private let withdrawnPeople: Set<VolunteerName>
    private let known: [PhotoID: KnownPhoto]
    /// The newest photo of each file.
    private let photos: [String: PhotoID]
    private var written: Set<String> = []

    init(_ session: SessionName, _ catalog: Catalog) throws {
        self.session = session
        self.catalog = catalog
        names = try catalog.earlierNames()
        withdrawnPeople = try catalog.withdrawnNames()
        photos = Dictionary(try catalog.photos(in: session).map { ($0.file, $0.photo) }) { $1 }
        known = try catalog.known(Array(photos.values))
    }

    /// Adds a row of the existing sheet with the values of the catalog. A row of a file that the catalog does not have
    /// stays, unless its photo was withdrawn.
    mutating func add(_ existing: SheetTable.Row, nextTo sheet: URL) throws {
        let row = names.current(existing).row
        let file = SheetPath.normalized(row["file"])
        if let photo = photos[file] {
            guard written.insert(file).inserted else { return }
            add(photo, row, file: file)
            return
        }
        let photo = try digest(of: file, nextTo: sheet)
        let people = [row["volunteer"]] + row["also"].split { $0 == "+" || $0 == " " }.map(String.init)
        let isWithdrawn = try photo.map { try !catalog.tombstones(among: [$0]).photos.isEmpty } ?? false
        if isWithdrawn || people.compactMap({ VolunteerName($0) }).contains(where: withdrawnPeople.contains) {
            dropped += 1
            return
        }
        kept += 1
        var texts = Dictionary(uniqueKeysWithValues: SessionSheet.columns.map { ($0, row[$0]) })
        // A second file with the bytes of a photo must have the label of this photo.
        if let photo, let same = known[photo] {
            texts.merge(label(of: same, row)) { $1 }
            texts["also"] = Self.also(same)
        }
        cells.append(texts)
    }

    /// Adds the photos of the catalog that have no row yet, sorted by file.
    mutating func addOtherPhotos() {
        let others = photos.filter { !written.contains($0.key) }
        for (file, photo) in others.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            add(photo, nil, file: file)
        }
    }

    /// Adds a file in quarantine, so that the sheet has a row for every file of the session. The row names the people who
    /// may be in the file, and has no label.
    mutating func add(_ file: QuarantinedFile) {
        guard let path = file.file, !file.isDamaged, photos[path] == nil else { return }
        let people = (file.people ?? []).map { text in
            VolunteerName(text).flatMap { names.volunteers[$0]?.text } ?? text
        }
        cells.append(["file": path, "also": people.joined(separator: "+")])
        kept += 1
    }

    private mutating func add(_ photo: PhotoID, _ row: SheetTable.Row?, file: String) {
        guard let values = known[photo] else { return }
        var texts = label(of: values, row)
        texts["file"] = file
        texts["box"] = Self.text(values.boxes[.trigger])
        texts["face_box"] = Self.text(values.boxes[.face])
        texts["also"] = Self.also(values)
        texts["note"] = (values.notes[session] ?? nil) ?? ""
        if values.label != nil, texts["location"]?.isEmpty == true { suggested += 1 }
        cells.append(texts)
    }

    /// Returns the texts of the label that counts. A photo without a label has the texts of `row`.
    private func label(of values: KnownPhoto, _ row: SheetTable.Row?) -> [String: String] {
        guard let label = values.label else {
            return ["volunteer", "trigger", "location"].reduce(into: [:]) { $0[$1] = row?[$1] ?? "" }
        }
        // With a location, the sheet would confirm the suggestion.
        let isOpen = values.isSuggested && values.boxes[.trigger] != nil && label.triggerState.single != nil
        return [
            "volunteer": label.volunteer.text, "trigger": label.triggerState.triggerText,
            "location": isOpen ? "" : label.triggerState.locationText,
        ]
    }

    private static func text(_ box: Box?) -> String {
        box.map { "\($0.x) \($0.y) \($0.width) \($0.height)" } ?? ""
    }

    private static func also(_ values: KnownPhoto) -> String {
        values.coSubjects.sorted().map(\.text).joined(separator: "+")
    }

    /// Returns the digest of a file next to the existing sheet; nil if there is no such file.
    private func digest(of file: String, nextTo sheet: URL) throws -> PhotoID? {
        guard SheetPath.problem(of: file) == nil else { return nil }
        do {
            return try RegularFile(
                sheet.deletingLastPathComponent().appending(path: file), missing: .missingInput,
                irregular: .missingInput
            ).sha256()
        } catch let error as CurareError where error.code == .missingInput {
            return nil
        }
    }
}
