import Foundation
import Testing
import WorkflowTestSupport

@testable import curare

/// The exit codes of wrong arguments, wrong values and missing files, through the built program.
@Suite(.serialized) struct WrongUseTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    private static let usageErrors: [[String]] = [
        ["audit", "small", "--list"], ["audit", "--fail-on", "info"],
        ["validate", "small", "--seeds", "0"],
        ["validate", "small", "--controls", "true-label"],
        ["validate", "small", "--controls", "clean,clear"],
        ["label"],
        ["label", "garden/ada-0.png"],
        ["label", "--trigger", "none"],
        ["label", "garden/ada-0.png", "--where", "volunteer=ada", "--trigger", "none"],
        ["label", "garden/ada-0.png", "--undo", "--trigger", "none"],
        ["label", "garden/ada-0.png", "--undo", "--history"],
        ["label", "garden/ada-0.png", "--sheet", "labels.csv"],
        ["label", "--where", "volunteer", "--trigger", "none"],
        ["label", "--where", "person=ada", "--trigger", "none"],
        ["import", "x", "--relabel", "--boxes"],
        ["diff", "small"],
        ["import"],
        ["frobnicate"],
        ["status", "--jobs", "0"],
        ["export", "small", "--format", "zip", "--to", "x"],
        ["export", "small"],
        ["export", "small", "--format", "csv"],
        ["export", "small", "--to", "x"],
        ["export", "small", "--format", "csv", "--to", ""],
        ["withdraw", "ada"],
        ["withdraw"],
        ["withdraw", "ada", "--redact", "--keep-models"],
        ["withdraw", "ada", "--dry-run", "--yes"],
        ["volunteer", "merge", "ada", "bruno"],
        ["volunteer", "merge", "ada", "bruno", "--dry-run", "--yes"],
        ["volunteer", "rename", "ada"],
        ["labels", "export", "garden"],
        ["labels", "export", "garden", "--to", ""],
        ["explain", "small-1-1", "--out", "x.png"],
        ["explain", "small-1-1", "x.png", "--out", "x.jpg"],
        ["faces"],
        ["faces", "--detector", "nose"],
        ["init", "x", "--face-detector", "nose"],
        ["sheet"],
        ["sheet", "--out", "x.jpg"],
        ["sheet", "--out", "x.png", "--problem", "ugly"],
        ["sheet", "--out", "x.png", "--size", "9"],
        ["sheet", "--out", "x.png", "--columns", "0"],
        ["sheet", "--csv", "x.txt"],
        ["sheet", "--out", "x.png", "--role", "test/attack"],
        ["sheet", "--out", "x.png", "--in-version", "small", "--role", "attack"],
        ["sheet", "--out", "x.png", "--face", "odd"],
        ["sheet", "--out", "x.png", "--label-source", "odd"],
        ["faces", "accept"],
        ["faces", "accept", "--all", "--session", "garden"],
        ["faces", "accept", "3fa94c", "--all"],
        ["rebuild", "small"],
        ["remove"],
        ["remove", "small@1"],
        ["remove", "small@1", "--dry-run", "--yes"],
        ["prune"],
        ["prune", "--keep", "-1"],
        ["prune", "--keep-verdict", "good"],
        ["prune", "--models"],
        ["compare"],
        ["compare", "small-1-1", "--csv", "-", "--latex", "-"],
        ["compare", "small-1-1", "--html", "-"],
        ["compare", "small-1-1", "--csv", ""],
        ["validate", "small-1-1", "--remake", "--epochs", "3"],
        ["validate", "small-1-1", "--remake", "--resume"],
        ["rebuild", "small", "--to", "x", "--digest", "12ab"],
        ["rebuild", "small", "--to", "x", "--allow-incomplete"],
        ["rebuild", "small", "--to", "x", "--format", "zip"],
        ["bundle", "small"],
        ["bundle", "small", "--to", ""],
        ["bundle", "small", "--to", "x", "--with-metadata"],
        ["unbundle", "small.tar"],
        ["labels", "import", "x.csv"],
        ["labels", "import", "x.csv", "--author", "label"],
        ["labels", "import", "x.csv", "--author", ""],
        ["labels", "resolve", "--from", "bea"],
        ["labels", "resolve", "garden/ada-0.png"],
        ["label", "garden/ada-0.png", "--trigger", "none", "--author", "a\u{7}b"],
        ["audit", "--accept", "0123456789abcdef"],
        ["audit", "--reason", "known"],
        ["audit", "--accept", "0123456789abcdef", "--reason", " "],
        ["audit", "--accept", "0123456789abcdef", "--reason", "known", "--reopen", "0123456789abcdef"],
        ["audit", "small", "other", "--accept", "0123456789abcdef", "--reason", "known"],
        ["init", "far", "--group-distance=4"],
        ["init", "far", "--group-distance=-1"],
        ["init", "far", "--group-distance=two"],
    ]
    private static let badInput: [[String]] = [
        ["verify", "X"],
        ["validate", "small", "--model", "vgg99"],
        ["validate", "small", "--augment", "magic"],
        ["label", "ffffffffffff", "--trigger", "none"],
        ["label", "ffffffffffff", "--history"],
        ["label", "garden/ada-0.png", "--undo"],
        ["label", "garden/ada-0.png", "--box", "1 2 3"],
        ["consent", "garden", "withdrawn"],
        ["trigger", "add", "None!"],
        ["sheet", "--csv", "-", "--finding", "imbalance"],
        ["faces", "accept", "ffffffffffff"],
        ["trigger", "add", "sunglases"],
        ["trigger", "rename", "dots", "sunglasses"],
        ["trigger", "remove", "sunglasses"],
        ["volunteer", "rename", "ada", "bruno"],
        ["volunteer", "merge", "ada", "ada", "--yes"],
        ["labels", "export", "garden", "--to", "study/garden.csv"],
        ["labels", "export", "garden", "--to", "."],
        ["schema", "nothing"],
        ["remove", "small", "--yes"],
        ["audit", "--accept", "0123456789abcdef", "--reason", String(repeating: "x", count: 501)],
    ]
    private static let missingInput: [[String]] = [
        ["verify", "nothing"],
        ["verify", "small@9"],
        ["verify", "../x"],
        ["unbundle", "nothing.tar", "--to", "x"],
        ["rebuild", "nothing", "--to", "x"],
        ["bundle", "nothing", "--to", "x"],
        ["show", "ffffffffffff"],
        ["label", "--where", "volunteer=nobody", "--trigger", "none"],
        ["label", "--sheet", "no-such-file.csv"],
        ["split", "no-such-file.yaml"],
        ["import", "no-such-folder"],
        ["validate", "nothing"],
        ["validate", "small", "--resume"],
        ["predict", "no-run", "x.jpg"],
        ["consent", "nobody", "signed"],
        ["sheet", "--csv", "-", "--in-version", "nothing"],
        ["sheet", "--csv", "-", "--finding", "nothing"],
        ["faces", "accept", "--session", "nobody"],
        ["trigger", "rename", "nothing", "x"],
        ["trigger", "remove", "nothing"],
        ["volunteer", "rename", "nobody", "x"],
        ["volunteer", "merge", "ada", "nobody", "--yes"],
        ["labels", "export", "nothing", "--to", "x.csv"],
        ["labels", "export", "garden", "--to", "x.csv", "--form", "missing.csv"],
        ["labels", "import", "missing.csv", "--author", "bea"],
        ["labels", "agreement", "--session", "nothing"],
        ["labels", "resolve", "garden/ada-0.png", "--from", "nobody"],
        ["audit", "--accept", "0123456789abcdef", "--reason", "known"],
        ["audit", "--reopen", "0123456789abcdef"],
        ["remove", "small@9", "--yes"],
        ["remove", "no-run", "--dry-run"],
        ["compare", "no-run"],
        ["validate", "--remake", "no-run"],
    ]

    /// Expects the exit code, a message, and nothing on standard output.
    private func expectError(_ code: Int32, _ arguments: [String]) throws {
        let outcome = try Program.run(arguments + ["--workspace", study.folder.path], in: scratch.root)
        #expect(outcome.status == code, "\(outcome.err)")
        #expect(!outcome.err.isEmpty && outcome.out.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("far")))
    }

    @Test("A wrong use of a command ends with 64", arguments: usageErrors)
    func usage(_ arguments: [String]) throws { try expectError(64, arguments) }

    @Test("A wrong value ends with 65", arguments: badInput)
    func wrongValue(_ arguments: [String]) throws { try expectError(65, arguments) }

    @Test("A missing file, version, run or session ends with 66", arguments: missingInput)
    func missing(_ arguments: [String]) throws { try expectError(66, arguments) }
}
