import Auditing

/// Lists the checks of an audit with their definitions. Needs no workspace.
public struct ListAuditChecks: Workflow {
    public struct Request {
        public init() {}
    }

    public struct Result: WorkflowResult {
        public struct Check: Encodable {
            public let check: String
            /// The problem in one line.
            public let title: String
            /// `catalog`, `version` or `both`.
            public let scope: String
            /// The severities that a finding can have, most severe first.
            public let severities: [String]
            public let definition: String
            public let threshold: String
            /// The severities with their reasons.
            public let severity: String
            public let source: String
            /// What the score of a photo means; absent if the check has no score.
            public let score: String?

            init(_ definition: CheckDefinition) {
                check = definition.check.rawValue
                title = definition.title
                scope = definition.scope.rawValue
                severities = definition.severities.map(\.rawValue)
                self.definition = definition.definition
                threshold = definition.threshold
                severity = definition.severity
                source = definition.source
                score = definition.score
            }
        }

        public let checks: [Check]
    }

    public init(_ context: WorkflowContext) {}

    public func run(_ request: Request) -> Result {
        Result(checks: AuditChecklist.all.map { Result.Check($0.definition) })
    }
}
