import Core
import Documents

extension Recipe {
    /// Which photos of the classes asked for may stand in the version.
    public struct PhotoFilter: Hashable, Sendable {
        /// Nil admits every session.
        public var sessions: [SessionName]?
        /// First and last date of a session whose photos are admitted, `YYYY-MM-DD`; nil is open.
        public var from, to: String?
        public var face = Face.any
        /// Flags that no admitted photo may carry, sorted.
        public var without: [QualityFlag] = []

        /// What must be known of a photo's face.
        public enum Face: String, CaseIterable, Sendable {
            /// Nothing.
            case any
            /// One was found or marked.
            case found
            /// One was found and no other that could be meant, or one was marked.
            case one
        }

        /// Whether faces must have been looked for to say what the filter admits.
        public var looksAtFaces: Bool { face != .any || !Set(without).isDisjoint(with: QualityFlag.ofFaces) }

        /// Whether what the filter looks at is known of `photo`.
        func canJudge(_ photo: PhotoFacts) -> Bool {
            let hasFace = !looksAtFaces || photo.face.record != nil || photo.face.marked != nil
            return hasFace && (without.isEmpty || photo.quality != nil)
        }

        /// Why the filter leaves `photo` out; nil where it admits it. A photo whose face was never looked for has none.
        func reason(against photo: PhotoFacts) -> Eligibility.Reason? {
            if let sessions, !sessions.contains(photo.session) { return .session }
            if let from, photo.date < from { return .date }
            if let to, photo.date > to { return .date }
            if !admits(photo.face) { return .face }
            return without.isEmpty || Set(photo.flags).isDisjoint(with: without) ? nil : .quality
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
        guard let reader, let members = reader.members(allowed: ["sessions", "from", "to", "face", "without"]) else {
            return filter
        }
        filter.sessions = members["sessions"]?.list { $0.name(SessionName.self) }?.sorted()
        filter.from = members["from"]?.date()
        filter.to = members["to"]?.date()
        filter.face = members["face"]?.word() ?? filter.face
        filter.without = members["without"]?.list { $0.word() }?.sorted() ?? []
        if let from = filter.from, let to = filter.to, from > to {
            reader.complain("the last date, \(to), is before the first, \(from)")
        }
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
        if !without.isEmpty { members["without"] = .array(without.map { .text($0.rawValue) }) }
        return members.isEmpty ? nil : .object(members)
    }
}
