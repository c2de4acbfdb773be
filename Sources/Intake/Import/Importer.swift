import Catalog
import Core
import Foundation
import Imaging
import Storage

/// Executes import plans.
///
/// Photos are stored in batches of one transaction each. If the process is killed, all photos of finished batches are
/// stored. The plan of the next import contains the photos that the catalog does not have.
public struct Importer {
    typealias MeasuringResult = Result<MeasuredPhoto, MeasuredPhoto.Rejection>

    /// The number of photos in a transaction.
    static let batchSize = 64

    private let workspace: Workspace
    private let catalog: Catalog
    private let threads: ThreadBudget
    private let limits: DecodingLimits
    private let finders: FaceFinderLoader
    private let clock: @Sendable () -> String

    /// - Parameters:
    ///   - finders: loads the face detector.
    ///   - clock: returns the time to record with labels, in UTC, ISO 8601.
    public init(
        _ workspace: Workspace, _ catalog: Catalog, threads: ThreadBudget = .shared, limits: DecodingLimits,
        faces finders: FaceFinderLoader = .hog, clock: @escaping @Sendable () -> String
    ) {
        self.workspace = workspace
        self.catalog = catalog
        self.threads = threads
        self.limits = limits
        self.finders = finders
        self.clock = clock
    }

    /// Imports the photos of the plans.
    ///
    /// - Parameters:
    ///   - update: which values of the session folders that differ from the catalog to store.
    ///   - corrections: the corrections by hand before the plans were made. Newer corrections stay.
    ///   - progress: called after each photo with the number of photos that are done.
    /// - Throws: ``CurareError`` (74) when the workspace cannot be written or a session folder disappears; (65, 66) when the
    ///   original of a photo with another face box is damaged or missing.
    public func run(
        _ plans: [ImportPlan], _ update: SheetUpdate, planned corrections: HandCorrections? = nil,
        progress: (Int) -> Void
    ) throws -> ImportReport {
        try workspace.removePartialFiles()
        var report = ImportReport()
        var done = 0
        for plan in plans {
            try store(plan, update, corrections, &report) {
                done += 1
                progress(done)
            }
            report.duplicates += plan.duplicates
            report.skipped += plan.skipped
            let changes = plan.discrepancies.map(\.correction).filter(update.includes) + plan.agreements
            if !changes.isEmpty { try catalog.apply(changes, made: clock(), planned: corrections) }
            report.addCorrections(of: plan, update)
            try report.addStoredContradictions(of: plan, catalog)
            let maker = ImageMaker(workspace, catalog, threads: threads, faces: finders)
            try maker.remakeFaceCrops(of: plan.photosWithNewFaceBox(changes)) { _, _ in }
        }
        return report
    }

    /// Decodes the photos of the plans and writes nothing.
    ///
    /// - Parameters:
    ///   - update: which values of the session folders that differ from the catalog to count as corrections.
    ///   - progress: called after each photo with the number of photos that are done.
    public func dryRun(_ plans: [ImportPlan], _ update: SheetUpdate = .none, progress: (Int) -> Void) throws
        -> ImportReport
    {
        var report = ImportReport()
        var done = 0
        for plan in plans {
            let session = plan.session.name
            try forEachPhoto(of: plan, workspace: nil) { planned, result in
                switch result {
                case .success(let measured):
                    if planned.isNew { report.imported += 1 }
                    report.add(planned, measured, session)
                case .failure(let rejection):
                    report.quarantined.append(.init(file: "\(session)/\(planned.row.file)", reason: rejection.reason))
                }
                done += 1
                progress(done)
            }
            report.quarantined += plan.rejected.map { .init(file: "\(session)/\($0.file)", reason: $0.reason) }
            report.duplicates += plan.duplicates
            report.skipped += plan.skipped
            report.addCorrections(of: plan, update)
            try report.addStoredContradictions(of: plan, catalog)
        }
        return report
    }

    private func store(
        _ plan: ImportPlan, _ update: SheetUpdate, _ corrections: HandCorrections?, _ report: inout ImportReport,
        progress: () -> Void
    ) throws {
        let quarantine = Quarantine(workspace, plan.session.name)
        var batch = ImportBatch(plan, update, corrections, workspace, catalog, clock)
        for file in plan.duplicateFiles { try quarantine.remove(file) }
        do {
            try forEachPhoto(of: plan, workspace: workspace) { planned, result in
                switch result {
                case .success(let measured):
                    batch.add(NewPhoto(planned, measured, plan.session.name))
                    report.add(planned, measured, plan.session.name)
                    try quarantine.remove(planned.row.file)
                case .failure(let rejection):
                    let rejected = ImportPlan.RejectedFile(
                        file: planned.row.file, people: planned.row.people, reason: rejection.reason)
                    try quarantine.add(rejected, from: plan.folder, to: &report)
                }
                if batch.count == Self.batchSize { report.imported += try batch.store() }
                progress()
            }
        } catch {
            // Photos that are measured already are kept. The first error is reported: a second one here usually has the
            // same cause.
            _ = try? batch.store()
            throw error
        }
        report.imported += try batch.store()
        if plan.duplicates > 0 { try batch.storeSession() }
        for rejected in plan.rejected { try quarantine.add(rejected, from: plan.folder, to: &report) }
    }

