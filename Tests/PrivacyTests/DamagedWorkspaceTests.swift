import Catalog
import Core
import Foundation
import Storage
import Testing
import Versions

@testable import Privacy

/// Damage in a workspace never hides data of a person who withdraws: whatever there is no proof for counts as affected,
/// and what cannot be cleaned is listed.
@Suite struct DamagedWorkspaceTests {
    static let ada = WithdrawalExecutorTests.ada
    let study: PrivateStudy

    init() throws { study = try Self.study() }

    /// Returns a study in which ada is in the version `t` and its runs, and not in the version `other` and its run.
    static func study() throws -> PrivateStudy {
        let study = try PrivateStudy()
        try study.split()
        try study.split("other", target: nil, more: "classes: {volunteers: [carla], references: none}")
        try study.run("t-1-1", of: "t@1", testing: "ada-bare-0")
        try study.run("t-1-2", of: "t@1", testing: nil)
        try study.run("other-1-1", of: "other@1", testing: "carla-bare-0")
        for (version, folder) in [("t@1", "/away/t"), ("other@1", "/away/other")] {
            let version = try #require(VersionReference(version))
            try study.catalog.record(
                ExportRecord(
                    version: version.description, digest: VersionStore(study.workspace).read(version).manifest.digest,
                    format: "csv", isAnonymous: false, path: folder, made: PrivateStudy.made))
        }
        return study
    }

    private func url(_ path: String) -> URL { study.workspace.root.appending(path: path) }

    private func write(_ text: String, to path: String) throws {
        try AtomicFile.write(Data(text.utf8), to: url(path))
    }

