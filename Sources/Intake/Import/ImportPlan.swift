import Catalog
import Core

/// The plan of the import of one session, computed before any photo is decoded.
///
/// A plan is a pure function of the session's rows, of the digests of its files, and of the catalog's records of the
/// same photos.
public struct ImportPlan: Sendable {
    /// A photo that the import decodes and stores, or adds to this session.
    struct PlannedPhoto: Sendable {
        let row: SessionRow
        let photo: PhotoID
        /// Whether the catalog does not contain the photo.
        let isNew: Bool
        /// The label to add to the photo's history; nil when the history stays as it is.
        let label: Label?
        /// The label to add as a suggestion, once the import has derived the location.
        let labelWithoutLocation: LabelWithoutLocation?
    }

    /// A value of the session folder that differs from the catalog. An import stores the new value only on request; see
    /// ``SheetUpdate``.
    public struct Discrepancy: Hashable, Sendable {
        /// The file and line of the value.
        public let location: String
        public let message: String
        public let correction: Correction
        /// Whether the value in the catalog is a correction by hand, and the session folder has changed after it.
        public let replacesCorrection: Bool
    }

    /// A file that cannot be a photo, found before decoding.
    struct RejectedFile: Sendable {
        let file: String
        /// All people whom the file's row names.
        let people: [VolunteerName]
        let reason: String
    }

    public let session: Session
    let folder: SessionFolder
    var photos: [PlannedPhoto] = []
    private(set) var rejected: [RejectedFile] = []
    /// The photos that the catalog has in this session already, and whose rows need no further work.
    var storedPhotos: [(row: SessionRow, photo: PhotoID)] = []
    /// Files whose photo the catalog contains already, or that occur twice in this session.
    var duplicateFiles: [String] = []
    public internal(set) var discrepancies: [Discrepancy] = []
    /// The number of corrections by hand that stay, because the session folder has the same value as at the last
    /// import.
    public internal(set) var keptCorrections = 0
    /// Corrections by hand that the session folder now contains too. Every import stores them as the folder's values,
    /// so that a later correction is compared with them.
    var agreements: [Correction] = []
    /// Problems that prevent the import.
    public internal(set) var problems: [CurareError.Problem]
    /// What a person should know although the import is possible.
    public internal(set) var warnings: [String]
    /// All volunteers whom the rows name as the person shown.
    let volunteers: [VolunteerName]

    public var duplicates: Int { duplicateFiles.count }
    /// The number of files without a photo that the import skips, such as video clips.
    public var skipped: Int { folder.sidecars.count }
    /// The number of photos that the import decodes.
    public var photosToRead: Int { photos.count }

    /// Returns the people whom the import labels, and the people whom it records as also visible.
    ///
    /// - Parameter update: which discrepancies the import applies too.
    func people(_ update: SheetUpdate) -> (volunteers: [VolunteerName], coSubjects: [VolunteerName]) {
        var volunteers = Set(photos.compactMap(\.row.volunteer))
        var coSubjects = Set(photos.flatMap(\.row.coSubjects))
        for discrepancy in discrepancies where update.includes(discrepancy.correction) {
            switch discrepancy.correction {
            case .label(_, let label): volunteers.insert(label.volunteer)
            case .coSubjects(_, let names): coSubjects.formUnion(names)
            case .box, .note, .session: break
            }
        }
        return (volunteers.sorted(), coSubjects.sorted())
    }

    /// Plans the import of a session.
    ///
    /// - Parameters:
    ///   - scans: the scan of each file of the folder.
    ///   - known: the records of the scanned photos in the catalog and in the sessions planned before this one.
    ///   - kinds: the kinds of the volunteers in the catalog and in the sessions planned before this one.
    ///   - stored: the record of this session in the catalog.
    ///   - sizes: the sizes of the scanned photos that the catalog contains.
    ///   - tombstones: the withdrawals that concern the scanned files.
    ///   - addsToSession: whether a folder is accepted that contains no photo of the stored session of the same name.
    init(
        _ source: SessionSource, scans: [String: FileScan], known: [PhotoID: KnownPhoto],
        kinds: [VolunteerName: VolunteerKind], stored: StoredSession?, sizes: [PhotoID: PhotoSize] = [:],
        tombstones: Tombstones = Tombstones(), addsToSession: Bool = false
    ) {
        session = source.session
        folder = source.folder
        volunteers = Set(source.rows.compactMap(\.volunteer)).sorted()
        problems = source.problems
        warnings = source.warnings
        compareSession(with: stored?.session)
        if !addsToSession { checkFolder(scans, stored) }
        checkConsent(scans, stored)
        checkKinds(of: source.rows, kinds)
        checkWithdrawals(of: source.rows, tombstones)
        var firstRows: [PhotoID: SessionRow] = [:]
        for row in rowsWithFiles(of: source) {
            switch scans[row.file] {
            case .photo(let photo) where tombstones.photos.contains(photo):
                addProblem(
                    at: row,
                    "\(row.file) was withdrawn by a person in the photo and cannot be imported; "
                        + "delete the file and its row"
                )
            case .photo(let photo):
                if let first = firstRows[photo] {
                    addDuplicate(row, of: first)
                } else {
                    firstRows[photo] = row
                    checkBoxes(of: row, sizes[photo])
                    compareFile(of: row, photo, stored)
                    add(row, photo, known[photo])
                }
            case .rejected(let reason):
                rejected.append(RejectedFile(file: row.file, people: row.people, reason: reason))
            case nil: break
            }
        }
    }

