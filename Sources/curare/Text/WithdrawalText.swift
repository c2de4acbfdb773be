import Catalog
import Core
import Privacy
import Workflows

/// The text output of a withdrawal.
enum WithdrawalText {
    /// What the user confirms before a withdrawal, by the name of the volunteer or session.
    static func confirmation(_ summary: WithdrawalSummary) -> Confirmation {
        let lines =
            ["\(subject(summary)) would be withdrawn: \(counts(summary))"] + consequences(summary, isDone: false)
        return Confirmation(
            question: lines.joined(separator: "\n"), word: summary.name,
            withoutTerminal: CurareError(
                .usage,
                "cannot ask for confirmation to withdraw \(subject(summary)) without a terminal; nothing was done",
                next: "see what would be removed with --dry-run, then confirm with --yes"))
    }

    static func text(_ summary: WithdrawalSummary) -> String {
        let first =
            switch summary.state {
            case .planned: "\(subject(summary)) would be withdrawn: \(counts(summary))"
            case .now where !summary.complete:
                "the withdrawal of \(subject(summary)) is incomplete: removed \(counts(summary))"
            case .now: "\(subject(summary)) is withdrawn: \(counts(summary))"
            case .before: "\(subject(summary)) was withdrawn before; nothing is left to do"
            }
        return ([first] + consequences(summary, isDone: summary.state != .planned)).joined(separator: "\n")
    }

    static func subject(_ summary: WithdrawalSummary) -> String { summary.volunteer ?? "session \(summary.name)" }

    /// Returns the command that shows what an incomplete withdrawal has left.
    static func nextCommand(_ subject: WithdrawalSubject) -> String {
        switch subject {
        case .volunteer(let name): "curare withdraw \(name) --dry-run"
        case .session: "curare import SESSION_DIR --dry-run"
        }
    }

    private static func counts(_ summary: WithdrawalSummary) -> String {
        "\(counted(summary.photos, "photo")), \(counted(summary.images, "image")), "
            + "\(counted(summary.quarantined, "file")) in quarantine"
    }

    /// - Parameter isDone: whether the withdrawal was carried out. It is not before the confirmation.
    private static func consequences(_ summary: WithdrawalSummary, isDone: Bool) -> [String] {
        let earlierNames = summary.earlierNames.joined(separator: ", ")
        var lines = earlierNames.isEmpty ? [] : ["earlier names, which count too: \(earlierNames)"]
        lines += summary.versions.map { version in
            let state = version.redacted ? "redacted" : "contains \(counted(version.photos, "image")) of these photos"
            return "version \(version.version): \(state); cannot be trained or exported any more"
        }
        lines += summary.runs.map { run($0, isDone: isDone) }
        lines += summary.exports.map(export)
        if !summary.needReview.isEmpty {
            lines.append(
                "photos that stay and need review; if they show \(summary.name), label them before the withdrawal:")
            lines += summary.needReview.map { "  \($0.photo.prefix(12)): \(reason($0.reason))" }
        }
        lines += summary.unreadable.map { "version \($0) cannot be read: it may contain photos of \(summary.name)" }
        lines += undecided(summary)
        lines += summary.namesContainingPseudonym.map { "the name of version \($0) contains the pseudonym" }
        if !summary.unknownFiles.isEmpty {
            let files = summary.unknownFiles.joined(separator: ", ")
            lines.append("not written by Curare, in the workspace: \(files); check whether they show \(summary.name)")
        }
        if summary.photos > 0 {
            lines.append(
                """
                delete these yourself: contact sheets, lists of photos, diff pages and copies of the photos outside \
                the workspace, and the session folders that were imported
                """)
        }
        // Names of files and folders come from outside.
        return lines.map { $0.printable() }
    }

    private static func undecided(_ summary: WithdrawalSummary) -> [String] {
        guard !summary.undecided.isEmpty else { return [] }
        let files = summary.undecided.map { "  \($0.path): \(undecidedReason($0.reason))" }
        if summary.removesUndecided, summary.complete {
            return ["would be removed too; some of them may have nothing to do with \(summary.name):"] + files
        }
        let command =
            summary.volunteer == nil
            ? "import the session again" : "run the command again, or run it with --force-remove-unreadable"
        let first = "these files may show \(summary.name), and Curare does not remove them unless you request it:"
        return [first] + files + ["restore, move or delete these files, then \(command)"]
    }

    private static func undecidedReason(_ word: String) -> String {
        switch UndecidedFile.Reason(rawValue: word) {
        case .unreadableVersion: "the version cannot be read"
        case .changedVersion: "the files of the version were changed"
        case .damagedNote: "its note in quarantine is missing or damaged"
        case .damagedReport: "it is damaged and cannot be redacted"
        case .unknownPhoto: "no photo of the catalog has this original"
        case .link: "a symbolic link"
        case .copy: "an identical copy of a photo, outside Curare's folders"
        case .unreadableFile: "cannot be read, so it can be a copy of a photo"
        case .unknownFile, nil: "Curare writes no file of this name here"
        }
    }

    private static func run(_ run: WithdrawalSummary.AffectedRun, isDone: Bool) -> String {
        func state(_ word: String) -> String { isDone ? word : "would be \(word)" }
        let others = run.otherFiles.isEmpty ? "" : ", other files: \(run.otherFiles.joined(separator: ", "))"
        let pictures = (run.removesPictures ? ", pictures \(state("removed"))" : "") + others
        guard !run.models.isEmpty else { return "run \(run.run): no models\(pictures)" }
        let models = run.models.joined(separator: ", ")
        return "run \(run.run): \(models) \(state(run.removesModels ? "removed" : "kept"))\(pictures)"
    }

    private static func export(_ export: WithdrawalSummary.AffectedExport) -> String {
        let name = "export \(export.path) (\(export.version), \(export.format))"
        guard export.there else { return "\(name): does not exist there any more; find and delete its copies" }
        guard let images = export.images, let linked = export.linked else {
            return "\(name): cannot be read; find out who owns it, and have it deleted"
        }
        let links = linked > 0 ? ", \(linked) of them hard links that keep the images' bytes" : ""
        return "\(name): delete it; \(counted(images, "image"))\(links)"
    }

    private static func reason(_ word: String) -> String {
        switch PhotoNeedingReview.Reason(rawValue: word) {
        case .unlabelled: "unlabelled, in a session of the volunteer"
        case .relabelled: "an earlier label names the volunteer"
        case .annotated: "an annotator's label names the volunteer"
        case .lookAlike: "looks like a photo of the volunteer"
        case .note, nil: "its note contains the name"
        }
    }
}
