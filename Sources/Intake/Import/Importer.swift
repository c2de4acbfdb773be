import Catalog
import Core
import Foundation
import Imaging
import Storage

/// What an import did.
public struct ImportReport: Sendable {
    public struct Quarantined: Hashable, Sendable {
        /// `SESSION/path` of the file.
        public let file: String
        public let reason: String
    }

    public struct OrientationSuspect: Hashable, Sendable {
        /// `SESSION/path` of the file.
        public let file: String
        /// 90, 180 or 270 degrees clockwise.
        public let turn: Int
    }

    public struct Misnamed: Hashable, Sendable {
        /// `SESSION/path` of the file.
        public let file: String
        /// What its content is, as `DecodedPhoto.Format` calls it.
        public let format: String
    }

    public struct Suggested: Hashable, Sendable {
        /// `SESSION/path` of the file.
        public let file: String
        public let ruled: RuledLocation
    }

    public struct Contradicted: Hashable, Sendable {
        /// `SESSION/path` of the file.
        public let file: String
        public let said: Location
        public let ruled: RuledLocation
    }

    public internal(set) var imported = 0
    public internal(set) var duplicates = 0
    public internal(set) var quarantined: [Quarantined] = []
    /// New photos with a face that counts, and those without.
    public internal(set) var facesFound = 0, facesMissing = 0
    /// New photos in which none was looked for, since the workspace's images are not cut by faces.
    public internal(set) var facesNotSought = 0
    /// `SESSION/path` of new photos with several faces that could be meant.
    public internal(set) var severalFaces: [String] = []
    /// New photos that have a clear face only after a quarter turn.
    public internal(set) var orientationSuspects: [OrientationSuspect] = []
    /// How many new photos a person should look at, and why; one may count several times.
    public internal(set) var flags: [QualityFlag: Int] = [:]
    /// Photos whose name says another kind than they are; they are read all the same.
    public internal(set) var misnamed: [Misnamed] = []
    /// Files beside the photos that hold none, such as clips and sidecars.
    public internal(set) var passedOver = 0
    /// Photos whose location the sheet leaves open, with what the rule suggests.
    public internal(set) var suggested: [Suggested] = []
    /// `SESSION/path` of photos whose location the sheet leaves open, and on which there is no face to tell it by: they are imported without a label.
    public internal(set) var withoutLocation: [String] = []
    /// Photos whose trigger is marked elsewhere than the sheet says.
    public internal(set) var contradicted: [Contradicted] = []
    public internal(set) var labelled = 0
    public internal(set) var corrected = 0

    /// Files that the system would not read, among those in quarantine.
    public var unreadable: Int { quarantined.count { $0.reason.hasPrefix(MeasuredPhoto.Refused.unreadable) } }

    fileprivate mutating func compare(_ file: String, _ session: SessionName, with format: String) {
        guard DecodedPhoto.Format(rawValue: format)?.isCalled(file) == false else { return }
        misnamed.append(Misnamed(file: "\(session)/\(file)", format: format))
    }
}

/// Carries out import plans: photos in batches, each one transaction, so that a kill at any instant loses nothing that was reported done.
public struct Importer {
    /// Photos a transaction.
    static let batch = 64

    private let workspace: Workspace
    private let catalog: Catalog
    private let workers: ThreadBudget
    private let limits: DecodingLimits
    private let clock: @Sendable () -> String

    /// - Parameter clock: the time of labels, UTC ISO 8601.
    public init(
        _ workspace: Workspace, _ catalog: Catalog, workers: ThreadBudget, limits: DecodingLimits,
        clock: @escaping @Sendable () -> String
    ) {
        (self.workspace, self.catalog, self.workers, self.limits, self.clock) = (
            workspace, catalog, workers, limits, clock
        )
    }

    /// Imports what the plans say. What an earlier import was cut off from is in the plans too, since the catalog lacks it.
    ///
    /// - Parameters:
    ///   - relabel: also apply what the sheets say otherwise.
    ///   - progress: called after each photo with how many are done.
    public func run(_ plans: [ImportPlan], relabel: Bool, progress: (Int) -> Void) throws -> ImportReport {
        try workspace.removePartialFiles()
        var report = ImportReport()
        var done = 0
        for plan in plans {
            try store(plan, plan.people(relabel: relabel), &report) {
                done += 1
                progress(done)
            }
            report.duplicates += plan.duplicates
            report.passedOver += plan.passedOver
            if relabel {
                try catalog.apply(plan.differences.map(\.correction), made: clock())
                report.corrected += plan.differences.count
            }
        }
        return report
    }

    /// Decodes everything that the plans would import, and stores nothing.
    public func rehearse(_ plans: [ImportPlan], progress: (Int) -> Void) throws -> ImportReport {
        var report = ImportReport()
        var done = 0
        for plan in plans {
            try forEach(plan, workspace: nil) { item, result in
                switch result {
                case .success(let measured) where item.isNew:
                    report.imported += 1
                    report.count(measured, of: "\(plan.session.name)/\(item.row.file)")
                case .success: break
                case .failure(let refused):
                    report.quarantined.append(
                        .init(file: "\(plan.session.name)/\(item.row.file)", reason: refused.reason))
                }
                if case .success(let measured) = result {
                    report.countLabel(of: item, measured, plan.session.name)
                    report.compare(item.row.file, plan.session.name, with: measured.photo.format)
                }
                done += 1
                progress(done)
            }
            report.quarantined += plan.refused.map { .init(file: "\(plan.session.name)/\($0.file)", reason: $0.reason) }
            report.duplicates += plan.duplicates
            report.passedOver += plan.passedOver
        }
        return report
    }

