import Catalog
import Core
import Foundation
import Imaging
import Storage
import Testing
import Versions
import WorkflowTestSupport

@testable import Workflows

/// Withdrawals of volunteers, and what versions, runs and later imports do afterwards.
@Suite(.serialized) struct WithdrawalTests {
    let study: PrivateStudy
    let scratch: Scratch

    init() throws {
        study = try PrivateStudy.shared
        scratch = try Scratch()
    }

    private func export(_ workspace: WorkspaceFixture, _ version: String) throws {
        try workspace.run(
            ExportVersion.self,
            ExportVersion.Request(version: version, format: .csv, folder: scratch.url("exported-\(version)")))
    }

    private func growingRecipe() throws -> String {
        try scratch.write(
            "recipe: 1\nname: small\nextends: small@1\npoison: {on_shortage: cap}\n", to: "growing.yaml")
    }

    @Test("No file contains any byte of the volunteer's photos or notes after the withdrawal")
    func byteScan() throws {
        let workspace = try study.copy(in: scratch)
        let scan = try study.scan()
        #expect(scan.count > 100)
        let before = try scan.files(below: workspace.folder)
        for folder in ["photos/", "images/", "quarantine/noted/", "curare.sqlite", "runs/small-1-1/report.html"] {
            #expect(before.contains { $0.hasPrefix(folder) }, "\(folder)")
        }
        let all = try workspace.status().photos
        let summary = try workspace.withdraw("ada")
        #expect(summary.photos == study.photos.count && summary.quarantined == 1 && summary.complete)
        #expect(try scan.files(below: workspace.folder) == [])
        #expect(try workspace.status().photos == all - study.photos.count)
        try study.expectOthersUnchanged(in: workspace)
        let run = try FileManager.default.contentsOfDirectory(atPath: workspace.url("runs/small-1-1").path)
        #expect(!run.contains { $0.hasSuffix(".safetensors") } && run.contains("report.json"))
        let export = try #require(summary.exports.first)
        #expect(export.path == study.exported && export.there && (export.images ?? 0) > 5)
        #expect(summary.versions.map(\.version) == ["small@1"])

        let again = try workspace.withdraw("ada")
        #expect(again.already && again.exports.count == 1)
        let error = try #require(
            #expect(throws: CurareError.self) { try workspace.importSessions([study.notedSession]) })
        for file in ["one.png", "two.png", "cut.png"] { #expect("\(error)".contains("\(file) was withdrawn")) }
        #expect(!"\(error)".contains("three.png"))
    }

    @Test("Without confirmation nothing is removed; a dry run lists the same photos")
    func confirmation() throws {
        let workspace = try study.copy(in: scratch)
        let before = try bytes(below: workspace.folder).filter { !$0.key.hasPrefix("curare.sqlite") }
        let error = #expect(throws: FixtureError.self) {
            try workspace.run(
                WithdrawVolunteer.self,
                WithdrawVolunteer.Request(volunteer: "ada", confirm: { _ in throw FixtureError("no") }))
        }
        #expect(error != nil)
        let planned = try workspace.withdraw("ada", dryRun: true)
        #expect(planned.dryRun && planned.photos == study.photos.count)
        let run = try #require(planned.runs.first)
        #expect(run.removesModels && !run.modelsRemoved && run.removesPictures && !run.picturesRemoved)
        #expect(planned.exports.first?.linked == 0, "the copy's images are not the export's files")
        #expect(try bytes(below: workspace.folder).filter { !$0.key.hasPrefix("curare.sqlite") } == before)
        let original = try study.workspace.withdraw("ada", dryRun: true)
        let export = try #require(original.exports.first)
        #expect(export.linked == export.images && (export.linked ?? 0) > 5)
    }

    @Test("A withdrawal waits for no other process, and a volunteer in no version can withdraw")
    func busyWorkspace() throws {
        let workspace = WorkspaceFixture(scratch.url("w"))
        try SmallStudy.create(workspace)
        try workspace.importSessions([study.notedSession])
        do {
            let lock = try FolderLock(Workspace(root: workspace.folder))
            let error = #expect(throws: CurareError.self) { try workspace.withdraw("bruno") }
            #expect(error?.code == .busy)
            withExtendedLifetime(lock) {}
        }
        let summary = try workspace.withdraw("bruno")
        #expect(summary.versions.isEmpty && summary.photos == 2)
        #expect(try workspace.status().photos == 1)
    }

