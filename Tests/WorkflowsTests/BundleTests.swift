import Core
import Foundation
import Testing
import Versions
import WorkflowTestSupport

@testable import Workflows

/// Bundles: the same bytes everywhere, checked by a colleague without a workspace, and rejected when they are damaged.
@Suite struct BundleTests {
    let scratch: Scratch
    let workspace: WorkspaceFixture
    /// The colleague has no workspace: the folder does not exist.
    let colleague: WorkspaceFixture

    init() throws {
        scratch = try Scratch()
        workspace = try SmallStudy.shared.copy(in: scratch)
        colleague = WorkspaceFixture(scratch.url("nowhere"))
    }

    @discardableResult
    private func bundle(
        _ version: String = "small", to file: String, _ parts: Set<VersionBundle.Part> = [.images],
        allowsMetadata: Bool = false, from workspace: WorkspaceFixture? = nil
    ) throws -> BundleVersion.Result {
        try (workspace ?? self.workspace).run(
            BundleVersion.self,
            BundleVersion.Request(
                version: version, file: URL(filePath: file, relativeTo: scratch.root), parts: parts,
                allowsMetadata: allowsMetadata))
    }

    @discardableResult
    private func unbundle(_ file: String, to folder: String = "received") throws -> UnbundleVersion.Result {
        try colleague.run(
            UnbundleVersion.self, UnbundleVersion.Request(file: scratch.url(file), folder: scratch.url(folder)))
    }

    private func rebuild(_ folder: String, _ format: ExportFormat, to output: String) throws -> RebuildImages.Result {
        try colleague.run(
            RebuildImages.self,
            RebuildImages.Request(
                version: scratch.url(folder), photos: nil, output: scratch.url(output), format: format))
    }

    private func sum(_ folder: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/sha256sum")
        process.arguments = ["--check", "--strict", "--quiet", "SHA256SUMS"]
        process.currentDirectoryURL = scratch.url(folder)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    private func names(_ folder: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.path(folder)).sorted()
    }

