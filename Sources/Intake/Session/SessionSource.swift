import Core
import Documents
import Foundation

/// A session as somebody hands it over: its description, and a row for each photo, from the sheet or from the names of folders.
struct SessionSource {
    let folder: SessionFolder
    let session: Session
    let rows: [SheetRow]
    /// Files of the folder that nothing speaks of.
    let unmentioned: [String]
    /// Everything wrong that can be seen without opening a photo.
    let problems: [CurareError.Problem]

    /// - Throws: ``CurareError`` (66) without a folder or a description, (65) where one of the two texts cannot be read.
    init(_ root: URL, triggers: [TriggerName]) throws {
        folder = try SessionFolder(root)
        let name = folder.root.lastPathComponent
        guard let description = try folder.contents(of: SessionFolder.descriptionName, limit: YAMLReader.maximumBytes)
        else {
            throw CurareError(
                .missingInput, "the session has no \(SessionFolder.descriptionName)", at: folder.root.path,
                next: "write one with session, date, kind and consent; see docs/format.md")
        }
        session = try SessionDescription.read(description, file: "\(name)/\(SessionFolder.descriptionName)")
        guard session.consent != .withdrawn else {
            throw CurareError(
                .badInput, "the consent to this session was withdrawn: none of it is stored", at: folder.root.path,
                next: "delete the folder, as was agreed with the volunteer")
        }
        var problems = folder.problems
        if let sheet = try folder.contents(of: SessionFolder.sheetName, limit: SheetTable.maximumBytes) {
            let read = try SessionSheet(sheet, file: "\(name)/\(SessionFolder.sheetName)", triggers: triggers)
            (rows, problems) = (read.rows, problems + read.problems)
            let mentioned = read.files ?? Set(folder.files)
            unmentioned = folder.files.filter { !mentioned.contains($0) }
        } else {
            let read = Self.rows(ofFolders: folder, triggers)
            (rows, problems) = (read.rows, problems + read.problems)
            unmentioned = []
        }
        self.problems = problems
    }

    /// `VOLUNTEER/TRIGGER[/LOCATION]/file` says what a sheet would.
    private static func rows(ofFolders folder: SessionFolder, _ triggers: [TriggerName]) -> (
        rows: [SheetRow], problems: [CurareError.Problem]
    ) {
        var rows: [SheetRow] = []
        var problems: [CurareError.Problem] = []
        for file in folder.files {
            let place = "\(folder.root.lastPathComponent)/\(file)"
            let parts = file.split(separator: "/").map(String.init)
            guard (3...4).contains(parts.count) else {
                problems.append(
                    CurareError.Problem(
                        place,
                        "there is no \(SessionFolder.sheetName), and the path is not VOLUNTEER/TRIGGER[/LOCATION]/file")
                )
                continue
            }
            let row = SheetTable.Row(
                line: 0, volunteer: parts[0], trigger: parts[1], location: parts.count == 4 ? parts[2] : "")
            let label = RowReader(row: row, place: place, triggers: triggers).label {
                problems.append(CurareError.Problem(place, $0))
            }
            if let label { rows.append(SheetRow(place: place, file: file, label: label)) }
        }
        return (rows, problems)
    }
}

extension SheetTable.Row {
    /// The row that folder names stand for.
    init(line: Int, volunteer: String, trigger: String, location: String) {
        self.init(line: line, cells: ["volunteer": volunteer, "trigger": trigger, "location": location])
    }
}