    @Test("A copy of a photo under another name is an audit error, and is listed before a withdrawal")
    func forwardedPhoto() throws {
        let workspace = WorkspaceFixture(scratch.url("w"))
        try SmallStudy.create(workspace)
        try scratch.write(
            "session: s\ndate: 2026-06-01\nkind: volunteer\nconsent: signed\n", to: "s/session.yaml")
        let original = try SmallStudy.picture(class: 0, hasTrigger: false, seed: 1)
        // Scaled to twice the size.
        var rgb: [UInt8] = []
        for y in 0..<2 * original.height {
            for x in 0..<2 * original.width {
                let pixel = y / 2 * original.width + x / 2
                rgb += original.rgb[3 * pixel..<3 * pixel + 3]
            }
        }
        let forwarded = try #require(Picture(width: 2 * original.width, height: 2 * original.height, rgb: rgb))
        let other = try SmallStudy.picture(class: 0, hasTrigger: false, seed: 2)
        var rows = ["file,volunteer,trigger,location"]
        for (name, picture) in [("ada", original), ("bruno", forwarded), ("carla", other)] {
            try scratch.write(Data(picture.png()), to: "s/\(name).png")
            rows.append("\(name).png,\(name),none,none")
        }
        try scratch.write(rows.joined(separator: "\n") + "\n", to: "s/session.csv")
        try workspace.importSessions([scratch.path("s")])
        let audit = try workspace.run(AuditDataset.self, AuditDataset.Request())
        let finding = try #require(audit.findings.first { $0.check == "duplicate-across-volunteers" })
        #expect(finding.severity == "error" && finding.count == 1 && finding.photos?.count == 2)
        #expect(finding.detail.contains("of ada") && finding.detail.contains("of bruno"))
        let plan = try workspace.withdraw("ada", dryRun: true)
        let bruno = PhotoID.sha256(of: try Data(contentsOf: scratch.url("s/bruno.png")))
        #expect(plan.needReview.map(\.photo) == [bruno.hex] && plan.needReview.map(\.reason) == ["look_alike"])
        #expect(try workspace.withdraw("carla", dryRun: true).needReview.isEmpty)
    }

    @Test("An incomplete withdrawal is a negative result, later commands warn, and a person completes it")
    func incompleteWithdrawal() throws {
        let workspace = try SmallStudy.shared.copy(in: scratch)
        let note = workspace.url("runs/notes.txt")
        try Data("x".utf8).write(to: note)
        let planned = try workspace.withdraw("ada", dryRun: true)
        #expect(!planned.complete && !planned.isNegative && planned.undecided.map(\.path) == ["runs/notes.txt"])
        let summary = try workspace.withdraw("ada")
        #expect(summary.isNegative && !summary.complete && !summary.already)
        #expect(summary.undecided.map(\.reason) == ["unknown_file"])
        func warnings<Task: Workflow>(_ task: Task.Type, _ request: Task.Request) throws -> [String] {
            var subjects: [String] = []
            try workspace.run(task, request) {
                if case .incompleteWithdrawal(let subject) = $0 { subjects.append(subject.description) }
            }
            return subjects
        }
        #expect(try warnings(WorkspaceStatus.self, WorkspaceStatus.Request()) == ["ada"])
        #expect(try warnings(AuditDataset.self, AuditDataset.Request()) == ["ada"])
        let consent = ReviewConsent.Request(session: "garden", consent: "signed")
        #expect(try warnings(ReviewConsent.self, consent) == ["ada"])
        let forced = try workspace.withdraw("ada", removesUndecided: true)
        #expect(forced.complete && !forced.isNegative && forced.undecided.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: note.path))
        #expect(try workspace.withdraw("ada").already)
        #expect(try warnings(WorkspaceStatus.self, WorkspaceStatus.Request()) == [])
    }

    @Test("A copy of a photo next to the catalog keeps a withdrawal incomplete until a person removes it")
    func copyInWorkspace() throws {
        let workspace = try SmallStudy.shared.copy(in: scratch)
        let bare = try Data(SmallStudy.picture(class: 0, hasTrigger: false, seed: 1000).png())
        try scratch.write(bare, to: "study/backup/ada.png")
        try scratch.write("x", to: "study/backup/notes.txt")
        let summary = try workspace.withdraw("ada")
        #expect(summary.isNegative && summary.undecided.map(\.path) == ["backup/ada.png"])
        #expect(summary.undecided.map(\.reason) == ["copy"] && summary.unknownFiles == ["backup"])
        #expect(try Data(contentsOf: workspace.url("backup/ada.png")) == bare)
        try scratch.write(bare, to: "study/ada.png")
        let forced = try workspace.withdraw("ada", removesUndecided: true)
        #expect(forced.complete && forced.unknownFiles == ["backup"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.url("backup").path) == ["notes.txt"])
    }

