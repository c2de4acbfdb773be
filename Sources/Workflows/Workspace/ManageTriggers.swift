import Catalog
import Core
import Intake
import Versions

/// Lists the triggers of a study, and adds, renames or removes a trigger.
public struct ManageTriggers: Workflow {
    public enum Request {
        case list
        /// `confirm` is called with the study's triggers whose names are nearly the same. It throws if the user does not
        /// mean another trigger.
        case add(String, confirm: ([String]) throws -> Void)
        case rename(String, to: String)
        case remove(String)
    }

    public struct Result: WorkflowResult {
        public let triggers: [String]
        /// The name that a rename or a removal took out of use.
        public let change: NameChange?
        /// Whether the request added a trigger that was not in the catalog.
        public let isAdded: Bool

        private enum CodingKeys: CodingKey {
            case triggers, change
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65) if a new name breaks the rule or is in use, or if photos have the trigger that the
    ///   request removes; (66) if there is no such trigger; the error of `confirm`. The catalog is then unchanged.
    public func run(_ request: Request) throws -> Result {
        switch request {
        case .list:
            return try result(WorkspaceSession.reading(context))
        case .add(let text, let confirm):
            let name = try TriggerName.new(text)
            let session = try WorkspaceSession.writing(context)
            guard try !session.catalog.triggers().contains(name) else { return try result(session) }
            let editor = NameEditor(session.catalog)
            try editor.requireNoEarlierName(text)
            let near = try editor.triggers(near: name)
            if !near.isEmpty { try confirm(near) }
            let added = try session.catalog.add(triggers: [name])
            return try result(session, isAdded: added > 0)
        case .rename(let text, let newText):
            let session = try WorkspaceSession.writing(context)
            let editor = NameEditor(session.catalog)
            let trigger = try editor.trigger(text)
            let photos = try session.catalog.records(of: trigger).photos
            let name = try TriggerName.new(newText)
            try editor.rename(trigger, to: name)
            return try result(session, change(trigger, name, photos: photos, session))
        case .remove(let text):
            let session = try WorkspaceSession.writing(context)
            let editor = NameEditor(session.catalog)
            let trigger = try editor.trigger(text)
            try editor.remove(trigger)
            return try result(session, change(trigger, nil, photos: 0, session))
        }
    }

    private func result(_ session: WorkspaceSession, _ change: NameChange? = nil, isAdded: Bool = false) throws
        -> Result
    {
        Result(triggers: try session.catalog.triggers().map(\.text), change: change, isAdded: isAdded)
    }

    private func change(_ trigger: TriggerName, _ name: TriggerName?, photos: Int, _ session: WorkspaceSession) throws
        -> NameChange
    {
        try NameChange(from: trigger.text, to: name?.text, photos: photos, in: session) { $0.mentions(trigger) }
    }
}
