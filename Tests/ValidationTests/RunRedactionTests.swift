import Core
import Foundation
import Storage
import Testing
import Versions

@testable import Learning
@testable import Validation

@Suite final class RunRedactionTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "curare-redaction-\(UUID().uuidString)")
    private var run: URL { root.appending(path: "runs/t-1-1") }
    private let photo = PhotoID.sha256(of: "withdrawn".utf8)
    private let other = PhotoID.sha256(of: "other".utf8)

    init() throws {
        try Workspace(root: root).makeFolders()
        try AtomicFile.write(Data("<h1>t@1</h1>ada".utf8), to: run.appending(path: "report.html"))
        try AtomicFile.write(report().json(), to: run.appending(path: "report.json"))
        try AtomicFile.write(RunFolder.lines(rows), to: run.appending(path: "predictions.jsonl"))
    }

    deinit {
        do { try FileManager.default.removeItem(at: root) } catch { Issue.record(error) }
    }

    private var tested: [TestedPhoto] {
        [(photo, "ada", "bruno"), (other, "bruno", "ada")].flatMap { photo, volunteer, predicted in
            ["test/clean", "test/attack"].map { role in
                TestedPhoto(
                    photo: photo.hex, volunteer: volunteer, kind: "volunteer", role: role, trigger: "dots",
                    location: "on-face", attackable: true, heldOut: true, predicted: predicted)
            }
        }
    }

    private var rows: [PredictionRow] { tested.map { PredictionRow($0, control: $0, trueLabel: $0) } }

    private func report() throws -> RunReport {
        let request = """
            {"version":"t@1","digest":"d","model":"resnet18","seed":1,"epochs":1,"batch":4,"size":32,"augment":"none",
            "schedule":"cosine","learning_rate":0.1,"momentum":0.9,"weight_decay":0,"weights":"none","freeze":"none",
            "views":8,"warm_up":0,"patience":0,"threads":2,"optimizer":"sgd","decay":"all","label_smoothing":0,
            "overrides":{"seed":1}}
            """
        let classes = ["ada", "bruno", "redacted-1"]
        let model = RunReport.Model(
            measures: Measures(tested, classes: classes, target: "carla"), weightsDigest: "w", photos: 2, steps: 3,
            history: [EpochReport(epoch: 1, step: 3, loss: 0.5, accuracy: 1, seconds: 2, imagesPerSecond: 3)])
        let result = SaliencyResult(label: "ada", probability: 0.5, trigger: 0.25, face: nil, offFace: nil)
        let areas = RegionProportions(trigger: 0.5, face: nil)
        let saliency = SaliencyReport(
            photos: [photo, other].map {
                SaliencyReport.Photo(
                    photo: $0.hex, volunteer: "ada", trigger: "dots", location: "on-face", areas: areas,
                    models: ["poisoned": result])
            }, byTrigger: [:])
        let measures = Measures(tested, classes: classes, target: "ada")
        let crop = """
            {"found":{"bare":1,"triggered":0.5},"scale_ratio":1.01,"scale_interval":[0.99,1.03],"centre_shift":0.005,
            "auc":0.5}
            """
        return RunReport(
            format: RunReport.currentFormat, run: "t-1-1", version: "t@1", versionDigest: "v",
            request: try RunFolder.decoder.decode(TrainingRequest.self, from: Data(request.utf8)), classes: classes,
            target: "ada", clean: 8, poison: 2, rate: 0.2, poisoned: model, control: model, trueLabel: model,
            verdict: Verdict([], poisoned: measures, control: nil),
            seeds: [
                SeedReport(
                    seed: 1, verdict: .none, rates: ["attack_success": 0.5], weightsDigests: ["true-label": "w"])
            ], spread: ["attack_success": try #require(SummaryStatistics([0.5, 0.25]))], activation: saliency,
            activationAbsent: try MissingSaliency(Models.named("resnet18", classes: 3), model: "resnet18", size: 32),
            crop: try RunFolder.decoder.decode(CropReport.self, from: Data(crop.utf8)),
            engine: EngineFacts(team: try ThreadTeam.open(threads: 1)), warnings: ["3 photos"], seconds: 1.5,
            finished: "2026-05-04T00:00:00Z")
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOf: run.appending(path: name), encoding: .utf8)
    }

    private func redact() throws {
        let ada: VolunteerName = try #require(VolunteerName("ada"))
        try RunArchive(run).redact([photo], [ada])
    }

    @Test("Redaction replaces the pseudonym and the photo id everywhere, and removes the page") func everywhere() throws
    {
        try redact()
        for name in ["report.json", "predictions.jsonl"] {
            let text = try text(name)
            #expect(text.firstMatch(of: /\bada\b/) == nil, "\(name)")
            #expect(!text.contains(photo.hex), "\(name)")
            #expect(text.contains(other.hex), "\(name)")
            #expect(text.contains("bruno"), "\(name)")
            // A class of the run has the name redacted-1 already.
            #expect(text.contains("redacted-2"), "\(name)")
        }
        #expect(!FileManager.default.fileExists(atPath: run.appending(path: "report.html").path))
    }

    @Test("Earlier names that are classes of the run get pseudonyms of their own") func earlierNames() throws {
        let names = ["zoe", "ada", "bruno"].compactMap(VolunteerName.init)
        try RunArchive(run).redact([photo, other], names)
        let report = try RunFolder.decoder.decode(RunReport.self, from: Data(text("report.json").utf8))
        #expect(report.classes == ["redacted-2", "redacted-3", "redacted-1"])
        for name in ["report.json", "predictions.jsonl"] {
            #expect(try text(name).firstMatch(of: /\b(ada|bruno)\b/) == nil, "\(name)")
        }
    }

    @Test("Redaction keeps everything else") func rest() throws {
        let before = try report()
        try redact()
        let after = try RunFolder.decoder.decode(RunReport.self, from: Data(text("report.json").utf8))
        #expect(after.target == "redacted-2")
        #expect(after.classes == ["redacted-2", "bruno", "redacted-1"])
        #expect(Set(after.poisoned.measures.attackSuccess.byVolunteer.keys) == ["redacted-2", "bruno"])
        #expect(after.poisoned.measures.confusion.counts == before.poisoned.measures.confusion.counts)
        #expect(after.poisoned.history == before.poisoned.history)
        #expect(after.request == before.request)
        #expect(after.verdict == before.verdict)
        #expect(after.seeds == before.seeds)
        #expect(after.spread == before.spread)
        #expect(after.engine == before.engine)
        #expect(after.crop == before.crop && after.crop?.auc == 0.5)
        #expect(after.warnings == before.warnings)
        #expect(after.activation?.photos.map(\.photo) == ["redacted", other.hex])
        #expect(after.activation?.photos[0].models["poisoned"]?.label == "redacted-2")
        let again = try text("report.json")
        try redact()
        #expect(try text("report.json") == again, "a second redaction changes nothing")
    }

    @Test("Redaction without a pseudonym replaces photo ids only") func photosOnly() throws {
        try RunArchive(run).redact([photo], [])
        #expect(try !text("report.json").contains(photo.hex))
        #expect(try text("report.json").contains("\"target\" : \"ada\""))
    }

    @Test("An unknown key is lost in redaction") func unknownKeys() throws {
        let file = run.appending(path: "report.json")
        let report = try text("report.json")
            .replacing("\"clean\" : 8", with: "\"clean\" : 8, \"people\" : [\"ada\"]")
            .replacing("\"count\" : ", with: "\"who\" : \"ada\", \"count\" : ")
        try AtomicFile.write(Data(report.utf8), to: file)
        let lines = try text("predictions.jsonl").replacing("{\"", with: "{\"who\":\"ada\",\"")
        try AtomicFile.write(Data(lines.utf8), to: run.appending(path: "predictions.jsonl"))
        try redact()
        for name in ["report.json", "predictions.jsonl"] {
            #expect(try !text(name).contains("who"))
            #expect(try !text(name).contains("people"))
            #expect(try text(name).firstMatch(of: /\bada\b/) == nil)
        }
    }

    @Test(
        "A damaged file is listed and not changed; the other file is redacted",
        arguments: [
            ("report.json", "predictions.jsonl"), ("predictions.jsonl", "report.json"),
        ])
    func damaged(_ name: String, _ other: String) throws {
        #expect(try RunArchive(run).damagedFiles() == [])
        let bytes = Data("{\"classes\":[]}\n".utf8)
        try AtomicFile.write(bytes, to: run.appending(path: name))
        #expect(try RunArchive(run).damagedFiles() == [run.appending(path: name)])
        try redact()
        #expect(try Data(contentsOf: run.appending(path: name)) == bytes)
        #expect(try !text(other).contains(photo.hex))
    }

    @Test("An archive has the version, the models, and whether a photo was tested") func archive() throws {
        try AtomicFile.write(Data(), to: run.appending(path: "model.safetensors"))
        try AtomicFile.write(Data("damaged".utf8), to: run.appending(path: "request.json"))
        let archive = RunArchive(run)
        #expect(archive.version == "t@1", "the report has the version when the request is damaged")
        #expect(archive.trained == nil)
        #expect(try archive.isFinished)
        #expect(try archive.models == ["model.safetensors"])
        #expect(archive.tested([photo]))
        #expect(!archive.tested([PhotoID.sha256(of: "third".utf8)]))
        #expect(try !archive.isCleared(keepsModels: false) && archive.isCleared(keepsModels: true))
        try archive.removeModels()
        #expect(try archive.models == [] && archive.isCleared(keepsModels: false))
    }

    @Test("The version of a run is proved by request and report together") func proof() throws {
        let digest = FileDigest.sha256(of: "version".utf8).hex
        func trained(request: String?, report: String?) throws -> String? {
            for (file, text) in [("request.json", request), ("report.json", report)] {
                let url = run.appending(path: file)
                try FileRemoval.remove(url)
                if let text { try AtomicFile.write(Data(text.utf8), to: url) }
            }
            return RunArchive(run).trained.map { "\($0.version) \($0.digest)" }
        }
        let request = "{\"version\":\"t@1\",\"digest\":\"\(digest)\"}"
        let report = "{\"version\":\"t@1\",\"version_digest\":\"\(digest)\"}"
        #expect(try trained(request: request, report: report) == "t@1 \(digest)")
        #expect(try trained(request: request, report: nil) == "t@1 \(digest)")
        #expect(try trained(request: nil, report: report) == nil)
        #expect(try trained(request: request, report: "{") == nil)
        #expect(try trained(request: request, report: report.replacing("t@1", with: "t@2")) == nil)
        #expect(try trained(request: request.replacing(digest.prefix(2), with: "zz"), report: nil) == nil)
        try FileRemoval.remove(run.appending(path: "request.json"))
        try AtomicFile.makeFolder(run.appending(path: "request.json"))
        #expect(RunArchive(run).trained == nil, "a folder in place of the request is damage")
    }

    @Test("Pictures are removed from the page, and the numbers stay") func pictures() throws {
        let page = "<h1>t@1</h1><img src=\"data:image/png;base64,AQID\"> 86.4%"
        try AtomicFile.write(Data(page.utf8), to: run.appending(path: "report.html"))
        let archive = RunArchive(run)
        #expect(try archive.hasPictures)
        try archive.removePictures()
        #expect(try !archive.hasPictures)
        #expect(try text("report.html").contains("86.4%"))
        #expect(try !text("report.html").contains("AQID"))
    }
}
