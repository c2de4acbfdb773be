import ArgumentParser
import Core
import Privacy

struct WithdrawCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw",
        abstract: "Take a volunteer who withdraws out of the study.",
        discussion: """
            Removes the photos that show them, also beside others, with images, measures, notes and copies in quarantine; the models of runs that saw them, and all pictures in those runs' pages; \
            and wipes what the catalog's freed pages held. What stays is a tombstone: the pseudonym and the digests of the files, so that nothing of it can be imported again. \
            Versions stay as they are, with pseudonym and digests, and are neither trained nor exported any more; --redact takes these out of versions and runs, too. \
            Exports, contact sheets and pages outside of the study are yours to delete: exports are named. What is kept where, and why: docs/privacy.md.

            A withdrawal that is cut off is finished by the next command. It cannot be undone.

            Example: curare withdraw an2i --dry-run
            """)

    @Argument(help: "The volunteer's pseudonym.") var volunteer: String
    @Flag(name: .shortAndLong, help: "Do not ask.") var yes = false
    @Flag(help: "Say what would go and what it concerns; remove nothing.") var dryRun = false
    @Flag(help: "Keep the models of finished runs, and name them.") var keepModels = false
    @Flag(help: "Take pseudonym and digests out of versions and runs, too.") var redact = false
    @OptionGroup var options: CommonOptions

    func validate() throws {
        guard !keepModels || !redact else {
            throw ValidationError("--redact and --keep-models do not go together: a model names its classes.")
        }
        guard !dryRun || !yes else {
            throw ValidationError("--dry-run removes nothing, so there is nothing to say --yes to.")
        }
    }

    func run() throws {
        guard let name = VolunteerName(volunteer) else {
            throw CurareError(.badInput, "\"\(volunteer.prefix(80))\" is no volunteer's name", next: VolunteerName.rule)
        }
        let study = try dryRun ? options.open() : options.openToChange()
        let withdrawing = Withdrawing(study.workspace, study.catalog)
        let plan = try withdrawing.plan(.volunteer(name), keepsModels: keepModels, redacts: redact)
        let state: WithdrawalAnswer.State = dryRun ? .planned : plan.isDone ? .before : .now
        let answer = WithdrawalAnswer(plan, state)
        var problems: [CurareError] = []
        if state == .now {
            try confirm(plan, answer, yes: yes)
            problems = try withdrawing.carryOut(plan, made: Now.text)
        }
        options.answer(answer, answer.words)
        for problem in problems { Terminal.say(Failure.words(problem)) }
        if let first = problems.first {
            throw options.incomplete(
                CurareError(
                    first.code, "\(problems.count) files could not be redacted; everything else is done",
                    next: "see the reasons above"))
        }
    }
}

/// Lets a person read what would go, and type the name of who or what goes.
///
/// - Throws: ``CurareError`` (64) where nobody can be asked, or the answer is another; nothing is done then.
func confirm(_ plan: WithdrawalPlan, _ answer: WithdrawalAnswer, yes: Bool) throws {
    if yes { return }
    let word = answer.name
    guard Terminal.canAsk else {
        throw CurareError(
            .usage,
            "nobody can be asked here whether \(plan.order.subject) shall really be withdrawn; nothing was done",
            next: "see what would go with --dry-run, then give --yes")
    }
    Terminal.say(answer.question)
    Terminal.write("This cannot be undone. Type \(word) to go on: ")
    guard readLine() == word else {
        throw CurareError(
            .usage, "the answer was another; nothing was done", next: "run the command again, and type \(word)")
    }
}
