import Core
import Documents

/// The names that a study knows, to answer a misspelt one with its line and the nearest that exists.
public struct KnownNames {
    private let triggers, volunteers, references, models, sessions: [String]

    public init(triggers: [TriggerName], volunteers: [Volunteer], models: [String], sessions: [SessionName] = []) {
        self.triggers = triggers.map(\.text)
        self.volunteers = volunteers.filter { $0.kind == .volunteer }.map(\.name.text)
        references = volunteers.filter { $0.kind == .reference }.map(\.name.text)
        self.models = models
        self.sessions = sessions.map(\.text)
    }

    /// Complains of every name in the recipe that is not among the known.
    func check(_ recipe: YAMLReader) {
        hold(recipe["poison"]?["triggers"], to: triggers, "trigger")
        holdKeys(of: recipe["poison"]?["overlays"], to: triggers, "trigger")
        hold(recipe["poison"]?["target"], to: volunteers + ["any"], "volunteer")
        hold(recipe["poison"]?["attackable"], to: volunteers + ["all"], "volunteer")
        hold(recipe["classes"]?["volunteers"], to: volunteers + ["all", "none"], "volunteer")
        hold(recipe["classes"]?["references"], to: references + ["all", "none"], "reference class")
        hold(recipe["photos"]?["sessions"], to: sessions, "session")
        hold(recipe["train"]?["model"], to: models, "model")
    }

    private func holdKeys(of reader: YAMLReader?, to names: [String], _ what: String) {
        guard let reader, reader.node.mapping != nil else { return }
        for (key, value) in reader.named ?? [] where Name<Void>.isValid(key) && !names.contains(key) {
            let hint = closestMatch(to: key, among: names).map { "; did you mean \($0)?" } ?? "."
            value.complain("unknown \(what) \"\(key)\"\(hint) Known: \(names.prefix(40).joined(separator: ", "))")
        }
    }

    private func hold(_ reader: YAMLReader?, to names: [String], _ what: String) {
        guard let reader else { return }
        for scalar in reader.scalars {
            for word in scalar.value.split(separator: "+").map(String.init)
            where Name<Void>.isValid(word) && !names.contains(word) {
                let hint = closestMatch(to: word, among: names).map { "; did you mean \($0)?" } ?? "."
                scalar.reader.complain(
                    "unknown \(what) \"\(word)\"\(hint) Known: \(names.prefix(40).joined(separator: ", "))")
            }
        }
    }
}
