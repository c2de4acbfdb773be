import Catalog
import Core
import Foundation
import Intake
import Storage
import Testing
import Versions
import WorkflowTestSupport

@testable import Workflows

/// Versions: the same bytes everywhere, verification, grids, extension, rebuilding, audit.
@Suite struct VersionTests {
    let demo: ImportedDemo
    let scratch: Scratch

    init() throws {
        demo = try ImportedDemo.shared
        scratch = try Scratch()
    }

    private func files(_ workspace: WorkspaceFixture, _ version: String = "small/1") throws -> [Data] {
        try ["manifest.json", "entries.jsonl"].map { try Data(contentsOf: workspace.url("versions/\(version)/\($0)")) }
    }

    @Test("The demo's manifests are the recorded ones", arguments: ["sunglasses-25", "sunglasses-25-digital"])
    func recordedManifests(_ name: String) throws {
        let recorded = WorkspaceFixture.repository.appending(path: "Manifests/demo/\(name).manifest.json")
        let made = try Data(contentsOf: demo.workspace.url("versions/\(name)/1/manifest.json"))
        if ProcessInfo.processInfo.environment["CURARE_RECORD"] != nil { try made.write(to: recorded) }
        #expect(try made == Data(contentsOf: recorded))
    }

    @Test("Another folder, another order of imports and other threads give the same bytes", arguments: [1, 4])
    func sameBytes(_ threads: Int) throws {
        try SmallStudy.writeSession(to: scratch)
        try SmallStudy.writeSession(to: scratch, "office", seed: 2)
        let sessions = [scratch.path("garden"), scratch.path("office")]
        let recipe = try scratch.write(SmallStudy.recipe, to: "small.yaml")
        var made: [[Data]] = []
        for (folder, order, threads) in [("a", sessions, 2), ("b/c", sessions.reversed(), threads)] {
            let workspace = WorkspaceFixture(scratch.url("\(folder)/\(threads)"), threads: threads)
            try SmallStudy.create(workspace)
            for session in order { try workspace.importSessions([session]) }
            #expect(try workspace.split(recipe).created)
            made.append(try files(workspace))
        }
        #expect(made[0] == made[1])
    }

    @Test("The number of a removed version is not used again while an export names the version")
    func numberOfRemovedVersion() throws {
        let workspace = try SmallStudy.shared.copy(in: scratch)
        func split(seed: Int) throws -> CreatedVersion {
            try workspace.split(
                scratch.write(SmallStudy.recipe.replacing("seed: 3", with: "seed: \(seed)"), to: "\(seed).yaml"))
        }
        #expect(try split(seed: 4).version == 2)
        try FileManager.default.removeItem(at: workspace.url("versions/small/2"))
        #expect(try split(seed: 5).version == 2)
        let digest = try VersionStore.read(workspace.url("versions/small/2")).manifest.digest
        try Catalog(Workspace(root: workspace.folder)).record(
            ExportRecord(
                version: "small@2", digest: digest, format: "csv", isAnonymous: false, path: "/away",
                made: "2026-05-03T00:00:00Z"))
        try FileManager.default.removeItem(at: workspace.url("versions/small/2"))
        #expect(try split(seed: 6).version == 3)
        #expect(try split(seed: 5).version == 4)
    }

    @Test("The same recipe makes no second version; another seed does, and the difference lists what changed")
    func secondVersion() throws {
        let workspace = try SmallStudy.shared.copy(in: scratch)
        let again = try workspace.split(scratch.write(SmallStudy.recipe, to: "small.yaml"))
        #expect(!again.created && again.version == 1)
        let other = try scratch.write(SmallStudy.recipe.replacing("seed: 3", with: "seed: 4"), to: "other.yaml")
        #expect(try workspace.split(other).version == 2)
        func compare(_ second: String) throws -> CompareVersions.Result {
            try workspace.run(CompareVersions.self, CompareVersions.Request(first: "small@1", second: second))
        }
        let difference = try compare("small@2")
        #expect(difference.isNegative && difference.recipe.map(\.key) == ["seed"] && !difference.moved.isEmpty)
        #expect(try !compare("small@1").isNegative)
    }

    @Test("Verify distinguishes its three layers")
    func verificationLayers() throws {
        let workspace = try SmallStudy.shared.copy(in: scratch)
        func layers() throws -> [String: Bool] { try workspace.verify("small", remakesImages: true).layers }
        func label(_ trigger: String, _ location: String) throws {
            try workspace.run(
                LabelPhotos.self,
                LabelPhotos.Request(
                    .change(
                        .named([PhotoReference("garden/bruno-0.png")]),
                        LabelChange(trigger: trigger, location: location))))
        }
        #expect(try layers() == ["files": true, "selection": true, "catalog": true])
        try label("bandana", "on-face")
        #expect(try layers() == ["files": true, "selection": true, "catalog": false])
        try label("none", "none")
        #expect(try layers() == ["files": true, "selection": true, "catalog": true])
        try replace(
            "\"role\":\"train/poison\"", with: "\"role\":\"test/other\"",
            in: workspace.url("versions/small/1/entries.jsonl"), maxReplacements: 1)
        #expect(try layers() == ["files": false, "selection": false, "catalog": true])
    }

