import Catalog
import Core
import Documents
import Foundation
import Storage

/// A change of the labels and boxes of photos, as a person types it. A value of nil stays as it is.
public struct LabelChange: Hashable, Sendable {
    public var volunteer: String?
    /// The triggers as in `session.csv`: `none`, `sunglasses`, `bandana+sunglasses`.
    public var trigger: String?
    /// The locations as in `session.csv`: `none`, `on-face`, `off-face+on-face`.
    public var location: String?
    /// The box around the trigger, as `x y w h`; `none` removes the box.
    public var triggerBox: String?
    /// The box around the face, as `x y w h`; `none` removes the box.
    public var faceBox: String?

    public init(
        volunteer: String? = nil, trigger: String? = nil, location: String? = nil, triggerBox: String? = nil,
        faceBox: String? = nil
    ) {
        self.volunteer = volunteer
        self.trigger = trigger
        self.location = location
        self.triggerBox = triggerBox
        self.faceBox = faceBox
    }

    public var isEmpty: Bool { !concernsLabel && triggerBox == nil && faceBox == nil }

    fileprivate var concernsLabel: Bool { volunteer != nil || trigger != nil || location != nil }
}

/// The corrections of photos, before they are stored.
public struct LabelEdits: Sendable {
    /// The number of photos that were examined.
    public fileprivate(set) var photos = 0
    /// One edit for each photo that changes.
    fileprivate var edits: [PhotoEdit] = []

    /// The number of photos that get a new label.
    public var labelled: Int { edits.count { $0.label != nil } }
    /// The number of boxes that are set or removed.
    public var boxes: Int { edits.reduce(0) { $0 + $1.boxes.count } }
    /// The number of photos whose label and boxes stay, because they have the new values already.
    public var unchanged: Int { photos - edits.count }

    /// Counts a photo, and adds its edit if there is any.
    fileprivate mutating func add(_ edit: PhotoEdit) {
        photos += 1
        if !edit.isEmpty { edits.append(edit) }
    }
}

/// Corrects labels and boxes of photos in the catalog. A new label is appended to the photo's history; earlier labels
/// are kept. Each function returns the corrections without storing them; see ``store(_:)``.
public struct LabelEditor {
    private let catalog: Catalog
    private let made: String

    /// - Parameter made: the time to record with the labels, in UTC, ISO 8601.
    public init(_ catalog: Catalog, made: String) {
        self.catalog = catalog
        self.made = made
    }

    /// Stores corrections in one transaction.
    public func store(_ edits: LabelEdits) throws {
        if !edits.edits.isEmpty { try catalog.store(edits.edits, made: made) }
    }

