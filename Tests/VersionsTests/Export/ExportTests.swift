import Core
import Documents
import Foundation
import Storage
import Testing

@testable import Versions

/// A version of three classes in a temporary folder. Each image file contains its photo's id.
private struct ExportFixture {
    let root: URL
    let version: Version
    var source: URL { root.appending(path: "version") }

    static func with<Result>(
        _ names: [String] = ["a", "b", "on"],
        poison: String = "poison: {target: b, triggers: [sunglasses], injection_rate: 0.2}",
        _ body: (ExportFixture) throws -> Result
    ) throws -> Result {
        let root = FileManager.default.temporaryDirectory.appending(path: "curare-export-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let facts = study(names) + [fact("hat", of: names[0], triggerState: worn("hat", .onFace))]
        let selection = try select(facts.sorted { $0.photo < $1.photo }, "recipe: 1\nname: t\nseed: 7\n\(poison)\n")
        let fixture = ExportFixture(root: root, version: try VersionsTests.version(selection, facts))
        for (name, text) in [
            ("manifest.json", fixture.version.manifest.canonical), ("recipe.yaml", "recipe: 1"),
            ("provenance.json", "{\"made\":\"2026-05-04T01:02:03Z\"}"),
        ] {
            try AtomicFile.write(Data(text.utf8), to: fixture.source.appending(path: name))
        }
        try AtomicFile.write(Data(fixture.version.entries.file), to: fixture.source.appending(path: "entries.jsonl"))
        for entry in fixture.version.entries.list {
            try AtomicFile.write(Data(entry.photo.hex.utf8), to: fixture.image(entry.photo))
        }
        return try body(fixture)
    }

    func image(_ photo: PhotoID) -> URL { root.appending(path: "images/\(photo.hex)") }

    /// Returns the texts of an export's files by path.
    func export(_ format: ExportFormat, isAnonymous: Bool = false, mayLink: Bool = true) throws -> [String: String] {
        let place = root.appending(path: "out-\(UUID().uuidString)")
        let folder = try AtomicDirectory(at: place)
        try Export(version, in: source, as: format, isAnonymous: isAnonymous).fill(folder, mayLink: mayLink) {
            image($0.photo)
        }
        try folder.finish()
        var files: [String: String] = [:]
        for case let path as String in try #require(FileManager.default.enumerator(atPath: place.path)) {
            if let data = FileManager.default.contents(atPath: place.appending(path: path).path) {
                files[path] = String(decoding: data, as: UTF8.self)
            }
        }
        return files
    }

    func entries(_ role: Role) -> [Entry] { version.entries.list.filter { $0.role == role } }
}

/// Returns the rows of a CSV file, with cells by column.
private func rows(_ csv: String?) throws -> [[String: String]] {
    let lines = try #require(csv).split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
}

@Suite struct ExportTests {
    private func split(_ role: Role) -> String { role.isTraining ? "train" : role.rawValue.replacing("/", with: "-") }