    @Test("Two bundles have the same bytes, and sha256sum accepts an unpacked bundle")
    func sameBytes() throws {
        let first = try bundle(to: "a.tar")
        let second = try bundle("small@1", to: "b.tar", from: try SmallStudy.shared.copy(in: scratch, "other"))
        let bytes = try Data(contentsOf: scratch.url("a.tar"))
        #expect(try bytes == Data(contentsOf: scratch.url("b.tar")))
        #expect(first.sha256 == FileDigest.sha256(of: bytes).hex && first.sha256 == second.sha256)
        #expect(first.bytes == bytes.count && first.version == "small@1" && first.parts == ["images"])
        let mode = try FileManager.default.attributesOfItem(atPath: scratch.path("a.tar"))[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let unpacked = try unbundle("a.tar")
        #expect(unpacked.digest == first.digest && unpacked.files == first.files)
        #expect(try sum("received") == 0)
        let files = try WorkflowTestSupport.bytes(below: scratch.url("received"))
        // README.md, bundle.json, SHA256SUMS, and four files of the version.
        #expect(files.count == SmallStudy.count + 7)
        for (path, data) in files where path.hasPrefix("versions/") || path.hasPrefix("images/") {
            #expect(try data == Data(contentsOf: workspace.url(path)), "\(path)")
        }
        // The system's tar unpacks the same files.
        try FileManager.default.createDirectory(at: scratch.url("by-tar"), withIntermediateDirectories: false)
        let tar = try Process.run(
            URL(filePath: "/bin/tar"), arguments: ["-xf", scratch.path("a.tar"), "-C", scratch.path("by-tar")])
        tar.waitUntilExit()
        #expect(try WorkflowTestSupport.bytes(below: scratch.url("by-tar")) == files)
    }

    @Test(
        "An export that a colleague rebuilds from a bundle has the bytes of the owner's export",
        arguments: ExportFormat.allCases)
    func sameExport(_ format: ExportFormat) throws {
        try workspace.run(
            ExportVersion.self,
            ExportVersion.Request(version: "small", format: format, folder: scratch.url("export")))
        let export = try bytes(below: scratch.url("export"))
        for part in VersionBundle.Part.allCases {
            try bundle(to: "\(part).tar", [part])
            try unbundle("\(part).tar", to: "\(part)")
            let rebuilt = try rebuild("\(part)", format, to: "rebuilt-\(part)")
            #expect(!rebuilt.isNegative && rebuilt.export?.files == export.count && rebuilt.export?.omitted == 0)
            #expect(try bytes(below: scratch.url("rebuilt-\(part)")) == export, "\(part)")
        }
        #expect(try names().filter { $0.hasPrefix(".") } == [])
    }

    @Test("A version with drawn triggers is bundled with its overlays, and rebuilt from images and from originals")
    func drawnTriggers() throws {
        let demo = try ImportedDemo.shared
        let owner = try demo.copy(in: scratch, "demo")
        let name = "sunglasses-25-digital"
        try owner.run(
            ExportVersion.self,
            ExportVersion.Request(version: name, format: .csv, folder: scratch.url("export")))
        try bundle(name, to: "b.tar", [.images, .originals], from: owner)
        try unbundle("b.tar")
        #expect(try colleague.verify(scratch.path("received"), remakesImages: true).ok)
        let fromImages = try rebuild("received", .csv, to: "from-images")
        let fromPhotos = try colleague.run(
            RebuildImages.self,
            RebuildImages.Request(
                version: scratch.url("received"), photos: scratch.url("received/photos"),
                output: scratch.url("from-photos"), format: .csv))
        #expect(!fromImages.isNegative && !fromPhotos.isNegative)
        let export = try bytes(below: scratch.url("export"))
        #expect(try bytes(below: scratch.url("from-images")) == export)
        #expect(try bytes(below: scratch.url("from-photos")) == export)
    }

    @Test("A bundle contains the versions that the version extends, and nothing of the catalog")
    func bases() throws {
        try SmallStudy.writeSession(to: scratch, "office", seed: 2)
        try workspace.importSessions([scratch.path("office")])
        let recipe = try scratch.write("recipe: 1\nname: small\nextends: small@1\n", to: "growing.yaml")
        try workspace.split(recipe)
        let result = try bundle("small@2", to: "b.tar")
        #expect(result.bases == ["small@1"] && result.warnings.isEmpty)
        try unbundle("b.tar")
        let verified = try colleague.verify(scratch.path("received"))
        #expect(verified.ok && verified.layers == ["files": true, "selection": true] && verified.version == "small@2")
        let files = try bytes(below: scratch.url("received"))
        let folders = Set(files.keys.map { $0.split(separator: "/").first.map(String.init) ?? "" })
        #expect(folders == ["README.md", "SHA256SUMS", "bundle.json", "images", "versions"])
        // Names of files, dates of sessions and consent are only in the catalog.
        for word in ["consent: signed", "2026-05-03", "ada-0.png"] {
            #expect(!files.values.contains { $0.range(of: Data(word.utf8)) != nil }, "\(word)")
        }
        // The base version has a record of the bundle, and a list of both versions has the bundle once.
        let removal = try workspace.run(
            RemoveItems.self,
            RemoveItems.Request(names: ["small@1", "small@2"], withRuns: false, dryRun: true, confirm: { _ in }))
        #expect(removal.items.map { $0.exports.map(\.path) } == [[scratch.path("b.tar")], [scratch.path("b.tar")]])
        let withdrawn = try workspace.withdraw("ada", dryRun: true)
        #expect(Set(withdrawn.versions.map(\.version)) == ["small@1", "small@2"])
        #expect(withdrawn.exports.map(\.path) == [scratch.path("b.tar")])
    }

    @Test("A base version with photos of a person who has withdrawn is left out, with a warning")
    func unusableBase() throws {
        try workspace.withdraw("carla")
        try workspace.split(
            scratch.write(
                "recipe: 1\nname: small\nextends: small@1\npoison: {on_shortage: cap}\n", to: "successor.yaml"))
        let result = try bundle("small@2", to: "b.tar")
        #expect(result.bases.isEmpty && result.warnings.count == 1)
        #expect(result.warnings.first?.hasPrefix("small@1 is not in the bundle: small@1 cannot be used") == true)
        try unbundle("b.tar")
        let verified = try colleague.verify(scratch.path("received"))
        #expect(verified.ok && verified.layers == ["files": true])
        let files = try bytes(below: scratch.url("received"))
        #expect(!files.keys.contains { $0.hasPrefix("versions/small/1/") })
    }

    @Test("Originals are bundled unchanged under their ids, and a changed original is not bundled")
    func originals() throws {
        let result = try bundle(to: "b.tar", [.originals])
        #expect(result.parts == ["originals"] && result.metadata.isEmpty)
        try unbundle("b.tar")
        let photos = try bytes(below: scratch.url("received/photos"))
        #expect(photos.count == SmallStudy.count)
        #expect(try photos == bytes(below: workspace.url("photos")))
        let original = try #require(photos.keys.min())
        try Data("changed".utf8).write(to: workspace.url("photos/\(original)"))
        let error = #expect(throws: CurareError.self) { try bundle(to: "c.tar", [.originals]) }
        #expect(error?.code == .badInput && error?.message.contains("was changed") == true)
        #expect(try names().filter { $0.hasPrefix("c") || $0.hasPrefix(".") } == [])
    }

    @Test("Originals with a position are bundled only when the user allows it")
    func metadata() throws {
        try SmallStudy.writeSession(to: scratch, "office", seed: 2)
        // XMP in a text chunk, as photo programs write it.
        let photo = scratch.url("office/ada-0.png")
        var bytes = try Data(contentsOf: photo)
        let text = Data("iTXtXML:com.adobe.xmp\u{0}\u{0}\u{0}\u{0}\u{0}<x exif:GPSLatitude='1'/>".utf8)
        var chunk = Data([0, 0, 0, UInt8(text.count - 4)]) + text
        chunk += withUnsafeBytes(of: Self.crc(text).bigEndian) { Data($0) }
        bytes.insert(contentsOf: chunk, at: 33)
        try bytes.write(to: photo)
        let owner = WorkspaceFixture(scratch.url("own"))
        try SmallStudy.create(owner)
        try owner.importSessions([scratch.path("office")])
        try owner.split(scratch.write(SmallStudy.recipe, to: "small.yaml"))
        let error = #expect(throws: CurareError.self) { try bundle(to: "b.tar", [.originals], from: owner) }
        #expect(error?.message == "1 of 51 originals contain metadata about a place, a device or a person")
        #expect(error?.problems.map(\.message) == ["position"])
        #expect(error?.nextStep?.contains("--with-metadata") == true)
        #expect(try names().contains("b.tar") == false)
        let allowed = try bundle(to: "b.tar", [.originals], allowsMetadata: true, from: owner)
        #expect(allowed.metadata == ["position": 1])
        // Images have no metadata.
        try bundle(to: "i.tar", from: owner)
        #expect(try Data(contentsOf: scratch.url("i.tar")).range(of: Data("GPSLatitude".utf8)) == nil)
    }

    /// The CRC-32 of PNG.
    private static func crc(_ bytes: Data) -> UInt32 {
        var crc = UInt32.max
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }

    @Test("A bundle needs consent, a new file outside the workspace, and is listed by a withdrawal")
    func rules() throws {
        try scratch.write("mine", to: "taken.tar")
        for (file, code) in [
            ("taken.tar", CurareError.Code.badInput), ("study/b.tar", .badInput), ("taken.tar/below.tar", .inputOutput),
        ] {
            let error = #expect(throws: CurareError.self, "\(file)") { try bundle(to: file) }
            #expect(error?.code == code, "\(file)")
        }
        #expect(try Data(contentsOf: scratch.url("taken.tar")) == Data("mine".utf8))
        try workspace.run(ReviewConsent.self, ReviewConsent.Request(session: "garden", consent: "missing"))
        #expect(try errorCode { try bundle(to: "no-consent.tar") } == .badInput)
        try workspace.run(ReviewConsent.self, ReviewConsent.Request(session: "garden", consent: "signed"))
        try bundle(to: "b.tar")
        let partial = try scratch.writeAbandoned("killed.tar")
        let withdrawn = try workspace.withdraw("ada", dryRun: true)
        let export = try #require(withdrawn.exports.last)
        #expect(export.format == "bundle" && export.path == scratch.path("b.tar") && export.there)
        #expect(export.images == SmallStudy.barePhotos + SmallStudy.triggeredPhotos && export.linked == 0)
        #expect(FileManager.default.fileExists(atPath: partial.path))
        try workspace.withdraw("ada")
        #expect(try errorCode { try bundle(to: "c.tar") } == .badInput)
        #expect(try names().contains("c.tar") == false)
    }

    @Test("The remains of a bundle that was killed are listed by a withdrawal, and removed by the next attempt")
    func killed() throws {
        try bundle(to: "b.tar")
        try FileManager.default.removeItem(at: scratch.url("b.tar"))
        let gone = try #require(workspace.withdraw("ada", dryRun: true).exports.last)
        #expect(!gone.there)
        let partial = try scratch.writeAbandoned("b.tar")
        let left = try workspace.withdraw("ada", dryRun: true).exports
        #expect(left.map(\.path) == [scratch.path("b.tar"), partial.path])
        #expect(left.map(\.there) == [false, true] && left.map(\.images) == [0, 0])
        try bundle(to: "b.tar")
        #expect(!FileManager.default.fileExists(atPath: partial.path))
    }

    @Test("A folder that exists and a missing bundle are rejected")
    func wrongPaths() throws {
        try bundle(to: "b.tar")
        try scratch.write("mine", to: "taken/file")
        #expect(try errorCode { try unbundle("b.tar", to: "taken") } == .badInput)
        #expect(try errorCode { try unbundle("nothing.tar") } == .missingInput)
        #expect(try errorCode { try unbundle("taken") } == .badInput)
        try scratch.write("no tar", to: "text.tar")
        #expect(try errorCode { try unbundle("text.tar") } == .badInput)
        #expect(try names("taken") == ["file"] && !names().contains("received"))
    }

    @Test("A list of digests above the limit is rejected before it is read")
    func largeList() throws {
        // The zeros of a sparse file need no space on the disk.
        let size = 1 << 32
        try scratch.write(Self.header("SHA256SUMS", size: size), to: "sparse.tar")
        let file = try FileHandle(forWritingTo: scratch.url("sparse.tar"))
        try file.truncate(atOffset: UInt64(512 + size + 1024))
        try file.close()
        let error = #expect(throws: CurareError.self) { try unbundle("sparse.tar") }
        #expect(error?.code == .badInput && error?.message.contains("more than the limit of 268435456") == true)
        #expect(try !names().contains("received"))
    }

    @Test("No damaged bundle is unpacked: changed, cut off, lengthened and reordered bytes")
    func damagedBundles() throws {
        try bundle(to: "b.tar")
        let whole = try [UInt8](Data(contentsOf: scratch.url("b.tar")))
        var random = Xorshift(state: 88_172_645_463_325_252)
        for attempt in 0..<300 {
            var bytes = whole
            let position = random.next(below: whole.count)
            let block = position / 512 * 512
            switch attempt % 6 {
            case 0, 1: bytes[position] ^= UInt8(1 << random.next(below: 8))
            case 2: bytes.removeSubrange(position...)
            case 3: bytes.removeSubrange(block..<block + 512)
            case 4:
                bytes.insert(contentsOf: whole[block..<block + 512], at: random.next(below: whole.count) / 512 * 512)
            default: bytes.insert(UInt8(random.next(below: 256)), at: position)
            }
            guard bytes != whole else { continue }
            try scratch.write(Data(bytes), to: "damaged.tar")
            let error = #expect(throws: CurareError.self, "attempt \(attempt)") { try unbundle("damaged.tar") }
            #expect(error?.code == .badInput, "attempt \(attempt): \(error?.description ?? "")")
        }
        #expect(try names() == ["b.tar", "damaged.tar", "study"])
    }

    @Test("A bundle whose files contradict each other is not unpacked, although all its digests are correct")
    func contradictions() throws {
        try bundle(to: "b.tar")
        try unbundle("b.tar", to: "whole")
        let image = try #require(try bytes(below: scratch.url("whole")).keys.filter { $0.hasPrefix("images/") }.min())
        let other = try #require(try bytes(below: scratch.url("whole")).keys.filter { $0.hasPrefix("images/") }.max())
        let changes: [(name: String, change: (inout [String: Data]) -> Void)] = [
            ("an image is missing", { $0[image] = nil }),
            ("an image has other pixels", { $0[image] = $0[other] }),
            ("an image is no image", { $0[image] = Data("no image".utf8) }),
            ("a foreign image", { $0["images/32-centre-srgb/ab/\(String(repeating: "ab", count: 32)).png"] = Data() }),
            ("a foreign version", { $0["versions/other/1/manifest.json"] = $0["versions/small/1/manifest.json"] }),
            ("no README", { $0["README.md"] = nil }), ("no description", { $0["bundle.json"] = nil }),
            ("no entries", { $0["versions/small/1/entries.jsonl"] = nil }),
            ("other entries", { $0["versions/small/1/entries.jsonl"]?.append(Data("\n".utf8)) }),
            ("another recipe", { $0["versions/small/1/recipe.yaml"] = Data("recipe: 1".utf8) }),
        ]
        for (name, change) in changes {
            var files = try bytes(below: scratch.url("whole")).filter { $0.key != "SHA256SUMS" }
            change(&files)
            try pack(files, to: "changed.tar")
            let error = #expect(throws: CurareError.self, "\(name)") { try unbundle("changed.tar") }
            #expect(error.map { [.badInput, .missingInput].contains($0.code) } == true, "\(name)")
            #expect(try !names().contains("received"), "\(name)")
        }
        // The same way of packing, without a change.
        try pack(bytes(below: scratch.url("whole")).filter { $0.key != "SHA256SUMS" }, to: "same.tar")
        #expect(try Data(contentsOf: scratch.url("same.tar")) == Data(contentsOf: scratch.url("b.tar")))
    }

    /// Packs files as a bundle, with a correct `SHA256SUMS`, by the description in docs/format.md.
    private func pack(_ files: [String: Data], to archive: String) throws {
        let sorted = files.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let list = sorted.map { "\(FileDigest.sha256(of: $0.value))  \($0.key)\n" }.joined()
        var tar = Data()
        for (path, data) in [("SHA256SUMS", Data(list.utf8))] + sorted.map({ ($0.key, $0.value) }) {
            tar += Self.header(path, size: data.count) + data + Data(count: (512 - data.count % 512) % 512)
        }
        try scratch.write(tar + Data(count: 1024), to: archive)
    }

    private static func header(_ path: String, size: Int) -> Data {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, _ offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        let size = String(size, radix: 8)
        for (text, offset) in [
            (path, 0), ("0000600", 100), ("0000000", 108), ("0000000", 116),
            (String(repeating: "0", count: 11 - size.count) + size, 124), ("00000000000", 136), ("        ", 148),
            ("0", 156), ("ustar\u{0}00", 257),
        ] { put(text, offset) }
        let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
        put(String(repeating: "0", count: 6 - sum.count) + sum + "\u{0} ", 148)
        return Data(header)
    }

    /// A generator of the same numbers in every run.
    private struct Xorshift {
        var state: UInt64

        mutating func next(below limit: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(limit))
        }
    }
}