    @Test("An extended version keeps every role and reports what it adds")
    func extendedVersion() throws {
        let workspace = try SmallStudy.shared.copy(in: scratch)
        try SmallStudy.writeSession(to: scratch, "office", seed: 2)
        try workspace.importSessions([scratch.path("office")])
        let recipe = try scratch.write("recipe: 1\nname: small\nextends: small@1\n", to: "growing.yaml")
        guard
            case .planned(let planned) = try workspace.run(
                CreateVersion.self, CreateVersion.Request(recipe: recipe, dryRun: true))
        else { throw FixtureError("not a plan") }
        #expect(planned.growth?.extends == "small@1")
        let second = try workspace.split(recipe)
        #expect(second.version == 2)
        func roles(_ version: String) throws -> [String: String] {
            try workspace.entries(version).reduce(into: [:]) {
                $0[$1["photo"] as? String ?? ""] = $1["role"] as? String
            }
        }
        let before = try roles("small/1")
        let after = try roles("small/2")
        #expect(after.count == 2 * before.count)
        for (photo, role) in before { #expect(after[photo] == role) }
        let growth = try #require(second.growth)
        #expect(growth.kept == before.count)
        #expect(growth.added.values.reduce(0, +) == after.count - before.count)
        #expect(try !workspace.split(recipe).created)
        #expect(try workspace.verify("small@2").ok)
        let script = WorkspaceFixture.repository.appending(path: "Tests/Selection/second_implementation.py").path
        #expect(try python([script, workspace.url("versions/small/2").path]).status == 0)
        let abandoned = try scratch.writeAbandoned("diff.html")
        let comparison = CompareVersions.Request(first: "small@1", second: "small@2", page: scratch.url("diff.html"))
        let difference = try workspace.run(CompareVersions.self, comparison)
        #expect(!FileManager.default.fileExists(atPath: abandoned.path))
        #expect(difference.added.count == after.count - before.count && difference.moved.isEmpty)
        let page = try String(contentsOf: scratch.url("diff.html"), encoding: .utf8)
        #expect(page.contains("data:image/png;base64,iVBOR"))
        #expect(
            try errorCode { _ = try workspace.run(CompareVersions.self, comparison) } == .badInput, "the page exists")
        var inside = comparison
        inside.page = workspace.url("curare.sqlite")
        #expect(try errorCode { _ = try workspace.run(CompareVersions.self, inside) } == .badInput)

        try FileManager.default.moveItem(at: workspace.url("versions/small/1"), to: scratch.url("away"))
        let alone = try workspace.verify("small@2")
        #expect(alone.layers == ["files": true, "selection": false, "catalog": true])
        let missing = #expect(throws: CurareError.self) { try workspace.split(recipe) }
        #expect(missing?.code == .missingInput)
    }

