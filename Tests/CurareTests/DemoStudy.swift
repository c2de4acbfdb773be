import Foundation

/// The made-up study, drawn and imported once for all tests that only read it or copy it.
struct DemoStudy: Sendable {
    let scratch: Scratch
    var photos: URL { scratch.url("photos") }
    var workspace: URL { scratch.url("study") }
    var sessions: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: photos.appending(path: "sessions").path)) ?? []).sorted()
            .map { photos.appending(path: "sessions/\($0)").path }
    }
    var recipe: String { photos.appending(path: "sunglasses-25.yaml").path }

    /// Tests run at the same time; the first to ask draws.
    static let shared: DemoStudy = {
        let study = DemoStudy(scratch: Scratch())
        _ = try? Program.run("demo", study.photos.path)
        _ = try? Program.run("init", study.workspace.path)
        _ = try? Program.run(["import", "--workspace", study.workspace.path] + study.sessions)
        _ = try? Program.run("split", study.recipe, "--workspace", study.workspace.path)
        return study
    }()

    /// A workspace of the test's own, as the shared one stands.
    func copy(in scratch: Scratch) throws -> URL {
        let copy = scratch.url("study")
        try FileManager.default.copyItem(at: workspace, to: copy)
        return copy
    }
}

/// The bytes below a folder, by relative path.
func bytes(below folder: URL) throws -> [String: Data] {
    var found: [String: Data] = [:]
    guard let paths = FileManager.default.enumerator(atPath: folder.path) else { return [:] }
    for case let path as String in paths {
        var isFolder: ObjCBool = false
        let file = folder.appending(path: path)
        if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue {
            found[path] = try Data(contentsOf: file)
        }
    }
    return found
}
