import Catalog
import Core
import Foundation
import Storage

/// The made-up study with what a withdrawal must find: notes, a photo that shows ada beside bruno, a file in quarantine, a run with pictures, exports.
struct PrivateStudy {
    static let notes = ["scar above the left brow", "asked for the window to be shut"]
    let scratch = Scratch()
    var workspace: URL { scratch.url("study") }
    let photos: Set<String>

    /// Made once: training takes seconds.
    static let shared: PrivateStudy? = try? PrivateStudy()

    private init() throws {
        let study = DemoStudy.shared
        let workspace = try study.copy(in: scratch)
        // Other faces than those of the study, so that every byte of them is this session's own.
        _ = try Program.run("demo", scratch.path("others"), "--seed", "2")
        let garden = scratch.url("others/sessions/spring-garden")
        let jpegs = try FileManager.default.contentsOfDirectory(atPath: garden.path).filter { $0.hasSuffix(".jpg") }
            .sorted().prefix(4).map { try Data(contentsOf: garden.appending(path: $0)) }
        try scratch.write(
            "session: noted\ndate: 2026-06-01\nkind: volunteer\nconsent: signed\n", to: "noted/session.yaml")
        try scratch.write(
            """
            file,volunteer,trigger,location,also,note
            one.jpg,ada,none,none,,\(Self.notes[0])
            two.jpg,bruno,sunglasses,on-face,ada,\(Self.notes[1])
            three.jpg,bruno,none,none,,nothing of note
            cut.jpg,ada,none,none,,

            """, to: "noted/session.csv")
        for (name, jpeg) in zip(["one", "two", "three", "cut"], jpegs) {
            try scratch.write(name == "cut" ? jpeg.prefix(jpeg.count / 2) : jpeg, to: "noted/\(name).jpg")
        }
        _ = try Program.run("import", scratch.path("noted"), "--workspace", workspace.path)
        // With ada among those whose attack photos the report shows.
        let recipe = try scratch.write(
            SmallStudy.recipe.replacing("target: ada", with: "target: emil"), to: "small.yaml")
        _ = try Program.run("split", recipe, "--workspace", workspace.path)
        _ = try Program.run("validate", "small", "--epochs", "1", "--workspace", workspace.path)
        _ = try Program.run(
            "export", "small", "--format", "imagefolder", "--to", scratch.path("exported"), "--workspace",
            workspace.path)
        photos = Set(try Catalog(Workspace(root: workspace)).photos(of: .volunteer(VolunteerName("ada")!)).map(\.hex))
    }

    /// A workspace of the test's own, and what must not be found in it after ada has withdrawn.
    func copy(in scratch: Scratch, _ name: String = "study") throws -> URL {
        let copy = scratch.url(name)
        try FileManager.default.copyItem(at: workspace, to: copy)
        return copy
    }

    func isAdas(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        return photos.contains(String(name.prefix(64)))
    }

    /// Files of `folder` that show ada, in the order of their paths, which is that of their removal.
    func adas(_ folder: String) throws -> [String] {
        try bytes(below: workspace.appending(path: folder)).keys.filter(isAdas).sorted().map { "\(folder)/\($0)" }
    }

    func scan() throws -> RawScan {
        let files = try ["photos", "images", "quarantine"].flatMap { folder in
            try bytes(below: workspace.appending(path: folder)).map { ("\(folder)/\($0.key)", $0.value) }
        }
        var scan = RawScan(files: files.filter { isAdas($0.0) || $0.0.hasSuffix(".bytes") }.map(\.1), texts: Self.notes)
        scan.ignore(whatIsIn: files.filter { !isAdas($0.0) && !$0.0.hasSuffix(".bytes") }.map(\.1))
        return scan
    }
}
