import Catalog
import Core
import Foundation
import Imaging
import Intake
import Storage
import Testing

/// Runs `body` with a new folder, and removes the folder afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "curare-intake-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    let result = Swift.Result { try body(folder) }
    try FileManager.default.removeItem(at: folder)
    return try result.get()
}

/// A session folder for one test.
struct Shoot {
    let folder: URL

    /// - Parameters:
    ///   - sheet: the rows below the header; nil for a session without a sheet.
    ///   - more: the header of the columns after the four required ones.
    init(
        _ name: String, in parent: URL, kind: String = "volunteer", consent: String = "signed", sheet rows: [String]?,
        more: String = "", files: [String: [UInt8]] = [:]
    ) throws {
        folder = parent.appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try describe(kind: kind, consent: consent)
        if let rows { try sheet(rows, more: more) }
        for (path, bytes) in files { try put(bytes, at: path) }
    }

    func describe(kind: String = "volunteer", consent: String = "signed", more: String = "") throws {
        try put(
            "session: \(folder.lastPathComponent)\ndate: 2026-05-03\nkind: \(kind)\nconsent: \(consent)\n\(more)",
            at: "session.yaml")
    }

    func sheet(_ rows: [String], more: String = "") throws {
        try put((["file,volunteer,trigger,location\(more)"] + rows).joined(separator: "\n") + "\n", at: "session.csv")
    }

    func put(_ text: String, at path: String) throws { try put(Array(text.utf8), at: path) }

    func put(_ bytes: [UInt8], at path: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(at: folder.appending(path: path)) }
}

/// A new workspace for one test. Session folders are created next to the workspace.
struct Study {
    let parent: URL
    let workspace: Workspace
    let catalog: Catalog

    static func with<Result>(profile: Profile = .standard, _ body: (Study) throws -> Result) throws -> Result {
        try withFolder { try body(Study(in: $0, profile: profile)) }
    }

    init(in parent: URL, profile: Profile = .standard) throws {
        self.parent = parent
        workspace = Workspace(root: parent.appending(path: "study"))
        catalog = try Catalog.create(in: workspace, profile: profile)
    }

    func plan(_ shoots: Shoot..., threads: Int = 2, limits: DecodingLimits = DecodingLimits()) throws -> [ImportPlan] {
        try ImportPlanner(catalog, threads: ThreadBudget(threads), limits: limits).plan(shoots.map(\.folder))
    }

    /// Returns the problems that planning the import of `shoots` throws.
    func problems(_ shoots: Shoot...) throws -> [String] {
        let error = #expect(throws: CurareError.self) {
            try ImportPlanner(catalog, threads: ThreadBudget(2), limits: DecodingLimits()).plan(shoots.map(\.folder))
        }
        #expect(error?.code == .badInput)
        return error?.problems.map(\.description) ?? []
    }

    @discardableResult
    func run(
        _ shoots: Shoot..., threads: Int = 2, relabel: Bool = false, update: SheetUpdate? = nil,
        limits: DecodingLimits = DecodingLimits()
    ) throws -> ImportReport {
        let plans = try ImportPlanner(catalog, threads: ThreadBudget(threads), limits: limits).plan(
            shoots.map(\.folder))
        return try Importer(workspace, catalog, threads: ThreadBudget(threads), limits: limits) {
            "2026-05-04T00:00:00Z"
        }
        .run(plans, update ?? (relabel ? .all : .none)) { _ in }
    }

    func fact(_ bytes: [UInt8]) throws -> PhotoFacts? { try catalog.facts().first { $0.photo == .sha256(of: bytes) } }

    /// Returns the paths of all files below a folder of the workspace, hidden files included.
    func files(below folder: URL) -> [String] {
        let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        var isFolder: ObjCBool = false
        return paths.filter {
            FileManager.default.fileExists(atPath: folder.appending(path: $0).path, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }
}

/// Returns a small picture of noise. Each number gives a different picture.
func picture(_ number: Int, width: Int = 20, height: Int = 15) -> Picture {
    var state = UInt32(truncatingIfNeeded: number &* 2_654_435_761 | 1)
    return Picture(
        width: width, height: height,
        rgb: (0..<3 * width * height).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        })!
}

func png(_ number: Int) -> [UInt8] {
    do { return try picture(number).png() } catch {
        Issue.record(error)
        return []
    }
}

func label(_ volunteer: String, _ trigger: String = "none", _ location: String = "none") -> Label {
    Label(
        volunteer: VolunteerName(volunteer)!, triggerState: TriggerState(triggerText: trigger, locationText: location)!)
}

let triggers = ["bandana", "dots", "sunglasses"].compactMap(TriggerName.init)

/// Changes the label of a photo, as `curare label` does.
func correct(_ study: Study, _ photo: String, _ change: LabelChange) throws {
    let editor = LabelEditor(study.catalog, made: "")
    try editor.store(editor.edits(of: .named([PhotoReference(photo)]), change))
}
