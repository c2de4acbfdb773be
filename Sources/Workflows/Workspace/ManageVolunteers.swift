import Catalog
import Core
import Intake
import Versions

/// Renames a person, or merges two names of one person.
public struct ManageVolunteers: Workflow {
    public enum Request {
        case rename(String, to: String)
        /// The first name becomes an earlier name of the second. `dryRun` reports what would change. `confirm` requests
        /// confirmation, and throws if the user does not confirm.
        case merge(String, into: String, dryRun: Bool, confirm: (Result) throws -> Void)
    }

    public struct Result: WorkflowResult {
        public let change: NameChange
        /// The number of photos of other people in which the person is also visible.
        public let alsoVisible: Int
        /// The sessions in which the person posed under the earlier name.
        public let sessions: [String]
        public let merged: Bool
        public let dryRun: Bool
        /// Names that a person can confuse with the current name.
        public let warnings: [String]
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if there is no such person; (65) if the new name cannot be used or the two names
    ///   cannot be one person; the error of `confirm`. The catalog is then unchanged.
    public func run(_ request: Request) throws -> Result {
        switch request {
        case .rename(let text, let newText):
            let session = try WorkspaceSession.writing(context)
            let editor = NameEditor(session.catalog)
            let volunteer = try editor.volunteer(text)
            let records = try session.catalog.records(of: volunteer)
            let name = try editor.rename(volunteer, to: newText)
            let warnings = try editor.names(near: name).map {
                "a person can confuse \(name) with \($0); if both mean the same person, merge them"
            }
            return try result(volunteer, name, records, session, warnings)
        case .merge(let text, let otherText, let dryRun, let confirm):
            let session = try WorkspaceSession.open(context, dryRun: dryRun)
            let editor = NameEditor(session.catalog)
            let volunteer = try editor.volunteer(text)
            let other = try editor.volunteer(otherText)
            try editor.checkMerge(volunteer, into: other)
            let records = try session.catalog.records(of: volunteer)
            let result = try result(volunteer, other, records, session, merged: true, dryRun: dryRun)
            guard !dryRun else { return result }
            try confirm(result)
            try session.catalog.merge(volunteer, into: other)
            return result
        }
    }

    private func result(
        _ volunteer: VolunteerName, _ name: VolunteerName, _ records: VolunteerRecords, _ session: WorkspaceSession,
        _ warnings: [String] = [], merged: Bool = false, dryRun: Bool = false
    ) throws -> Result {
        Result(
            change: try NameChange(from: volunteer.text, to: name.text, photos: records.photos, in: session) {
                $0.mentions(volunteer)
            },
            alsoVisible: records.alsoVisible, sessions: records.sessions.map(\.name.text), merged: merged,
            dryRun: dryRun, warnings: warnings)
    }
}
