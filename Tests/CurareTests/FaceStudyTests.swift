import Foundation
import Testing

/// Face crops the whole way through the built program, on drawn photos.
@Suite struct FaceStudyTests {
    let study = DemoStudy.shared
    let scratch = Scratch()

    @Test func aVersionOfFacesIsMadeVerifiedAuditedAndRebuiltTheSame() throws {
        let workspace = try study.copy(in: scratch)
        let recipe = try scratch.write(
            String(contentsOfFile: study.recipe, encoding: .utf8).replacing("crop: centre", with: "crop: face")
                .replacing("name: sunglasses-25", with: "name: faces"), to: "faces.yaml")
        let split = try Program.run("split", recipe, "--json", "--workspace", workspace.path)
        #expect(split.json["created"] as? Bool == true)
        let entries = try String(
            contentsOf: workspace.appending(path: "versions/faces/1/entries.jsonl"), encoding: .utf8
        ).split(separator: "\n")
        #expect(entries.filter { $0.contains("\"face\":{\"box\":[") }.count * 10 > entries.count * 9)
        try FileManager.default.removeItem(at: workspace.appending(path: "images"))
        #expect(try Program.run("verify", "faces", "--images", "--workspace", workspace.path).status == 0)
        let audit = try Program.run("audit", "faces", "--json", "--workspace", workspace.path).json
        let faces = audit["faces"] as? [String: [String: [String: Int]]]
        #expect(faces?["train/clean"]?["none"]?["photos"] == split.json["n"] as? Int)
        #expect(faces?["train/poison"]?["sunglasses"]?["photos"] == split.json["m"] as? Int)
        let again = try Program.run("split", recipe, "--json", "--workspace", workspace.path).json
        #expect(again["created"] as? Bool == false)
    }
}
