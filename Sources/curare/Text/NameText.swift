import Core
import Workflows

/// The text output of renames, merges and removals.
enum NameText {
    static func text(_ result: ManageVolunteers.Result) -> String {
        let change = result.change
        let name = change.to ?? ""
        let sessions = result.sessions.count
        let counts =
            "\(counted(change.photos, "photo")), also visible in \(counted(result.alsoVisible, "photo")) of others, "
            + "\(sessions) \(sessions == 1 ? "session" : "sessions")"
        let first =
            if result.merged {
                "\(result.dryRun ? "would merge" : "merged") \(change.from) into \(name): \(counts)"
            } else {
                "renamed \(change.from) to \(name): \(counts)"
            }
        let next = "session folders can keep the name \(change.from); an import reads it as \(name)"
        return ([first, next] + records(change) + result.warnings.map { "warning: \($0)" }).joined(separator: "\n")
    }

    static func text(ofTrigger change: NameChange) -> String {
        guard let name = change.to else {
            return (["removed the trigger \(change.from)"] + records(change)).joined(separator: "\n")
        }
        let lines = [
            "renamed the trigger \(change.from) to \(name): \(counted(change.photos, "photo"))",
            "session folders can keep the name \(change.from); an import reads it as \(name)",
            "write \(name) instead of \(change.from) in your recipes",
        ]
        return (lines + records(change)).joined(separator: "\n")
    }

    /// What the user confirms before a merge.
    static func confirmation(_ result: ManageVolunteers.Result) -> Confirmation {
        let (from, name) = (result.change.from, result.change.to ?? "")
        let counts =
            "\(counted(result.change.photos, "photo")), \(counted(result.alsoVisible, "photo")) of others, in which \(from) is visible"
        let question = "all records of \(from) would become records of \(name): \(counts)"
        return Confirmation(
            question: ([question] + records(result.change)).joined(separator: "\n"), word: name,
            withoutTerminal: CurareError(
                .usage,
                "cannot ask for confirmation to merge \(from) into \(name) without a terminal; nothing was done",
                next: "see what would change with --dry-run, then confirm with --yes"))
    }

    /// What the user confirms before a trigger is added whose name is nearly the name of another trigger.
    static func confirmation(ofTrigger name: String, near: [String]) -> Confirmation {
        let known = near.joined(separator: " and ")
        return Confirmation(
            question: "the study has the trigger \(known), and \(name) is nearly the same name", warning: "",
            word: name,
            withoutTerminal: CurareError(
                .badInput, "the study has the trigger \(known), and \(name) is nearly the same name; nothing was added",
                next: "use \(near[0]), or confirm with --yes that \(name) is another trigger"))
    }

    /// The versions, runs and exports that have the earlier name.
    private static func records(_ change: NameChange) -> [String] {
        var lines: [String] = []
        func add(_ title: String, _ names: [String]) {
            if !names.isEmpty { lines += ["\(title):"] + Table.firstItems(names) }
        }
        add("versions that have the name \(change.from); they do not change", change.versions)
        add("versions that cannot be read; they may have the name", change.unreadable)
        add("runs of these versions", change.runs)
        add("exports of these versions", change.exports)
        return lines
    }
}