    /// Measures the photos of the plan on all threads, and calls `body` with each result in the order of the plan.
    private func forEachPhoto(
        of plan: ImportPlan, workspace: Workspace?, _ body: (ImportPlan.PlannedPhoto, MeasuringResult) throws -> Void
    ) throws {
        let limits = limits
        let folder = plan.folder
        let profile = try catalog.defaultProfile()
        let faces = try catalog.faces(of: plan.photos.map(\.photo))
        let searchesAll = profile.crop == .face
        let searchesFaces = searchesAll || plan.photos.contains { $0.row.triggerBox != nil }
        let finder = searchesFaces ? try finders.load(catalog.faceDetector()) : nil
        try threads.forEach(plan.photos) { planned in
            let stored = faces[planned.photo]
            return Result {
                try MeasuredPhoto(
                    folder.url(planned.row.file), expected: planned.photo,
                    boxes: [planned.row.triggerBox, planned.row.faceBox].compactMap(\.self),
                    known: KnownFace(record: stored?.record, marked: stored?.marked ?? planned.row.faceBox),
                    finder: searchesAll || planned.row.triggerBox != nil ? finder : nil, profile: profile,
                    limits: limits, workspace: workspace)
            }
        } inOrder: { planned, result in
            switch result {
            case .success(let measured): try body(planned, .success(measured))
            case .failure(let rejection as MeasuredPhoto.Rejection):
                try folder.requireExistence()
                try body(planned, .failure(rejection))
            case .failure(let error): throw error
            }
        }
    }
}

extension ImportPlan {
    /// Returns the photos of the catalog to which the import gives a face box. Images that were made before can show another
    /// face.
    fileprivate func photosWithNewFaceBox(_ changes: [Correction]) -> [PhotoID] {
        let changed = changes.compactMap { change -> PhotoID? in
            if case .box(let photo, .face, _) = change { photo } else { nil }
        }
        let added = photos.filter { !$0.isNew && $0.row.faceBox != nil }.map(\.photo)
        return Set(changed + added).sorted()
    }
}

/// The measured photos of one session that are not in the catalog yet.
private struct ImportBatch {
    private let plan: ImportPlan
    private let people: (volunteers: [VolunteerName], coSubjects: [VolunteerName])
    private let corrections: HandCorrections?
    private let workspace: Workspace
    private let catalog: Catalog
    private let clock: @Sendable () -> String
    private var photos: [NewPhoto] = []
    private var isSessionStored = false

    init(
        _ plan: ImportPlan, _ update: SheetUpdate, _ corrections: HandCorrections?, _ workspace: Workspace,
        _ catalog: Catalog, _ clock: @escaping @Sendable () -> String
    ) {
        self.plan = plan
        self.corrections = corrections
        people = plan.people(update)
        self.workspace = workspace
        self.catalog = catalog
        self.clock = clock
    }

    var count: Int { photos.count }

    mutating func add(_ photo: NewPhoto) { photos.append(photo) }

    /// Stores the photos of the batch in one transaction, and empties the batch.
    ///
    /// - Returns: the number of photos that are new in the catalog.
    mutating func store() throws -> Int {
        guard !photos.isEmpty else { return 0 }
        // The catalog refers only to files that survive a power failure.
        try AtomicFile.flushAll(below: workspace.root)
        try storeSession()
        let stored = try catalog.store(photos, made: clock(), planned: corrections)
        photos.removeAll(keepingCapacity: true)
        return stored
    }

    /// Stores the session, once. A session without a usable photo is therefore not stored.
    mutating func storeSession() throws {
        guard !isSessionStored else { return }
        try catalog.store(plan.session, volunteers: people.volunteers, coSubjects: people.coSubjects)
        isSessionStored = true
    }
}

extension Quarantine {
    /// Stores a rejected file, and counts it in the report.
    fileprivate func add(_ rejected: ImportPlan.RejectedFile, from folder: SessionFolder, to report: inout ImportReport)
        throws
    {
        try add(rejected.file, in: folder, people: rejected.people, reason: rejected.reason)
        report.quarantined.append(.init(file: "\(session)/\(rejected.file)", reason: rejected.reason))
    }
}

extension NewPhoto {
    fileprivate init(_ planned: ImportPlan.PlannedPhoto, _ measured: MeasuredPhoto, _ session: SessionName) {
        let suggestion = planned.labelWithoutLocation.flatMap { open in
            measured.ruledLocation(of: planned).map { open.label(at: $0.location) }
        }
        self.init(
            photo: measured.photo,
            sessionPhoto: SessionPhoto(session: session, file: planned.row.file, note: planned.row.note),
            label: planned.label, suggestion: suggestion, coSubjects: planned.row.coSubjects,
            triggerBox: planned.row.triggerBox, faceBox: planned.row.faceBox, measures: measured.measures,
            image: measured.image)
    }
}