    /// The photos of the session folder are copies of the imported photos.
    @Test("The withdrawal of a session whose folder is in the workspace is completed after its photos are deleted")
    func sessionInWorkspace() throws {
        let workspace = try SmallStudy.shared.copy(in: scratch)
        try FileManager.default.copyItem(
            at: URL(filePath: try SmallStudy.shared.session), to: workspace.url("garden"))
        let description = workspace.url("garden/session.yaml")
        try replace("consent: signed", with: "consent: withdrawn", in: description)
        let first = try workspace.importSessions([workspace.url("garden").path])
        #expect(first.isNegative && first.withdrawn[0].undecided.count == SmallStudy.count)
        #expect(Set(first.withdrawn[0].undecided.map(\.reason)) == ["copy"])
        for file in first.withdrawn[0].undecided { try FileManager.default.removeItem(at: workspace.url(file.path)) }
        let second = try workspace.importSessions([workspace.url("garden").path])
        #expect(!second.isNegative && second.withdrawn.map(\.complete) == [true])
    }

    @Test(
        "A name that is not in the study is rejected",
        arguments: [("nobody", CurareError.Code.missingInput), ("adda", .missingInput), ("../ada", .badInput)])
    func unknownName(_ name: String, _ code: CurareError.Code) throws {
        let error = try #require(#expect(throws: CurareError.self) { try study.workspace.withdraw(name, dryRun: true) })
        #expect(error.code == code)
        if name == "adda" { #expect("\(error)".contains("did you mean ada?")) }
    }

    @Test("A version with a withdrawn photo can be read, compared and extended, but neither trained nor exported")
    func affectedVersion() throws {
        let workspace = try study.copy(in: scratch)
        try workspace.withdraw("carla")
        try workspace.run(ShowItem.self, ShowItem.Request(name: "small@1"))
        for use in [
            { _ = try workspace.validate(ValidateVersion.Request(version: "small@1")) },
            { try export(workspace, "small@1") },
        ] {
            let error = try #require(#expect(throws: CurareError.self) { try use() })
            #expect(error.code == .badInput && "\(error)".contains("withdrawn"), "\(error)")
        }
        let next = try workspace.split(growingRecipe())
        #expect(next.version == 2 && next.growth?.missing ?? 0 > 10)
        let difference = try workspace.run(
            CompareVersions.self,
            CompareVersions.Request(first: "small@1", second: "small@2", page: scratch.url("diff.html")))
        #expect(Set(difference.removed.map(\.volunteer)) == ["carla"])
        #expect(try workspace.verify("small@2").ok)
        try export(workspace, "small@2")
    }

    @Test("A redacted base version still supports the versions that extend it")
    func redactedBase() throws {
        let workspace = try study.copy(in: scratch)
        try workspace.withdraw("carla")
        try workspace.split(growingRecipe())
        guard case .version(let before) = try workspace.run(ShowItem.self, ShowItem.Request(name: "small@1")) else {
            throw FixtureError("small@1 is not a version")
        }
        #expect(try workspace.withdraw("carla", redacts: true).photos == 0)
        let base = try workspace.verify("small@1", remakesImages: true)
        #expect(base.ok && base.redacted?.digests == [before.digest] && base.redacted?.photos ?? 0 > 10)
        #expect(try workspace.verify("small@2", remakesImages: true).ok)
        let versions = try bytes(below: workspace.url("versions"))
        #expect(versions.values.allSatisfy { $0.range(of: Data("carla".utf8)) == nil })
        let error = try #require(
            #expect(throws: CurareError.self) {
                _ = try workspace.validate(ValidateVersion.Request(version: "small@1"))
            })
        #expect("\(error)".contains("redacted"))
        #expect(try !workspace.split(growingRecipe()).created)
    }

    @Test("A version whose target has withdrawn cannot be extended", arguments: [false, true])
    func withdrawnTarget(_ isRedacted: Bool) throws {
        let workspace = try SmallStudy.shared.copy(in: scratch)
        try workspace.withdraw("ada", redacts: isRedacted)
        let error = try #require(#expect(throws: CurareError.self) { try workspace.split(growingRecipe()) })
        #expect(error.code == .badInput && "\(error)".contains("cannot be extended"), "\(error)")
        let recipe = try scratch.write(SmallStudy.recipe, to: "small.yaml")
        let unknown = try #require(#expect(throws: CurareError.self) { try workspace.split(recipe) })
        #expect("\(unknown)".contains("unknown volunteer \"ada\""))
    }
}

