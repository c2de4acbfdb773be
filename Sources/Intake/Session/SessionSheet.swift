import Core
import Documents

/// What a session says of one photo, and where it says so.
struct SheetRow {
    /// A file and line, or the photo's own path where folders speak.
    let place: String
    /// Path below the session's folder.
    var file: String
    /// Nil where the row leaves open who is in the photo, or where the trigger is worn.
    let label: Label?
    /// Who wears which trigger, where the row has its box and leaves the location open.
    var unplaced: Unplaced?
    var also: [VolunteerName] = []
    var triggerBox: Box?
    var faceBox: Box?
    var note: String?

    var volunteer: VolunteerName? { label?.volunteer ?? unplaced?.volunteer }
    /// Everyone whom the row says to be in the photo.
    var people: [VolunteerName] { (volunteer.map { [$0] } ?? []) + also }
}

/// Somebody who wears a trigger, and nobody has said where: a label but for the location.
struct Unplaced: Hashable {
    let volunteer: VolunteerName
    let trigger: TriggerName

    func label(at location: Location) -> Label {
        Label(volunteer: volunteer, triggerState: TriggerState([TriggerPlacement(trigger, location)]))
    }
}

/// Reads `session.csv`. Every row is checked by itself here; what only the photos and the catalog can tell is ``ImportPlan``'s.
struct SessionSheet {
    static let required = ["file", "volunteer", "trigger", "location"]
    static let columns = required + ["box", "face_box", "also", "note"]

    let rows: [SheetRow]
    /// Files that a row stands for, be it a wrong one; nil where the header does not let them be read.
    let files: Set<String>?
    let problems: [CurareError.Problem]

    /// - Parameter triggers: those that the study knows.
    /// - Throws: ``CurareError`` (65) where it is no table at all.
    init(_ bytes: [UInt8], file: String, triggers: [TriggerName]) throws {
        let table = try SheetTable(bytes, file: file, required: Self.required, allowed: Self.columns)
        var rows: [SheetRow] = []
        var problems = table.problems
        for row in table.rows where table.hasItsColumns {
            let reader = RowReader(row: row, place: "\(file):\(row.line)", triggers: triggers)
            let (sheetRow, found) = reader.read()
            problems += found
            if let sheetRow { rows.append(sheetRow) }
        }
        (self.rows, self.problems) = (rows, problems)
        files = table.hasItsColumns ? Set(table.rows.map { $0["file"] }) : nil
    }
}

/// Turns one row's texts into values, and collects everything that is wrong with them.
struct RowReader {
    let row: SheetTable.Row
    let place: String
    let triggers: [TriggerName]

    func read() -> (SheetRow?, [CurareError.Problem]) {
        var problems: [CurareError.Problem] = []
        func complain(_ what: String) { problems.append(CurareError.Problem(place, what)) }

        let file = row["file"]
        if let wrong = Self.wrong(path: file) { complain(wrong) }
        let triggerBox = box("box", complain)
        let unplaced = triggerBox == nil ? nil : unplaced
        var result = SheetRow(
            place: place, file: file, label: unplaced == nil ? label(complain) : nil, unplaced: unplaced)
        result.triggerBox = triggerBox
        result.faceBox = box("face_box", complain)
        result.also = names("also", complain)
        let note = row["note"]
        if note.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" && $0 != "\t" && $0 != "\r" }) {
            complain("the note holds control characters")
        }
        result.note = note.isEmpty ? nil : note
        return (problems.isEmpty ? result : nil, problems)
    }

    /// Why `path` cannot be a file below the session's folder; nil where it can.
    static func wrong(path: String) -> String? {
        if path.isEmpty { return "the row names no file" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) || path.contains("\\")
            || path.utf8.count > 1024
        {
            return "\"\(path.prefix(80))\" is no file below the session's folder"
        }
        return nil
    }

    /// Who is in the photo and what they wear; nil where the row leaves it open or is wrong.
    func label(_ complain: (String) -> Void) -> Label? {
        let (volunteer, trigger, location) = (row["volunteer"], row["trigger"], row["location"])
        if volunteer.isEmpty {
            if !trigger.isEmpty || !location.isEmpty {
                complain("a trigger or location is given, and no volunteer who wears it")
            }
            return nil
        }
        let name = VolunteerName(volunteer)
        if name == nil { complain("\"\(volunteer.prefix(80))\" is no volunteer's name: \(VolunteerName.rule)") }
        guard let triggerState = triggerState(trigger, location, complain), let name else { return nil }
        return Label(volunteer: name, triggerState: triggerState)
    }

    /// Who wears a single known trigger without a location.
    private var unplaced: Unplaced? {
        guard row["location"].isEmpty, let volunteer = VolunteerName(row["volunteer"]),
            let trigger = triggers.first(where: { $0.text == row["trigger"] })
        else { return nil }
        return Unplaced(volunteer: volunteer, trigger: trigger)
    }

    private func triggerState(_ trigger: String, _ location: String, _ complain: (String) -> Void) -> TriggerState? {
        if trigger.isEmpty {
            complain(
                location.isEmpty
                    ? "the trigger is empty; write none for a bare face" : "a location is given without a trigger")
            return nil
        }
        if trigger == "none" {
            guard location.isEmpty || location == "none" else {
                complain("the location \"\(location.prefix(40))\" is given without a trigger; write none")
                return nil
            }
            return .bare
        }
        let parts = trigger.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        let unknown = parts.filter { part in !triggers.contains { $0.text == part } }
        for part in unknown {
            let hint = closestMatch(to: part, among: triggers.map(\.text)).map { "; did you mean \($0)?" } ?? "."
            complain(
                "unknown trigger \"\(part.prefix(80))\"\(hint) Known: none, \(triggers.map(\.text).joined(separator: ", ")). A new one: curare trigger add NAME"
            )
        }
        let isOpen = location.isEmpty && !row["box"].isEmpty
        // Left open for the rule: what is wrong with the row has been said.
        if isOpen, parts.count == 1 { return nil }
        if location.isEmpty || location == "none" {
            let hint = isOpen ? ", one for each trigger, joined by +: a box tells the location of a single trigger" : ""
            complain("the trigger \(trigger.prefix(80)) has no location; write on-face or off-face\(hint)")
            return nil
        }
        guard unknown.isEmpty else { return nil }
        guard let triggerState = TriggerState(triggerText: trigger, locationText: location) else {
            complain(
                "\"\(location.prefix(80))\" is no location for \(trigger.prefix(80)): write on-face or off-face, one for each trigger, joined by +"
            )
            return nil
        }
        return triggerState
    }

    private func names(_ column: String, _ complain: (String) -> Void) -> [VolunteerName] {
        row[column].split(whereSeparator: { $0 == "+" || $0 == " " }).compactMap { text in
            if let name = VolunteerName(String(text)) { return name }
            complain(
                "\(column): \"\(text.prefix(80))\" is no volunteer's name: \(VolunteerName.rule); several are joined by +"
            )
            return nil
        }
    }

    private func box(_ column: String, _ complain: (String) -> Void) -> Box? {
        let text = row[column]
        guard !text.isEmpty else { return nil }
        let numbers = text.split(separator: " ").map { Int($0) }
        guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
            let height = numbers[3],
            (0...1_000_000).contains(x), (0...1_000_000).contains(y), (1...1_000_000).contains(width),
            (1...1_000_000).contains(height)
        else {
            complain("\(column): \"\(text.prefix(40))\" is no box; write x y w h in whole pixels of the upright photo")
            return nil
        }
        return Box(x: x, y: y, width: width, height: height)
    }
}
