import Core
import Documents
import Foundation
import Storage

/// A session as the researcher delivers it: its description, and a row for each photo. The rows come from `session.csv`
/// or from the folder names.
struct SessionSource {
    let folder: SessionFolder
    let session: Session
    let rows: [SessionRow]
    /// Files of the folder that have no row in `session.csv`.
    let filesWithoutRow: [String]
    /// All problems that can be found without opening a photo.
    let problems: [CurareError.Problem]
    /// Warnings about the folder and about `session.csv`. They do not prevent the import.
    let warnings: [String]

    /// Reads the description and `session.csv` below `root`.
    ///
    /// - Parameters:
    ///   - triggers: the triggers that exist in the catalog.
    ///   - names: the earlier names in the catalog. They are read as current names.
    /// - Throws: ``CurareError`` (66) when the folder or the description is missing, or when the folder has no file that
    ///   can be a photo, (65) when the description or `session.csv` cannot be read, or when the description declares the
    ///   consent withdrawn.
    init(_ root: URL, triggers: [TriggerName], names: EarlierNames = EarlierNames()) throws {
        folder = try SessionFolder(root)
        let name = folder.root.lastPathComponent
        guard let session = try SessionDescription.read(in: folder) else {
            throw try Self.missingDescription(in: folder)
        }
        guard session.consent != .withdrawn else {
            throw CurareError(
                .badInput, "the consent to this session was withdrawn; nothing of the session is imported",
                at: folder.root.path, next: "delete the folder, as agreed with the volunteer")
        }
        self.session = session
        if let bytes = try folder.contents(of: SessionFolder.sheetName, limit: SheetTable.maximumBytes) {
            let file = "\(name)/\(SessionFolder.sheetName)"
            let sheet = try SessionSheet(bytes, file: file, triggers: triggers, names: names)
            rows = sheet.rows
            warnings = folder.warnings + sheet.warnings + ReadName.warnings(rows, of: file)
            problems = folder.problems + sheet.problems
            let mentioned = sheet.files ?? Set(folder.files)
            filesWithoutRow = folder.files.filter { !mentioned.contains($0) }
        } else {
            try Self.checkForMisnamedSheet(in: folder)
            let (folderRows, folderProblems) = Self.rows(fromFolderNames: folder, triggers, names)
            rows = folderRows
            warnings = folder.warnings + ReadName.warnings(rows, of: name)
            problems = folder.problems + folderProblems
            filesWithoutRow = []
        }
        // A sheet can name files that are missing. That is a problem of each row.
        if folder.files.isEmpty, rows.isEmpty, problems.isEmpty { throw Self.noPhotos(in: folder) }
    }

    private static func noPhotos(in folder: SessionFolder) -> CurareError {
        let skipped =
            switch folder.sidecars.count {
            case 0: ""
            case 1: "; its other file is a clip or a sidecar file, which is skipped"
            case let count: "; its \(count) other files are clips or sidecar files, which are skipped"
            }
        return CurareError(
            .missingInput, "the session folder has no photos\(skipped)",
            at: folder.root.path, next: "copy the photos into this folder, then run the command again")
    }

    private static func missingDescription(in folder: SessionFolder) throws -> CurareError {
        let name = SessionFolder.descriptionName
        guard let file = folder.fileMeant(as: name, suffixes: ["yaml", "yml", "yaml.yaml"]) else {
            if let error = try folderOfSessions(folder) { return error }
            return CurareError(
                .missingInput, "the session folder has no \(name)", at: folder.root.path,
                next: "write \(name) with four lines, such as: session: garden / date: 2026-05-03 / kind: volunteer / "
                    + "consent: signed")
        }
        return CurareError(
            .missingInput, "the session folder has no \(name), but it has \(file)", at: folder.root.path,
            next: "rename \(file) to \(name)")
    }

