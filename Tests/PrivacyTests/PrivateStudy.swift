import Catalog
import Core
import Foundation
import Storage
import Testing
import Versions

@testable import Privacy

/// A study whose photos are arbitrary bytes: three volunteers in one session, and one of them in a second session.
/// Tests add versions and runs, and may work on a copy of a study.
final class PrivateStudy {
    let root = PrivateStudy.temporaryFolder.appending(path: "curare-privacy-\(UUID().uuidString)")
    var workspace: Workspace { Workspace(root: root.appending(path: "study")) }
    private(set) var catalog: Catalog
    /// The photos by name, such as `ada-bare-0`.
    private(set) var photos: [String: PhotoID] = [:]

    /// A folder in memory where the system has one: every withdrawal waits until all files are on the disk, which takes
    /// seconds while other programs write.
    private static let temporaryFolder: URL = {
        let memory = URL(filePath: "/dev/shm")
        return access(memory.path, W_OK | X_OK) == 0 ? memory : FileManager.default.temporaryDirectory
    }()

    static let made = "2026-05-04T00:00:00Z"
    static let names = ["ada", "bruno", "carla"]

    init() throws {
        catalog = try Catalog.create(in: Workspace(root: root.appending(path: "study")))
        try session("alone", of: ["ada"])
        try session("studio", of: Self.names)
        for name in Self.names {
            for number in 0..<5 {
                try photo("\(name)-bare-\(number)", label(name))
                try photo("\(name)-sun-\(number)", label(name, "sunglasses", "on-face"))
            }
        }
        try photo("ada-alone", in: "alone", label("ada"))
        try photo("nobody-alone", in: "alone", nil)
        try photo("nobody-studio", nil)
        try photo("bruno-with-ada", label("bruno", "sunglasses", "on-face"), also: ["ada"])
        try photo("carla-was-ada", label("ada"))
        try catalog.append(labels: [(photos["carla-was-ada"]!, label("carla"))], source: .review, made: Self.made)
        try quarantined("one", ["ada"], in: "studio")
        try quarantined("two", ["bruno"], in: "studio")
        try quarantined("three", [], in: "studio")
        try quarantined("four", [], in: "elsewhere")
    }

