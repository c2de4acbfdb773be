import ArgumentParser
import Core
import Foundation
import Workflows

/// The options of every command, and the connection between a command and its workflow.
struct GlobalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The workspace; default: $CURARE_WORKSPACE, else the nearest workspace at or above the current folder.",
            valueName: "dir"), completion: .directory)
    var workspace: String?

    @Flag(help: "Print one JSON object, and nothing else, on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Do not report progress.")
    var quiet = false

    @Option(help: ArgumentHelp("The number of threads; default: the number of processors.", valueName: "n"))
    var jobs: Int?

    @Option(
        help: ArgumentHelp(
            "Seconds to wait for another process that changes the workspace.", valueName: "seconds"))
    var wait: Int = 10

    func validate() throws {
        try OptionChecks.number(wait, in: 0...86_400, "--wait")
        try OptionChecks.number(jobs, in: ThreadBudget.sizes, "--jobs")
        // Every command parses these options before it runs.
        ThreadBudget.shared.count = threads
    }

    var threads: Int { jobs ?? ProcessInfo.processInfo.activeProcessorCount }

    /// Runs a workflow with these options.
    func run<Task: Workflow>(_ workflow: Task.Type, _ request: Task.Request) throws -> Task.Result {
        try workflow.init(context).run(request)
    }

    /// The environment of a workflow with these options. Only this property reads the time of day.
    var context: WorkflowContext {
        let location = WorkspaceLocation(
            explicit: workspace, environment: ProcessInfo.processInfo.environment,
            currentFolder: URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory))
        let reporter = EventReporter(isQuiet: quiet)
        return WorkflowContext(
            location, threads: threads, wait: .seconds(wait), now: { Date() }, report: { reporter.report($0) })
    }

    /// Prints `value` as JSON with `--json`, and `text` otherwise. Hidden characters are escaped in both.
    func output(_ value: some Encodable, _ text: @autoclosure () -> String) throws {
        print(json ? try ResultJSON.text(of: value) : text().printable(keepingLines: true))
    }

    /// Prints a workflow's result.
    ///
    /// - Throws: The exit code of a result that is negative or incomplete.
    func output(result: some WorkflowResult, _ text: @autoclosure () -> String) throws {
        try output(result, text())
        if let error = result.incompleteness {
            Terminal.writeLine(Failure.text(of: error))
            throw ExitCode(error.code.rawValue)
        }
        if result.isNegative { throw Failure.negativeResult }
    }
}
