import Core
import Foundation
import Testing
import Versions
import WorkflowTestSupport

@testable import Workflows

/// Exports in all formats: complete or absent, recorded, and rejected where they are not permitted.
@Suite struct ExportTests {
    let scratch: Scratch
    let workspace: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        workspace = try SmallStudy.shared.copy(in: scratch)
    }

    private func export(
        _ format: ExportFormat, to folder: String, _ version: String = "small", isAnonymous: Bool = false,
        copiesImages: Bool = false
    ) throws -> ExportVersion.Result {
        try workspace.run(
            ExportVersion.self,
            ExportVersion.Request(
                version: version, format: format, folder: URL(filePath: folder, relativeTo: scratch.root),
                isAnonymous: isAnonymous, copiesImages: copiesImages))
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    private func exports() throws -> [VersionDetails.Exported] {
        guard case .version(let version) = try workspace.run(ShowItem.self, ShowItem.Request(name: "small")) else {
            throw FixtureError("small is not a version")
        }
        return version.exports
    }

    @Test("Every format is written, recorded, and the same twice")
    func everyFormat() throws {
        for format in ExportFormat.allCases {
            let first = try export(format, to: "out/\(format.rawValue)-1")
            let second = try export(format, to: "out/\(format.rawValue)-2", copiesImages: true)
            #expect(first.version == "small@1" && first.format == format.rawValue)
            let one = try bytes(below: scratch.url("out/\(format.rawValue)-1"))
            let two = try bytes(below: scratch.url("out/\(format.rawValue)-2"))
            #expect(one == two, "\(format)")
            #expect(first.files == one.count && first.bytes == one.values.reduce(0) { $0 + $1.count })
            #expect(first.linked == (format == .webdataset ? 0 : one.keys.count { $0.hasSuffix(".png") }))
            #expect(second.linked == 0)
        }
        let folders = ExportFormat.allCases.flatMap { ["\($0.rawValue)-1", "\($0.rawValue)-2"] }
        #expect(try names(scratch.path("out")) == folders.sorted())
        #expect(try exports().map(\.path) == folders.map { scratch.path("out/\($0)") })
    }

    @Test("Images are readable by the owner only, and an edited image is made again")
    func editedImage() throws {
        _ = try export(.csv, to: "first")
        let images = scratch.url("first/images")
        let image = images.appending(path: try #require(try names(images.path).first))
        let mode = try FileManager.default.attributesOfItem(atPath: image.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let whole = try Data(contentsOf: image)
        // An editor that writes in place also changes the workspace's image: both are one file.
        let handle = try FileHandle(forWritingTo: image)
        try handle.write(contentsOf: Data("edited".utf8))
        try handle.close()
        _ = try export(.csv, to: "second")
        #expect(try Data(contentsOf: scratch.url("second/images/\(image.lastPathComponent)")) == whole)
    }

    @Test("An anonymous export contains no name")
    func anonymous() throws {
        #expect(try export(.imagefolder, to: "out", isAnonymous: true).anonymous)
        let files = try bytes(below: scratch.url("out"))
        #expect(files.keys.filter { !$0.contains("/") } == ["README.md"])
        #expect(try names(scratch.path("out/train")) == ["class-00", "class-01", "class-02"])
        let readme = String(decoding: try #require(files["README.md"]), as: UTF8.self)
        for name in SmallStudy.volunteers { #expect(!readme.contains(try Regex("\\b\(name)\\b")), "\(name)") }
    }

    @Test("A folder that exists, is inside the workspace or cannot be written is rejected and unchanged")
    func wrongFolders() throws {
        try scratch.write("mine", to: "taken/file")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("link"), withDestinationPath: workspace.folder.path)
        for (folder, code) in [
            ("taken", CurareError.Code.badInput), ("taken/file", .badInput), ("taken/file/below", .inputOutput),
            ("study/out", .badInput), ("study/images/x/y", .badInput), ("link/out", .badInput),
            ("taken/../study/out", .badInput), ("/proc/curare", .inputOutput),
        ] {
            let error = #expect(throws: CurareError.self, "\(folder)") { _ = try export(.csv, to: folder) }
            #expect(error?.code == code, "\(folder)")
        }
        #expect(try names(scratch.root.path) == ["link", "study", "taken"])
        #expect(try names(scratch.path("taken")) == ["file"])
        #expect(!(try names(workspace.folder.path)).contains("out"))
        #expect(try exports().isEmpty)
    }

    @Test(
        "A version that does not exist cannot be exported",
        arguments: [("../small", CurareError.Code.badInput), ("small@2", .missingInput), ("nothing", .missingInput)])
    func missingVersion(_ version: String, _ code: CurareError.Code) throws {
        let error = #expect(throws: CurareError.self) { _ = try export(.csv, to: "out", version) }
        #expect(error?.code == code)
        #expect(try names(scratch.root.path) == ["study"])
    }

    @Test("A version with a missing consent or a changed file cannot be exported")
    func unusableVersion() throws {
        try workspace.run(ReviewConsent.self, ReviewConsent.Request(session: "garden", consent: "missing"))
        #expect(try errorCode { _ = try export(.csv, to: "out") } == .badInput)
        try workspace.run(ReviewConsent.self, ReviewConsent.Request(session: "garden", consent: "signed"))
        try replace(
            "train/poison", with: "train/clean", in: workspace.url("versions/small/1/entries.jsonl"),
            maxReplacements: 1)
        #expect(try errorCode { _ = try export(.csv, to: "out") } == .badInput)
        #expect(try names(scratch.root.path) == ["study"])
    }
}