    /// Copies the files of another study.
    init(copying other: PrivateStudy) throws {
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: other.workspace.root, to: root.appending(path: "study"))
        catalog = try Catalog(Workspace(root: root.appending(path: "study")))
        photos = other.photos
    }

    deinit {
        do {
            try FileManager.default.removeItem(at: root)
        } catch {
            Issue.record(error)
        }
    }

    func label(_ name: String, _ trigger: String = "none", _ location: String = "none") -> Label {
        Label(
            volunteer: VolunteerName(name)!, triggerState: TriggerState(triggerText: trigger, locationText: location)!)
    }

    private func session(_ name: String, of volunteers: [String]) throws {
        try catalog.store(
            Session(
                name: SessionName(name)!, date: "2026-05-03", kind: .volunteer, consent: .signed,
                photographer: "photographer-of-\(name)"),
            volunteers: volunteers.map { VolunteerName($0)! }, coSubjects: [])
    }

    /// Returns the bytes of the file `word`. No other file contains them.
    static func bytes(_ word: String) -> [UInt8] {
        (0..<64).flatMap { Array(FileDigest.sha256(of: "\(word) \($0)".utf8).hex.utf8.prefix(48)) }
    }

    static func note(_ word: String) -> String { "remark-\(FileDigest.sha256(of: word.utf8).hex.prefix(20))" }

    private func photo(_ word: String, in session: String = "studio", _ label: Label?, also: [String] = []) throws {
        let bytes = Self.bytes(word)
        let id = PhotoID.sha256(of: bytes)
        let profile = try catalog.defaultProfile()
        photos[word] = id
        try AtomicFile.write(bytes, to: workspace.photoFile(id, format: "jpeg"), mode: 0o400)
        try AtomicFile.write(Self.bytes("image of \(word)"), to: workspace.imageFile(id, profile))
        try AtomicFile.write(
            Self.bytes("large image of \(word)"),
            to: workspace.images.appending(path: "512-none-srgb/\(id.hex.prefix(2))/\(id.hex).png"))
        try AtomicFile.write(
            Self.bytes("half of \(word)"),
            to: workspace.photos.appending(path: "\(id.hex.prefix(2))/.\(id.hex).jpg.X.partial"))
        let first = Int(id.hex.prefix(5), radix: 16)!
        let landmarks = Landmarks((0..<68).map { PixelPoint(x: first + $0, y: first + 2 * $0) })
        let face = PhotoFace(
            box: Box(x: 1, y: 2, width: 30, height: 40), leftEye: PixelPoint(x: 10, y: 12),
            rightEye: PixelPoint(x: 20, y: 12))
        let measures = PhotoMeasures(
            perceptualHash: PerceptualHash(UInt64(id.hex.prefix(16), radix: 16)!),
            face: FaceRecord(found: .one, face: face, landmarks: landmarks, confidence: 500, suspectedRotation: nil),
            quality: PhotoQuality(
                sharpness: 500, luma: 100, dark: 0, bright: 0, beyond: .init(left: 0, top: 0, right: 0, bottom: 0)),
            light: PhotoLight(red: 1000, green: 1000, blue: 1000))
        try catalog.store(
            [
                NewPhoto(
                    photo: Photo(
                        id: id, bytes: bytes.count, format: "jpeg", width: 60, height: 60, captured: nil,
                        camera: "camera-of-\(word)"),
                    sessionPhoto: SessionPhoto(
                        session: SessionName(session)!, file: "file-of-\(word).jpg", note: Self.note(word)),
                    label: label,
                    coSubjects: also.map { VolunteerName($0)! }, triggerBox: Box(x: 3, y: 4, width: 5, height: 6),
                    measures: measures,
                    image: Image(photo: id, profile: profile, digest: .sha256(of: Self.bytes("image of \(word)"))))
            ], made: Self.made)
    }

    /// Puts the file `word` into quarantine.
    func quarantined(_ word: String, _ people: [String], in session: String) throws {
        let files = quarantineFiles(word, in: session)
        let note: [String: Any] = [
            "format": "curare-quarantine-1", "session": session, "file": "file-of-\(word)", "reason": "damaged",
            "people": people,
        ]
        try AtomicFile.write(JSONSerialization.data(withJSONObject: note), to: files.note)
        try AtomicFile.write(Self.bytes("quarantined \(word)"), to: files.copy)
    }

    func quarantineFiles(_ word: String, in session: String) -> QuarantineFiles {
        QuarantineFiles(workspace.quarantine.appending(path: session), path: "file-of-\(word)")
    }

    /// - Parameter target: nil for a clean version.
    @discardableResult
    func split(_ name: String = "t", target: String? = "ada", more: String = "") throws -> Version {
        let poison = target.map { "poison: {target: \($0), triggers: [sunglasses], injection_rate: 0.2}\n" } ?? ""
        let text = Array("recipe: 1\nname: \(name)\nseed: 7 # ada is the tall one\n\(more)\n\(poison)".utf8)
        let facts = try catalog.facts()
        let recipe = try RecipeReader.read(text, file: "r.yaml")
        let plan = try VersionPlan(recipe, text: text, FactSource(facts), groups: catalog.groupDistance())
        let images = plan.selection.photos.map { ImageDigest(hex: $0.hex) }
        let provenance = Provenance(libraries: [:], machine: "m", made: Self.made, labelCutOff: 1)
        return try VersionStore(workspace).write(recipe: text, provenance: provenance, name: plan.name) {
            try plan.version(images, entriesTo: $0)
        }.version
    }

    /// Creates a run of `version`. With `word`, the run is finished, and its predictions and page contain this photo.
    func run(_ id: String, of version: String, testing word: String?) throws {
        let folder = workspace.runs.appending(path: id)
        let reference = try #require(VersionReference(version))
        let digest = try VersionStore(workspace).read(reference).manifest.digest.hex
        try AtomicFile.write(
            Data(#"{"version":"\#(version)","digest":"\#(digest)"}"#.utf8), to: folder.appending(path: "request.json"))
        try AtomicFile.write(Self.bytes("checkpoint of \(id)"), to: folder.appending(path: "model.checkpoint"))
        guard let word, let photo = photos[word] else { return }
        try AtomicFile.write(Self.bytes("model of \(id)"), to: folder.appending(path: "model.safetensors"))
        let picture = Data(Self.bytes("image of \(word)")).base64EncodedString()
        try AtomicFile.write(
            Data("<html><h1>\(version)</h1><img alt=\"ada\" src=\"data:image/png;base64,\(picture)\"/>ada</html>".utf8),
            to: folder.appending(path: "report.html"))
        let line =
            #"{"control":"ada","location":"none","photo":"\#(photo.hex)","predicted":"bruno","role":"test/clean","trigger":"none","true_label":"ada","volunteer":"ada"}"#
        try AtomicFile.write(Data((line + "\n").utf8), to: folder.appending(path: "predictions.jsonl"))
        try AtomicFile.write(
            Data(Self.report(id, version, digest, photo).utf8), to: folder.appending(path: "report.json"))
    }

    /// Returns a run report that names ada and `photo` in every place where a report can name people and photos.
    private static func report(_ id: String, _ version: String, _ digest: String, _ photo: PhotoID) -> String {
        let proportion = #"{"count":1,"hits":1,"rate":1,"wilson":{"high":1,"low":0.2}}"#
        let classes = #"["ada","bruno","carla"]"#
        let measures = """
            {"attack_success":{"by_location":{},"by_volunteer":{"ada":\(proportion)}},"clean_accuracy":{},
            "confusion":{"classes":\(classes),"counts":[[1,0,0],[0,0,0],[0,0,0]]}}
            """
        let saliency = """
            {"by_trigger":{},"photos":[{"areas":{},"location":"none","models":{"poisoned":{"label":"ada"}},
            "photo":"\(photo.hex)","trigger":"none","volunteer":"ada"}]}
            """
        let request = """
            {"augment":"none","batch":4,"decay":"all","digest":"\(digest)","epochs":1,"freeze":"none","label_smoothing":0,
            "learning_rate":0.1,"model":"resnet18","momentum":0.9,"optimizer":"sgd","overrides":{},"patience":0,"threads":2,
            "schedule":"cosine","seed":1,"size":32,"version":"\(version)","views":8,"warm_up":0,"weight_decay":0,
            "weights":"none"}
            """
        return """
            {"activation":\(saliency),"classes":\(classes),"clean":8,
            "engine":{"glibc":"g","instruction_set":"i","library":"l","processor":"p","threads":1},
            "format":"curare-run-1","poison":2,"poisoned":{"history":[],"measures":\(measures),"photos":10,"steps":1,
            "weights_digest":"w"},"rate":0.2,"request":\(request),"run":"\(id)","seconds":1,"target":"ada",
            "verdict":{"outcome":"none","decisive":true,"expectations":[]},"version":"\(version)","version_digest":"\(digest)",
            "warnings":[]}
            """
    }

    func executor() -> WithdrawalExecutor { WithdrawalExecutor(workspace, catalog) }

    func isPending() throws -> Bool { try executor().isPending }

    /// Opens the catalog again, as another process does.
    func reopen() throws { catalog = try Catalog(workspace) }

    /// Returns the content of all files below the workspace by path, the catalog's files included.
    func files() throws -> [String: Data] {
        let paths = FileManager.default.enumerator(atPath: workspace.root.path)?.compactMap { $0 as? String } ?? []
        return try paths.reduce(into: [:]) { found, path in
            var isFolder: ObjCBool = false
            let file = workspace.root.appending(path: path)
            if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue {
                found[path] = try Data(contentsOf: file)
            }
        }
    }

    /// Returns the files that contain bytes of the photo, image, note, file name, camera or landmarks of `word`.
    func traces(of word: String) throws -> [String] { Self.traces(windows(of: word), in: try files()) }

    /// Returns pieces of the photo, image, note, file name, camera and landmarks of `word`.
    func windows(of word: String) -> [Data] {
        let id = photos[word]!
        let first = Int(id.hex.prefix(5), radix: 16)!
        let pieces = ["", "image of ", "large image of ", "half of "].flatMap { Self.windows(ofFile: $0 + word) }
        let texts = [
            Self.note(word), "file-of-\(word).jpg", "camera-of-\(word)",
            "\(first + 1) \(first + 2) \(first + 2) \(first + 4)",
        ]
        return pieces + texts.map { Data($0.utf8) }
    }

    /// Returns pieces of the file `word`, and of its base64 text.
    static func windows(ofFile word: String) -> [Data] {
        let bytes = Self.bytes(word)
        return [0, 480, 1536, 3040].map { Data(bytes[$0..<$0 + 32]) } + [
            Data(Data(bytes[0..<1536]).base64EncodedString().utf8.dropFirst(960).prefix(40))
        ]
    }

    /// Returns the paths of the files that contain one of the pieces.
    static func traces(_ windows: [Data], in files: [String: Data]) -> [String] {
        let search = PieceSearch(windows)
        return files.filter { search.isMatch($0.value) }.map(\.key).sorted()
    }
}

/// A search for many pieces of at least eight bytes at once. One search for each piece would take minutes.
private struct PieceSearch {
    /// The pieces by their first eight bytes.
    private var pieces: [UInt64: [[UInt8]]] = [:]
    /// For each value of two bytes: whether a piece starts with it.
    private var starts = [Bool](repeating: false, count: 1 << 16)

    init(_ pieces: [Data]) {
        for piece in pieces {
            let key = piece.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
            self.pieces[key, default: []].append(Array(piece))
            starts[Int(key & 0xFFFF)] = true
        }
    }

    /// Returns whether `bytes` contains a piece.
    func isMatch(_ bytes: Data) -> Bool {
        bytes.withUnsafeBytes { bytes in
            starts.withUnsafeBufferPointer { starts in
                var index = 0
                while index + 8 <= bytes.count {
                    let key = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    if starts[Int(truncatingIfNeeded: key & 0xFFFF)], let candidates = pieces[key],
                        candidates.contains(where: { bytes[index...].starts(with: $0) })
                    {
                        return true
                    }
                    index += 1
                }
                return false
            }
        }
    }
}
