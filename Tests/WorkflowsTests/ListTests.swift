import Core
import Foundation
import Storage
import Testing
import WorkflowTestSupport

@testable import Workflows

/// The lists of versions and runs, and `show` for runs and grids.
@Suite struct ListTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
        try PlantedRuns.write(to: Workspace(root: study.folder))
        let text = SmallStudy.recipe.replacing(", injection_rate: 0.2", with: "").replacing("seed: 3\n", with: "")
            .replacing("small", with: "sweep")
        let recipe = try scratch.write(text + "vary: {injection_rate: [0.05, 0.1], seed: [3]}\n", to: "sweep.yaml")
        _ = try study.run(CreateVersion.self, CreateVersion.Request(recipe: recipe))
    }

    private func versions(_ names: String...) throws -> [VersionSummary] {
        try study.run(ListVersions.self, ListVersions.Request(names: names)).versions
    }

    private func runs(_ names: String...) throws -> [RunSummary] {
        try study.run(ListRuns.self, ListRuns.Request(names: names)).runs
    }

    private func show(_ name: String) throws -> ShowItem.Result {
        try study.run(ShowItem.self, ShowItem.Request(name: name))
    }

    @Test("The list of versions has recipe values, counts, date, runs and size")
    func versionList() throws {
        let all = try versions()
        #expect(all.map(\.version) == ["small@1", "sweep-rate-0.05-seed-3@1", "sweep-rate-0.1-seed-3@1"])
        let small = try #require(all.first)
        let manifest = try WorkspaceFixture.object(in: study.url("versions/small/1/manifest.json"))
        #expect(small.n == manifest["n"] as? Int && small.m == manifest["m"] as? Int)
        #expect(try small.photos == study.entries("small/1").count)
        #expect(small.recipe?.target == "ada" && small.recipe?.injectionRate == "0.2" && small.recipe?.seed == 3)
        #expect(small.made?.hasPrefix("2026-") == true && small.grid == nil && small.current)
        let size = try bytes(below: study.url("versions/small/1")).values.reduce(0) { $0 + $1.count }
        #expect(small.bytes == size)
        #expect(small.runs == [PlantedRuns.finished, PlantedRuns.unfinished] && small.verdict == "none")
        #expect(all[1].grid == "sweep" && all[1].runs.isEmpty && all[1].verdict == nil)
    }

    @Test("A filter takes names, numbers, grids and patterns, and an unknown name is an error")
    func filters() throws {
        #expect(try versions("sweep").count == 2)
        #expect(try versions("sweep-*", "small@1").count == 3)
        #expect(try versions("*-0.1-*").count == 1)
        #expect(try runs("small").count == 2 && runs("small@1", "s*").count == 2)
        for (names, code) in [
            (["other"], CurareError.Code.missingInput), (["small@2"], .missingInput), (["small", "x*"], .missingInput),
            (["../x"], .badInput),
        ] {
            let request = ListVersions.Request(names: names)
            #expect(throws: CurareError.self, "\(names)") { try study.run(ListVersions.self, request) }
            #expect(try errorCode { try study.run(ListVersions.self, request) } == code, "\(names)")
        }
        #expect(try errorCode { _ = try runs("sweep") } == .missingInput)
    }

    @Test("Damaged and missing files of one version are shown, and hide no other version")
    func damagedVersion() throws {
        let files = VersionFiles(study.url("versions/small/1"))
        try replace("{", with: "", in: files.manifest, maxReplacements: 1)
        try FileManager.default.removeItem(at: study.url("versions/sweep-rate-0.05-seed-3/1/provenance.json"))
        let all = try versions()
        #expect(all.map { $0.damage != nil } == [true, true, false])
        #expect(all[0].recipe == nil && all[0].bytes > 0 && all[0].runs.count == 2)
        #expect(all[1].recipe != nil && all[1].made == nil)
        // The catalog has the names of the grid.
        #expect(try versions("sweep").map(\.version) == ["sweep-rate-0.05-seed-3@1", "sweep-rate-0.1-seed-3@1"])
        #expect(all[1].grid == "sweep")
        #expect(try runs().allSatisfy { $0.recipe == nil && $0.state != "damaged" })
    }

    @Test("Unfinished and damaged runs are in the list as such")
    func runList() throws {
        try scratch.write("{", to: "study/runs/small-1-10/report.json")
        try scratch.write("", to: "study/runs/odd/notes.txt")
        let all = try runs()
        #expect(all.map(\.run) == ["odd", "small-1-1", "small-1-2", "small-1-10"])
        #expect(all.map(\.state) == ["damaged", "finished", "unfinished", "damaged"])
        #expect(all.map { $0.damage != nil } == [true, false, false, true])
        let finished = all[1]
        #expect(finished.verdict == "none" && finished.model == "resnet18" && finished.n == 8 && finished.m == 2)
        #expect(finished.recipe?.target == "ada" && finished.seed == 1)
        let size = try bytes(below: study.url("runs/small-1-1")).values.reduce(0) { $0 + $1.count }
        #expect(finished.bytes == size)
        #expect(all[2].verdict == nil && all[2].version == "small@1" && all[2].model == "resnet18")
        try FileManager.default.removeItem(at: study.url("versions/small"))
        #expect(try runs()[1].recipe == nil && runs()[1].version == "small@1")
    }

    @Test("show prints a finished, an unfinished and a damaged run")
    func showRun() throws {
        guard case .run(let finished) = try show(PlantedRuns.finished) else { throw FixtureError("not a run") }
        #expect(finished.summary.state == "finished" && finished.settings["train.model"] == "resnet18")
        #expect(finished.files.map(\.file).contains("model.safetensors"))
        #expect(finished.page == study.url("runs/small-1-1/report.html").path)
        guard case .run(let open) = try show(PlantedRuns.unfinished) else { throw FixtureError("not a run") }
        #expect(open.summary.state == "unfinished" && open.page == nil && open.measures.isEmpty)
        try scratch.write("", to: "study/runs/small-1-3/request.json")
        guard case .run(let damaged) = try show("small-1-3") else { throw FixtureError("not a run") }
        #expect(damaged.summary.state == "damaged" && damaged.settings.isEmpty)
    }

    @Test("show lists the versions of a grid with the varied values and their runs")
    func showGrid() throws {
        guard case .grid(let grid) = try show("sweep") else { throw FixtureError("not a grid") }
        #expect(grid.vary == ["injection_rate", "seed"])
        #expect(grid.versions.map { $0.values["injection_rate"] } == ["0.05", "0.1"])
        #expect(grid.versions.allSatisfy { $0.values["seed"] == "3" && $0.runs.isEmpty && $0.rate != nil })
        try replace(
            "{", with: "", in: study.url("versions/sweep-rate-0.1-seed-3/1/manifest.json"), maxReplacements: 1)
        guard case .grid(let damaged) = try show("sweep") else { throw FixtureError("not a grid") }
        #expect(damaged.versions.map { $0.damage != nil } == [false, true] && damaged.versions[1].values.isEmpty)
    }

    @Test(
        "A name that nothing has is an error with the nearest name",
        arguments: [("smal", "small"), ("zebra", nil)] as [(String, String?)])
    func unknownName(_ name: String, _ nearest: String?) throws {
        let error = #expect(throws: CurareError.self) { try show(name) }
        #expect(error?.code == .missingInput && error?.message.contains("\"\(name)\"") == true)
        if let nearest { #expect(error?.nextStep == "did you mean \(nearest)?") }
    }

    @Test("status lists the names that its counts count")
    func status() throws {
        let status = try study.status()
        #expect(status.versions == status.versionList.count && status.versionList.first == "small@1")
        #expect(status.runs == status.runList.count && status.runList == ["small-1-1", "small-1-2"])
        #expect(status.sessionList == ["garden"] && status.volunteerList == ["ada", "bruno", "carla"])
        #expect(status.triggers == status.triggerList.count && status.triggerList.contains("sunglasses"))
    }
}
