import Catalog
import Core
import Foundation
import Imaging
import Intake
import Privacy

/// Imports photo sessions, and withdraws the sessions whose description contains `consent: withdrawn`.
///
/// The steps from a folder to the rows of the catalog:
/// 1. `ImportPlanner` reads `session.yaml` and `session.csv`, and computes the digest of each file. A mistake in these
///    files stops the import here.
/// 2. `ImportPlan` compares the session with the catalog: new photos, duplicates, labels to add, discrepancies.
/// 3. ``WithdrawalExecutor`` removes the withdrawn sessions. The other sessions are then planned again.
/// 4. `Importer` executes the plans. For each new photo, `MeasuredPhoto` decodes and measures the file, and writes the
///    original and the image. `Quarantine` gets the files that cannot be imported.
/// 5. `ImportBatch` flushes the files of up to 64 photos, and then stores their rows in one transaction. The row of the
///    session is stored before. Labels and boxes that people corrected after the plan was made stay.
public struct ImportSessions: Workflow {
    public struct Request {
        /// Folders of sessions.
        public var folders: [URL]
        /// Reports what would happen, and stores nothing.
        public var dryRun: Bool
        /// Which values in the catalog that differ from `session.yaml` and `session.csv` are replaced by the values of
        /// these files.
        public var update: SheetUpdate
        /// Accepts a folder that contains no photo of the study's session of the same name, and adds the folder's
        /// photos to this session.
        public var addsToSession: Bool
        /// The largest file and the largest photo to accept.
        public var limits: DecodingLimits
        /// Requests confirmation before a session is withdrawn. Throws if the user does not confirm.
        public var confirm: (WithdrawalSummary) throws -> Void

        public init(
            folders: [URL], dryRun: Bool = false, update: SheetUpdate = .none, addsToSession: Bool = false,
            limits: DecodingLimits = DecodingLimits(), confirm: @escaping (WithdrawalSummary) throws -> Void
        ) {
            self.folders = folders
            self.dryRun = dryRun
            self.update = update
            self.addsToSession = addsToSession
            self.limits = limits
            self.confirm = confirm
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65) with every problem of the session folders, before anything is stored.
    public func run(_ request: Request) throws -> Result {
        let start = ContinuousClock.now
        let session = try WorkspaceSession.open(context, dryRun: request.dryRun)
        let planner = ImportPlanner(session.catalog, threads: context.threadBudget, limits: request.limits)
        let (withdrawals, folders) = try withdrawals(in: request.folders, session)
        // A withdrawal decides by the labels which photos it removes. Without one, people can review from now on.
        var corrections = try session.catalog.handCorrections()
        if withdrawals.isEmpty { session.releaseLabels() }
        var plans = try planner.plan(folders, addsToSession: request.addsToSession)
        let withdrawn = try withdraw(withdrawals, request, session)
        // The first plan still counts the photos that the withdrawals have removed.
        if !withdrawn.isEmpty, !request.dryRun {
            corrections = try session.catalog.handCorrections()
            session.releaseLabels()
            plans = try planner.plan(folders, addsToSession: request.addsToSession)
        }
        let newVolunteers = try NewVolunteers(plans, request.update, session.catalog)
        let importer = Importer(
            session.workspace, session.catalog, threads: context.threadBudget, limits: request.limits,
            faces: .installed, clock: context.clock)
        try recommendDetector(session.catalog)
        let step = request.dryRun ? WorkflowStep.checkingPhotos : .importingPhotos
        let total = plans.reduce(0) { $0 + $1.photosToRead }
        let progress = { (done: Int) in context.progress(step)(done, total) }
        let report =
            try request.dryRun
            ? importer.dryRun(plans, request.update, progress: progress)
            : importer.run(plans, request.update, planned: corrections, progress: progress)
        context.report(.ended(step))
        return Result(
            report, plans, request.update, newVolunteers, withdrawn, quarantine: session.workspace.quarantine.path,
            seconds: (ContinuousClock.now - start).seconds, dryRun: request.dryRun)
    }

    /// Reports that the weights of the face network are missing, where photos are searched with the HOG detector.
    private func recommendDetector(_ catalog: Catalog) throws {
        guard try catalog.faceDetector() == .hog, try catalog.defaultProfile().crop == .face,
            !InstalledFaceDetector.isInstalled
        else { return }
        context.report(.faceNetworkNotInstalled)
    }