    @Test("A grid makes ordinary versions, and each version's recipe makes the version again")
    func grid() throws {
        let workspace = try SmallStudy.shared.copy(in: scratch)
        let text = SmallStudy.recipe.replacing(", injection_rate: 0.2", with: "")
        let grid = try scratch.write(
            text + "vary:\n  injection_rate: [0.05, 0.1]\n  train.model: [resnet18]\n", to: "grid.yaml")
        guard
            case .plannedGrid(let planned) = try workspace.run(
                CreateVersion.self, CreateVersion.Request(recipe: grid, dryRun: true))
        else { throw FixtureError("not a grid") }
        #expect(planned.versions.count == 2)
        func make() throws -> [CreatedVersion] {
            guard
                case .createdGrid(let made) = try workspace.run(CreateVersion.self, CreateVersion.Request(recipe: grid))
            else { throw FixtureError("not a grid") }
            return made.versions
        }
        let versions = try make()
        #expect(versions.map(\.name) == ["small-resnet18-rate-0.05", "small-resnet18-rate-0.1"])
        #expect(versions.allSatisfy { $0.created })
        for version in versions { #expect(try workspace.verify(version.name).ok) }
        #expect(try workspace.split("\(versions[1].path)/recipe.yaml").digest == versions[1].digest)
        #expect(try make().allSatisfy { !$0.created })
    }

    @Test("A version's folder and a folder of photos are enough to make the images again")
    func rebuild() throws {
        let study = try SmallStudy.shared
        let workspace = try study.copy(in: scratch)
        let version = workspace.url("versions/small/1")
        func rebuild(_ version: URL, _ photos: String, to output: String) throws -> RebuildImages.Result {
            try workspace.run(
                RebuildImages.self,
                RebuildImages.Request(version: version, photos: URL(filePath: photos), output: scratch.url(output)))
        }
        let whole = try rebuild(version, study.session, to: "images")
        #expect(try whole.made == workspace.entries("small/1").count && !whole.isNegative)
        #expect(
            try bytes(below: scratch.url("images/32-centre-srgb"))
                == bytes(below: workspace.url("images/32-centre-srgb")))
        let image = try #require(try bytes(below: scratch.url("images")).keys.min())
        _ = try scratch.writeAbandoned("images/\(image)")
        let before = try bytes(below: scratch.url("images")).count
        #expect(try rebuild(version, study.session, to: "images").made == whole.made)
        #expect(try bytes(below: scratch.url("images")).count == before - 1)

        try FileManager.default.copyItem(at: URL(filePath: study.session), to: scratch.url("few"))
        for number in 0..<SmallStudy.barePhotos {
            try FileManager.default.removeItem(at: scratch.url("few/carla-\(number).png"))
        }
        let part = try rebuild(version, scratch.path("few"), to: "part")
        #expect(part.isNegative && part.made + part.missing.count == whole.made)
        #expect(Set(part.missing.map(\.volunteer)) == ["carla"])

        try replace(
            "train/clean", with: "test/clean", in: version.appending(path: "entries.jsonl"), maxReplacements: 1)
        let changed = #expect(throws: CurareError.self) { try rebuild(version, study.session, to: "none") }
        #expect(changed?.code == .badInput && "\(changed!)".contains("entries.jsonl"))
        for (folder, photos) in [(study.workspace.url("versions/small/1").path, "nowhere"), ("nowhere", "few")] {
            let error = #expect(throws: CurareError.self) {
                try rebuild(URL(filePath: folder, relativeTo: scratch.root), scratch.path(photos), to: "none")
            }
            #expect(error?.code == .missingInput)
        }
    }

    @Test("A version with face crops can be made, verified and audited")
    func faceCrops() throws {
        let workspace = try demo.copy(in: scratch)
        let text = try String(contentsOfFile: demo.recipe(), encoding: .utf8)
            .replacing("crop: centre", with: "crop: face").replacing("name: sunglasses-25", with: "name: faces")
        let recipe = try scratch.write(text, to: "faces.yaml")
        let split = try workspace.split(recipe)
        #expect(split.created)
        let entries = try workspace.entries("faces/1")
        #expect(entries.count { $0["face"] is [String: Any] } * 10 > entries.count * 9)
        try FileManager.default.removeItem(at: workspace.url("images"))
        #expect(try workspace.verify("faces", remakesImages: true).ok)
        let audit = try workspace.run(AuditDataset.self, AuditDataset.Request(version: "faces"))
        #expect(audit.faces["train/clean"]?["none"]?.photos == split.n)
        #expect(audit.faces["train/poison"]?["sunglasses"]?.photos == split.m)
        #expect(try !workspace.split(recipe).created)
    }

    @Test("--fail-on warning makes an audit with warnings fail, and weak faces have scores")
    func failureLimit() throws {
        let workspace = demo.workspace
        for (limit, isNegative) in [(AuditDataset.FailureLimit.error, false), (.warning, true)] {
            let audit = try workspace.run(
                AuditDataset.self, AuditDataset.Request(version: "sunglasses-25", failsOn: limit))
            #expect(audit.isNegative == isNegative && audit.passes == !isNegative)
            #expect(audit.findings.contains { $0.severity == "warning" })
        }
        let catalog = try workspace.run(AuditDataset.self, AuditDataset.Request())
        if let weak = catalog.findings.first(where: { $0.check == "weak-face" }) {
            #expect(weak.photos?.count == weak.count && weak.scores?.count == weak.count)
        }
        #expect(catalog.findings.allSatisfy { $0.scores == nil || $0.scores?.count == $0.photos?.count })
    }

    @Test("Audit and show describe the version, the session and the photo")
    func auditAndShow() throws {
        let workspace = demo.workspace
        let audit = try workspace.run(AuditDataset.self, AuditDataset.Request(version: "sunglasses-25"))
        #expect(!audit.isNegative && audit.composition.roles["train/poison"] ?? 0 > 0)
        func show(_ name: String) throws -> ShowItem.Result {
            try workspace.run(ShowItem.self, ShowItem.Request(name: name))
        }
        guard case .version(let version) = try show("sunglasses-25"),
            case .session(let session) = try show("public-faces"),
            case .photo(let photo) = try show("spring-garden/IMG_0001.jpg")
        else { throw FixtureError("show found another kind of item") }
        #expect(version.version == "sunglasses-25@1" && version.redacted == nil)
        #expect(session.consent == "public-dataset" && session.photos.count == 54)
        #expect(photo.camera == "Crayon X" && photo.labels.count { $0.counts } == 1)
    }

    @Test("Nobody but the owner can read the workspace")
    func permissions() throws {
        let folder = demo.workspace.folder
        let paths = try #require(FileManager.default.enumerator(atPath: folder.path))
        for case let path as String in paths {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: path).path)
            #expect((attributes[.posixPermissions] as? Int ?? 0o777) & 0o077 == 0, "\(path)")
        }
    }

    @Test("Images contain no metadata of the camera")
    func noMetadata() throws {
        let images = try bytes(below: demo.workspace.url("images"))
        #expect(images.count >= 550)
        for word in ["Crayon", "Pencil", "2026", "Exif", "eXIf", "iCCP"] {
            #expect(!images.values.contains { $0.range(of: Data(word.utf8)) != nil }, "\(word)")
        }
    }
}
