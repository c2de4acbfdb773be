import Catalog
import Core

/// What importing one session would do, decided before any photo is decoded: a pure answer from the session's rows, the digests of its
/// files, and what the catalog knows of them.
public struct ImportPlan: Sendable {
    /// A photo to store, or to note another appearance of.
    struct Item: Sendable {
        let row: SheetRow
        let photo: PhotoID
        /// Whether the catalog lacks the photo.
        let isNew: Bool
        /// What is added to its history.
        let label: Label?
        /// What is added to its history as a suggestion, if the rule can tell the location.
        let unplaced: Unplaced?
    }

    /// Something that the catalog says otherwise; it stays so unless the researcher asks for it.
    public struct Difference: Hashable, Sendable {
        public let place: String
        public let what: String
        public let correction: Correction
    }

    /// A file without a photo in it, known before decoding.
    struct Refused: Sendable {
        let file: String
        let people: [VolunteerName]
        let reason: String
    }

    public let session: Session
    let folder: SessionFolder
    private(set) var items: [Item] = []
    private(set) var refused: [Refused] = []
    /// Files whose photo the catalog has already, or that this session holds twice.
    private(set) var repeats: [String] = []
    public var duplicates: Int { repeats.count }
    /// Files beside the photos that hold none, such as clips and sidecars.
    public var passedOver: Int { folder.sidecars.count }
    public private(set) var differences: [Difference] = []
    /// Everything that must be mended before anything is imported.
    public private(set) var problems: [CurareError.Problem]

    /// Everyone named in the session's rows.
    let sitters: [VolunteerName]

    /// Files that carrying out the plan decodes.
    public var photosToRead: Int { items.count }

    /// Everyone whom carrying out the plan labels, and everyone else whom it says to be visible.
    ///
    /// - Parameter relabel: whether the sheet's word is taken where the catalog says otherwise.
    func people(relabel: Bool) -> (sitters: [VolunteerName], companions: [VolunteerName]) {
        var sitters = Set(items.compactMap(\.row.volunteer))
        var companions = Set(items.flatMap(\.row.also))
        for difference in differences where relabel {
            switch difference.correction {
            case .label(_, let label): sitters.insert(label.volunteer)
            case .also(_, let names): companions.formUnion(names)
            case .box, .note, .session: break
            }
        }
        return (sitters.sorted(), companions.sorted())
    }

    /// - Parameters:
    ///   - readings: for each of the folder's files.
    ///   - known: what the catalog, or a session planned before this one, says of the photos in `readings`.
    ///   - kinds: of the volunteers that the catalog has.
    ///   - stored: the session as the catalog has it.
    ///   - tombstones: what was withdrawn, as far as the files in `readings` go.
    init(
        _ source: SessionSource, readings: [String: FileReading], known: [PhotoID: KnownPhoto],
        kinds: [VolunteerName: VolunteerKind], stored: Session?, tombstones: Tombstones = Tombstones()
    ) {
        (session, folder, problems) = (source.session, source.folder, source.problems)
        sitters = Set(source.rows.compactMap(\.volunteer)).sorted()
        compare(with: stored)
        checkKinds(source.rows, kinds)
        checkNames(source.rows, tombstones)
        let rows = matched(source)
        var first: [PhotoID: SheetRow] = [:]
        for row in rows {
            switch readings[row.file] {
            case .photo(let photo) where tombstones.photos.contains(photo):
                problems.append(
                    CurareError.Problem(
                        row.place,
                        "\(row.file) was withdrawn by someone in it and cannot be imported: delete the file and its row"
                    ))
            case .photo(let photo):
                if let twin = first[photo] {
                    meet(row, twin)
                } else {
                    first[photo] = row
                    take(row, photo, known[photo])
                }
            case .refused(let reason): refused.append(Refused(file: row.file, people: row.people, reason: reason))
            case nil: break
            }
        }
    }

    /// Missing files that a nearest name is searched for.
    private static let hints = 100

    /// Pairs rows with files; what has no counterpart, or two, is a problem.
    private mutating func matched(_ source: SessionSource) -> [SheetRow] {
        let files = Set(folder.files)
        let sidecars = Set(folder.sidecars)
        var rows: [String: SheetRow] = [:]
        var missing = 0
        for row in source.rows {
            if let earlier = rows[row.file] {
                problems.append(
                    CurareError.Problem(row.place, "\(row.file) stands in the sheet twice; first at \(earlier.place)"))
            } else if files.contains(row.file) {
                rows[row.file] = row
            } else if sidecars.contains(row.file) {
                problems.append(
                    CurareError.Problem(
                        row.place,
                        "\(row.file) is no photo; clips and sidecar files are passed over, so take the row out"))
            } else {
                // Each search looks through the whole folder.
                missing += 1
                let hint =
                    missing > Self.hints
                    ? "" : closestMatch(to: row.file, among: folder.files).map { "; did you mean \($0)?" } ?? ""
                problems.append(CurareError.Problem(row.place, "there is no file \(row.file)\(hint)"))
            }
        }
        for file in source.unmentioned {
            problems.append(
                CurareError.Problem(
                    "\(folder.root.lastPathComponent)/\(file)", "the file has no row in \(SessionFolder.sheetName)"))
        }
        // The folder's spelling of a name opens the file; a sheet may write the same letters with other code points.
        return folder.files.compactMap { file in
            var row = rows[file]
            row?.file = file
            return row
        }
    }

