import ArgumentParser
import Catalog
import Core
import Foundation
import Imaging
import Privacy
import Storage
import Versions

/// What every command understands.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The study's folder; default: $CURARE_WORKSPACE, else the nearest folder upward that is one.",
            valueName: "dir"))
    var workspace: String?

    @Flag(help: "Print one JSON object on standard output, and nothing else there.")
    var json = false

    @Flag(name: .shortAndLong, help: "No progress.")
    var quiet = false

    @Option(help: ArgumentHelp("Threads to use; default: all processors.", valueName: "n"))
    var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

    func validate() throws {
        guard (1...256).contains(jobs) else { throw ValidationError("--jobs takes a number from 1 to 256.") }
        // The one place that every command passes before it begins.
        ThreadBudget.shared.count = jobs
    }

    var workers: ThreadBudget { ThreadBudget(jobs) }

    /// The workspace that the command works on.
    func find() throws -> Workspace {
        try Workspace.find(
            explicit: workspace, environment: ProcessInfo.processInfo.environment,
            from: URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory))
    }

    /// Opens the study to read it. A withdrawal that was cut off is finished first: nothing of whom it is about is read.
    func open() throws -> Study {
        let study = try Study(find())
        if try Withdrawing(study.workspace, study.catalog).isPending { _ = try openToChange() }
        return study
    }

    /// Opens the study to change it, and keeps other processes from doing so. A withdrawal that was cut off is finished first.
    func openToChange() throws -> Study {
        let workspace = try find()
        let lock = try FolderLock(workspace)
        let study = try Study(workspace, lock: lock)
        for (withdrawal, problems) in try Withdrawing(workspace, study.catalog).finishPending() {
            Terminal.say("finished the withdrawal of \(withdrawal.subject), which was cut off")
            for problem in problems { Terminal.say(Failure.words(problem)) }
        }
        return study
    }

    func progress(_ what: String, unit: String) -> Progress {
        Progress(what, unit: unit, quiet: quiet)
    }

    /// Prints `value` with `--json`, and `words` otherwise.
    func answer(_ value: some Encodable, _ words: @autoclosure () -> String) {
        if json { printJSON(value) } else { print(words()) }
    }

    /// The exit code of a command that has given its answer and yet could not do all; what was left undone is said on standard error.
    func incomplete(_ refusal: CurareError) -> ExitCode {
        Terminal.say(Failure.words(refusal))
        return ExitCode(refusal.code.rawValue)
    }
}

/// A workspace that a command has opened.
struct Study {
    let workspace: Workspace
    let catalog: Catalog
    /// Held while this value lives; nil where it was opened to read.
    private let lock: FolderLock?

    init(_ workspace: Workspace, lock: FolderLock? = nil) throws {
        self.workspace = workspace
        self.lock = lock
        catalog = try Catalog(workspace)
    }

    /// Does what changes the workspace on the way to an answer that does not, such as measuring photos of an earlier catalog.
    ///
    /// - Throws: ``CurareError`` (75) where another process holds the workspace; what `change` throws.
    func changing<Result>(_ change: () throws -> Result) throws -> Result {
        let held = try lock ?? FolderLock(workspace)
        return try withExtendedLifetime(held) { try change() }
    }

    /// The images under `profile` that are in their places.
    func images(_ profile: Profile) -> FileIndex { FileIndex(workspace.images.appending(path: profile.name)) }

    /// The catalog's photos, for those who walk through them.
    ///
    /// - Parameters:
    ///   - reading: those who draw on faces need landmarks, those who look at flags quality.
    ///   - noting: sees each photo too.
    func facts(
        _ reading: Catalog.FetchOptions = Catalog.FetchOptions(landmarks: .none, quality: false),
        noting: @escaping (PhotoFacts) -> Void = { _ in }
    ) -> FactSource {
        FactSource { [catalog] body in
            try catalog.forEachPhoto(nil, reading) { fact in
                noting(fact)
                try body(fact)
            }
        }
    }

    /// `version`, which was read from `folder`, held against itself, today's catalog, and the originals that should be there.
    func verification(of version: Version, in folder: URL) throws -> Verification {
        let shelf = FileIndex(workspace.photos)
        return try Verification(
            version, in: folder,
            facts: facts(Catalog.FetchOptions(landmarks: version.hasCopies ? .all : .none, quality: false)),
            withdrawn: catalog.withdrawnPhotos()
        ) { fact in
            let suffix = Workspace.suffix(of: fact.format)
            return shelf.holds(fact.photo, suffix) ? nil : "\(fact.photo).\(suffix)"
        }
    }

    /// A version that may be trained or exported today, its folder, and what is worth knowing of it.
    ///
    /// - Parameter name: `NAME` or `NAME@V`, as a person typed it.
    /// - Throws: ``CurareError`` where there is none, where it is not what it was, or someone's consent is missing.
    func admitted(_ name: String) throws -> (version: Version, folder: URL, warnings: [String]) {
        let folder = try VersionStore(workspace).folder(versionReference(name))
        let version = try VersionStore.read(folder)
        return (version, folder, try verification(of: version, in: folder).admit(version))
    }
}

/// The clock, asked in the commands alone.
enum Now {
    /// UTC, ISO 8601.
    static var text: String { Date().formatted(.iso8601) }
}

/// The bytes of a file that a person named on the command line.
///
/// - Throws: ``CurareError`` (66) where it is not there, (65) where it is larger than `limit`.
func contents(of path: String, limit: Int = 10_000_000) throws -> [UInt8] {
    guard FileManager.default.fileExists(atPath: path) else {
        throw CurareError(.missingInput, "there is no such file", at: path)
    }
    let attributes = try? FileManager.default.attributesOfItem(
        atPath: URL(filePath: path).resolvingSymlinksInPath().path)
    guard attributes?[.type] as? FileAttributeType == .typeRegular else {
        throw CurareError(.badInput, "this is no regular file", at: path)
    }
    guard let size = attributes?[.size] as? Int, size <= limit else {
        throw CurareError(.badInput, "the file is larger than \(limit) bytes", at: path)
    }
    guard let data = FileManager.default.contents(atPath: path) else {
        throw CurareError(.inputOutput, "the file cannot be read", at: path)
    }
    return Array(data)
}
