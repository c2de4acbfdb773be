import Foundation
import Learning
import Testing
import WorkflowTestSupport

/// The face detector of a workspace, as a user of the program sees it.
@Suite struct FaceDetectorTests {
    let scratch: Scratch
    private let workspace: String

    init() throws {
        scratch = try Scratch()
        workspace = scratch.path("study")
    }

    private func session() throws -> String {
        try SmallStudy.writeSession(to: scratch)
        return scratch.path("garden")
    }

    @Test("Without weights, a new workspace uses the HOG detector and import recommends the weights in one line")
    func withoutWeights() throws {
        let created = try Program.run("init", workspace, "--json").json()
        #expect(created["face_detector"] as? String == "hog")
        let imported = try Program.run("import", session(), "--workspace", workspace, "--json")
        #expect(imported.status == 0)
        // A slow machine also prints progress.
        #expect(imported.err.split(separator: "\n").count { $0.contains("make face-weights") } == 1)
        #expect(
            try Program.run("status", "--workspace", workspace, "--json").json()["face_detector"] as? String == "hog")
        let photo = try Program.run("show", "garden/ada-0.png", "--workspace", workspace, "--json").json()
        #expect((photo["face"] as? [String: Any])?["detector"] as? String == "hog")
        let same = try Program.run("faces", "--detector", "hog", "--workspace", workspace, "--json").json()
        #expect(
            same["detector"] as? String == "hog" && same["faces_found"] as? Int == same["faces_found_before"] as? Int)
    }

    @Test("The detector cnn without its weights is an error with the next step")
    func missingWeights() throws {
        let refused = try Program.run("init", workspace, "--face-detector", "cnn")
        #expect(refused.status == 66 && refused.err.contains("make face-weights"), "\(refused.err)")
        #expect(!FileManager.default.fileExists(atPath: workspace))
        try Program.run("init", workspace)
        let search = try Program.run("faces", "--detector", "cnn", "--workspace", workspace)
        #expect(search.status == 66 && search.err.contains("make face-weights"), "\(search.err)")
        let status = try Program.run("status", "--workspace", workspace, "--json").json()
        #expect(status["photos"] as? Int == 0 && status["face_detector"] as? String == "hog")
    }

    @Test("Weights with other bytes are an error", arguments: ["", "truncated"])
    func damagedWeights(_ content: String) throws {
        let file = try scratch.write(content, to: "weights/\(CNNFaceDetector.fileName)")
        let environment = ["CURARE_WEIGHTS": URL(filePath: file).deletingLastPathComponent().path]
        let outcome = try Program.run("init", workspace, environment: environment)
        #expect(!FileManager.default.fileExists(atPath: workspace))
        #expect(outcome.status == 65 && outcome.err.contains("SHA-256"), "\(outcome.err)")
    }
}
