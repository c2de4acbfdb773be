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

/// The label of a photo before and after a correction.
public struct LabelDifference: Hashable, Sendable {
    public let photo: PhotoID
    /// The photo as the user named it, or `SESSION/FILE`.
    public let name: String
    /// Nil if the photo had no label.
    public let old: Label?
    /// Whether the old label is a suggestion.
    public let wasSuggested: Bool
    public let new: Label
}

/// The corrections of photos, before they are stored.
public struct LabelEdits: Sendable {
    /// The number of photos that were examined.
    public fileprivate(set) var photos = 0
    /// One edit for each photo that changes.
    fileprivate var edits: [PhotoEdit] = []
    /// The labels that differ from the present labels, in the order of the photos.
    public fileprivate(set) var differences: [LabelDifference] = []
    /// The regions of which a photo keeps a box by hand, although its label is undone. Empty for other corrections.
    public fileprivate(set) var keptBoxes: Set<Region> = []
    /// What a person should know although the corrections are possible.
    public fileprivate(set) var warnings: [String] = []

    /// The number of photos that get a new label.
    public var labelled: Int { edits.count { $0.label != nil } }
    /// The number of boxes that are set or removed.
    public var boxes: Int { edits.reduce(0) { $0 + $1.boxes.count } }
    /// The number of photos whose label and boxes stay, because they have the new values already.
    public var unchanged: Int { photos - edits.count }

    /// The photos whose face box is set or removed. Their images must be made again; see
    /// ``ImageMaker/remakeFaceCrops(of:progress:)``.
    public var photosWithFaceBox: [PhotoID] { edits.filter { $0.boxes[.face] != nil }.map(\.photo) }

    /// Counts a photo, and adds its edit if there is any.
    ///
    /// - Parameters:
    ///   - name: the photo in messages.
    ///   - old: the present label.
    fileprivate mutating func add(_ edit: PhotoEdit, _ name: String, old: Label?, isSuggested: Bool) {
        photos += 1
        guard !edit.isEmpty else { return }
        edits.append(edit)
        guard let new = edit.label, new != old || isSuggested else { return }
        differences.append(
            LabelDifference(photo: edit.photo, name: name, old: old, wasSuggested: isSuggested, new: new))
    }
}

/// Corrects labels and boxes of photos in the catalog. A new label is appended to the photo's history; earlier labels
/// are kept. Each function returns the corrections without storing them; see ``store(_:)``.
public struct LabelEditor {
    private let catalog: Catalog
    private let made: String
    private let author: Author?

    /// - Parameters:
    ///   - made: the time to record with the labels and boxes, in UTC, ISO 8601.
    ///   - author: the person to record with the labels and boxes, if known.
    public init(_ catalog: Catalog, made: String, author: Author? = nil) {
        self.catalog = catalog
        self.made = made
        self.author = author
    }

