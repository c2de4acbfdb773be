import Core
import Documents

/// Reads `session.yaml`: what a shoot was and whether the people in it agreed.
enum SessionDescription {
    /// - Throws: ``CurareError`` (65) with every problem found.
    static func read(_ bytes: [UInt8], file: String) throws -> Session {
        try YAMLReader.read(bytes, "the session's description", file: file) { session($0) }
    }

    private static func session(_ reader: YAMLReader) -> Session? {
        let allowed = ["session", "date", "kind", "consent", "photographer", "camera", "place"]
        guard let members = reader.members(allowed: allowed) else { return nil }
        for key in allowed.prefix(4) where members[key] == nil { reader.complain("the key \(key) is missing") }
        let name: SessionName? = members["session"]?.name()
        let kind: VolunteerKind? = members["kind"]?.word()
        let consent: Consent? = members["consent"]?.word()
        let date = members["date"]?.date()
        let others = ["photographer", "camera", "place"].map { members[$0].flatMap(sentence) }
        guard let name, let kind, let consent, let date else { return nil }
        return Session(
            name: name, date: date, kind: kind, consent: consent, photographer: others[0], camera: others[1],
            place: others[2])
    }

    private static func sentence(_ reader: YAMLReader) -> String? {
        guard let text = reader.text else { return nil }
        guard text.utf8.count <= 200, !text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
            reader.complain("at most 200 bytes on one line belong here")
            return nil
        }
        return text
    }
}
