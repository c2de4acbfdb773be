import Catalog
import Core
import Privacy
import Storage

/// Removes a volunteer who has withdrawn consent.
public struct WithdrawVolunteer: Workflow {
    public struct Request {
        public var volunteer: String
        /// Reports what would be removed, and removes nothing.
        public var dryRun: Bool
        /// Keeps the models of finished runs.
        public var keepsModels: Bool
        /// Also replaces the pseudonym, the photo ids and the image digests in versions and runs.
        public var redacts: Bool
        /// Also removes the undecided files: the files about which a person must otherwise decide.
        public var removesUndecided: Bool
        /// Requests confirmation. Throws if the user does not confirm.
        public var confirm: (WithdrawalSummary) throws -> Void

        public init(
            volunteer: String, dryRun: Bool = false, keepsModels: Bool = false, redacts: Bool = false,
            removesUndecided: Bool = false, confirm: @escaping (WithdrawalSummary) throws -> Void
        ) {
            self.volunteer = volunteer
            self.dryRun = dryRun
            self.keepsModels = keepsModels
            self.redacts = redacts
            self.removesUndecided = removesUndecided
            self.confirm = confirm
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65, 66) if the study has no such volunteer; (75) while a training is in progress; the
    ///   error of `confirm`.
    public func run(_ request: Request) throws -> WithdrawalSummary {
        guard let name = VolunteerName(request.volunteer) else {
            throw CurareError(
                .badInput, "\"\(request.volunteer.prefix(80))\" is not a volunteer's name", next: VolunteerName.rule)
        }
        let session = try WorkspaceSession.open(context, dryRun: request.dryRun, withdrawing: .volunteer(name))
        let withdrawing = WithdrawalExecutor(session.workspace, session.catalog)
        let plan = try withdrawing.plan(
            .volunteer(name), keepsModels: request.keepsModels, redacts: request.redacts)
        var summary = WithdrawalSummary(
            plan, dryRun: request.dryRun, removesUndecided: request.removesUndecided)
        guard summary.state == .now else { return summary }
        try request.confirm(summary)
        let left = try withdrawing.carryOut(
            plan, removesUndecided: request.removesUndecided, made: context.timestamp)
        summary.finish(plan, leaving: left, in: session.workspace)
        return summary
    }
}

/// What a withdrawal removes, and which versions, runs, exports and photos it affects.
public struct WithdrawalSummary: WorkflowResult {
    public enum State {
        /// The request was a dry run.
        case planned
        /// The request carries the withdrawal out.
        case now
        /// The withdrawal was carried out earlier, and nothing remains to do.
        case before
    }

    public struct AffectedVersion: Encodable {
        public let version: String
        public let photos: Int
        public let redacted: Bool
    }

    public struct AffectedRun: Encodable {
        public let run: String
        public let version: String?
        public let models: [String]
        /// Files that Curare does not write into a run.
        public let otherFiles: [String]
        public let modelsRemoved: Bool
        public let picturesRemoved: Bool
        /// Whether the withdrawal removes the models. A dry run has the value of the withdrawal.
        public let removesModels: Bool
        /// Whether the withdrawal removes the pictures. A dry run has the value of the withdrawal.
        public let removesPictures: Bool

        private enum CodingKeys: CodingKey {
            case run, version, models, otherFiles, modelsRemoved, picturesRemoved
        }
    }

    public struct AffectedExport: Encodable {
        public let version: String
        public let format: String
        public let path: String
        public let made: String
        /// Whether the export's folder still exists at `path`.
        public let there: Bool
        /// Absent, like `linked`, if the folder cannot be read.
        public let images: Int?
        public let linked: Int?
    }

    /// A file that may show the volunteer and about which a person must decide.
    public struct Undecided: Encodable {
        public let path: String
        public let reason: String

        init(_ file: UndecidedFile) {
            path = file.printablePath
            reason = file.reason.rawValue
        }
    }

