import Core
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct WorkspaceTreeTests {
    private static let hex = String(repeating: "ab", count: 32)
    private static let photo = PhotoID(hex: hex)!
    private static let profile = Profile(name: "256-face-srgb")!

    @Test(arguments: [
        ("curare.sqlite", WorkspaceItem.catalog), ("curare.sqlite-wal", .catalogLog),
        ("curare.sqlite-shm", .catalogLog),
        (".lock", .lock), ("photos/ab/\(hex).jpg", .original(photo, suffix: "jpg")),
        ("images/256-face-srgb/ab/\(hex).png", .image(photo, profile)),
        ("images/256-face-srgb/drawn/ab/\(hex).png", .overlaidImage(ImageDigest(hex: hex)!, profile)),
        ("versions/a-1/3/entries.jsonl", .versionFile(version: "a-1/3")),
        ("versions/a/3/overlays/dots.png", .versionFile(version: "a/3")),
        ("versions/a/.3.replaced/entries.jsonl", .replacedVersion(version: "a/3")),
        ("runs/a-1-1/report.json", .runFile(run: "a-1-1")), ("runs/a-1-1/.lock", .runFile(run: "a-1-1")),
        ("runs/a-1-1/control-2.safetensors", .runFile(run: "a-1-1")),
        ("runs/a-1-1/true-label.checkpoint", .runFile(run: "a-1-1")),
        ("runs/a-1-1/seed-1.outcome", .runFile(run: "a-1-1")), ("runs/.features/x-32.safetensors", .features),
        ("quarantine/s1/\(hex).json", .quarantine(session: "s1", key: hex)),
        ("quarantine/s1/\(hex).bytes", .quarantine(session: "s1", key: hex)), ("weights/any/thing", .weights),
        ("photos/ab/.\(hex).jpg.X.partial", .leftover), ("versions/a/.3.partial/entries.jsonl", .leftover),
        ("runs/.a-1-1.X.partial/request.json", .leftover),
    ])
    func filesOfTheFormatAreKnown(_ path: String, _ item: WorkspaceItem) {
        #expect(WorkspaceItem(path: path, isFolder: false) == item)
    }

    @Test(arguments: [
        "notes.txt", "photos/\(hex).jpg", "photos/cd/\(hex).jpg", "photos/ab/\(hex)", "photos/ab/x.jpg",
        "images/256-face-srgb/ab/\(hex).jpg", "images/5-face-srgb/ab/\(hex).png", "images/ab/\(hex).png",
        "images/0256-face-srgb/ab/\(hex).png", "versions/a/03/entries.jsonl", "versions/a/0/entries.jsonl",
        "versions/A/1/entries.jsonl", "versions/a/1/notes.txt", "versions/a/1/overlays/x/dots.png", "versions/a",
        "runs/a-1-1", "runs/a-1-1/model.safetensors.bak", "runs/a-1-1/other.safetensors",
        "runs/a-1-1/model-1.safetensors", "runs/a-1-1/seed.outcome", "runs/.hidden/report.json",
        "runs/.features/notes.txt", "quarantine/s1/x.json", "quarantine/\(hex).json", "curare.sqlite.bak", "photos",
        "runs",
    ])
    func otherFilesAreUnknown(_ path: String) {
        #expect(WorkspaceItem(path: path, isFolder: false) == .unknown)
    }

    @Test(arguments: [
        "", "photos", "photos/ab", "images/256-face-srgb", "images/256-face-srgb/drawn/ab", "versions/a/1/overlays",
        "runs/a-1-1", "runs/.features", "quarantine/s1",
    ])
    func foldersOfTheFormatAreKnown(_ path: String) {
        #expect(WorkspaceItem(path: path, isFolder: true) == .folder)
    }

    @Test(arguments: ["curare.sqlite", "photos/xy", "photos/ab/cd", "images/x", "runs/a-1-1/x", "other", ".lock"])
    func otherFoldersAreUnknown(_ path: String) {
        #expect(WorkspaceItem(path: path, isFolder: true) == .unknown)
    }

    @Test func entriesHaveKindsSizesAndPermissions() throws {
        try withFolder { folder in
            let workspace = Workspace(root: folder)
            try AtomicFile.write(Data("abc".utf8), to: workspace.runs.appending(path: "a-1-1/report.json"), mode: 0o400)
            try FileManager.default.createSymbolicLink(
                at: workspace.photos, withDestinationURL: workspace.runs.appending(path: "a-1-1"))
            var errors: [CurareError] = []
            let entries = workspace.entries { errors.append($0) }
            #expect(errors.isEmpty)
            #expect(
                entries.filter { $0.kind != .other } == [
                    WorkspaceEntry(path: "", kind: .folder, size: entries[0].size, mode: 0o700),
                    WorkspaceEntry(path: "runs", kind: .folder, size: entries[2].size, mode: 0o700),
                    WorkspaceEntry(path: "runs/a-1-1", kind: .folder, size: entries[3].size, mode: 0o700),
                    WorkspaceEntry(path: "runs/a-1-1/report.json", kind: .file, size: 3, mode: 0o400),
                ])
            #expect(entries.filter { $0.kind == .other }.map(\.path) == ["photos"])
        }
    }
}
