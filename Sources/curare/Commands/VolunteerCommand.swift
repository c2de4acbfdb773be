import ArgumentParser
import Workflows

struct VolunteerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "volunteer",
        abstract: "Rename a volunteer, or merge two names of one volunteer.",
        discussion: "Example: curare volunteer rename brno bruno",
        subcommands: [Rename.self, Merge.self])

    struct Rename: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a volunteer another name.",
            discussion: """
                Curare changes the name in all records of the catalog, also in the history of labels. Curare keeps the \
                earlier name: an import reads it as the new name, `curare withdraw` also finds what has it, and no other \
                volunteer can get it. Versions, runs and exports keep the earlier name; the command lists them.

                Example: curare volunteer rename brno bruno
                """)
        @Argument(help: "The current name of the volunteer.") var old: String
        @Argument(help: "The new name.") var new: String
        @OptionGroup var options: GlobalOptions

        func run() throws {
            let result = try options.run(ManageVolunteers.self, .rename(old, to: new))
            try options.output(result: result, NameText.text(result))
        }
    }

    struct Merge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make two names of one volunteer one name.",
            discussion: """
                Use this command if two names mean the same person, for example because of a typing error in \
                session.csv. All records of FROM become records of INTO, and FROM becomes an earlier name of INTO. You \
                cannot undo a merge.

                Both names must have the same kind. If both posed in sessions, either both or none of them must have \
                consent for all sessions. Versions, runs and exports keep the name FROM; the command lists them.

                Example: curare volunteer merge brno bruno --dry-run
                """)
        @Argument(help: "The name that becomes an earlier name.") var from: String
        @Argument(help: "The name that stays.") var into: String
        @Flag(name: .shortAndLong, help: "Do not ask for confirmation.") var yes = false
        @Flag(help: "Report what would change; change nothing.") var dryRun = false
        @OptionGroup var options: GlobalOptions

        func validate() throws {
            guard !dryRun || !yes else { throw ValidationError("--dry-run excludes --yes: it changes nothing.") }
        }

        func run() throws {
            let confirm = { (result: ManageVolunteers.Result) in
                if !yes { try Terminal.confirm(NameText.confirmation(result)) }
            }
            let result = try options.run(
                ManageVolunteers.self, .merge(from, into: into, dryRun: dryRun, confirm: confirm))
            try options.output(result: result, NameText.text(result))
        }
    }
}
