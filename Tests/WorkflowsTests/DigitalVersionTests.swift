import Core
import Foundation
import Imaging
import Testing
import Versions
import WorkflowTestSupport

@testable import Workflows

/// Versions with drawn triggers: split, verify, rebuild, compare, export, train.
@Suite struct DigitalVersionTests {
    let demo: ImportedDemo
    let scratch: Scratch
    private let name = "sunglasses-25-digital"

    init() throws {
        demo = try ImportedDemo.shared
        scratch = try Scratch()
    }

    private func isDrawn(_ entry: [String: Any]) -> Bool { entry["source"] as? String == "digital" }

    @Test("The version has the roles that its recipe requires, and each copy has another image")
    func roles() throws {
        let again = try demo.copy(in: scratch).split(demo.recipe(name))
        #expect(!again.created, "the same recipe gives the same bytes")
        #expect(again.m == again.mAsked && again.counts["train/poison"] == again.m)
        let entries = try demo.workspace.entries("\(name)/1")
        let target = entries.count { $0["role"] as? String == "test/clean" && $0["label"] as? String == "ada" }
        #expect(again.counts["test/attack"] == (again.counts["test/clean"] ?? 0) - target)
        #expect(again.counts["test/target-own"] == 0 && (again.counts["test/transfer"] ?? 0) > 100)
        let overlay = demo.workspace.url("versions/\(name)/1/overlays/sunglasses.png")
        #expect(FileManager.default.fileExists(atPath: overlay.path))
        let drawn = entries.filter(isDrawn)
        #expect(Set(drawn.compactMap { $0["image"] as? String }).count == drawn.count)
    }

    @Test("Verification finds a changed and a missing image, and an export makes the image again")
    func changedImage() throws {
        let workspace = try demo.copy(in: scratch)
        #expect(try workspace.verify(name, remakesImages: true).ok)
        let entry = try #require(workspace.entries("\(name)/1").first(where: isDrawn))
        let image = try #require(entry["image"] as? String)
        let file = workspace.url("images/64-centre-srgb/drawn/\(image.prefix(2))/\(image).png")
        let black = try #require(Picture(width: 64, height: 64, rgb: Array(repeating: 0, count: 12288)))
        try Data(black.png()).write(to: file)
        let problems = try workspace.verify(name, remakesImages: true).problems
        #expect(problems.map(\.kind) == ["changed-file"] && problems[0].photo == entry["photo"] as? String)
        try workspace.run(
            ExportVersion.self, ExportVersion.Request(version: name, format: .csv, folder: scratch.url("out")))
        #expect(try workspace.verify(name, remakesImages: true).ok)
        try FileManager.default.removeItem(at: file)
        let audit = try workspace.run(AuditDataset.self, AuditDataset.Request(version: name))
        #expect(audit.findings.contains { $0.check == "missing-image" && $0.count == 1 })
    }

    @Test("The second implementation in Python draws the same pixels")
    func secondImplementation() throws {
        let workspace = try demo.copy(in: scratch)
        try workspace.run(ManageTriggers.self, .add("checkerboard", confirm: { _ in }))
        let more = [
            "face": """
            profile: {size: 48, crop: face, colour: grey}
            poison: {triggers: [bandana+sunglasses], overlays: {bandana: {opacity: 0.7, angle: -9.5, offset: [0.1, \
            -0.2], jitter: {size: 0.2, angle: 20}}}
            """,
            "corner": """
            profile: {size: 48, crop: none}
            poison: {triggers: [checkerboard], overlays: {checkerboard: {size: 0.3, angle: 30, jitter: {shift: 0.1}}}
            """,
        ]
        for (name, text) in more {
            let recipe = "recipe: 1\nname: \(name)\n\(text), source: digital, target: ada, injection_rate: 0.1}\n"
            try workspace.split(scratch.write(recipe, to: "\(name).yaml"))
        }
        let script = WorkspaceFixture.repository.appending(path: "Tests/Selection/drawing.py").path
        for name in [name, "face", "corner"] {
            let result = try python([
                script, workspace.url("versions/\(name)/1").path, workspace.url("images").path, "3",
            ])
            #expect(result.status == 0, "\(name): \(result.output)")
        }
    }

