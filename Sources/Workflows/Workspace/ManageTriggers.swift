import Core

/// Lists the triggers of a study, or adds a trigger.
public struct ManageTriggers: Workflow {
    public enum Request {
        case list
        case add(String)
    }

    public struct Result: WorkflowResult {
        public let triggers: [String]
        /// Whether the request added a trigger that was not in the catalog.
        public let isAdded: Bool

        private enum CodingKeys: CodingKey {
            case triggers
        }
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (65) if the new trigger's name breaks the rule.
    public func run(_ request: Request) throws -> Result {
        switch request {
        case .list:
            let session = try WorkspaceSession.reading(context)
            return Result(triggers: try session.catalog.triggers().map(\.text), isAdded: false)
        case .add(let name):
            let session = try WorkspaceSession.writing(context)
            let added = try session.catalog.add(triggers: TriggerName.all(userInput: [name]))
            return Result(triggers: try session.catalog.triggers().map(\.text), isAdded: added > 0)
        }
    }
}