    /// Stores corrections in one transaction.
    public func store(_ edits: LabelEdits) throws {
        if !edits.edits.isEmpty { try catalog.store(edits.edits, made: made, author: author) }
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
            edits.add(edit, name, old: stored.label, isSuggested: stored.isSuggested)
        }
        try Self.check(problems, at: nil)
        edits.warnings = try warnings(edits, known)
        return edits
    }

    /// Returns a warning for each person who gets photos of a session in which only other people posed.
    ///
    /// - Parameter known: the values of the photos before the corrections.
    private func warnings(_ edits: LabelEdits, _ known: [PhotoID: KnownPhoto]) throws -> [String] {
        var newPeople: [SessionName: Set<VolunteerName>] = [:]
        for difference in edits.differences where difference.new.volunteer != difference.old?.volunteer {
            for session in (known[difference.photo]?.notes ?? [:]).keys {
                newPeople[session, default: []].insert(difference.new.volunteer)
            }
        }
        let changed = Set(edits.differences.map(\.photo))
        var warnings: [String] = []
        for (session, volunteers) in newPeople.sorted(by: { $0.key < $1.key }) {
            let others = try catalog.photos(in: session).map(\.photo).filter { !changed.contains($0) }
            let values = try catalog.known(others).values
            let people = Set(values.compactMap(\.label?.volunteer))
            // Without another label in the session, there is nothing to compare with.
            guard !people.isEmpty else { continue }
            warnings += volunteers.subtracting(people).subtracting(values.flatMap(\.coSubjects)).sorted().map {
                "\($0) has no other photo in session \(session)"
            }
        }
        return warnings
    }

    /// Returns the corrections that give photos back the label before their present label.
    ///
    /// - Throws: ``CurareError`` (65) when a photo has no such label, (66) when no photo matches a selection.
    public func undo(_ choice: PhotoChoice) throws -> LabelEdits {
        var problems: [CurareError.Problem] = []
        var edits = LabelEdits()
        let photos = try choice.photos(in: catalog, &problems)
        let known = try catalog.known(photos.map(\.photo))
        for (photo, name) in photos {
            guard let stored = known[photo] else { throw Self.unknown(photo) }
            let boxes = stored.correctedRegions.filter { stored.boxes[$0] != nil }
            let history = try catalog.labels(of: photo)
            if let target = LabelRecord.undoTarget(in: history) {
                edits.add(
                    PhotoEdit(photo, label: target.label, restores: target.id), name, old: stored.label,
                    isSuggested: stored.isSuggested)
                edits.keptBoxes.formUnion(boxes)
            } else {
                let reason =
                    history.contains { $0.source != .rule }
                    ? "the photo has no earlier label to go back to; give it a new label with curare label"
                    : "no person gave the photo a label, so there is nothing to undo"
                let hint = Self.undoHint(boxes).map { "; \($0)" } ?? ""
                problems.append(CurareError.Problem(name, reason + hint))
            }
        }
        try Self.check(problems, at: nil)
        return edits
    }

    /// Returns how to remove boxes by hand, which an undo of labels leaves; nil without boxes.
    public static func undoHint(_ boxes: Set<Region>) -> String? {
        let options = [(Region.trigger, "--box none"), (.face, "--face-box none")].filter { boxes.contains($0.0) }
        guard !options.isEmpty else { return nil }
        return "--undo does not change boxes; remove a box with: \(options.map(\.1).joined(separator: " or "))"
    }

    /// Returns the corrections that decide about differences between annotators: each photo gets the label of one
    /// annotator, also when the photo has this label already. The new label shows that a person has decided.
    ///
    /// - Parameter annotator: the author of annotations, or ``Annotation/countingAnnotator`` to keep the present labels.
    /// - Throws: ``CurareError`` (65) when the annotator did not label a photo, (66) when nobody has this name or no photo
    ///   matches a selection.
    public func resolve(_ choice: PhotoChoice, annotator: String) throws -> LabelEdits {
        var problems: [CurareError.Problem] = []
        let photos = try choice.photos(in: catalog, &problems)
        let counting = try catalog.countingLabels(of: photos.map(\.photo))
        var labels: [PhotoID: Label] = [:]
        if annotator == Annotation.countingAnnotator {
            labels = counting.mapValues(\.label)
        } else {
            let annotations = try catalog.annotations()
            let authors = Set(annotations.map(\.author)).sorted().map(\.text)
            guard authors.contains(annotator) else {
                throw CurareError(
                    .missingInput, "there is no annotator \"\(annotator.prefix(80).printable())\"",
                    next: "annotators: \(([Annotation.countingAnnotator] + authors).joined(separator: ", "))")
            }
            for annotation in annotations where annotation.author.text == annotator {
                labels[annotation.photo] = annotation.label
            }
        }
        var edits = LabelEdits()
        for (photo, name) in photos {
            if let label = labels[photo] {
                edits.add(
                    PhotoEdit(photo, label: label), name, old: counting[photo]?.label,
                    isSuggested: counting[photo]?.source == .rule)
            } else {
                problems.append(CurareError.Problem(name, "\(annotator) gave the photo no label"))
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
        let table = try SessionSheet.labels(in: file, allowed: SessionSheet.requiredColumns)
        let names = try KnownNames(catalog)
        var labels: [(photo: PhotoID, name: String, label: Label)] = []
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
            labels.append((photo, row["file"], label))
        }
        try Self.check(problems, at: name)
        let known = try catalog.known(labels.map(\.photo))
        var edits = LabelEdits()
        for (photo, name, label) in labels {
            guard let stored = known[photo] else { throw Self.unknown(photo) }
            edits.add(
                PhotoEdit(photo, label: label != stored.label || stored.isSuggested ? label : nil), name,
                old: stored.label, isSuggested: stored.isSuggested)
        }
        edits.warnings = try warnings(edits, known)
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

    /// - Throws: ``CurareError`` (65) if there are problems.
    static func check(_ problems: [CurareError.Problem], at location: String?) throws {
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
struct KnownNames {
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
