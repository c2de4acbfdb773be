import ArgumentParser
import Core
import Foundation
import Imaging
import Intake
import Privacy

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import photo sessions.",
        discussion: """
            A session is a folder of photos with session.yaml and session.csv; without a sheet, VOLUNTEER/TRIGGER[/LOCATION]/file says the same. \
            Everything wrong with sheets and folders is said at once, and nothing is imported until it is mended. Files that hold no whole photo go to \
            quarantine. Where the sheet has a trigger's box and leaves its location open, one is suggested. Importing again adds what is new and changes nothing else.

            Where session.yaml now says consent: withdrawn, the session's photos are withdrawn as curare withdraw does it, after a question or with --yes; its folder is read no further.

            Example: curare import shoots/2026-05-03 --dry-run
            """)

    @Argument(help: "Folders of sessions.") var sessionDirs: [String]
    @Flag(help: "Say what would happen; store nothing.") var dryRun = false
    @Flag(help: "Where the sheet now says otherwise than the catalog, take the sheet's word.") var relabel = false
    @Flag(name: .shortAndLong, help: "Do not ask before a session is withdrawn.") var yes = false
    @Option(help: ArgumentHelp("Pixels that a photo may have.", valueName: "n")) var maxPixels = DecodingLimits().pixels
    @Option(help: ArgumentHelp("Bytes that a photo's file may have.", valueName: "n")) var maxBytes = DecodingLimits()
        .bytes
    @OptionGroup var options: CommonOptions

    func validate() throws {
        guard !sessionDirs.isEmpty else { throw ValidationError("Name at least one session's folder.") }
        guard maxPixels > 0, maxBytes > 0 else {
            throw ValidationError("--max-pixels and --max-bytes take numbers above 0.")
        }
    }

    func run() throws {
        let start = ContinuousClock.now
        let study = try dryRun ? options.open() : options.openToChange()
        let limits = DecodingLimits(pixels: maxPixels, bytes: maxBytes)
        let planner = ImportPlanner(study.catalog, workers: options.workers, limits: limits)
        let (withdrawals, folders) = try Self.withdrawals(sessionDirs.map { URL(filePath: $0) }, study)
        var plans = try planner.plan(folders)
        let withdrawn = try withdraw(withdrawals, study)
        // A photo of both would be known no more.
        if !withdrawn.isEmpty, !dryRun { plans = try planner.plan(folders) }
        let importer = Importer(study.workspace, study.catalog, workers: options.workers, limits: limits) { Now.text }
        let total = plans.reduce(0) { $0 + $1.photosToRead }
        let progress = options.progress(dryRun ? "checking" : "importing", unit: "photos")
        let report =
            try dryRun
            ? importer.rehearse(plans) { progress.update($0, of: total) }
            : importer.run(plans, relabel: relabel) { progress.update($0, of: total) }
        progress.end()
        let differences = plans.flatMap(\.differences)
        let answer = Answer(
            report, differences, withdrawn, seconds: (ContinuousClock.now - start).seconds, dryRun: dryRun)
        options.answer(answer, words(answer))
        if report.imported == 0, report.duplicates == 0, !report.quarantined.isEmpty {
            throw options.incomplete(
                CurareError(
                    .badInput, "none of the files holds a photo that can be used",
                    next: dryRun
                        ? "see the reasons above" : "see the reasons above and in \(study.workspace.quarantine.path)"))
        }
        guard report.unreadable == 0 else {
            throw options.incomplete(
                CurareError(
                    .inputOutput,
                    "\(report.unreadable) files could not be read; the others are \(dryRun ? "well" : "imported")",
                    next: "see the reasons above, then run the command again"))
        }
    }

    /// The sessions that the folders withdraw, each as a plan, and the folders to import. One that the study does not know is left to the import, which refuses it.
    private static func withdrawals(_ folders: [URL], _ study: Study) throws -> ([WithdrawalPlan], [URL]) {
        var plans: [WithdrawalPlan] = []
        var others: [URL] = []
        for folder in folders {
            if let name = WithdrawnSession.name(in: folder),
                try study.catalog.session(name) != nil || study.catalog.withdrawal(of: .session(name)) != nil
            {
                if !plans.contains(where: { $0.order.subject == .session(name) }) {
                    plans.append(try Withdrawing(study.workspace, study.catalog).plan(.session(name)))
                }
            } else {
                others.append(folder)
            }
        }
        return (plans, others)
    }

    /// Asks for all of them before the first is carried out.
    private func withdraw(_ plans: [WithdrawalPlan], _ study: Study) throws -> [WithdrawalAnswer] {
        let answers = plans.map { WithdrawalAnswer($0, dryRun ? .planned : $0.isDone ? .before : .now) }
        guard !dryRun else { return answers }
        let due = zip(plans, answers).filter { !$0.0.isDone }
        for (plan, answer) in due { try confirm(plan, answer, yes: yes) }
        let withdrawing = Withdrawing(study.workspace, study.catalog)
        // The plan of the second was made before the first was carried out; a photo of both is gone by then.
        for (plan, _) in due { try withdrawing.carryOut(withdrawing.plan(plan.order.subject), made: Now.text) }
        return answers
    }

    private struct Answer: Encodable {
        struct Quarantined: Encodable {
            let file, reason: String
        }

        struct Suspect: Encodable {
            let file: String
            let turn: Int
        }

        struct Misnamed: Encodable {
            let file, format: String
        }

        struct Suggested: Encodable {
            let file, location: String
            let percent: Int
        }

        struct Contradicted: Encodable {
            let file, said, rule: String
            let percent: Int
        }

        struct Difference: Encodable {
            let place, what: String
        }

        let imported, duplicates: Int
        let quarantined: [Quarantined]
        let facesFound, facesMissing, facesNotSought: Int
        let severalFaces: [String]
        let orientationSuspects: [Suspect]
        /// Photos by quality flag.
        let flagged: [String: Int]
        let misnamed: [Misnamed]
        let passedOver: Int
        let suggested: [Suggested]
        let withoutLocation: [String]
        let contradicted: [Contradicted]
        let labelled, corrected: Int
        let differences: [Difference]
        let withdrawn: [WithdrawalAnswer]
        let seconds: Double
        let dryRun: Bool

        init(
            _ report: ImportReport, _ differences: [ImportPlan.Difference], _ withdrawn: [WithdrawalAnswer],
            seconds: Double, dryRun: Bool
        ) {
            self.withdrawn = withdrawn
            (imported, duplicates, labelled, corrected) = (
                report.imported, report.duplicates, report.labelled, report.corrected
            )
            quarantined = report.quarantined.map { Quarantined(file: $0.file, reason: $0.reason) }
            (facesFound, facesMissing, facesNotSought, severalFaces) = (
                report.facesFound, report.facesMissing, report.facesNotSought, report.severalFaces
            )
            orientationSuspects = report.orientationSuspects.map { Suspect(file: $0.file, turn: $0.turn) }
            flagged = Dictionary(uniqueKeysWithValues: report.flags.map { ($0.key.rawValue, $0.value) })
            misnamed = report.misnamed.map { Misnamed(file: $0.file, format: $0.format) }
            passedOver = report.passedOver
            suggested = report.suggested.map {
                Suggested(file: $0.file, location: $0.ruled.location.rawValue, percent: $0.ruled.percent)
            }
            withoutLocation = report.withoutLocation
            contradicted = report.contradicted.map {
                Contradicted(
                    file: $0.file, said: $0.said.rawValue, rule: $0.ruled.location.rawValue, percent: $0.ruled.percent)
            }
            self.differences = differences.map { Difference(place: $0.place, what: $0.what) }
            (self.seconds, self.dryRun) = (seconds, dryRun)
        }
    }

    private func words(_ answer: Answer) -> String {
        var lines =
            answer.withdrawn.map(\.words) + [
                "\(dryRun ? "would import" : "imported") \(answer.imported) photos in \(decimals(answer.seconds, 1)) s; \(answer.duplicates) known already; \(answer.labelled) labelled"
            ]
        if answer.facesMissing > 0 {
            lines.append("no face found in \(answer.facesMissing) of them: their face crops are centre crops")
        }
        if answer.facesNotSought > 0 {
            lines.append(
                "faces were not looked for in \(answer.facesNotSought) of them: the workspace's images are not cut by faces; a recipe with crop: face looks for them"
            )
        }
        if !answer.severalFaces.isEmpty {
            lines += ["several faces, the largest near the middle was taken:"] + answer.severalFaces.map { "  \($0)" }
        }
        if !answer.orientationSuspects.isEmpty {
            lines +=
                ["perhaps lost their orientation; not turned:"]
                + answer.orientationSuspects.map {
                    "  \($0.file): a face is there after a turn of \($0.turn)° clockwise"
                }
        }
        if !answer.flagged.isEmpty {
            let counts = answer.flagged.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(
                separator: ", ")
            lines.append("to be looked at: \(counts); see them with curare sheet --problem FLAG --out FILE.png")
        }
        if !answer.misnamed.isEmpty {
            lines.append("\(answer.misnamed.count) photos are named for another kind than they are:")
            lines += answer.misnamed.map { "  \($0.file): it is \($0.format)" }
        }
        if !answer.suggested.isEmpty {
            lines.append(
                "the sheets leave \(answer.suggested.count) locations open; by the triggers' boxes these are suggested, until a person says so with curare label:"
            )
            lines += answer.suggested.map {
                "  \($0.file): \($0.location), \($0.percent)% of the box in the face's outline"
            }
        }
        if !answer.withoutLocation.isEmpty {
            lines +=
                ["no location, and no face to tell it by: in no version until the sheet or curare label says it:"]
                + answer.withoutLocation.map { "  \($0)" }
        }
        if !answer.contradicted.isEmpty {
            lines.append(
                "the box of \(answer.contradicted.count) triggers lies elsewhere than the sheets say; the sheets' word counts:"
            )
            lines += answer.contradicted.map {
                "  \($0.file): \($0.said) is said, \($0.percent)% of the box are in the face's outline"
            }
        }
        if answer.passedOver > 0 { lines.append("\(answer.passedOver) clips and sidecar files passed over") }
        if !answer.quarantined.isEmpty {
            lines.append("\(dryRun ? "would quarantine" : "quarantined") \(answer.quarantined.count) files:")
            lines += answer.quarantined.map { "  \($0.file): \($0.reason)" }
        }
        if !answer.differences.isEmpty {
            lines.append(
                answer.corrected > 0
                    ? "corrected as the sheets say now:" : "the sheets now say otherwise; --relabel takes their word:")
            lines += answer.differences.map { "  \($0.place): \($0.what)" }
        }
        return lines.joined(separator: "\n")
    }
}