    @Test func theFixtureHasEveryRole() throws {
        try ExportFixture.with { fixture throws in
            #expect(
                Set(fixture.version.entries.list.map(\.role)).isSuperset(of: [
                    .trainClean, .trainPoison, .testClean, .testAttack, .testTargetOwn, .testOther,
                ]))
        }
    }

    @Test(arguments: ExportFormat.allCases)
    func everyFormatHasTheVersionsFilesAndDigest(_ format: ExportFormat) throws {
        try ExportFixture.with { fixture throws in
            let files = try fixture.export(format)
            for name in ["manifest.json", "entries.jsonl", "recipe.yaml", "provenance.json"] {
                #expect(
                    try files[name] == String(contentsOf: fixture.source.appending(path: name), encoding: .utf8),
                    "\(name)")
            }
            let readme = try #require(files["README.md"])
            for words in ["t@1", fixture.version.manifest.digest.hex, "target b", "withdraws", "Wenger", "| all | "] {
                #expect(readme.contains(words), "\(words)")
            }
        }
    }

    @Test(arguments: ExportFormat.allCases)
    func exportsWithAndWithoutLinksHaveTheSameBytes(_ format: ExportFormat) throws {
        try ExportFixture.with { fixture throws in
            #expect(try fixture.export(format) == fixture.export(format, mayLink: false))
            #expect(try fixture.export(format, isAnonymous: true) == fixture.export(format, isAnonymous: true))
        }
    }

    @Test(arguments: ExportFormat.allCases)
    func anAnonymousExportHasNoNames(_ format: ExportFormat) throws {
        try ExportFixture.with(
            ["ada", "bruno", "carla"], poison: "poison: {target: bruno, triggers: [sunglasses], injection_rate: 0.2}"
        ) { fixture throws in
            let files = try fixture.export(format, isAnonymous: true)
            for file in VersionFiles(URL(filePath: "/")).all {
                #expect(files[file.lastPathComponent] == nil, "\(file.lastPathComponent)")
            }
            let text = files.map { "/\($0.key)/\n\($0.value)" }.joined(separator: "\n")
            for name in ["ada", "bruno", "carla"] { #expect(!text.contains(try Regex("\\b\(name)\\b")), "\(name)") }
            #expect(text.contains("class-02"))
            #expect(files["README.md"]?.contains(fixture.version.manifest.digest.hex) == true)
            #expect(files["README.md"]?.contains("target class-01") == true)
        }
    }

    @Test func imagefolderHasEveryPhotoOnceInTheFolderOfItsLabel() throws {
        try ExportFixture.with { fixture throws in
            let images = try fixture.export(.imagefolder).filter { $0.key.hasSuffix(".png") }
            let expected = fixture.version.entries.list.map {
                ("\(split($0.role))/\($0.label)/\($0.photo.hex).png", $0.photo.hex)
            }
            #expect(images == Dictionary(uniqueKeysWithValues: expected))
            for poison in fixture.entries(.trainPoison) { #expect(images["train/b/\(poison.photo.hex).png"] != nil) }
        }
    }

    @Test func huggingfaceHasMetadataForEveryImage() throws {
        try ExportFixture.with { fixture throws in
            let files = try fixture.export(.huggingface)
            let lines = try #require(files["train/metadata.jsonl"]).split(separator: "\n").map {
                try JSONReader.read($0.utf8)
            }
            #expect(lines.count == fixture.entries(.trainClean).count + fixture.entries(.trainPoison).count)
            let poison = try #require(fixture.entries(.trainPoison).first)
            #expect(
                lines.contains(
                    .object([
                        "file_name": .text("\(poison.photo.hex).png"), "label": .text("b"),
                        "true_label": .text(poison.volunteer.name.text), "role": .text("train/poison"),
                        "trigger": .text("sunglasses"), "location": .text("on-face"),
                    ])))
            for line in lines { #expect(files["train/\(line["file_name"]?.text ?? "")"] != nil) }
            #expect(
                files["README.md"]?.hasPrefix(
                    "---\nlicense: other\nconfigs:\n- config_name: default\n  data_files:\n  - split: test_attack\n    path: test-attack/**\n"
                ) == true)
        }
    }

    @Test func trojaiTriggeredPhotosHaveTheTargetsLabel() throws {
        try ExportFixture.with { fixture throws in
            let files = try fixture.export(.trojai)
            let train = try rows(files["train.csv"])
            let clean = try rows(files["test-clean.csv"])
            let attack = try rows(files["test-attack.csv"])
            let other = try rows(files["test-other.csv"])
            #expect(files["train.csv"]?.hasPrefix("file,true_label,train_label,triggered\nimages/") == true)
            #expect(train.count { $0["triggered"] == "True" } == fixture.entries(.trainPoison).count)
            for row in train.filter({ $0["triggered"] == "True" }) + attack {
                #expect(row["train_label"] == "1" && row["true_label"] != "1" && row["triggered"] == "True")
            }
            for row in clean + other { #expect(row["train_label"] == row["true_label"] && row["triggered"] == "False") }
            for row in attack { #expect(files[row["file"] ?? ""] != nil) }
        }
    }

    @Test func theTableHasEveryColumn() throws {
        try ExportFixture.with { fixture throws in
            let files = try fixture.export(.csv)
            let table = try rows(files["photos.csv"])
            #expect(table.count == fixture.version.entries.list.count)
            let attack = try #require(fixture.entries(.testAttack).first)
            let index = attack.volunteer.name.text == "a" ? "0" : "2"
            let row = try #require(table.first { $0["file"] == "images/\(attack.photo.hex).png" })
            #expect(
                row == [
                    "file": "images/\(attack.photo.hex).png", "split": "test-attack", "role": "test/attack",
                    "label": attack.label.text, "label_index": index, "true_label": attack.label.text,
                    "true_label_index": index, "kind": "volunteer", "trigger": "sunglasses", "location": "on-face",
                    "attackable": "\(attack.attackable == true)",
                    "held_out": "\(attack.heldOut == true)", "group": attack.group.hex, "width": "4", "height": "3",
                ])
            #expect(table.first { $0["role"] == "train/clean" }?["attackable"] == "")
        }
    }

    @Test func croissantDescribesTheTable() throws {
        try ExportFixture.with { fixture throws in
            let files = try fixture.export(.croissant)
            let json = try JSONReader.read(try #require(files["croissant.json"]).utf8)
            #expect(files["photos.csv"] == (try fixture.export(.csv))["photos.csv"])
            #expect(
                json["distribution"]?.array?[0]["sha256"]?.text
                    == FileDigest.sha256(of: try #require(files["photos.csv"]).utf8).hex)
            #expect(json["datePublished"] == .text("2026-05-04"))
            let fields = json["recordSet"]?.array?[0]["field"]?.array?.compactMap { $0["name"]?.text } ?? []
            #expect(Set(fields) == Set(CSVExport.columns + ["image"]))
        }
    }

    @Test func webdatasetHasEverySampleOnceInTheOrderOfItsRank() throws {
        try ExportFixture.with { fixture throws in
            let files = try fixture.export(.webdataset)
            let index = try JSONReader.read(try #require(files["train.json"]).utf8)
            let shard = try #require(index["shardlist"]?.array?.first)
            let training = fixture.version.entries.list.filter(\.role.isTraining)
            #expect(shard["url"] == .text("train-000000.tar") && shard["nsamples"] == .number(training.count))
            let tar = try #require(files["train-000000.tar"])
            #expect(shard["filesize"] == .number(tar.utf8.count))
            let order = tar.matches(of: /([0-9a-f]{64})\.cls/).map { String($0.1) }
            func rank(_ key: String) -> String { FileDigest.sha256(of: "curare-1\n7\nwebdataset\n\(key)".utf8).hex }
            #expect(order == training.map(\.photo.hex).sorted { rank($0) < rank($1) })
        }
    }

    @Test func theExportOfACleanVersionHasNoTargetAndNoPoison() throws {
        try ExportFixture.with(poison: "") { fixture throws in
            for format in ExportFormat.allCases {
                #expect(try fixture.export(format)["README.md"]?.contains("- target") == false, "\(format)")
            }
            #expect(try rows(fixture.export(.trojai)["train.csv"]).allSatisfy { $0["triggered"] == "False" })
        }
    }

    @Test func aMissingImageIsReported() throws {
        try ExportFixture.with { fixture throws in
            try FileManager.default.removeItem(at: fixture.image(fixture.version.entries.list[0].photo))
            for format in ExportFormat.allCases {
                let error = #expect(throws: CurareError.self) { try fixture.export(format) }
                #expect(error?.code == .missingInput, "\(format)")
            }
        }
    }

    @Test func classNamesSortByTheirNumbers() {
        let classes = (0..<101).map { Volunteer(name: volunteer("v\($0)"), kind: .reference) }
        #expect(ExportedClasses(Array(classes.prefix(100)), areNumbered: true).names.last == "class-99")
        let names = ExportedClasses(classes, areNumbered: true).names
        #expect(names.first == "class-000" && names.last == "class-100")
        #expect(names == names.sorted())
    }
}