    /// Returns the error for a folder that contains session folders, with the command that imports them. Nil if no folder
    /// in it has a description.
    ///
    /// - Parameter levels: the number of levels of folders to search. The message names the folder that contains the
    ///   session folders.
    private static func folderOfSessions(_ folder: SessionFolder, levels: Int = 2) throws -> CurareError? {
        let folders = try FolderListing.visibleFolders(in: folder.root)
        let sessions = folders.filter {
            FileManager.default.fileExists(
                atPath: folder.url($0).appending(path: SessionFolder.descriptionName).path)
        }
        guard !sessions.isEmpty else {
            guard levels > 1 else { return nil }
            for name in folders {
                let error = try folderOfSessions(SessionFolder(folder.url(name)), levels: levels - 1)
                if let error { return error }
            }
            return nil
        }
        let path = ShellWord.quoted(folder.root.path)
        let hasFiles = (folder.files + folder.sidecars).contains { !$0.contains("/") }
        let next =
            if sessions.count < folders.count {
                "import the session folders only, such as: curare import "
                    + sessions.prefix(2).map { ShellWord.quoted(folder.url($0).path) }.joined(separator: " ")
            } else {
                // The pattern with a slash at its end leaves out files.
                "import all of them with: curare import \(path)/*\(hasFiles ? "/" : "")"
            }
        let count = sessions.count == 1 ? "a session folder" : "\(sessions.count) session folders"
        return CurareError(
            .missingInput, "this folder contains \(count), and is not a session folder", at: folder.root.path,
            next: next)
    }

    /// Checks that the folder contains no file that a person meant as `session.csv`, but with another name. Without
    /// this check, the names of the folders would be read as labels.
    ///
    /// - Throws: ``CurareError`` (66) when the folder contains such a file.
    private static func checkForMisnamedSheet(in folder: SessionFolder) throws {
        let name = SessionFolder.sheetName
        let workbooks: Set<String> = ["xlsx", "xls", "ods", "numbers"]
        guard let file = folder.fileMeant(as: name, suffixes: workbooks.union(["csv", "csv.csv", "tsv"])) else {
            return
        }
        let isWorkbook = workbooks.contains { file.lowercased().hasSuffix(".\($0)") }
        throw CurareError(
            .missingInput, "the session folder has no \(name), but it has \(file)", at: folder.root.path,
            next: isWorkbook
                ? "save \(file) as \"CSV UTF-8\" with the name \(name)" : "rename \(file) to \(name)")
    }

    /// Returns a row for each file of the form `VOLUNTEER/TRIGGER[/LOCATION]/file`, for a session without
    /// `session.csv`.
    private static func rows(
        fromFolderNames folder: SessionFolder, _ triggers: [TriggerName], _ names: EarlierNames
    ) -> (rows: [SessionRow], problems: [CurareError.Problem]) {
        var rows: [SessionRow] = []
        var problems: [CurareError.Problem] = []
        var others: [String] = []
        for file in folder.files {
            let location = "\(folder.root.lastPathComponent)/\(file)"
            let parts = file.split(separator: "/").map(String.init)
            guard (3...4).contains(parts.count) else {
                others.append(file)
                continue
            }
            let row = SheetTable.Row(
                line: 0, volunteer: parts[0], trigger: parts[1], location: parts.count == 4 ? parts[2] : "")
            let parser = SessionRowParser(row: row, location: location, triggers: triggers, names: names)
            let label = parser.label { problems.append(CurareError.Problem(location, $0)) }
            if let label {
                rows.append(
                    SessionRow(location: location, file: file, label: label, readNames: parser.readNames))
            }
        }
        if !others.isEmpty { problems.insert(missingSheet(in: folder, files: others), at: 0) }
        return (rows, problems)
    }

