import Core
import Documents
import Foundation
import Storage

/// The data of one photo in a session, and the position of the row that contains them.
struct SessionRow {
    /// The file and line of the row, such as `s1/session.csv:4`. If the session has no `session.csv`: the path of the
    /// photo, whose folders give the label.
    let location: String
    /// The path of the photo, relative to the session folder.
    var file: String
    /// Nil when the row names no volunteer, or no location of the trigger.
    let label: Label?
    /// The volunteer and the trigger of a row that marks the trigger with a box and gives no location.
    var labelWithoutLocation: LabelWithoutLocation?
    /// Other people visible in the photo (column `also`).
    var coSubjects: [VolunteerName] = []
    var triggerBox: Box?
    var faceBox: Box?
    var note: String?
    /// The earlier names in the row that were read as current names.
    var readNames: Set<ReadName> = []

    /// The person whom the photo shows; nil when the row names no volunteer.
    var volunteer: VolunteerName? { label?.volunteer ?? labelWithoutLocation?.volunteer }
    /// All people whom the row names.
    var people: [VolunteerName] { (volunteer.map { [$0] } ?? []) + coSubjects }
}

/// A label whose trigger has no location yet. The import derives the location from the trigger's box and the face.
struct LabelWithoutLocation: Hashable {
    let volunteer: VolunteerName
    let trigger: TriggerName

    func label(at location: Location) -> Label {
        Label(volunteer: volunteer, triggerState: TriggerState([TriggerPlacement(trigger, location)]))
    }
}

/// The content of `session.csv`. Each row is checked on its own; ``ImportPlan`` compares the rows with the files and
/// with the catalog.
struct SessionSheet {
    static let requiredColumns = ["file", "volunteer", "trigger", "location"]
    static let columns = requiredColumns + ["box", "face_box", "also", "note"]

    /// Returns the rows of a CSV file with labels that a user named.
    ///
    /// - Parameter allowed: the columns that the file may have.
    /// - Throws: ``CurareError`` (65) if the file is not a CSV table, (66) if it does not exist.
    static func labels(in file: URL, allowed: [String]) throws -> SheetTable {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw MissingPath.error(
                "the CSV of labels does not exist", at: file.path,
                next: "name a CSV file with the columns \(requiredColumns.joined(separator: ","))")
        }
        return try SheetTable(
            RegularFile(file).bytes(limit: SheetTable.maximumBytes), file: file.lastPathComponent,
            required: requiredColumns, allowed: allowed)
    }

    /// The rows without a problem.
    let rows: [SessionRow]
    /// The files of all rows, rows with problems included. Nil when the header lacks a column.
    let files: Set<String>?
    let problems: [CurareError.Problem]
    /// Warnings about the file. They do not prevent the import.
    let warnings: [String]

    /// Parses `session.csv`.
    ///
    /// - Parameters:
    ///   - file: the file's name in messages.
    ///   - triggers: the triggers that exist in the catalog.
    ///   - names: the earlier names in the catalog.
    /// - Throws: ``CurareError`` (65) when `bytes` are not a CSV table.
    init(_ bytes: [UInt8], file: String, triggers: [TriggerName], names: EarlierNames = EarlierNames()) throws {
        let table = try SheetTable(bytes, file: file, required: Self.requiredColumns, allowed: Self.columns)
        var rows: [SessionRow] = []
        var problems = table.problems
        for tableRow in table.rows where table.isHeaderValid {
            guard problems.count < SheetTable.maximumProblems else {
                problems.append(
                    CurareError.Problem("\(file):\(tableRow.line)", "this row and the rows below were not checked"))
                break
            }
            let parser = SessionRowParser(
                row: tableRow, location: "\(file):\(tableRow.line)", triggers: triggers, names: names)
            switch parser.parse() {
            case .success(let row): rows.append(row)
            case .failure(let error): problems += error.problems
            }
        }
        self.rows = rows
        self.problems = problems
        files = table.isHeaderValid ? Set(table.rows.map { SheetPath.normalized($0["file"]) }) : nil
        warnings =
            table.isTabSeparated ? ["\(file): the cells are separated by tabs; commas or semicolons are usual"] : []
    }
}