    /// The same bytes under another name in the same session.
    private mutating func meet(_ row: SheetRow, _ twin: SheetRow) {
        let words = "\(row.file) is the same photo as \(twin.file) (\(twin.place))"
        if row.label != twin.label || row.unplaced != twin.unplaced {
            problems.append(
                CurareError.Problem(row.place, "\(words) under another label: \(Self.words(row)); \(Self.words(twin))"))
        } else if Set(row.also) != Set(twin.also) {
            problems.append(CurareError.Problem(row.place, "\(words) with other people in also"))
        } else {
            repeats.append(row.file)
        }
    }

    private mutating func take(_ row: SheetRow, _ photo: PhotoID, _ known: KnownPhoto?) {
        guard let known else {
            items.append(Item(row: row, photo: photo, isNew: true, label: row.label, unplaced: row.unplaced))
            return
        }
        repeats.append(row.file)
        let isInSession = known.notes[session.name] != nil
        // The first person to say who is in a photo adds to it; to say something else is a contradiction.
        let word = known.isSuggested ? nil : known.label
        let addition = word == nil ? row.label : nil
        let isUnplaced = known.label == nil && row.unplaced != nil
        if !isInSession || addition != nil || isUnplaced {
            items.append(
                Item(row: row, photo: photo, isNew: false, label: addition, unplaced: isUnplaced ? row.unplaced : nil))
        }
        if let unplaced = row.unplaced, let before = known.label,
            !Location.allCases.map(unplaced.label).contains(before)
        {
            problems.append(
                CurareError.Problem(
                    row.place,
                    "\(row.file): the catalog says \(Self.words(before)), the sheet says \(Self.words(row)); write the location too, or what the catalog says"
                ))
        }
        if let label = row.label, let before = word, label != before {
            let what = "\(row.file): the catalog says \(Self.words(before)), the sheet says \(Self.words(label))"
            if isInSession {
                differences.append(Difference(place: row.place, what: what, correction: .label(photo, label)))
            } else {
                let others = known.notes.keys.sorted().map(\.text).joined(separator: ", ")
                problems.append(
                    CurareError.Problem(
                        row.place,
                        "\(row.file) is a photo of session \(others) under another label: \(Self.words(label)); \(Self.words(before))"
                    ))
            }
        }
        if isInSession { compareDetails(row, photo, known) }
    }

    private mutating func compareDetails(_ row: SheetRow, _ photo: PhotoID, _ known: KnownPhoto) {
        func differ(_ what: String, _ correction: Correction) {
            differences.append(
                Difference(place: row.place, what: "\(row.file): the sheet has another \(what)", correction: correction)
            )
        }
        // A photo of several sessions collects what each of them says; the catalog may then hold more than this sheet.
        let isShared = known.notes.count > 1
        let also = Set(row.also)
        if isShared ? !also.isSubset(of: known.also) : also != known.also {
            differ("list of people in also", .also(photo, isShared ? also.union(known.also) : also))
        }
        for (region, box, column) in [(Region.trigger, row.triggerBox, "box"), (.face, row.faceBox, "face_box")]
        where box != known.boxes[region] {
            if box != nil || !isShared { differ(column, .box(photo, region, box)) }
        }
        if let note = known.notes[session.name], note != row.note {
            differ("note", .note(photo, session.name, row.note))
        }
    }

    private mutating func compare(with stored: Session?) {
        guard let stored, stored != session else { return }
        let place = "\(folder.root.lastPathComponent)/\(SessionFolder.descriptionName)"
        guard stored.kind == session.kind else {
            problems.append(
                CurareError.Problem(
                    place,
                    "the catalog has this session as kind \(stored.kind.rawValue), the description says \(session.kind.rawValue)"
                ))
            return
        }
        let keys = [
            ("date", stored.date, session.date), ("consent", stored.consent.rawValue, session.consent.rawValue),
            ("photographer", stored.photographer, session.photographer),
            ("camera", stored.camera, session.camera), ("place", stored.place, session.place),
        ]
        let changed = keys.filter { $0.1 != $0.2 }.map {
            "\($0.0): the catalog says \($0.1 ?? "nothing"), the description says \($0.2 ?? "nothing")"
        }
        differences.append(
            Difference(place: place, what: changed.joined(separator: "; "), correction: .session(session)))
    }

    /// Who has withdrawn stays away, in other photos too.
    private mutating func checkNames(_ rows: [SheetRow], _ tombstones: Tombstones) {
        if tombstones.sessions.contains(session.name) {
            let place = "\(folder.root.lastPathComponent)/\(SessionFolder.descriptionName)"
            problems.append(
                CurareError.Problem(
                    place,
                    "the consent to session \(session.name) was withdrawn, and its name is used up: delete its photos; photos of a new consent are a new session"
                ))
        }
        var said: Set<VolunteerName> = []
        for row in rows {
            for name in row.people where tombstones.volunteers.contains(name) && said.insert(name).inserted {
                problems.append(
                    CurareError.Problem(
                        row.place,
                        "\(name) has withdrawn: no photo of them can be imported; whoever consents anew gets a new name"
                    ))
            }
        }
    }

    private mutating func checkKinds(_ rows: [SheetRow], _ kinds: [VolunteerName: VolunteerKind]) {
        for row in rows {
            guard let name = row.volunteer, let kind = kinds[name], kind != session.kind else { continue }
            problems.append(
                CurareError.Problem(
                    row.place,
                    "\(name) is a \(kind.rawValue) in this study; this session is of kind \(session.kind.rawValue)"))
        }
    }

    private static func words(_ row: SheetRow) -> String {
        row.unplaced.map { "\($0.volunteer) triggerState \($0.trigger) somewhere" } ?? words(row.label)
    }

    private static func words(_ label: Label?) -> String {
        label.map { "\($0.volunteer) triggerState \($0.triggerState)" } ?? "nobody named"
    }
}
