import Foundation
import Testing

/// Rules for every file of the repository.
@Suite struct SourceRulesTests {
    private let sources: [(path: String, text: String)]

    init() throws {
        sources = try Repository.files(below: "Sources", endings: ["swift", "c", "h", "cpp"])
    }

    /// The lines outside of comments that contain `text`, as `path:line`.
    private func lines(with text: String, outside folder: String? = nil) -> [String] {
        sources.filter { folder == nil || !$0.path.hasPrefix("\(folder!)/") }.flatMap { path, source in
            source.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
                let isComment = line.drop(while: \.isWhitespace).hasPrefix("//")
                return line.contains(text) && !isComment ? "\(path):\(index + 1)" : nil
            }
        }
    }

    @Test func thereAreSources() {
        #expect(sources.count > 100)
    }

    @Test(arguments: [
        "SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "CREATE TABLE", "DROP TABLE", "ALTER TABLE", "PRAGMA ",
    ])
    func onlyTheCatalogContainsSQL(_ statement: String) {
        #expect(lines(with: statement, outside: "Sources/Catalog") == [])
    }

    @Test(arguments: [
        "\"curare.sqlite\"", "\"manifest.json\"", "\"provenance.json\"", "\"request.json\"", "\"report.json\"",
        "\"report.html\"", "\"predictions.jsonl\"", ".partial\"", ".replaced\"", ".checkpoint\"", ".outcome\"",
    ])
    func onlyStorageKnowsThePathsOfAWorkspace(_ name: String) {
        #expect(lines(with: name, outside: "Sources/Storage") == [])
    }

    /// `FileManager` returns nil both for a missing file and for one that cannot be read. A failure must not become an
    /// empty result.
    @Test(arguments: ["contents(atPath:", "enumerator(at", "contentsOfDirectory("])
    func noModuleListsOrReadsFilesWithoutErrors(_ call: String) {
        #expect(lines(with: call, outside: "Sources/Storage") == [])
    }

    @Test(arguments: ["try!", "as!", "fatalError("])
    func noSourceCrashesOnPurpose(_ text: String) {
        #expect(lines(with: text) == [])
    }

    @Test func noFileHasMoreThan400Lines() {
        #expect(
            sources.filter { $0.text.split(separator: "\n", omittingEmptySubsequences: false).count > 401 }.map(\.path)
                == [])
    }

    @Test func noCommandFileHasMoreThan80Lines() throws {
        let commands = try Repository.files(below: "Sources/curare/Commands", endings: ["swift"])
        #expect(commands.count > 15)
        #expect(
            commands.filter { $0.text.split(separator: "\n", omittingEmptySubsequences: false).count > 81 }.map(\.path)
                == [])
    }

    @Test func noFileNameIsVague() {
        let vague = ["Util", "Helper", "Misc", "Common", "Manager"]
        let names = sources.map(\.path).filter { path in
            vague.contains { (path.split(separator: "/").last ?? "").contains($0) }
        }
        #expect(names == [])
    }
}