    private func store(
        _ plan: ImportPlan, _ people: (sitters: [VolunteerName], companions: [VolunteerName]),
        _ report: inout ImportReport, progress: () -> Void
    ) throws {
        let quarantine = Quarantine(workspace, plan.session.name)
        var batch: [NewPhoto] = []
        var isSessionStored = false
        // A session of which no photo can be used leaves nothing in the catalog.
        func storeSession() throws {
            guard !isSessionStored else { return }
            try catalog.store(plan.session, sitters: people.sitters, also: people.companions)
            isSessionStored = true
        }
        func flush() throws {
            guard !batch.isEmpty else { return }
            // The catalog never speaks of a file that a power cut could still take back.
            try AtomicFile.flushAll(below: workspace.root)
            try storeSession()
            report.imported += try catalog.store(batch, made: clock())
            batch.removeAll(keepingCapacity: true)
        }
        func refuse(_ file: String, _ people: [VolunteerName], _ reason: String) throws {
            try quarantine.take(file, in: plan.folder, plan.session.name, people: people, reason: reason)
            report.quarantined.append(.init(file: "\(plan.session.name)/\(file)", reason: reason))
        }
        func take(_ item: ImportPlan.Item, _ result: Result<MeasuredPhoto, MeasuredPhoto.Refused>) throws {
            switch result {
            case .success(let measured):
                batch.append(NewPhoto(item, measured, plan.session.name))
                report.countLabel(of: item, measured, plan.session.name)
                if item.isNew { report.count(measured, of: "\(plan.session.name)/\(item.row.file)") }
                report.compare(item.row.file, plan.session.name, with: measured.photo.format)
                quarantine.release(item.row.file)
            case .failure(let refused): try refuse(item.row.file, item.row.people, refused.reason)
            }
            if batch.count == Self.batch { try flush() }
            progress()
        }
        for file in plan.repeats { quarantine.release(file) }
        do {
            try forEach(plan, workspace: workspace, take)
        } catch {
            // What was measured before is kept, unless it is the disk that fails.
            try? flush()
            throw error
        }
        try flush()
        if plan.duplicates > 0 { try storeSession() }
        for file in plan.refused { try refuse(file.file, file.people, file.reason) }
    }

    /// Measures the plan's items on all workers and hands them over in order.
    private func forEach(
        _ plan: ImportPlan, workspace: Workspace?,
        _ body: (ImportPlan.Item, Result<MeasuredPhoto, MeasuredPhoto.Refused>) throws -> Void
    ) throws {
        let (limits, profile, folder, faces) = (
            limits, try catalog.defaultProfile(), plan.folder, try catalog.faces(of: plan.items.map(\.photo))
        )
        try workers.forEach(plan.items) { item in
            let boxes = [item.row.triggerBox, item.row.faceBox].compactMap(\.self)
            let stored = faces[item.photo]
            let known = KnownFace(record: stored?.record, marked: stored?.marked ?? item.row.faceBox)
            let lookingForFaces = profile.crop == .face || item.row.triggerBox != nil
            return Result {
                try MeasuredPhoto(
                    folder.url(item.row.file), expected: item.photo, boxes: boxes, known: known,
                    lookingForFaces: lookingForFaces, profile: profile, limits: limits, workspace: workspace)
            }
        } inOrder: { item, result in
            switch result {
            case .success(let measured): try body(item, .success(measured))
            case .failure(let refused as MeasuredPhoto.Refused):
                try folder.requireThere()
                try body(item, .failure(refused))
            case .failure(let error): throw error
            }
        }
    }
}

extension ImportReport {
    fileprivate mutating func count(_ measured: MeasuredPhoto, of file: String) {
        if measured.knownFace.face != nil {
            facesFound += 1
        } else if measured.knownFace.record != nil {
            facesMissing += 1
        } else {
            facesNotSought += 1
        }
        if measured.measures?.face?.found == .several { severalFaces.append(file) }
        for flag in measured.flags { flags[flag, default: 0] += 1 }
        if let turn = measured.measures?.face?.suspectTurn {
            orientationSuspects.append(OrientationSuspect(file: file, turn: turn))
        }
    }
}

extension ImportReport {
    fileprivate mutating func countLabel(of item: ImportPlan.Item, _ measured: MeasuredPhoto, _ session: SessionName) {
        let file = "\(session)/\(item.row.file)"
        let ruled = measured.ruled(item)
        if item.unplaced != nil {
            if let ruled { suggested.append(Suggested(file: file, ruled: ruled)) } else { withoutLocation.append(file) }
        } else if let said = item.label?.triggerState.single?.location, let ruled, ruled.location != said {
            contradicted.append(Contradicted(file: file, said: said, ruled: ruled))
        }
        if item.label != nil || item.unplaced != nil && ruled != nil { labelled += 1 }
    }
}

extension MeasuredPhoto {
    /// Where the item's trigger is by the rule; nil where the sheet does not mark it, or there is no face's outline.
    fileprivate func ruled(_ item: ImportPlan.Item) -> RuledLocation? {
        item.row.triggerBox.flatMap { RuledLocation(of: $0, on: knownFace) }
    }
}

extension NewPhoto {
    fileprivate init(_ item: ImportPlan.Item, _ measured: MeasuredPhoto, _ session: SessionName) {
        self.init(
            photo: measured.photo, appearance: SessionPhoto(session: session, file: item.row.file, note: item.row.note),
            label: item.label,
            suggestion: item.unplaced.flatMap { unplaced in measured.ruled(item).map { unplaced.label(at: $0.location) }
            }, also: item.row.also,
            triggerBox: item.row.triggerBox, faceBox: item.row.faceBox, measures: measured.measures,
            image: measured.image)
    }
}