    private func remove(_ path: String) throws { try FileManager.default.removeItem(at: url(path)) }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: url(path).path) }

    private func undecided(_ files: [UndecidedFile]) -> [String: UndecidedFile.Reason] {
        Dictionary(uniqueKeysWithValues: files.map { ($0.printablePath, $0.reason) })
    }

    /// Withdraws ada, and expects that no bytes of her photos are left.
    @discardableResult
    private func withdraw(removesUndecided: Bool = false, keepsModels: Bool = false, redacts: Bool = false) throws
        -> [String: UndecidedFile.Reason]
    {
        let plan = try study.executor().plan(Self.ada, keepsModels: keepsModels, redacts: redacts)
        let left = try study.executor().carryOut(plan, removesUndecided: removesUndecided, made: PrivateStudy.made)
        for word in WithdrawalExecutorTests.gone { #expect(try study.traces(of: word) == [], "\(word)") }
        #expect(try study.catalog.withdrawal(of: Self.ada)?.state == (left.isEmpty ? .done : .incomplete))
        return undecided(left)
    }

    @Test("Without damage an unrelated version, run and export stay as they are") func noDamage() throws {
        let before = try study.files().filter { $0.key.hasPrefix("runs/other") || $0.key.hasPrefix("versions/other") }
        #expect(before.count > 7)
        let plan = try study.executor().plan(Self.ada)
        #expect(plan.undecided == [] && plan.exports.map(\.record.path) == ["/away/t"])
        #expect(plan.runs.map(\.run) == ["t-1-1", "t-1-2"])
        #expect(try withdraw() == [:])
        let after = try study.files().filter { $0.key.hasPrefix("runs/other") || $0.key.hasPrefix("versions/other") }
        #expect(after.filter { !$0.key.hasSuffix(".lock") } == before)
        #expect(try study.executor().plan(Self.ada).isDone)
    }

    @Test(
        "When a version is missing or damaged, its runs and exports count as affected",
        arguments: ["missing", "manifest.json", "entries.jsonl", "recipe.yaml", "provenance.json"])
    func damagedVersion(_ file: String) throws {
        let folder = "versions/other/1"
        if file == "missing" {
            try remove(folder)
        } else {
            chmod(url("\(folder)/\(file)").path, 0o600)
            let handle = try FileHandle(forWritingTo: url("\(folder)/\(file)"))
            try handle.seek(toOffset: 20)
            try handle.write(contentsOf: Data([0xFF]))
            try handle.close()
        }
        let plan = try study.executor().plan(Self.ada)
        #expect(plan.exports.map(\.record.path) == ["/away/t", "/away/other"])
        #expect(plan.runs.map(\.run) == ["other-1-1", "t-1-1", "t-1-2"])
        let left = try withdraw()
        #expect(Array(left.keys) == (file == "missing" ? [] : [folder]))
        #expect(!exists("runs/other-1-1/model.safetensors") && exists("runs/other-1-1/report.json"))
        #expect(try study.executor().plan(Self.ada).isDone == (file == "missing"))
        #expect(try withdraw(removesUndecided: true) == [:])
        #expect(!exists(folder))
        #expect(try study.executor().plan(Self.ada).isDone)
    }

    @Test("A withdrawal is completed after the damaged version was restored") func restored() throws {
        let manifest = url("versions/other/1/manifest.json")
        let bytes = try Data(contentsOf: manifest)
        try remove("versions/other/1/manifest.json")
        #expect(try withdraw() == ["versions/other/1": .unreadableVersion])
        #expect(try study.executor().incomplete.map(\.subject) == [Self.ada])
        #expect(try study.executor().finishPending().isEmpty, "an incomplete withdrawal waits for a person")
        try AtomicFile.write(bytes, to: manifest)
        #expect(try withdraw() == [:])
        #expect(exists("versions/other/1/manifest.json"))
    }

    @Test(
        "A run without proof of its version counts as affected",
        arguments: [
            ("request.json", nil), ("request.json", "{"), ("request.json", #"{"version":"other@1","digest":"00"}"#),
            ("report.json", "[]"), ("report.json", #"{"version":"other@2","version_digest":"00"}"#),
        ] as [(String, String?)])
    func damagedRun(_ file: String, _ text: String?) throws {
        try remove("runs/other-1-1/\(file)")
        if let text { try write(text, to: "runs/other-1-1/\(file)") }
        #expect(try study.executor().plan(Self.ada).runs.map(\.run) == ["other-1-1", "t-1-1", "t-1-2"])
        #expect(try withdraw() == [:])
        #expect(!exists("runs/other-1-1/model.safetensors"))
    }

    @Test("A run whose predictions mention a withdrawn photo is affected, also when they are not text")
    func predictions() throws {
        let photo = try #require(study.photos["ada-bare-3"])
        try AtomicFile.write(
            Data([0xFF, 0x22] + Array(photo.hex.utf8)), to: url("runs/other-1-1/predictions.jsonl"))
        #expect(try study.executor().plan(Self.ada).runs.map(\.run).contains("other-1-1"))
        #expect(try withdraw() == [:])
    }

    @Test("Copies of models, folders and hidden runs are removed from affected runs", arguments: [false, true])
    func strangeFilesInRuns(_ keepsModels: Bool) throws {
        for name in ["model.safetensors.bak", "old/model.bin", "notes.txt"] {
            try AtomicFile.write(PrivateStudy.bytes("model of t-1-1"), to: url("runs/t-1-1/\(name)"))
        }
        try FileManager.default.copyItem(at: url("runs/t-1-1"), to: url("runs/.t-1-1.old"))
        let plan = try study.executor().plan(Self.ada, keepsModels: keepsModels)
        #expect(plan.runs.map(\.run) == [".t-1-1.old", "t-1-1", "t-1-2"])
        #expect(plan.runs[1].otherFiles == ["model.safetensors.bak", "notes.txt", "old"])
        #expect(try withdraw(keepsModels: keepsModels) == [:])
        let left = try Set(study.files().keys.filter { $0.hasPrefix("runs/") && !$0.hasSuffix("/.lock") })
        let names =
            ["predictions.jsonl", "report.html", "report.json", "request.json"]
            + (keepsModels ? ["model.safetensors", "model.safetensors.bak", "model.checkpoint"] : [])
        let expected = names.flatMap { ["runs/t-1-1/\($0)", "runs/.t-1-1.old/\($0)"] }
        #expect(left.filter { !$0.contains("other-1-1") } == Set(expected))
        #expect(try study.executor().plan(Self.ada, keepsModels: keepsModels).isDone)
    }

    @Test("A damaged page is removed") func damagedPage() throws {
        let page = url("runs/t-1-1/report.html")
        var bytes = try Data(contentsOf: page)
        bytes[bytes.count / 2] = 0xFF
        try AtomicFile.write(bytes, to: page)
        #expect(try withdraw() == [:])
        #expect(!exists("runs/t-1-1/report.html"))
    }

    @Test("Files and links at unknown places are listed, and are removed on request") func unknownPlaces() throws {
        let secret = PrivateStudy.bytes("image of ada-bare-0").map { $0 ^ 1 }
        let places = [
            "photos/00/x.jpg", "photos/backup", "images/512-none-srgb/x.png", "images/old", "versions/notes",
            "versions/t/1.bak", "versions/t/1/photo.png", "runs/plain", "runs/other-1-1/copy.png", "quarantine/x.jpg",
            "quarantine/studio/x.tmp/y",
        ]
        for place in places { try AtomicFile.write(secret, to: url(place)) }
        #expect(symlink("/etc", url("runs/link").path) == 0)
        #expect(symlink("../t-1-1", url("runs/t-1-1/self").path) == 0)
        let plan = undecided(try study.executor().plan(Self.ada).undecided)
        let left = try withdraw()
        #expect(left["runs/link"] == .link)
        // Nobody knows who is in a file of a session in which ada posed, so that the file is removed.
        #expect(Set(left.keys) == Set(places.dropLast() + ["runs/link"]))
        #expect(plan == left)
        #expect(try withdraw(removesUndecided: true) == [:])
        #expect(FileManager.default.fileExists(atPath: "/etc/passwd"))
        #expect(places.allSatisfy { !exists($0) })
    }

    @Test("A copy of a withdrawn photo under another name is removed without a question") func copies() throws {
        let photo = try #require(study.photos["ada-bare-0"])
        for place in ["photos/copy.jpg", "runs/copy", "quarantine/copy", "versions/t/1/copy"] {
            try AtomicFile.write(PrivateStudy.bytes("ada-bare-0"), to: url(place))
        }
        try AtomicFile.write(PrivateStudy.bytes("x"), to: url("images/\(photo.hex).png~"))
        try AtomicFile.write(
            PrivateStudy.bytes("quarantined one"), to: url("photos/ab/\(String(repeating: "ab", count: 32)).jpg"))
        #expect(try withdraw() == [:])
    }

    /// Files outside Curare's folders: copies of removed files, and others.
    private func writeOtherFiles() throws -> (copies: Set<String>, others: [String]) {
        let copies = ["copy.jpg", "backup/old/copy.jpg", ".hidden/copy", "weights/copy.safetensors", ".lock.old"]
        for path in copies { try AtomicFile.write(PrivateStudy.bytes("ada-bare-0"), to: url(path)) }
        try AtomicFile.write(PrivateStudy.bytes("quarantined one"), to: url("backup/quarantined"))
        let others = ["backup/bruno.jpg", "backup/changed.jpg", "notes.txt"]
        try AtomicFile.write(PrivateStudy.bytes("bruno-bare-0"), to: url(others[0]))
        try AtomicFile.write(PrivateStudy.bytes("ada-bare-0") + [0], to: url(others[1]))
        try write("x", to: others[2])
        return (Set(copies + ["backup/quarantined"]), others)
    }

    @Test("A person decides about identical copies outside Curare's folders", arguments: [false, true])
    func copiesOutside(_ isRemovedByHand: Bool) throws {
        let (copies, others) = try writeOtherFiles()
        let elsewhere = study.root.appending(path: "elsewhere/copy.jpg")
        try AtomicFile.write(PrivateStudy.bytes("ada-bare-0"), to: elsewhere)
        #expect(symlink(elsewhere.deletingLastPathComponent().path, url("linked").path) == 0)
        #expect(symlink(elsewhere.path, url("backup/linked.jpg").path) == 0)
        let plan = try study.executor().plan(Self.ada)
        #expect(undecided(plan.undecided) == Dictionary(uniqueKeysWithValues: copies.map { ($0, .copy) }))
        #expect(
            plan.unknownFiles.map(\.description)
                == [".hidden", ".lock.old", "backup", "copy.jpg", "linked", "notes.txt"])
        let left = try study.executor().carryOut(plan, made: PrivateStudy.made)
        #expect(left == plan.undecided && copies.allSatisfy(exists))
        #expect(try study.catalog.withdrawal(of: Self.ada)?.state == .incomplete)
        let again = try study.executor().plan(Self.ada)
        #expect(!again.isDone && again.undecided == left)
        if isRemovedByHand { for path in copies { try remove(path) } }
        #expect(try study.executor().carryOut(again, removesUndecided: !isRemovedByHand, made: PrivateStudy.made) == [])
        #expect(!copies.contains(where: exists) && others.allSatisfy(exists))
        #expect(FileManager.default.fileExists(atPath: elsewhere.path))
        #expect(try study.catalog.withdrawal(of: Self.ada)?.state == .done)
        #expect(try study.executor().plan(Self.ada).isDone)
        // A copy that appears later is found too.
        try AtomicFile.write(PrivateStudy.bytes("ada-bare-0"), to: url("again.jpg"))
        #expect(try !study.executor().plan(Self.ada).isDone)
    }

    @Test("A person decides about what cannot be searched outside Curare's folders") func unreadOutside() throws {
        try write("x", to: "backup/x")
        let folder = Array(url("backup").path.utf8) + Array("/a".utf8) + [0xFF, UInt8(ascii: "b"), 0]
        #expect(mkdir(folder.map { CChar(bitPattern: $0) }, 0o700) == 0)
        #expect(try study.executor().plan(Self.ada).unknownFiles.map(\.description) == ["backup"])
        #expect(try withdraw() == ["backup/a\\xffb": .unreadableFile])
        #expect(try study.catalog.withdrawal(of: Self.ada)?.state == .incomplete)
        #expect(try withdraw(removesUndecided: true) == [:])
        #expect(exists("backup/x"))
    }

    @Test("A version that was damaged and removed before the withdrawal needs no decision afterwards")
    func removedBefore() throws {
        try remove("versions/t/1")
        try remove("versions/other/1")
        #expect(try withdraw() == [:])
        #expect(try study.catalog.withdrawal(of: Self.ada)?.undecidedVersions == ["other@1", "t@1"])
    }

    @Test("Damaged notes in quarantine are listed, unless the person posed in the session") func damagedNotes() throws {
        try study.quarantined("five", ["carla"], in: "lost")
        try study.quarantined("six", ["carla"], in: "lost")
        try study.quarantined("seven", ["nobody-knows"], in: "lost")
        try study.quarantined("eight", ["carla"], in: "lost")
        let five = study.quarantineFiles("five", in: "lost")
        let seven = study.quarantineFiles("seven", in: "lost")
        try FileManager.default.removeItem(at: five.note)
        try Data("{".utf8).write(to: study.quarantineFiles("six", in: "lost").note)
        try Data("{".utf8).write(to: study.quarantineFiles("two", in: "studio").note)
        let left = try withdraw()
        #expect(Set(left.values) == [.damagedNote])
        let expected = [five.key, study.quarantineFiles("six", in: "lost").key, seven.key]
        #expect(Set(left.keys.map { String($0.dropFirst("quarantine/lost/".count).prefix(64)) }) == Set(expected))
        #expect(!exists("quarantine/studio"))
        #expect(try withdraw(removesUndecided: true) == [:])
        #expect(exists("quarantine/lost/\(study.quarantineFiles("eight", in: "lost").key).bytes"))
    }

    @Test("An original that is not in the catalog is listed; its image is removed") func unknownPhoto() throws {
        let photo = PhotoID.sha256(of: "x".utf8)
        let original = study.workspace.photoFile(photo, format: "png")
        let image = study.workspace.imageFile(photo, try study.catalog.defaultProfile())
        try AtomicFile.write(Data("x".utf8), to: original)
        try AtomicFile.write(Data("y".utf8), to: image)
        #expect(Array(try withdraw().values) == [.unknownPhoto])
        #expect(!FileManager.default.fileExists(atPath: image.path))
    }

    @Test(
        "With redaction, damaged reports and predictions are listed", arguments: ["report.json", "predictions.jsonl"])
    func damagedReport(_ name: String) throws {
        try write("{\"photo\":\"x\"}\n", to: "runs/t-1-1/\(name)")
        #expect(try withdraw(redacts: true) == ["runs/t-1-1/\(name)": .damagedReport])
        #expect(try withdraw(removesUndecided: true, redacts: true) == [:])
        #expect(!exists("runs/t-1-1/\(name)"))
    }

    @Test("A name that is not UTF-8 or has control characters is escaped, and the file is removed") func strangeNames()
        throws
    {
        for name in [[0x61, 0xFF, 0x62], Array("a\u{1B}[31m\u{202E}b".utf8)] as [[UInt8]] {
            let path = Array("\(study.workspace.runs.path)/".utf8) + name + [0]
            let file = path.map { CChar(bitPattern: $0) }
            let descriptor = open(file, O_CREAT | O_WRONLY, 0o600)
            #expect(descriptor >= 0 && close(descriptor) == 0)
        }
        #expect(try withdraw().keys.sorted() == ["runs/a\\u001b[31m\\u202eb", "runs/a\\xffb"])
        #expect(try withdraw(removesUndecided: true) == [:])
    }

    @Test("A folder of the workspace that is a file is listed, and made again after its removal") func replacedFolder()
        throws
    {
        try remove("versions")
        try write("x", to: "versions")
        #expect(try withdraw() == ["versions": .unknownFile])
        #expect(try withdraw(removesUndecided: true) == [:])
        #expect(try VersionStore(study.workspace).list().isEmpty && exists("versions"))
    }

    @Test("An older copy of the catalog is listed among the unknown files") func catalogCopy() throws {
        try write("x", to: "curare.sqlite.bak")
        #expect(try study.executor().plan(Self.ada).unknownFiles.map(\.description) == ["curare.sqlite.bak"])
    }

    @Test("Files of withdrawn photos that come back, for example from a backup, are removed again") func returned()
        throws
    {
        try withdraw()
        let photo = try #require(study.photos["ada-bare-0"])
        try AtomicFile.write(PrivateStudy.bytes("ada-bare-0"), to: study.workspace.photoFile(photo, format: "jpeg"))
        #expect(try !study.executor().plan(Self.ada).isDone)
        #expect(try withdraw() == [:])
        #expect(try study.executor().plan(Self.ada).isDone)
    }
}
