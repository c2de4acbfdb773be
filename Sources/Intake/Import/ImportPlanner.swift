import Catalog
import Core
import Foundation
import Imaging
import Storage

/// Plans the import of several sessions. The plan of each session takes the sessions before it into account.
public struct ImportPlanner {
    private let catalog: Catalog
    private let threads: ThreadBudget
    private let limits: DecodingLimits

    public init(_ catalog: Catalog, threads: ThreadBudget = .shared, limits: DecodingLimits) {
        self.catalog = catalog
        self.threads = threads
        self.limits = limits
    }

    /// Reads the description and `session.csv` of each session, computes the digests of all its files, and returns a
    /// plan for each session.
    ///
    /// - Parameter addsToSession: if true, a folder can add its photos to a stored session of the same name, although
    ///   the folder contains no photo of the stored session.
    /// - Throws: ``CurareError`` (65) with all problems of all sessions; (66) when a folder or a description is
    ///   missing.
    public func plan(_ folders: [URL], addsToSession: Bool = false) throws -> [ImportPlan] {
        var plans: [ImportPlan] = []
        var problems: [CurareError.Problem] = []
        var errors: [CurareError] = []
        var plannedPhotos: [PhotoID: KnownPhoto] = [:]
        var kinds = try catalog.kindsOfSessionVolunteers()
        let triggers = try catalog.triggers()
        let names = try catalog.earlierNames()
        for folder in folders {
            do {
                let plan = try plan(
                    SessionSource(folder, triggers: triggers, names: names), plannedPhotos, kinds,
                    addsToSession: addsToSession)
                if let earlier = plans.first(where: { $0.session.name == plan.session.name }) {
                    problems.append(
                        CurareError.Problem(
                            "\(folder.lastPathComponent)/\(SessionFolder.descriptionName)",
                            "the folder \(earlier.folder.root.lastPathComponent) is session \(plan.session.name) too; "
                                + "give each folder its own session name, or import the second one later with "
                                + "--add-to-session"))
                }
                problems += plan.problems
                plans.append(plan)
                for photo in plan.photos {
                    plannedPhotos[photo.photo, default: KnownPhoto()].merge(photo, plan.session.name)
                }
                for name in plan.volunteers where kinds[name] == nil { kinds[name] = plan.session.kind }
            } catch let error as CurareError {
                errors.append(error)
            }
        }
        if problems.isEmpty, errors.count == 1 { throw errors[0] }
        problems += errors.flatMap { error in
            guard error.problems.isEmpty else { return error.problems }
            let message = [error.message, error.nextStep].compactMap(\.self).joined(separator: "; ")
            return [CurareError.Problem(error.location ?? "", message)]
        }
        guard problems.isEmpty else {
            throw CurareError(
                .badInput, "the sessions have \(problems.count) \(problems.count == 1 ? "problem" : "problems")",
                next: "fix the problems and run the command again; nothing was imported", problems: problems)
        }
        return plans
    }

    private func plan(
        _ source: SessionSource, _ plannedPhotos: [PhotoID: KnownPhoto], _ kinds: [VolunteerName: VolunteerKind],
        addsToSession: Bool
    ) throws -> ImportPlan {
        let folder = source.folder
        let limits = limits
        let stored = try catalog.session(source.session.name).map {
            StoredSession($0, photos: try catalog.photos(in: $0.name))
        }
        // The detector loads while the files are hashed: the photos of a new session need it next.
        if stored == nil, try catalog.defaultProfile().crop == .face { FaceSearch.prepare() }
        let scans = threads.map(folder.files) { FileScan($0, in: folder, limits: limits) }
        try folder.requireExistence()
        let photos = scans.compactMap(\.photo)
        let known = try catalog.known(photos).merging(plannedPhotos) { stored, planned in
            var known = stored
            known.merge(planned)
            return known
        }
        return ImportPlan(
            source, scans: Dictionary(uniqueKeysWithValues: zip(folder.files, scans)), known: known, kinds: kinds,
            stored: stored, sizes: try catalog.sizes(of: photos), tombstones: try catalog.tombstones(among: photos),
            addsToSession: addsToSession)
    }
}

/// The result of hashing a file of a session, before decoding.
enum FileScan: Sendable {
    case photo(PhotoID)
    case rejected(reason: String)

    /// Hashes the file at `path`.
    init(_ path: String, in folder: SessionFolder, limits: DecodingLimits) {
        do {
            let file = try RegularFile(folder.url(path))
            guard file.size <= limits.bytes else {
                self = .rejected(
                    reason: "too-many-bytes: the file has \(file.size) bytes, more than the limit of \(limits.bytes); "
                        + "raise the limit with --max-bytes if it is a photo")
                return
            }
            self = .photo(try file.sha256())
        } catch let error as CurareError {
            self = .rejected(reason: MeasuredPhoto.Rejection.unreadable + error.message)
        } catch {
            self = .rejected(reason: MeasuredPhoto.Rejection.unreadable + "\(error)")
        }
    }

    /// Nil for a rejected file.
    var photo: PhotoID? {
        switch self {
        case .photo(let photo): photo
        case .rejected: nil
        }
    }
}

extension KnownPhoto {
    /// Adds the values of a planned photo of `session`.
    fileprivate mutating func merge(_ planned: ImportPlan.PlannedPhoto, _ session: SessionName) {
        merge(
            KnownPhoto(
                label: planned.label, notes: [session: planned.row.note], coSubjects: Set(planned.row.coSubjects),
                boxes: [Region.trigger: planned.row.triggerBox, .face: planned.row.faceBox].compactMapValues(\.self)))
    }
}
