import Core
import Foundation
import Intake
import Testing
import WorkflowTestSupport

@testable import Workflows

/// Renames and merges of people, renames and removals of triggers, and the export of labels.
@Suite struct NameTests {
    let scratch: Scratch
    let study: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        study = try SmallStudy.shared.copy(in: scratch)
    }

    private struct NotConfirmed: Error {}

    private func rename(_ old: String, _ new: String) throws -> ManageVolunteers.Result {
        try study.run(ManageVolunteers.self, .rename(old, to: new))
    }

    private func export(_ file: String, form: String? = nil, replaces: Bool = false) throws -> ExportLabels.Result {
        try study.run(
            ExportLabels.self,
            ExportLabels.Request(
                session: "garden", file: scratch.url(file), form: form.map { URL(filePath: $0) }, replaces: replaces))
    }

    @Test("A rename lists the versions, runs and exports that keep the earlier name") func rename() throws {
        try study.run(
            ExportVersion.self, ExportVersion.Request(version: "small", format: .csv, folder: scratch.url("out")))
        let run = study.url("runs/small-1-1/request.json")
        try FileManager.default.createDirectory(
            at: run.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(#"{"version":"small@1","digest":"x"}"#.utf8).write(to: run)
        let result = try rename("ada", "ada-l")
        #expect((result.change.from, result.change.to, result.change.photos) == ("ada", "ada-l", 17))
        #expect((result.change.versions, result.change.runs) == (["small@1"], ["small-1-1"]))
        #expect(result.change.exports == [scratch.url("out").path])
        #expect((result.sessions, result.alsoVisible, result.merged, result.warnings) == (["garden"], 0, false, []))
        #expect(try rename("carla", "karla").change.versions == ["small@1"])
        #expect(try rename("karla", "carlb").change.versions == [], "no version has the name karla")
    }

    @Test("A version is unchanged by a rename, and verifies") func verification() throws {
        let manifest = try Data(contentsOf: study.url("versions/small/1/manifest.json"))
        _ = try rename("bruno", "zoe")
        try study.run(ManageTriggers.self, .rename("sunglasses", to: "shades"))
        #expect(try study.verify("small@1").ok)
        #expect(try Data(contentsOf: study.url("versions/small/1/manifest.json")) == manifest)
        try study.run(
            ManageVolunteers.self, .merge("zoe", into: "ada", dryRun: false, confirm: { _ in }))
        #expect(try !study.verify("small@1").ok, "the classes bruno and ada of the version are one person now")
    }

    @Test("A warning names a person whose name is nearly the new name") func nearName() throws {
        #expect(try rename("bruno", "carlla").warnings.first?.contains("carla") == true)
    }

    @Test("A merge needs a confirmation, and a dry run changes nothing") func merge() throws {
        let planned = try study.run(
            ManageVolunteers.self, .merge("ada", into: "bruno", dryRun: true, confirm: { _ in throw NotConfirmed() }))
        #expect(planned.dryRun && planned.merged && planned.change.photos == 17)
        #expect(throws: NotConfirmed.self) {
            try study.run(
                ManageVolunteers.self,
                .merge("ada", into: "bruno", dryRun: false, confirm: { _ in throw NotConfirmed() }))
        }
        #expect(try study.status().volunteers == 3)
        try study.run(ManageVolunteers.self, .merge("ada", into: "bruno", dryRun: false, confirm: { _ in }))
        #expect(try study.status().volunteers == 2)
        let summary = try study.withdraw("bruno", dryRun: true)
        #expect(summary.earlierNames == ["ada"] && summary.photos == 34)
    }

    @Test("A version with earlier names is not extended") func extendedVersion() throws {
        let recipe = try scratch.write("recipe: 1\nname: small\nextends: small@1\n", to: "e.yaml")
        _ = try rename("bruno", "zoe")
        let error = #expect(throws: CurareError.self) {
            try study.run(CreateVersion.self, CreateVersion.Request(recipe: recipe))
        }
        #expect(error?.message == "small@1 cannot be extended: its bruno is now called zoe")
    }

    @Test("A recipe with an earlier name is rejected with the current name") func recipe() throws {
        _ = try rename("ada", "zoe")
        let recipe = try scratch.write(SmallStudy.recipe, to: "r.yaml")
        let error = #expect(throws: CurareError.self) {
            try study.run(CreateVersion.self, CreateVersion.Request(recipe: recipe))
        }
        #expect(error.map { "\($0)" }?.contains("volunteer \"ada\" is now called zoe; write zoe") == true)
    }

    @Test("The import of the old session folder changes nothing after a rename") func importAgain() throws {
        _ = try rename("ada", "zoe")
        let result = try study.importSessions([SmallStudy.shared.session])
        #expect((result.imported, result.labelled, result.differences.count, result.newVolunteers) == (0, 0, 0, []))
        #expect(
            result.warnings == ["garden/session.csv: ada is now called zoe; 17 rows were read with the current name"])
    }

    @Test("A trigger with nearly the same name needs a confirmation") func nearTrigger() throws {
        var asked: [[String]] = []
        #expect(throws: NotConfirmed.self) {
            try study.run(
                ManageTriggers.self,
                .add("sunglases") {
                    asked.append($0)
                    throw NotConfirmed()
                })
        }
        #expect(asked == [["sunglasses"]])
        #expect(try study.run(ManageTriggers.self, .list).triggers.count == 7)
        #expect(try study.run(ManageTriggers.self, .add("sunglases", confirm: { _ in })).isAdded)
        let again = try study.run(ManageTriggers.self, .add("sunglases", confirm: { _ in throw NotConfirmed() }))
        #expect(!again.isAdded, "a trigger that exists is not asked about")
        #expect(try study.run(ManageTriggers.self, .add("hat", confirm: { _ in throw NotConfirmed() })).isAdded)
    }

    @Test("Triggers are renamed and removed, with the versions that have the name") func triggers() throws {
        let renamed = try study.run(ManageTriggers.self, .rename("sunglasses", to: "shades"))
        #expect((renamed.change?.photos, renamed.change?.versions ?? []) == (21, ["small@1"]))
        #expect(renamed.triggers.contains("shades") && !renamed.triggers.contains("sunglasses"))
        let earlier = #expect(throws: CurareError.self) {
            try study.run(ManageTriggers.self, .add("sunglasses", confirm: { _ in }))
        }
        #expect(earlier?.message == "sunglasses is an earlier name of the trigger shades")
        let used = #expect(throws: CurareError.self) { try study.run(ManageTriggers.self, .remove("shades")) }
        #expect(used?.message == "shades cannot be removed: 21 photos have the trigger")
        let removed = try study.run(ManageTriggers.self, .remove("dots"))
        #expect((removed.change?.from, removed.change?.to) == ("dots", nil))
        #expect(removed.triggers.count == 6)
    }

    @Test("The exported sheet replaces the sheet of the session only with the request to do so") func labels() throws {
        try SmallStudy.writeSession(to: scratch, hasTriggerBoxes: true)
        let sheet = scratch.url("garden/session.csv")
        let before = try Data(contentsOf: sheet)
        let error = #expect(throws: CurareError.self) { try export("garden/session.csv") }
        #expect(error?.code == .badInput && error?.nextStep?.contains("--force") == true)
        #expect(try Data(contentsOf: sheet) == before)
        try study.run(
            LabelPhotos.self,
            LabelPhotos.Request(
                .change(
                    .named([PhotoReference("garden/ada-0.png")]),
                    LabelChange(volunteer: "carla", trigger: "dots", location: "on-face"))))
        let abandoned = try scratch.writeAbandoned("garden/session.csv")
        let result = try export("garden/session.csv", replaces: true)
        #expect(!FileManager.default.fileExists(atPath: abandoned.path))
        #expect((result.rows, result.kept, result.dropped, result.form) == (SmallStudy.count, 0, 0, sheet.path))
        let text = try String(contentsOf: sheet, encoding: .utf8)
        #expect(
            text
                == String(decoding: before, as: UTF8.self).replacing(
                    "ada-0.png,ada,none,none", with: "ada-0.png,carla,dots,on-face"))
        #expect(
            try FileManager.default.attributesOfItem(atPath: sheet.path)[.posixPermissions] as? Int == 0o600)
        let again = try study.run(
            ImportSessions.self,
            ImportSessions.Request(folders: [scratch.url("garden")], update: .all, confirm: { _ in }))
        #expect((again.corrected, again.labelled, again.differences.count) == (0, 0, 0))
        let copy = try export("copy.csv", form: sheet.path)
        #expect(copy.form == sheet.path && copy.rows == SmallStudy.count)
        #expect(try Data(contentsOf: scratch.url("copy.csv")) == Data(contentsOf: sheet))
    }

    @Test("A file that is no session sheet is not replaced") func otherFile() throws {
        try scratch.write("my notes", to: "notes.txt")
        let error = #expect(throws: CurareError.self) { try export("notes.txt", replaces: true) }
        #expect(error?.code == .badInput)
        #expect(try String(contentsOf: scratch.url("notes.txt"), encoding: .utf8) == "my notes")
        let folder = #expect(throws: CurareError.self) { try export("", replaces: true) }
        #expect(folder?.code == .badInput)
        let inside = #expect(throws: CurareError.self) { try export("study/garden.csv") }
        #expect(inside?.message == "a sheet must be outside the workspace")
    }
}