    /// Returns a plan for each session whose description contains `consent: withdrawn`, and the folders to import.
    ///
    /// A withdrawn session that the study does not contain stays among the folders to import. The planner rejects such
    /// a session.
    private func withdrawals(in folders: [URL], _ session: WorkspaceSession) throws -> ([WithdrawalPlan], [URL]) {
        let withdrawing = WithdrawalExecutor(session.workspace, session.catalog)
        var plans: [WithdrawalPlan] = []
        var others: [URL] = []
        for folder in folders {
            if let name = WithdrawnSession.name(in: folder),
                try session.catalog.session(name) != nil || session.catalog.withdrawal(of: .session(name)) != nil
            {
                if !plans.contains(where: { $0.order.subject == .session(name) }) {
                    plans.append(try withdrawing.plan(.session(name)))
                }
            } else {
                others.append(folder)
            }
        }
        return (plans, others)
    }

    /// Requests confirmation of all withdrawals before it carries out the first.
    private func withdraw(_ plans: [WithdrawalPlan], _ request: Request, _ session: WorkspaceSession) throws
        -> [WithdrawalSummary]
    {
        let summaries = plans.map { WithdrawalSummary($0, dryRun: request.dryRun) }
        guard !request.dryRun else { return summaries }
        for (plan, summary) in zip(plans, summaries) where !plan.isDone { try request.confirm(summary) }
        let withdrawing = WithdrawalExecutor(session.workspace, session.catalog)
        return try zip(plans, summaries).map { plan, summary -> WithdrawalSummary in
            guard !plan.isDone else { return summary }
            var summary = summary
            // An earlier withdrawal of this loop may have removed photos that two sessions share.
            let plan = try withdrawing.plan(plan.order.subject)
            let left = try withdrawing.carryOut(plan, made: context.timestamp)
            summary.finish(plan, leaving: left, in: session.workspace)
            return summary
        }
    }
}

extension ImportSessions {
    public struct Result: WorkflowResult {
        public var isNegative: Bool { withdrawn.contains(where: \.isNegative) }

        public struct Quarantined: Encodable {
            public let file: String
            public let reason: String
        }

        public struct OrientationSuspect: Encodable {
            public let file: String
            /// 90, 180 or 270 degrees clockwise.
            public let turn: Int
        }

        public struct UncertainOrientation: Encodable {
            public let file: String
            /// A raw value of `OrientationDoubt`.
            public let reason: String
        }

        public struct Misnamed: Encodable {
            public let file: String
            public let format: String
        }

        public struct SuggestedLocation: Encodable {
            public let file: String
            public let location: String
            public let percent: Int
        }

        public struct ContradictedLocation: Encodable {
            public let file: String
            /// The location in `session.csv`.
            public let sheet: String
            /// The location that Curare derives from the trigger's box and the face's outline.
            public let rule: String
            public let percent: Int
        }

        public struct Difference: Encodable {
            /// The file, and the line where one is known.
            public let file: String
            public let difference: String
            /// Whether the import used the value of the session files.
            public let applied: Bool
        }

        /// The numbers of values that the import changed in the catalog, by kind.
        public struct Corrections: Encodable {
            public let labels: Int
            public let boxes: Int
            public let notes: Int
            public let also: Int
            public let sessions: Int

            init(_ counts: [Correction.Kind: Int]) {
                labels = counts[.labels, default: 0]
                boxes = counts[.boxes, default: 0]
                notes = counts[.notes, default: 0]
                also = counts[.also, default: 0]
                sessions = counts[.sessions, default: 0]
            }
        }

