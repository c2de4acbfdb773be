import ArgumentParser

/// What is kept when a command is interrupted, and how to go on.
enum InterruptionText {
    /// Returns the text for a command.
    static func text(after command: any ParsableCommand.Type) -> String {
        texts[command.configuration.commandName ?? ""] ?? change
    }

    /// Returns the message of an interrupted program.
    ///
    /// - Parameters:
    ///   - text: the text of the command.
    ///   - question: what the command has not done yet, if it waited for a confirmation; nil otherwise.
    static func message(_ text: String, asking question: String?) -> String {
        question.map { "curare: interrupted before the confirmation; \($0)" } ?? "curare: interrupted; \(text)"
    }

    /// The text of a command that makes one change.
    static let change = "the change was stored as a whole or not at all. Run the same command again."
    private static let nothing = "nothing was changed. Run the same command again."
    private static let removal =
        "a removal that has begun is completed by the next command that changes the workspace. Look at: curare check"
    private static let importing =
        "photos that were imported are kept. Files of other photos may remain in the workspace until you run the same "
        + "command again, which imports the other photos."
    private static let noFolder = "the new folder was not made. Run the same command again."

    /// The texts by the names of the commands.
    static let texts = [
        "init": noFolder,
        "trigger": change,
        "volunteer": change,
        "status": nothing,
        "check": "repairs that were made are kept. Run the same command again.",
        "backup": noFolder,
        "remove": removal,
        "prune": removal,
        "demo": noFolder,
        "import": importing,
        "faces": "the faces of the earlier search are kept until all photos are searched. Run the same command again.",
        "sheet": "finished sheets are kept. Delete them, then run the same command again.",
        "label": change,
        "labels": "the sheet was written as a whole or not at all. Run the same command again.",
        "review": "every change that the page shows as saved is stored. Start the page again with: curare review",
        "consent": change,
        "withdraw": "a withdrawal that has begun is completed by the next command. Look at: curare status",
        "show": nothing,
        "split": "no unfinished version was kept, and images that were made are kept. Run the same command again.",
        "versions": nothing,
        "verify": nothing,
        "diff": "an unfinished page was not kept. Run the same command again.",
        "rebuild": "images that were made are kept. Run the same command again.",
        "audit": nothing,
        "export": noFolder,
        "bundle": "no unfinished bundle was kept. Run the same command again.",
        "unbundle": noFolder,
        "validate": "the run is kept up to its last checkpoint. Run the same command again to continue it.",
        "runs": nothing,
        "compare": "an unfinished file was not kept. Run the same command again.",
        "predict": nothing,
        "explain": "the picture was not written. Run the same command again.",
        "schema": nothing,
    ]
}