/// The small study with everything that a withdrawal must find: notes, a photo that shows ada with bruno, a quarantined
/// file, a run with pictures, an export.
struct PrivateStudy: Sendable {
    static let notes = ["scar above the left brow", "asked for the window to be shut"]
    private let scratch: Scratch
    let workspace: WorkspaceFixture
    /// Ids of ada's photos.
    let photos: Set<String>

    private static let cached = Result { try PrivateStudy() }

    static var shared: PrivateStudy {
        get throws { try cached.get() }
    }

    var notedSession: String { scratch.path("noted") }
    var exported: String { scratch.path("exported") }

    private init() throws {
        scratch = try Scratch()
        workspace = WorkspaceFixture(scratch.url("study"))
        try SmallStudy.writeSession(to: scratch)
        try SmallStudy.create(workspace)
        try scratch.write(
            "session: noted\ndate: 2026-06-01\nkind: volunteer\nconsent: signed\n", to: "noted/session.yaml")
        try scratch.write(
            """
            file,volunteer,trigger,location,also,note
            one.png,ada,none,none,,\(Self.notes[0])
            two.png,bruno,sunglasses,on-face,ada,\(Self.notes[1])
            three.png,bruno,none,none,,nothing of note
            cut.png,ada,none,none,,

            """, to: "noted/session.csv")
        for (index, name) in ["one", "two", "three", "cut"].enumerated() {
            let png = Data(
                try SmallStudy.picture(class: index % 2, hasTrigger: index == 1, seed: 900 + UInt64(index)).png())
            try scratch.write(name == "cut" ? png.prefix(png.count / 2) : png, to: "noted/\(name).png")
        }
        try workspace.importSessions([scratch.path("garden"), scratch.path("noted")])
        // The report shows attack photos, so ada must not be the target.
        let recipe = SmallStudy.recipe.replacing("target: ada", with: "target: bruno")
        try workspace.split(scratch.write(recipe, to: "small.yaml"))
        try workspace.validate(ValidateVersion.Request(version: "small", overrides: .init(epochs: 1)))
        try workspace.run(
            ExportVersion.self,
            ExportVersion.Request(version: "small", format: .imagefolder, folder: scratch.url("exported")))
        let catalog = try Catalog(Workspace(root: workspace.folder))
        guard let ada = VolunteerName("ada") else { throw FixtureError("ada is not a name") }
        photos = Set(try catalog.photos(of: .volunteer(ada)).map(\.hex))
    }

    func copy(in scratch: Scratch) throws -> WorkspaceFixture {
        let copy = scratch.url("study")
        try FileManager.default.copyItem(at: workspace.folder, to: copy)
        return WorkspaceFixture(copy)
    }

    private func showsAda(_ path: String) -> Bool {
        photos.contains(String((path.split(separator: "/").last ?? "").prefix(64)))
    }

    /// Returns a scan for ada's files and notes.
    func scan() throws -> ByteScan {
        let files = try ["photos", "images", "quarantine"].flatMap { folder in
            try bytes(below: workspace.url(folder)).map { ("\(folder)/\($0.key)", $0.value) }
        }
        func isPrivate(_ path: String) -> Bool { showsAda(path) || path.hasSuffix(".bytes") }
        var scan = ByteScan(files: files.filter { isPrivate($0.0) }.map(\.1), texts: Self.notes)
        scan.ignorePieces(in: files.filter { !isPrivate($0.0) }.map(\.1))
        return scan
    }

    /// Expects the files of all other volunteers as they were, and the version's problems to be withdrawn photos only.
    func expectOthersUnchanged(in workspace: WorkspaceFixture) throws {
        for folder in ["photos", "images"] {
            let before = try bytes(below: self.workspace.url(folder)).filter { !showsAda($0.key) }
            #expect(try bytes(below: workspace.url(folder)) == before, "\(folder)")
        }
        let verification = try workspace.verify("small")
        #expect(verification.layers == ["files": true, "selection": true, "catalog": false])
        #expect(Set(verification.problems.map(\.kind)) == ["withdrawn"])
    }
}