        public let imported: Int
        public let duplicates: Int
        public let quarantined: [Quarantined]
        public let facesFound: Int
        public let facesMissing: Int
        public let facesNotSearched: Int
        public let severalFaces: [String]
        public let orientationSuspects: [OrientationSuspect]
        public let uncertainOrientations: [UncertainOrientation]
        /// Number of photos by quality flag.
        public let flagged: [String: Int]
        public let misnamed: [Misnamed]
        public let skipped: Int
        public let suggested: [SuggestedLocation]
        public let withoutLocation: [String]
        public let contradicted: [ContradictedLocation]
        public let labelled: Int
        public let corrected: Int
        public let corrections: Corrections
        /// The number of corrections by hand that stay, because the session files have not changed.
        public let keptCorrections: Int
        /// The number of corrections by hand that newer values of the session files replaced.
        public let replacedCorrections: Int
        public let differences: [Difference]
        /// The people whom the import adds to the catalog.
        public let newVolunteers: [String]
        /// People whom earlier imports of the same sessions added, and who are in no other session. Empty if the import
        /// adds no photo to a session of the catalog.
        public let earlierVolunteers: [String]
        /// Warnings about an import that was possible, for example about a name that resembles a known name.
        public let warnings: [String]
        public let withdrawn: [WithdrawalSummary]
        public let seconds: Double
        public let dryRun: Bool
        /// The number of files that could not be read.
        private let unreadable: Int
        private let quarantine: String

        private enum CodingKeys: CodingKey {
            case imported, duplicates, quarantined, facesFound, facesMissing, facesNotSearched, severalFaces,
                orientationSuspects, uncertainOrientations, flagged, misnamed, skipped, suggested, withoutLocation,
                contradicted, labelled, corrected, corrections, keptCorrections, replacedCorrections, differences,
                newVolunteers, earlierVolunteers, warnings, withdrawn, seconds, dryRun
        }

        init(
            _ report: ImportReport, _ plans: [ImportPlan], _ update: SheetUpdate, _ new: NewVolunteers,
            _ withdrawn: [WithdrawalSummary], quarantine: String, seconds: Double, dryRun: Bool
        ) {
            imported = report.imported
            duplicates = report.duplicates
            quarantined = report.quarantined.map { Quarantined(file: $0.file, reason: $0.reason.printable()) }
            facesFound = report.facesFound
            facesMissing = report.facesMissing
            facesNotSearched = report.facesNotSearched
            severalFaces = report.severalFaces
            orientationSuspects = report.orientationSuspects.map { OrientationSuspect(file: $0.file, turn: $0.turn) }
            uncertainOrientations = report.uncertainOrientations.map {
                UncertainOrientation(file: $0.file, reason: $0.doubt.rawValue)
            }
            flagged = Dictionary(uniqueKeysWithValues: report.flags.map { ($0.key.rawValue, $0.value) })
            misnamed = report.misnamed.map { Misnamed(file: $0.file, format: $0.format) }
            skipped = report.skipped
            suggested = report.suggested.map {
                SuggestedLocation(file: $0.file, location: $0.ruled.location.rawValue, percent: $0.ruled.percent)
            }
            withoutLocation = report.withoutLocation
            contradicted = report.contradicted.map {
                ContradictedLocation(
                    file: $0.file, sheet: $0.stated.rawValue, rule: $0.ruled.location.rawValue,
                    percent: $0.ruled.percent)
            }
            labelled = report.labelled
            corrected = report.corrected
            corrections = Corrections(report.corrections)
            keptCorrections = report.keptCorrections
            replacedCorrections = report.replacedCorrections
            differences = plans.flatMap(\.discrepancies).map {
                Difference(
                    file: $0.location.printable(), difference: $0.message.printable(),
                    applied: update.includes($0.correction))
            }
            newVolunteers = new.names.map(\.text)
            earlierVolunteers = new.earlierNames.map(\.text)
            warnings = (plans.flatMap(\.warnings) + new.warnings).map { $0.printable() }
            self.withdrawn = withdrawn
            self.seconds = seconds
            self.dryRun = dryRun
            unreadable = report.unreadable
            self.quarantine = quarantine
        }

        public var incompleteness: CurareError? {
            if imported == 0, duplicates == 0, !quarantined.isEmpty {
                return CurareError(
                    .badInput, "none of the files contains a usable photo",
                    next: dryRun ? "see the reasons above" : "see the reasons above and in \(quarantine)")
            }
            guard unreadable > 0 else { return nil }
            return CurareError(
                .inputOutput,
                "\(counted(unreadable, "file")) could not be read; the other files are \(dryRun ? "readable" : "imported")",
                next: "see the reasons above, then run the command again")
        }
    }
}
