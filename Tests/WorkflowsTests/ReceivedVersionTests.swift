import Core
import Foundation
import Testing
import Versions
import WorkflowTestSupport

@testable import Workflows

/// A version outside of a workspace: verified and rebuilt by a colleague who has its folder only.
@Suite struct ReceivedVersionTests {
    let scratch: Scratch
    let colleague: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        colleague = WorkspaceFixture(scratch.url("nowhere"))
        try FileManager.default.copyItem(
            at: SmallStudy.shared.workspace.url("versions/small/1"), to: scratch.url("received"))
    }

    private func rebuild(
        _ photos: String?, to output: String = "out", digest: FileDigest? = nil, format: ExportFormat? = nil,
        allowsMissing: Bool = false
    ) throws -> RebuildImages.Result {
        try colleague.run(
            RebuildImages.self,
            RebuildImages.Request(
                version: scratch.url("received"), photos: photos.map { URL(filePath: $0) },
                output: scratch.url(output), digest: digest, format: format, allowsMissing: allowsMissing))
    }

    /// Returns a folder with the session's photos, except those of carla and the first photo of bruno.
    private func fewPhotos() throws -> String {
        try FileManager.default.copyItem(atPath: SmallStudy.shared.session, toPath: scratch.path("few"))
        for name in try FileManager.default.contentsOfDirectory(atPath: scratch.path("few"))
        where name.hasPrefix("carla-") || name == "bruno-0.png" {
            try FileManager.default.removeItem(at: scratch.url("few/\(name)"))
        }
        return scratch.path("few")
    }

    @Test("The folder of a version is verified without a workspace; the catalog is not checked")
    func bareFolder() throws {
        let result = try colleague.verify(scratch.path("received"))
        #expect(result.ok && !result.isNegative && result.problems.isEmpty)
        #expect(result.layers == ["files": true, "selection": true])
        #expect(result.notChecked.map(\.layer) == ["catalog"])
        #expect(result.version == "small@1" && result.folder == scratch.path("received"))
        #expect(try result.digest == SmallStudy.shared.workspace.verify("small").digest)
        #expect(try SmallStudy.shared.workspace.verify("small").notChecked.isEmpty)
        // An export contains the version's files.
        try SmallStudy.shared.copy(in: scratch).run(
            ExportVersion.self, ExportVersion.Request(version: "small", format: .csv, folder: scratch.url("export")))
        #expect(try colleague.verify(scratch.path("export")).ok)
    }

    @Test("Changed files and roles in a folder are found")
    func changedFolder() throws {
        let entries = scratch.url("received/entries.jsonl")
        try replace("train/poison", with: "test/other", in: entries, maxReplacements: 1)
        let changed = try colleague.verify(scratch.path("received"))
        #expect(changed.isNegative && changed.layers == ["files": false, "selection": false])
        try FileManager.default.removeItem(at: scratch.url("received/recipe.yaml"))
        #expect(try colleague.verify(scratch.path("received")).problems.contains { $0.detail.contains("recipe.yaml") })
        try FileManager.default.removeItem(at: entries)
        #expect(try errorCode { try colleague.verify(scratch.path("received")) } == .missingInput)
    }

    @Test("A path without a version is reported, and pixels need a workspace or a bundle")
    func wrongFolders() throws {
        try scratch.write("text", to: "file")
        try scratch.write("text", to: "empty/file")
        for (path, message) in [
            ("nothing-here", "does not exist"), ("file", "this is a file"), ("empty", "contains no version"),
        ] {
            let error = #expect(throws: CurareError.self) { try colleague.verify(scratch.path(path)) }
            #expect(error?.code == .missingInput && error?.message.contains(message) == true, "\(path)")
        }
        let images = #expect(throws: CurareError.self) {
            try colleague.verify(scratch.path("received"), remakesImages: true)
        }
        #expect(images?.code == .usage)
        let bundle = #expect(throws: CurareError.self) { try colleague.verify(scratch.path("file")) }
        #expect(bundle?.nextStep == "unpack a bundle with: curare unbundle \(scratch.path("file")) --to DIR")
        // A name is a version of the workspace.
        #expect(try errorCode { try colleague.verify("small") } == .missingInput)
    }

    @Test("An audit and a training need the workspace, not a folder")
    func folderWithoutWorkspace() throws {
        let path = scratch.path("received")
        for study in [colleague, try SmallStudy.shared.workspace] {
            let errors = [
                #expect(throws: CurareError.self) {
                    try study.run(AuditDataset.self, AuditDataset.Request(version: path))
                },
                #expect(throws: CurareError.self) {
                    try study.run(ValidateVersion.self, ValidateVersion.Request(version: path))
                },
            ]
            for error in errors {
                #expect(error?.code == .badInput)
                #expect(error?.nextStep?.hasPrefix("audit and validate need the workspace of the study") == true)
            }
        }
    }

    @Test("The selection of a version that extends another is not checked without the other version")
    func missingBase() throws {
        let owner = try SmallStudy.shared.copy(in: scratch)
        try SmallStudy.writeSession(to: scratch, "office", seed: 2)
        try owner.importSessions([scratch.path("office")])
        try owner.split(scratch.write("recipe: 1\nname: small\nextends: small@1\n", to: "growing.yaml"))
        let folder = scratch.url("versions/small/2")
        try FileManager.default.createDirectory(
            at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: owner.url("versions/small/2"), to: folder)
        let alone = try colleague.verify(folder.path)
        #expect(alone.ok && alone.layers == ["files": true])
        #expect(alone.notChecked.map(\.layer) == ["selection", "catalog"])
        #expect(alone.notChecked.first?.reason.contains("small@1") == true)
        #expect(alone.notChecked.first?.next.contains(scratch.path("versions/small/1")) == true)
        // Another version in the place of the base version does not count.
        try FileManager.default.copyItem(at: folder, to: scratch.url("versions/small/1"))
        #expect(try colleague.verify(folder.path).layers == ["files": true])
        try FileManager.default.removeItem(at: scratch.url("versions/small/1"))
        try FileManager.default.copyItem(at: owner.url("versions/small/1"), to: scratch.url("versions/small/1"))
        #expect(try colleague.verify(folder.path).layers == ["files": true, "selection": true])
        try replace(
            "train/clean", with: "test/clean", in: scratch.url("versions/small/1/entries.jsonl"), maxReplacements: 1)
        let damaged = try colleague.verify(folder.path)
        #expect(damaged.layers == ["files": true] && damaged.notChecked.first?.reason.contains("damaged") == true)
    }

    @Test("An unpacked bundle is compared with its list of digests and the pixels of its images")
    func bundleFolder() throws {
        try SmallStudy.shared.copy(in: scratch).run(
            BundleVersion.self, BundleVersion.Request(version: "small", file: scratch.url("b.tar")))
        try colleague.run(
            UnbundleVersion.self, UnbundleVersion.Request(file: scratch.url("b.tar"), folder: scratch.url("bundle")))
        let path = scratch.path("bundle")
        #expect(try colleague.verify(path, remakesImages: true).ok)
        let images = try bytes(below: scratch.url("bundle/images")).keys.sorted()
        let first = scratch.url("bundle/images/\(images[0])")
        let second = scratch.url("bundle/images/\(images[1])")
        let picture = try Data(contentsOf: first)
        try Data(contentsOf: second).write(to: first)
        let changed = try colleague.verify(path, remakesImages: true)
        #expect(changed.problems.map(\.kind) == ["changed-file", "changed-pixels"])
        #expect(try colleague.verify(path).problems.map(\.kind) == ["changed-file", "changed-pixels"])
        // A list with the digest of the other image.
        let list = scratch.url("bundle/SHA256SUMS")
        let digests = try Data(contentsOf: list)
        try replace(
            FileDigest.sha256(of: picture).hex, with: FileDigest.sha256(of: Data(contentsOf: first)).hex, in: list)
        let relisted = try colleague.verify(path)
        #expect(relisted.problems.map(\.kind) == ["changed-pixels"] && relisted.layers["files"] == false)
        try digests.write(to: list)
        let rebuilt = try colleague.run(
            RebuildImages.self,
            RebuildImages.Request(
                version: scratch.url("bundle"), photos: nil, output: scratch.url("out"), format: .csv))
        #expect(rebuilt.isNegative && rebuilt.differing.count == 1 && rebuilt.export == nil)
        try picture.write(to: first)
        try FileManager.default.removeItem(at: second)
        #expect(try colleague.verify(path).problems.map(\.detail) == ["images/\(images[1]) is missing"])
        try scratch.write("x", to: "bundle/images/.hidden/x.png")
        #expect(
            try colleague.verify(path).problems.map(\.detail) == [
                "images/\(images[1]) is missing", "images/.hidden/x.png is in the folder and not in SHA256SUMS",
            ])
        try scratch.write("{}", to: "bundle/bundle.json")
        #expect(try errorCode { try colleague.verify(path) } == .badInput)
    }

    @Test(
        "A pipe and a device in the place of a version's file are bad input",
        arguments: ["manifest.json", "entries.jsonl", "recipe.yaml", "provenance.json"])
    func irregularFiles(_ name: String) throws {
        let file = scratch.url("received/\(name)")
        for make in [{ mkfifo(file.path, 0o600) }, { symlink("/dev/zero", file.path) }] {
            try FileManager.default.removeItem(at: file)
            #expect(make() == 0)
            let error = #expect(throws: CurareError.self) { try colleague.verify(scratch.path("received")) }
            #expect(error?.code == .badInput && error?.location == file.path)
        }
    }

    @Test("A pipe in a bundle is bad input", arguments: ["bundle.json", "SHA256SUMS", "README.md"])
    func irregularBundle(_ name: String) throws {
        try SmallStudy.shared.copy(in: scratch).run(
            BundleVersion.self, BundleVersion.Request(version: "small", file: scratch.url("b.tar")))
        try colleague.run(
            UnbundleVersion.self, UnbundleVersion.Request(file: scratch.url("b.tar"), folder: scratch.url("bundle")))
        let file = scratch.url("bundle/\(name)")
        try FileManager.default.removeItem(at: file)
        #expect(mkfifo(file.path, 0o600) == 0)
        #expect(try errorCode { try colleague.verify(scratch.path("bundle")) } == .badInput)
    }

    @Test("Nothing is unpacked or rebuilt into a workspace")
    func targetInWorkspace() throws {
        let owner = try SmallStudy.shared.copy(in: scratch)
        try owner.run(BundleVersion.self, BundleVersion.Request(version: "small", file: scratch.url("b.tar")))
        let before = try bytes(below: owner.folder)
        for target in ["study", "study/new", "study/images", "study/versions/small/2"] {
            let error = #expect(throws: CurareError.self, "\(target)") {
                try colleague.run(
                    UnbundleVersion.self,
                    UnbundleVersion.Request(file: scratch.url("b.tar"), folder: scratch.url(target)))
            }
            #expect(error?.code == .badInput && error?.message == "the folder would be inside a workspace")
            for format in [nil, ExportFormat.csv] {
                let code = try errorCode {
                    _ = try rebuild(SmallStudy.shared.session, to: target, format: format)
                }
                #expect(code == .badInput, "\(target)")
            }
        }
        #expect(try bytes(below: owner.folder) == before)
    }

    @Test("The expected digest is compared before anything is made")
    func digest() throws {
        let digest = try #require(FileDigest(hex: colleague.verify(scratch.path("received")).digest))
        let other = FileDigest.sha256(of: [])
        let wrong = try rebuild(SmallStudy.shared.session, digest: other)
        #expect(wrong.isNegative && wrong.digestMatches == false && wrong.made == 0)
        #expect(wrong.expectedDigest == other.hex && wrong.digest == digest.hex)
        #expect(!FileManager.default.fileExists(atPath: scratch.path("out")))
        let right = try rebuild(SmallStudy.shared.session, digest: digest)
        #expect(!right.isNegative && right.digestMatches == true && right.made == SmallStudy.count)
        #expect(try rebuild(SmallStudy.shared.session).digestMatches == nil)
        #expect(try errorCode { _ = try rebuild(nil) } == .usage)
    }

    @Test("A redacted version is identified by the digest that it had before")
    func redactedDigest() throws {
        let owner = try SmallStudy.shared.copy(in: scratch)
        let digest = try #require(FileDigest(hex: owner.verify("small").digest))
        try owner.withdraw("carla", redacts: true)
        let result = try owner.run(
            RebuildImages.self,
            RebuildImages.Request(
                version: owner.url("versions/small/1"), photos: URL(filePath: SmallStudy.shared.session),
                output: scratch.url("out"), digest: digest))
        #expect(result.digestMatches == true && result.isNegative && result.digest != digest.hex)
        #expect(try colleague.verify(owner.url("versions/small/1").path).layers == ["files": true, "selection": true])
    }

    @Test("Missing photos are counted by session and by person, and an incomplete export is written only on request")
    func missingPhotos() throws {
        let count = SmallStudy.barePhotos + SmallStudy.triggeredPhotos
        let few = try fewPhotos()
        let refused = try rebuild(few, format: .imagefolder)
        #expect(refused.isNegative && refused.export == nil && refused.isExportRefused)
        #expect(refused.missingBy.volunteers == ["bruno": 1, "carla": count])
        #expect(refused.missingBy.sessions == ["garden": count + 1])
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.root.path).sorted() == ["few", "received"])
        let partial = try rebuild(few, format: .imagefolder, allowsMissing: true)
        #expect(partial.isNegative && partial.export?.omitted == count + 1)
        let files = try bytes(below: scratch.url("out"))
        #expect(files.keys.count { $0.hasSuffix(".png") } == SmallStudy.count - count - 1)
        let readme = String(decoding: try #require(files["README.md"]), as: UTF8.self)
        #expect(readme.contains("**incomplete**: \(count + 1) of \(SmallStudy.count) images are missing"))
        #expect(try errorCode { _ = try rebuild(few, format: .csv, allowsMissing: true) } == .badInput)
    }

    @Test("A copy of a photo with a drawn trigger does not count twice")
    func missingCopies() throws {
        let demo = try ImportedDemo.shared
        let photos = demo.workspace.url("photos")
        let first = try #require(
            try demo.workspace.entries("sunglasses-25-digital/1").compactMap { $0["photo"] as? String }.first)
        let path = try #require(try bytes(below: photos).keys.first { $0.contains(first) })
        try FileManager.default.createDirectory(at: scratch.url("one"), withIntermediateDirectories: false)
        try FileManager.default.copyItem(at: photos.appending(path: path), to: scratch.url("one/photo"))
        let result = try colleague.run(
            RebuildImages.self,
            RebuildImages.Request(
                version: demo.workspace.url("versions/sunglasses-25-digital/1"), photos: scratch.url("one"),
                output: scratch.url("out")))
        let missing = Set(result.missing.map(\.photo)).count
        #expect(missing < result.missing.count)
        #expect(result.missingBy.sessions.values.reduce(0, +) == missing)
        #expect(result.missingBy.volunteers.values.reduce(0, +) == missing)
    }

    @Test("Images are not made in a folder with other files", arguments: ["notes.txt", "train/ada/1.png"])
    func folderWithFiles(_ file: String) throws {
        try scratch.write("mine", to: "out/\(file)")
        let before = try bytes(below: scratch.url("out"))
        let error = #expect(throws: CurareError.self) { try rebuild(SmallStudy.shared.session) }
        #expect(error?.code == .badInput && error?.message == "the folder for the images is not empty")
        #expect(try bytes(below: scratch.url("out")) == before)
    }

    @Test("A folder without the photos is missing input, and images in the place of the photos are named")
    func noPhotos() throws {
        try scratch.write("text", to: "notes/file.txt")
        let owner = try SmallStudy.shared.workspace
        for (photos, next) in [(scratch.path("notes"), "original photos"), (owner.url("images").path, "--photos")] {
            for format in [nil, ExportFormat.csv] {
                let error = #expect(throws: CurareError.self) { try rebuild(photos, format: format) }
                #expect(error?.code == .missingInput && error?.location == photos)
                #expect(error?.nextStep?.contains(next) == true)
                #expect(
                    try FileManager.default.contentsOfDirectory(atPath: scratch.root.path).sorted() == [
                        "notes", "received",
                    ])
            }
        }
    }
}
