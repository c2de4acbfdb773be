import Core
import Foundation
import Storage
import WorkflowTestSupport

@testable import Learning

/// A finished and an unfinished run without a training: the files have the form and the digests of real ones.
enum PlantedRuns {
    static let finished = "small-1-1"
    static let unfinished = "small-1-2"

    static func weights(_ number: Float) throws -> Weights {
        try Weights(["fc.weight": Tensor([64], .float32((0..<64).map { Float($0) + number }))])
    }

    static func write(to workspace: Workspace) throws {
        let provenance = try WorkspaceFixture.object(in: VersionFiles(workspace.versionFolder("small", 1)).provenance)
        let digest = provenance["digest"] as? String ?? ""
        let request = request(digest)
        let done = RunFiles(workspace.runFolder(finished))
        try AtomicFile.write(Data(request.utf8), to: done.request)
        try writeModel(1, to: done.model("model", seed: 1))
        try writeModel(2, to: done.model("control", seed: 1))
        let photo = String(repeating: "0", count: 64)
        let line = """
            {"control":"ada","location":"none","photo":"\(photo)","predicted":"bruno","role":"test/clean",\
            "trigger":"none","volunteer":"ada"}
            """
        try AtomicFile.write(Data((line + "\n").utf8), to: done.predictions)
        try AtomicFile.write(Data("<html><h1>small@1</h1></html>\n".utf8), to: done.page)
        try AtomicFile.write(Data(report(request, digest).utf8), to: done.report)
        let open = RunFiles(workspace.runFolder(unfinished))
        try AtomicFile.write(Data(request.utf8), to: open.request)
        let checkpoint = Checkpoint(
            plan: TrainingPlan(size: 16, batch: 4, steps: 9, seed: 7), step: 3, weights: try weights(3),
            momentum: try weights(4), history: [], examples: "abc")
        try AtomicFile.write(to: open.checkpoint("model", seed: 1)) { try checkpoint.safetensors(put: $0) }
        try AtomicFile.write(to: workspace.features.appending(path: "0123456789abcdef-32.safetensors")) { put in
            try weights(5).safetensors(metadata: ["layers": "x"], hasDigest: true, put: put)
        }
    }

    static func writeModel(_ number: Float, hasDigest: Bool = true, to file: URL) throws {
        try AtomicFile.write(to: file) { put in
            try weights(number).safetensors(metadata: ["curare.model": "resnet18"], hasDigest: hasDigest, put: put)
        }
    }

    private static func request(_ digest: String) -> String {
        """
        {"augment":"none","batch":4,"decay":"all","digest":"\(digest)","epochs":1,"freeze":"none","label_smoothing":0,
        "learning_rate":0.1,"model":"resnet18","momentum":0.9,"optimizer":"sgd","overrides":{},"patience":0,"threads":2,
        "schedule":"cosine","seed":1,"size":32,"version":"small@1","views":8,"warm_up":0,"weight_decay":0,
        "weights":"none"}
        """
    }

    private static func report(_ request: String, _ digest: String) throws -> String {
        func model(_ number: Float) throws -> String {
            """
            {"history":[],"measures":{"attack_success":{"by_location":{},"by_volunteer":{}},"clean_accuracy":{},
            "confusion":{"classes":["ada"],"counts":[[1]]}},"photos":10,"steps":1,
            "weights_digest":"\(try weights(number).digest)"}
            """
        }
        return """
            {"classes":["ada"],"clean":8,"control":\(try model(2)),
            "engine":{"glibc":"g","instruction_set":"i","library":"l","processor":"p","threads":1},
            "format":"curare-run-1","poison":2,"poisoned":\(try model(1)),"rate":0.2,"request":\(request),
            "run":"\(finished)","seconds":1,"target":"ada",
            "verdict":{"outcome":"none","decisive":true,"expectations":[]},"version":"small@1","version_digest":"\(digest)",
            "warnings":[]}
            """
    }
}