    /// Returns the corrections that give photos new values.
    ///
    /// A photo keeps the parts of its label that `change` leaves out. A suggested label that stays the same becomes a
    /// label by a person.
    ///
    /// - Throws: ``CurareError`` (65) with all problems, (66) when no photo matches a selection.
    public func edits(of choice: PhotoChoice, _ change: LabelChange) throws -> LabelEdits {
        var problems: [CurareError.Problem] = []
        let boxes = Self.boxes(change, &problems)
        let photos = try choice.photos(in: catalog, &problems)
        let ids = photos.map(\.photo)
        let known = try catalog.known(ids)
        let sizes = try boxes.isEmpty ? [:] : catalog.sizes(of: ids)
        let names = try KnownNames(catalog)
        var edits = LabelEdits()
        for (photo, name) in photos {
            guard let stored = known[photo] else { throw Self.unknown(photo) }
            var edit = PhotoEdit(photo)
            if change.concernsLabel, let label = names.label(change, stored.label, name, &problems),
                label != stored.label || stored.isSuggested
            {
                edit.label = label
            }
            for (region, box) in boxes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                guard let size = sizes[photo] else { throw Self.unknown(photo) }
                if let problem = box?.problem(in: size) { problems.append(CurareError.Problem(name, problem)) }
                if box != stored.boxes[region] { edit.boxes.updateValue(box, forKey: region) }
            }
            edits.add(edit)
        }
        try Self.check(problems, at: nil)
        return edits
    }

    /// Returns the corrections that give photos back the label before their present label.
    ///
    /// - Throws: ``CurareError`` (65) when a photo has no such label, (66) when no photo matches a selection.
    public func undo(_ choice: PhotoChoice) throws -> LabelEdits {
        var problems: [CurareError.Problem] = []
        var edits = LabelEdits()
        for (photo, name) in try choice.photos(in: catalog, &problems) {
            let history = try catalog.labels(of: photo)
            if let target = LabelRecord.undoTarget(in: history) {
                edits.add(PhotoEdit(photo, label: target.label, restores: target.id))
            } else {
                problems.append(
                    CurareError.Problem(
                        name,
                        history.contains { $0.source != .rule }
                            ? "the photo has no earlier label to go back to; give it a new label with curare label"
                            : "no person gave the photo a label, so there is nothing to undo"))
            }
        }
        try Self.check(problems, at: nil)
        return edits
    }

    /// Returns the corrections of a CSV file with the columns `file,volunteer,trigger,location`. The column `file`
    /// contains photo references.
    ///
    /// - Throws: ``CurareError`` (65) with all problems, (66) when the file does not exist.
    public func edits(sheet file: URL) throws -> LabelEdits {
        let name = file.lastPathComponent
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw MissingPath.error(
                "the CSV of labels does not exist", at: file.path,
                next: "name a CSV file with the columns \(SessionSheet.requiredColumns.joined(separator: ","))")
        }
        let table = try SheetTable(
            RegularFile(file).bytes(limit: SheetTable.maximumBytes), file: name, required: SessionSheet.requiredColumns,
            allowed: SessionSheet.requiredColumns)
        let names = try KnownNames(catalog)
        var labels: [(photo: PhotoID, label: Label)] = []
        var problems = table.problems
        var lines: [PhotoID: Int] = [:]
        for row in table.rows where table.isHeaderValid {
            let location = "\(name):\(row.line)"
            if row["volunteer"].isEmpty {
                problems.append(CurareError.Problem(location, "the volunteer is empty; name the person in the photo"))
            }
            let label = names.label(row, location, &problems)
            guard let photo = try PhotoReference(row["file"]).photo(in: catalog, at: location, &problems), let label
            else { continue }
            if let line = lines.updateValue(row.line, forKey: photo) {
                problems.append(
                    CurareError.Problem(location, "line \(line) has the same photo; delete one of the two rows"))
            }
            labels.append((photo, label))
        }
        try Self.check(problems, at: name)
        let known = try catalog.known(labels.map(\.photo))
        var edits = LabelEdits()
        for (photo, label) in labels {
            guard let stored = known[photo] else { throw Self.unknown(photo) }
            edits.add(PhotoEdit(photo, label: label != stored.label || stored.isSuggested ? label : nil))
        }
        return edits
    }

    /// Parses the boxes of a change. A box of nil is removed.
    private static func boxes(_ change: LabelChange, _ problems: inout [CurareError.Problem]) -> [Region: Box?] {
        var boxes: [Region: Box?] = [:]
        for (region, text) in [(Region.trigger, change.triggerBox), (.face, change.faceBox)] {
            guard let text else { continue }
            let box = SessionRowParser.box(text)
            if box == nil, text != TriggerState.bareText {
                problems.append(
                    CurareError.Problem(
                        "\(region.rawValue) box",
                        "\"\(text.prefix(40))\" is not a box; \(SessionRowParser.boxRule), or none to remove the box"))
            }
            boxes.updateValue(box, forKey: region)
        }
        return boxes
    }

    private static func check(_ problems: [CurareError.Problem], at location: String?) throws {
        guard !problems.isEmpty else { return }
        throw CurareError(
            .badInput, "the labels have \(problems.count) \(problems.count == 1 ? "problem" : "problems")",
            at: location,
            next: "fix the problems and run the command again; nothing was changed", problems: problems)
    }

    private static func unknown(_ photo: PhotoID) -> CurareError {
        CurareError(.bug, "the catalog has no photo \(photo.short)", next: "please report this")
    }
}

/// The triggers and people that a label can name.
private struct KnownNames {
    private let triggers: [TriggerName]
    private let volunteers: [VolunteerName]
    private let earlier: EarlierNames

    init(_ catalog: Catalog) throws {
        triggers = try catalog.triggers()
        earlier = try catalog.earlierNames()
        volunteers = try catalog.volunteers().map(\.name)
    }

    /// Returns the label that a change makes of a photo's label.
    ///
    /// - Parameters:
    ///   - stored: the present label; nil if the photo has none.
    ///   - name: the photo in messages.
    func label(
        _ change: LabelChange, _ stored: Label?, _ name: String, _ problems: inout [CurareError.Problem]
    ) -> Label? {
        guard let volunteer = change.volunteer ?? stored?.volunteer.text else {
            problems.append(
                CurareError.Problem(name, "the photo has no label yet; name the person with --volunteer"))
            return nil
        }
        guard let trigger = change.trigger ?? stored?.triggerState.triggerText else {
            problems.append(
                CurareError.Problem(name, "the photo has no label yet; name the trigger with --trigger, or write none"))
            return nil
        }
        let location = change.location ?? Self.keptLocation(change, stored)
        if change.trigger == nil, trigger == TriggerState.bareText, location != trigger {
            problems.append(
                CurareError.Problem(name, "the photo shows no trigger; name the trigger with --trigger too"))
            return nil
        }
        let row = SheetTable.Row(line: 0, volunteer: volunteer, trigger: trigger, location: location)
        return label(row, name, &problems)
    }

    /// Returns the location for a change without a location. One trigger in place of another keeps the location; for
    /// other changes of the triggers, the location is empty.
    private static func keptLocation(_ change: LabelChange, _ stored: Label?) -> String {
        guard let trigger = change.trigger else { return stored?.triggerState.locationText ?? "" }
        let isSingle = trigger != TriggerState.bareText && !trigger.contains("+")
        return isSingle ? stored?.triggerState.single?.location.rawValue ?? "" : ""
    }

    /// Returns the label of a row, or nil if the row has a problem.
    func label(_ row: SheetTable.Row, _ location: String, _ problems: inout [CurareError.Problem]) -> Label? {
        var found: [CurareError.Problem] = []
        let label = SessionRowParser(row: row, location: location, triggers: triggers, names: earlier).label {
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
}