    public struct PhotoToReview: Encodable {
        public let photo: String
        public let reason: String
    }

    public let volunteer: String?
    public let session: String?
    /// The earlier names of the volunteer.
    public let earlierNames: [String]
    /// Whether the withdrawal was carried out earlier.
    public let already: Bool
    public let dryRun: Bool
    public let photos: Int
    public let images: Int
    public let quarantined: Int
    public let versions: [AffectedVersion]
    public let runs: [AffectedRun]
    public let exports: [AffectedExport]
    /// Photos that stay, although they may show the volunteer.
    public let needReview: [PhotoToReview]
    /// Versions that cannot be read.
    public let unreadable: [String]
    /// Versions whose name contains the pseudonym.
    public let namesContainingPseudonym: [String]
    /// Files and folders in the workspace's folder that Curare did not write. After the withdrawal: those that are
    /// left.
    public private(set) var unknownFiles: [String]
    /// Files that may show the volunteer and about which a person must decide. After the withdrawal: the files that are
    /// left.
    public private(set) var undecided: [Undecided]
    /// Whether no undecided file is left. In a dry run: whether none would be left.
    public private(set) var complete: Bool
    public let state: State
    /// Whether undecided files are removed.
    public let removesUndecided: Bool

    private enum CodingKeys: CodingKey {
        case volunteer, session, earlierNames, already, dryRun, photos, images, quarantined, versions, runs, exports,
            needReview, unreadable, namesContainingPseudonym, unknownFiles, undecided, complete
    }

    init(_ plan: WithdrawalPlan, dryRun: Bool, removesUndecided: Bool = false) {
        let state = dryRun ? State.planned : plan.isDone ? .before : .now
        let isNow = state == .now
        let order = plan.order
        switch order.subject {
        case .volunteer(let name):
            volunteer = name.text
            session = nil
        case .session(let name):
            volunteer = nil
            session = name.text
        }
        earlierNames = plan.earlierNames.map(\.text)
        already = state == .before
        self.dryRun = dryRun
        photos = order.photos.count
        images = plan.images
        quarantined = order.otherFiles.count
        versions = plan.versions.map {
            AffectedVersion(
                version: $0.version, photos: $0.photos, redacted: $0.isRedacted || (isNow && order.redacts))
        }
        runs = plan.runs.map {
            let removesModels = !$0.models.isEmpty && (!order.keepsModels || !$0.isFinished)
            return AffectedRun(
                run: $0.run, version: $0.version, models: $0.models, otherFiles: $0.otherFiles,
                modelsRemoved: isNow && removesModels, picturesRemoved: isNow && $0.hasPictures,
                removesModels: removesModels, removesPictures: $0.hasPictures)
        }
        exports = plan.exports.map {
            AffectedExport(
                version: $0.record.version, format: $0.record.format, path: $0.path, made: $0.record.made,
                there: $0.exists, images: $0.images, linked: $0.linked)
        }
        needReview = plan.needReview.map { PhotoToReview(photo: $0.photo.hex, reason: $0.reason.rawValue) }
        unreadable = plan.unreadable
        namesContainingPseudonym = plan.namesContainingPseudonym
        unknownFiles = plan.unknownFiles.map(\.description)
        undecided = plan.undecided.map(Undecided.init)
        complete = plan.undecided.isEmpty || removesUndecided
        self.state = state
        self.removesUndecided = removesUndecided
    }

    /// Stores the outcome of the withdrawal.
    mutating func finish(_ plan: WithdrawalPlan, leaving left: [UndecidedFile], in workspace: Workspace) {
        unknownFiles = plan.unknownFiles.filter { FileRemoval.exists($0, below: workspace.root) }.map(\.description)
        undecided = left.map(Undecided.init)
        complete = left.isEmpty
    }

    public var isNegative: Bool { state == .now && !complete }

    /// The name that the user types to confirm: the volunteer's or the session's.
    public var name: String { volunteer ?? session ?? "" }
}