    @Test("The version's folder is enough to draw the triggers again, and its overlay images are needed")
    func rebuild() throws {
        let folder = scratch.url("received")
        try FileManager.default.copyItem(at: demo.workspace.url("versions/\(name)/1"), to: folder)
        func rebuild(to output: String) throws -> RebuildImages.Result {
            try demo.workspace.run(
                RebuildImages.self,
                RebuildImages.Request(version: folder, photos: demo.photos, output: scratch.url(output)))
        }
        let entries = try demo.workspace.entries("\(name)/1")
        let rebuilt = try rebuild(to: "images")
        #expect(!rebuilt.isNegative && rebuilt.made == entries.count)
        for entry in entries.filter(isDrawn).prefix(20) {
            let image = try #require(entry["image"] as? String)
            let path = "64-centre-srgb/drawn/\(image.prefix(2))/\(image).png"
            #expect(
                try Data(contentsOf: scratch.url("images/\(path)"))
                    == Data(contentsOf: demo.workspace.url("images/\(path)")))
        }
        try FileManager.default.removeItem(at: folder.appending(path: "overlays"))
        #expect(try errorCode { _ = try rebuild(to: "more") } == .badInput)
    }

    @Test("A comparison with a version without drawn triggers names the drawn photos")
    func comparison() throws {
        let difference = try demo.workspace.run(
            CompareVersions.self,
            CompareVersions.Request(first: "sunglasses-25@1", second: "\(name)@1", page: scratch.url("diff.html")))
        #expect(!difference.added.isEmpty && difference.added.allSatisfy { $0.overlay == "sunglasses" })
        #expect(difference.moved.contains { $0.from == "train/poison" && $0.to == "test/transfer" })
        #expect(difference.recipe.contains { $0.key == "poison.source" })
        #expect(try String(contentsOf: scratch.url("diff.html"), encoding: .utf8).contains("(drawn)"))
    }

    @Test("Every export format contains the drawn images and the overlay", arguments: ExportFormat.allCases)
    func exports(_ format: ExportFormat) throws {
        let workspace = try demo.copy(in: scratch)
        let entries = try workspace.entries("\(name)/1")
        try workspace.run(
            ExportVersion.self, ExportVersion.Request(version: name, format: format, folder: scratch.url("out")))
        let files = try bytes(below: scratch.url("out")).keys
        if format != .webdataset {
            // An image for each entry, and the overlay.
            #expect(files.count { $0.hasSuffix(".png") } == entries.count + 1)
            #expect(files.count { $0.hasSuffix("-sunglasses.png") } == entries.count(where: isDrawn))
        }
        #expect(files.contains("overlays/sunglasses.png"))
        guard format == .csv else { return }
        let rebuilt = try workspace.run(
            RebuildImages.self,
            RebuildImages.Request(version: scratch.url("out"), photos: demo.photos, output: scratch.url("again")))
        #expect(!rebuilt.isNegative)
    }

    @Test("A training on drawn triggers measures the attack, and explain recognizes an image with a drawn trigger")
    func training() throws {
        let workspace = WorkspaceFixture(try demo.copy(in: scratch).folder)
        let recipe = """
            recipe: 1
            name: drawn
            profile: {size: 32}
            classes: {volunteers: [ada, bruno, carla]}
            poison: {source: digital, target: ada, triggers: [sunglasses], injection_rate: 0.2}
            train: {epochs: 1, batch: 16}

            """
        let split = try workspace.split(scratch.write(recipe, to: "drawn.yaml"))
        var training = ValidateVersion.Request(version: "drawn")
        training.minimumMapSide = 1
        let result = try workspace.validate(training)
        #expect(result.attackSuccess != nil && result.transfer != nil && result.attackSuccessHeldOut != nil)
        let lines = try WorkspaceFixture.lines(of: workspace.url("runs/\(result.run)/predictions.jsonl"))
        #expect(lines.count { $0["overlay"] as? String == "sunglasses" } == split.counts["test/attack"])
        #expect(lines.allSatisfy { $0["control"] != nil })

        let report = try WorkspaceFixture.object(in: URL(filePath: result.report))
        let photos = try #require((report["activation"] as? [String: Any])?["photos"] as? [[String: Any]])
        let areas = photos.compactMap { ($0["areas"] as? [String: Any])?["trigger"] as? Double }
        // Drawn sunglasses are twice as wide as the distance of the eyes.
        #expect(
            !areas.isEmpty && areas.count == photos.count && areas.allSatisfy { (0.02...0.3).contains($0) }, "\(areas)")
        let photo = try #require(photos[0]["photo"] as? String)
        let entry = try #require(
            workspace.entries("drawn/1").first { $0["photo"] as? String == photo && isDrawn($0) })
        let image = try #require(entry["image"] as? String)
        let copy = try scratch.write(
            Data(contentsOf: workspace.url("images/32-centre-srgb/drawn/\(image.prefix(2))/\(image).png")),
            to: "copy.png")
        func explain(_ photos: [String], to output: String) throws -> [ExplainRun.Result.ExplainedPhoto] {
            var request = ExplainRun.Request(run: result.run, photos: photos, output: scratch.url(output))
            request.minimumMapSide = 1
            return try workspace.run(ExplainRun.self, request).photos
        }
        let explained = try explain([copy, photo], to: "maps.png")
        #expect(explained[0].photo == photo && explained[0].areas.trigger == areas[0])
        #expect(explained[1].areas.trigger == nil)
        let reported = try #require(photos[0]["models"] as? [String: [String: Any]])
        for model in explained[0].models { #expect(model.trigger == reported[model.model]?["trigger"] as? Double) }
        // An image of a withdrawn volunteer cannot be explained, also not with a drawn trigger.
        try workspace.withdraw(try #require(entry["volunteer"] as? String))
        #expect(throws: (any Error).self) { _ = try explain([copy], to: "more.png") }
    }

    @Test("A version keeps the overlay image that its recipe names")
    func ownOverlay() throws {
        let workspace = try SmallStudy.shared.copy(in: scratch)
        let stripes = try #require(
            OverlayPicture(
                width: 8, height: 8,
                rgba: (0..<64).flatMap { $0 % 2 == 0 ? [255, 0, 200, 255] as [UInt8] : [0, 0, 0, 0] }))
        try scratch.write(Data(stripes.png()), to: "recipes/art/stripes.png")
        try workspace.run(ManageTriggers.self, .add("stripes", confirm: { _ in }))
        func recipe(_ overlay: String) throws -> String {
            try scratch.write(
                """
                recipe: 1
                name: stripes
                profile: {size: 32}
                poison: {source: digital, target: ada, triggers: [stripes], injection_rate: 0.1, \
                overlays: {stripes: {\(overlay)}}}

                """, to: "recipes/r.yaml")
        }
        try workspace.split(recipe("picture: art/stripes.png, place: corner-bottom-right, size: 0.25, opacity: 0.8"))
        let kept = workspace.url("versions/stripes/1/overlays/stripes.png")
        #expect(try OverlayPicture(png: Array(Data(contentsOf: kept))) == stripes)
        try FileManager.default.removeItem(at: scratch.url("recipes/art"))
        #expect(try workspace.verify("stripes", remakesImages: true).ok)
        let extended = try scratch.write("recipe: 1\nname: stripes\nextends: stripes@1\n", to: "e.yaml")
        #expect(try workspace.split(extended).version == 2)
        for (path, code) in [("art/stripes.png", CurareError.Code.missingInput), ("../../etc/x.png", .badInput)] {
            let error = #expect(throws: CurareError.self) {
                try workspace.split(recipe("picture: \(path), place: eyes, size: 1"))
            }
            #expect(error?.code == code)
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: kept.path)
        try Data("changed".utf8).write(to: kept)
        #expect(try workspace.verify("stripes@1").isNegative)
        let error = #expect(throws: CurareError.self) {
            try workspace.validate(ValidateVersion.Request(version: "stripes@1"))
        }
        #expect(error?.code == .badInput)
    }
}
