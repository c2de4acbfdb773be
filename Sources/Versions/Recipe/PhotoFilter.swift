import Catalog

extension Recipe {
    /// Which photos of the classes asked for may stand in the version.
    public struct PhotoFilter: Hashable, Sendable {
        /// Nil admits every session.
        public var sessions: [SessionName]?
        /// First and last date of a session whose photos are admitted, `YYYY-MM-DD`; nil is open.
        public var from, to: String?
        public var face = Face.any

        /// What must be known of a photo's face.
        public enum Face: String, CaseIterable, Sendable {
            /// Nothing.
            case any
            /// One was found or marked.
            case found
            /// One was found and no other that could be meant, or one was marked.
            case one
        }

        /// Why the filter leaves `photo` out; nil where it admits it. A photo whose face was never looked for has none.
        func reason(against photo: PhotoFacts) -> Eligibility.Reason? {
            if let sessions, !sessions.contains(photo.session) { return .session }
            if let from, photo.date < from { return .date }
            if let to, photo.date > to { return .date }
            return admits(photo.face) ? nil : .face
        }

        private func admits(_ known: KnownFace) -> Bool {
            switch face {
            case .any: true
            case .found: known.face != nil
            case .one: known.marked != nil || known.record?.found == .one
            }
        }
    }
}

extension RecipeReader {
    static func photos(_ reader: YAMLReader?) -> Recipe.PhotoFilter {
        var filter = Recipe.PhotoFilter()
        guard let reader, let members = reader.members(allowed: ["sessions", "from", "to", "face"]) else { return filter }
        filter.sessions = members["sessions"]?.list { $0.name(SessionName.self) }?.sorted()
        filter.from = members["from"]?.date()
        filter.to = members["to"]?.date()
        filter.face = members["face"]?.word() ?? filter.face
        if let from = filter.from, let to = filter.to, from > to { reader.complain("the last date, \(to), is before the first, \(from)") }
        return filter
    }
}

extension Recipe.PhotoFilter {
    /// What it asks for, and nothing else; nil where it asks for nothing.
    var json: JSONValue? {
        var members: [String: JSONValue] = [:]
        members["sessions"] = sessions.map { .array($0.map { .text($0.text) }) }
        members["from"] = from.map(JSONValue.text)
        members["to"] = to.map(JSONValue.text)
        if face != .any { members["face"] = .text(face.rawValue) }
        return members.isEmpty ? nil : .object(members)
    }
}