    /// Returns the problem of a session without `session.csv` whose `files` are not in folders that give their labels.
    private static func missingSheet(in folder: SessionFolder, files: [String]) -> CurareError.Problem {
        let sheet = SessionFolder.sheetName
        let count =
            switch (files.count, folder.files.count) {
            case (1, 1): "the file \(files[0]) is not"
            case (let count, let all) where count == all: "none of the \(count) files is"
            case (let count, let all): "\(count) of \(all) files, such as \(files[0]), are not"
            }
        return CurareError.Problem(
            folder.root.lastPathComponent,
            "there is no \(sheet), and \(count) in a folder VOLUNTEER/TRIGGER[/LOCATION]; write \(sheet) with the line "
                + "\(SessionSheet.requiredColumns.joined(separator: ",")) and a line for each photo, such as "
                + "\(files[0]),ada,\(TriggerState.bareText),\(TriggerState.bareText)")
    }
}

/// Parser of `session.yaml`: name, date, kind and consent of a session.
enum SessionDescription {
    private static let required = ["session", "date", "kind", "consent"]
    private static let optional = ["photographer", "camera", "place"]

    /// Returns the session that the description in `folder` declares, or nil when the folder has no description.
    ///
    /// - Throws: ``CurareError`` (65) with all problems of the description.
    static func read(in folder: SessionFolder) throws -> Session? {
        let name = SessionFolder.descriptionName
        guard let bytes = try folder.contents(of: name, limit: YAMLReader.maximumBytes) else { return nil }
        return try read(bytes, file: "\(folder.root.lastPathComponent)/\(name)")
    }

    /// Parses the description.
    ///
    /// - Parameter file: the file's name in messages.
    /// - Throws: ``CurareError`` (65) with all problems of the description.
    static func read(_ bytes: [UInt8], file: String) throws -> Session {
        try YAMLReader.read(bytes, "the session description", file: file) { session($0) }
    }

    private static func session(_ reader: YAMLReader) -> Session? {
        guard let members = reader.members(allowed: required + optional) else { return nil }
        for key in required where members[key] == nil { reader.complain("the key \(key) is missing") }
        let name: SessionName? = members["session"]?.name()
        let kind: VolunteerKind? = members["kind"]?.word()
        let consent: Consent? = members["consent"]?.word()
        let date = members["date"]?.date()
        let photographer = members["photographer"].flatMap(line)
        let camera = members["camera"].flatMap(line)
        let place = members["place"].flatMap(line)
        guard let name, let kind, let consent, let date else { return nil }
        return Session(
            name: name, date: date, kind: kind, consent: consent, photographer: photographer, camera: camera,
            place: place)
    }

    /// Returns the text of a value that is a single line.
    private static func line(_ reader: YAMLReader) -> String? {
        guard let text = reader.text else { return nil }
        let lineEnds: Set<Unicode.Scalar> = ["\n", "\r"]
        guard text.utf8.count <= 200, !text.unicodeScalars.contains(where: lineEnds.contains) else {
            reader.complain("the text must be one line of at most 200 bytes")
            return nil
        }
        if let control = text.unicodeScalars.first(where: { $0.value < 32 || $0.value == 127 }) {
            reader.complain(
                "the text contains the control character \(String(Character(control)).printable()); remove the character"
            )
            return nil
        }
        return text
    }
}

/// Recognizes session folders whose description declares the consent withdrawn.
public enum WithdrawnSession {
    /// Returns the name of the session in `folder` if its `session.yaml` has `consent: withdrawn`. Returns nil for
    /// another consent, and for a `session.yaml` that cannot be read. In that case ``ImportPlanner`` reports the
    /// reason.
    public static func name(in folder: URL) -> SessionName? {
        do {
            let session = try SessionDescription.read(in: SessionFolder(folder))
            return session?.consent == .withdrawn ? session?.name : nil
        } catch {
            return nil
        }
    }
}

extension SheetTable.Row {
    /// Creates a row as in `session.csv` for a photo with this volunteer, trigger and location.
    init(line: Int, volunteer: String, trigger: String, location: String) {
        self.init(line: line, cells: ["volunteer": volunteer, "trigger": trigger, "location": location])
    }
}