/// Parser of one row of `session.csv`. Collects all problems of the row.
struct SessionRowParser {
    /// The problems of one row.
    struct InvalidRow: Error {
        let problems: [CurareError.Problem]
    }

    /// The row with current names.
    let row: SheetTable.Row
    /// The position of the row in messages.
    let location: String
    let triggers: [TriggerName]
    /// The earlier names in the row that were read as current names.
    let readNames: Set<ReadName>

    init(
        row: SheetTable.Row, location: String, triggers: [TriggerName], names: EarlierNames = EarlierNames()
    ) {
        let current = names.current(row)
        self.row = current.row
        readNames = current.read
        self.location = location
        self.triggers = triggers
    }

    /// Returns the values of the row, or all of its problems.
    func parse() -> Result<SessionRow, InvalidRow> {
        var problems: [CurareError.Problem] = []
        func report(_ message: String) { problems.append(CurareError.Problem(location, message)) }

        let file = SheetPath.normalized(row["file"])
        if let problem = SheetPath.problem(of: row["file"]) { report(problem) }
        let triggerBox = box("box", report)
        let labelWithoutLocation = triggerBox == nil ? nil : labelWithoutLocation
        let label = labelWithoutLocation == nil ? label(report) : nil
        var result = SessionRow(
            location: location, file: file, label: label, labelWithoutLocation: labelWithoutLocation)
        result.triggerBox = triggerBox
        result.faceBox = box("face_box", report)
        result.coSubjects = names("also", report)
        let note = row["note"]
        if note.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" && $0 != "\t" && $0 != "\r" }) {
            report("the note contains control characters; remove them")
        }
        result.note = note.isEmpty ? nil : note
        result.readNames = readNames
        return problems.isEmpty ? .success(result) : .failure(InvalidRow(problems: problems))
    }

    /// Returns the label of the row, or nil when the row names no volunteer or has a problem.
    func label(_ report: (String) -> Void) -> Label? {
        let volunteer = row["volunteer"]
        let trigger = row["trigger"]
        let location = row["location"]
        if volunteer.isEmpty {
            if !trigger.isEmpty || !location.isEmpty {
                report("the row has a trigger or a location, but no volunteer; name the volunteer")
            }
            return nil
        }
        let name = VolunteerName(volunteer)
        if name == nil {
            report(
                "\"\(volunteer.prefix(80))\" is not a volunteer name: \(VolunteerName.rule)\(Self.hint(volunteer))")
        }
        guard let triggerState = triggerState(trigger, location, report), let name else { return nil }
        return Label(volunteer: name, triggerState: triggerState)
    }

    /// The volunteer and the trigger of a row with one known trigger and no location; nil for all other rows.
    private var labelWithoutLocation: LabelWithoutLocation? {
        guard row["location"].isEmpty, let volunteer = VolunteerName(row["volunteer"]),
            let trigger = triggers.first(where: { $0.text == row["trigger"] })
        else { return nil }
        return LabelWithoutLocation(volunteer: volunteer, trigger: trigger)
    }

    private func triggerState(_ trigger: String, _ location: String, _ report: (String) -> Void) -> TriggerState? {
        let none = TriggerState.bareText
        if trigger.isEmpty {
            report(
                location.isEmpty
                    ? "the trigger is empty; write \(none) for a photo without a trigger"
                    : "the row has a location but no trigger; name the trigger")
            return nil
        }
        if trigger == none {
            if let meant = Self.lowerCaseLocation(location) {
                report("\"\(location.prefix(40))\" is not a location; \(question(meant))")
                return nil
            }
            guard location.isEmpty || location == none else {
                report(
                    "the row has the location \"\(location.prefix(40))\" but no trigger; write \(none) as its location")
                return nil
            }
            return .bare
        }
        let parts = trigger.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        let unknown = parts.filter { part in !triggers.contains { $0.text == part } }
        for part in unknown { report(unknownTrigger(part, isOnly: parts.count == 1)) }
        // The location of a bare photo is not judged by the rules for triggers.
        if trigger.lowercased() == none, Self.lowerCaseLocation(location) == nil { return nil }
        if let meant = Self.lowerCaseLocation(location) {
            report("\"\(location.prefix(40))\" is not a location; \(question(meant))")
            return nil
        }
        let isLocationOpen = location.isEmpty && !row["box"].isEmpty
        // The location of a single trigger may be left open. The row's other problems are reported above.
        if isLocationOpen, parts.count == 1 { return nil }
        if location.isEmpty || location == none {
            let hint =
                isLocationOpen
                ? ", one for each trigger, joined by +; a box can replace the location of a single trigger only" : ""
            report("the trigger \(trigger.prefix(80)) has no location; write on-face or off-face\(hint)")
            return nil
        }
        guard unknown.isEmpty else { return nil }
        guard let triggerState = TriggerState(triggerText: trigger, locationText: location) else {
            report(
                "\"\(location.prefix(80))\" is not a location of \(trigger.prefix(80)); "
                    + "write on-face or off-face, one for each trigger, joined by +")
            return nil
        }
        return triggerState
    }

    /// - Parameter isOnly: whether the cell names no other trigger, so that `none` is possible.
    private func unknownTrigger(_ name: String, isOnly: Bool) -> String {
        let known = triggers.map(\.text)
        let none = TriggerState.bareText
        let hint = suggestionClause(for: name.lowercased(), among: known + (isOnly ? [none] : []))
        let allowed = ([none] + known).joined(separator: ", ")
        return "unknown trigger \"\(name.prefix(80))\"\(hint) Known triggers: \(allowed). "
            + "Add one with: curare trigger add NAME"
    }

    /// Returns a hint for a name that spreadsheets have written with a capital letter.
    private static func hint(_ name: String) -> String {
        let lower = name.lowercased()
        return VolunteerName.isValid(lower) ? "; \(question(lower))" : ""
    }

    /// Returns the location in lower case, when the text is a location that is written with capital letters. Otherwise
    /// returns nil.
    private static func lowerCaseLocation(_ text: String) -> String? {
        let lower = text.lowercased()
        let parts = lower.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        let isLocation = parts.allSatisfy { $0 == TriggerState.bareText || Location(rawValue: $0) != nil }
        return lower != text && isLocation ? lower : nil
    }

    private func names(_ column: String, _ report: (String) -> Void) -> [VolunteerName] {
        row[column].split(whereSeparator: { $0 == "+" || $0 == " " }).compactMap { text in
            if let name = VolunteerName(String(text)) { return name }
            report(
                "\(column): \"\(text.prefix(80))\" is not a volunteer name: \(VolunteerName.rule); join several by +"
                    + Self.hint(String(text)))
            return nil
        }
    }

    private func box(_ column: String, _ report: (String) -> Void) -> Box? {
        let text = row[column]
        guard !text.isEmpty else { return nil }
        guard let box = Self.box(text) else {
            report("\(column): \"\(text.prefix(40))\" is not a box; \(Self.boxRule)")
            return nil
        }
        return box
    }

    static let boxRule = "write x y width height in whole pixels of the upright photo"

    /// Returns the box that a text such as `10 20 30 40` gives; nil for any other text.
    static func box(_ text: String) -> Box? {
        let numbers = text.split(separator: " ").map { Int($0) }
        guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
            let height = numbers[3],
            (0...1_000_000).contains(x), (0...1_000_000).contains(y), (1...1_000_000).contains(width),
            (1...1_000_000).contains(height)
        else { return nil }
        return Box(x: x, y: y, width: width, height: height)
    }
}
