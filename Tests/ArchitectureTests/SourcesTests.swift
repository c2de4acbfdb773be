import Foundation
import Testing

/// Rules that hold for every source file.
@Suite struct SourcesTests {
    let house: House
    let sources: [(path: String, text: String)]

    init() throws {
        house = try House()
        sources = try house.files(below: house.root.appending(path: "Sources"), endings: ["swift", "c", "h", "cpp"])
    }

    /// Lines that hold `word` outside of comments, as `path:line`.
    private func places(of word: String, outside folders: [String] = []) -> [String] {
        sources.filter { file in !folders.contains { file.path.hasPrefix("/\($0)/") } }.flatMap { path, text in
            text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
                line.contains(word) && !line.drop(while: \.isWhitespace).hasPrefix("//") ? "\(path):\(index + 1)" : nil
            }
        }
    }

    @Test func thereAreSources() {
        #expect(sources.count > 50)
    }

    @Test(arguments: [
        "SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "CREATE TABLE", "DROP TABLE", "ALTER TABLE", "PRAGMA ",
    ])
    func sqlIsSpokenInTheCatalogAlone(_ word: String) {
        #expect(places(of: word, outside: ["Sources/Catalog"]) == [])
    }

    @Test(arguments: ["try!", "as!", "fatalError("])
    func nothingThatCanGoWrongEndsTheProgram(_ word: String) {
        #expect(places(of: word) == [])
    }

    @Test func noFileNeedsATableOfContents() {
        #expect(
            sources.filter { $0.text.split(separator: "\n", omittingEmptySubsequences: false).count > 351 }.map(\.path)
                == [])
    }

    @Test func aFileIsNamedForWhatItHolds() {
        let names = sources.map(\.path).filter { path in
            let name = path.split(separator: "/").last ?? ""
            return ["Util", "Helper", "Misc", "Common", "Manager"].contains { name.contains($0) }
        }
        #expect(names == [])
    }
}