    mutating func addProblem(at row: SessionRow, _ message: String) {
        problems.append(CurareError.Problem(row.location, message))
    }

    var descriptionLocation: String {
        "\(folder.root.lastPathComponent)/\(SessionFolder.descriptionName)"
    }
}

// MARK: - Rows and files

extension ImportPlan {
    /// Returns the rows whose file exists, in the order of the folder's files. Records missing files, files in two
    /// rows, and files without a row. A missing file and the file without a row that was probably meant are one problem.
    private mutating func rowsWithFiles(of source: SessionSource) -> [SessionRow] {
        let files = Set(folder.files)
        let sidecars = Set(folder.sidecars)
        var rows: [String: SessionRow] = [:]
        var unnamed = UnnamedFiles(source.filesWithoutRow)
        for row in source.rows {
            if let earlier = rows[row.file] {
                addProblem(
                    at: row, "\(row.file) has two rows; the first is \(earlier.location). Delete one of the two rows")
            } else if files.contains(row.file) {
                rows[row.file] = row
            } else if sidecars.contains(row.file) {
                addProblem(at: row, "\(row.file) is not a photo; clips and sidecar files are skipped; delete the row")
            } else {
                addProblem(at: row, unnamed.problem(ofMissing: row.file))
            }
        }
        for file in unnamed.files {
            problems.append(
                CurareError.Problem(
                    "\(folder.root.lastPathComponent)/\(file)",
                    "the file has no row in \(SessionFolder.sheetName)"
                        + (file.contains("\\") ? "; rename the file: its name contains a backslash" : "")))
        }
        // A sheet may write the name in other Unicode code points than the file system. Only the folder's own form
        // opens the file.
        return folder.files.compactMap { file in
            var row = rows[file]
            row?.file = file
            return row
        }
    }

    /// Records a second file of the session with the same bytes as the file of `first`.
    private mutating func addDuplicate(_ row: SessionRow, of first: SessionRow) {
        let finding = "\(row.file) is the same photo as \(first.file) (\(first.location))"
        if row.label != first.label || row.labelWithoutLocation != first.labelWithoutLocation {
            addProblem(
                at: row,
                "\(finding) with a different label: \(Self.description(of: row)) and \(Self.description(of: first))")
        } else if Set(row.coSubjects) != Set(first.coSubjects) {
            addProblem(at: row, "\(finding) with different people in also")
        } else {
            duplicateFiles.append(row.file)
        }
    }
}

// MARK: - Session, volunteers and withdrawals

extension ImportPlan {
    private mutating func compareSession(with stored: Session?) {
        guard let stored, stored != session else { return }
        guard stored.kind == session.kind else {
            problems.append(
                CurareError.Problem(
                    descriptionLocation,
                    "the catalog has this session with kind \(stored.kind.rawValue), "
                        + "the description has \(session.kind.rawValue); the kind of a session cannot change"))
            return
        }
        let values = [
            ("date", stored.date, session.date), ("consent", stored.consent.rawValue, session.consent.rawValue),
            ("photographer", stored.photographer, session.photographer),
            ("camera", stored.camera, session.camera), ("place", stored.place, session.place),
        ]
        let changes = values.filter { $0.1 != $0.2 }.map {
            "\($0.0): the catalog has \($0.1 ?? "nothing"), the description has \($0.2 ?? "nothing")"
        }
        discrepancies.append(
            Discrepancy(
                location: descriptionLocation, message: changes.joined(separator: "; "),
                correction: .session(session), replacesCorrection: false))
    }

    /// Records sessions and people whose consent was withdrawn. Each person is recorded once.
    private mutating func checkWithdrawals(of rows: [SessionRow], _ tombstones: Tombstones) {
        if tombstones.sessions.contains(session.name) {
            problems.append(
                CurareError.Problem(
                    descriptionLocation,
                    "the consent to session \(session.name) was withdrawn, and its name cannot be used again; "
                        + "delete its photos, and import photos of a new consent as a new session"))
        }
        var reported: Set<VolunteerName> = []
        for row in rows {
            for name in row.people where tombstones.volunteers.contains(name) && reported.insert(name).inserted {
                addProblem(
                    at: row,
                    "\(name) has withdrawn consent, so no photo of \(name) can be imported; "
                        + "a person who consents again gets a new name")
            }
        }
    }

    private mutating func checkKinds(of rows: [SessionRow], _ kinds: [VolunteerName: VolunteerKind]) {
        for row in rows {
            guard let name = row.volunteer, let kind = kinds[name], kind != session.kind else { continue }
            addProblem(
                at: row, "\(name) is a \(kind.rawValue) in the catalog; this session has kind \(session.kind.rawValue)")
        }
    }
}
