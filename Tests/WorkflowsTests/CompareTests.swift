import Core
import Foundation
import Storage
import Testing
import WorkflowTestSupport

@testable import Workflows

/// The comparison of runs that were not trained.
@Suite struct CompareTests {
    let study: WorkspaceFixture
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
        try PlantedRuns.write(to: Workspace(root: study.folder))
        try FileManager.default.copyItem(at: study.url("runs/small-1-1"), to: study.url("runs/small-1-3"))
        try PlantedFault.edit(RunFiles(study.url("runs/small-1-3")).report) {
            let text = String(decoding: $0, as: UTF8.self).replacing("small-1-1", with: "small-1-3")
            $0 = Data(text.replacing("\"epochs\":1", with: "\"epochs\":9").utf8)
        }
    }

    private func compare(_ runs: String..., files: [String] = []) throws -> CompareRuns.Result {
        func file(_ suffix: String) -> URL? { files.first { $0.hasSuffix(suffix) }.map(scratch.url) }
        return try study.run(
            CompareRuns.self,
            CompareRuns.Request(runs: runs, csv: file("csv"), latex: file("tex"), page: file("html")))
    }

    @Test("Runs are compared in the given order, once each") func rows() throws {
        let result = try compare("small-1-3", "small-1-1", "small-1-3")
        #expect(result.runs.map(\.run) == ["small-1-3", "small-1-1"])
        // The seed of the planted runs is not the recipe's; the recipe is the same.
        #expect(result.differing == ["train.epochs"])
        #expect(result.rows.map { $0[3] } == ["9", "1"])
        #expect(result.notes == [])
    }

    @Test("A version, a name and a pattern mean their finished runs") func versionsAsRuns() throws {
        for name in ["small@1", "small", "s*", "small@*"] {
            #expect(try compare(name).runs.map(\.run) == ["small-1-1", "small-1-3"])
        }
        #expect(try compare("small-1-3", "small").runs.map(\.run) == ["small-1-3", "small-1-1"])
    }

    @Test("The files are written, and remains of a killed command are removed") func files() throws {
        let abandoned = try scratch.writeAbandoned("runs.html")
        let result = try compare("small-1-1", "small-1-3", files: ["table.csv", "table.tex", "runs.html"])
        #expect(try String(contentsOf: scratch.url("table.csv"), encoding: .utf8) == result.csv)
        #expect(try String(contentsOf: scratch.url("table.tex"), encoding: .utf8) == result.latex)
        #expect(try String(contentsOf: scratch.url("runs.html"), encoding: .utf8).hasSuffix("</html>\n"))
        #expect(!FileManager.default.fileExists(atPath: abandoned.path))
    }

    @Test("No file is written when one of the files exists, is in the workspace or is named twice") func taken() throws
    {
        try scratch.write("mine", to: "runs.html")
        let catalog = try Data(contentsOf: study.url("curare.sqlite"))
        func error(_ csv: URL, _ page: URL) throws -> CurareError {
            let request = CompareRuns.Request(runs: ["small-1-1"], csv: csv, page: page)
            return try #require(#expect(throws: CurareError.self) { try study.run(CompareRuns.self, request) })
        }
        let table = scratch.url("table.csv")
        let exists = try error(table, scratch.url("runs.html"))
        #expect(exists.code == .badInput && exists.location == scratch.path("runs.html"))
        for name in ["curare.sqlite", "new.html", "runs/small-1-1/page.html"] {
            let inside = try error(table, study.url(name))
            #expect(inside.code == .badInput && inside.message.contains("outside the workspace"), "\(name)")
        }
        #expect(try error(table, scratch.url("x/../table.csv")).message.contains("named twice"))
        #expect(!FileManager.default.fileExists(atPath: table.path))
        #expect(try String(contentsOf: scratch.url("runs.html"), encoding: .utf8) == "mine")
        #expect(try Data(contentsOf: study.url("curare.sqlite")) == catalog)
    }

    @Test("A run whose version is missing or another version is compared without its recipe") func versions() throws {
        try PlantedFault.edit(RunFiles(study.url("runs/small-1-3")).report) {
            let digest = String(repeating: "0", count: 64)
            let text = String(decoding: $0, as: UTF8.self)
            $0 = Data(text.replacing(/"version_digest":"[0-9a-f]+"/, with: "\"version_digest\":\"\(digest)\"").utf8)
        }
        let notes = try compare("small-1-1", "small-1-3").notes
        #expect(notes.map { $0.contains("of run small-1-3 is not available") } == [true])
        try FileManager.default.removeItem(at: study.url("versions/small"))
        #expect(try compare("small-1-1", "small-1-3").notes.count == 2)
    }

    @Test("Unknown, unfinished and damaged runs are errors, and write nothing") func badRuns() throws {
        func error(_ runs: String...) throws -> CurareError {
            let request = CompareRuns.Request(runs: runs, csv: scratch.url("table.csv"))
            return try #require(#expect(throws: CurareError.self) { try study.run(CompareRuns.self, request) })
        }
        let unfinished = try error("small-1-1", "small-1-2")
        #expect(unfinished.code == .missingInput && unfinished.message.contains("small-1-2 is not finished"))
        #expect(try error("small-1-9").code == .missingInput)
        try PlantedFault.edit(RunFiles(study.url("runs/small-1-3")).report) { $0.removeLast(9) }
        #expect(try error("small-1-3").code == .badInput)
        let all = try error("small-1-1", "small-1-2", "small-1-3", "small-1-9")
        #expect(all.message == "3 of 4 runs cannot be compared")
        #expect(all.problems.map(\.location) == ["small-1-2", "small-1-3", "small-1-9"])
        #expect(!FileManager.default.fileExists(atPath: scratch.path("table.csv")))
    }
}
