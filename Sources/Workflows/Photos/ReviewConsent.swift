import Core

/// Records the consent of a photo session, and reports how many of its photos may be used.
public struct ReviewConsent: Workflow {
    public struct Request {
        public var session: String
        /// `signed`, `public-dataset` or `missing`.
        public var consent: String

        public init(session: String, consent: String) {
            self.session = session
            self.consent = consent
        }
    }

    public struct Result: WorkflowResult {
        public let session: String
        public let consent: String
        public let photos: Int
        public let usable: Int
        /// Other people who are visible in the photos and have not consented.
        public let waitingFor: [String]
    }

    private let context: WorkflowContext

    public init(_ context: WorkflowContext) {
        self.context = context
    }

    /// - Throws: ``CurareError`` (66) if there is no such session; (65) for a consent that cannot be recorded.
    public func run(_ request: Request) throws -> Result {
        let session = try WorkspaceSession.writing(context)
        guard let name = SessionName(request.session), try session.catalog.session(name) != nil else {
            let known = try session.catalog.sessions().map(\.name.text)
            throw CurareError(
                .missingInput, "there is no session \"\(request.session.prefix(80))\"",
                next: suggestion(for: request.session, among: known) ?? "see curare status")
        }
        guard let consent = Consent(rawValue: request.consent), consent != .withdrawn else {
            throw CurareError(
                .badInput, "\"\(request.consent.prefix(80))\" cannot be recorded as consent",
                next: "write signed, public-dataset or missing; remove a volunteer with: curare withdraw NAME")
        }
        try session.catalog.set(consent: consent, of: name)
        let state = try session.catalog.consent(in: name)
        return Result(
            session: request.session, consent: consent.rawValue, photos: state.photos, usable: state.usable,
            waitingFor: state.waitingFor.map(\.text))
    }
}
