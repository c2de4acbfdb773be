import Catalog
import Core
import Foundation
import Schemas
import Storage
import Testing

@testable import Checking

/// The decisions about files, without a file. Tests of whole checks are in `WorkflowsTests`.
@Suite struct LayoutCheckTests {
    private let workspace = Workspace(root: URL(filePath: "/study"))
    private let photo = PhotoID(hex: String(repeating: "ab", count: 32))!
    private let digest = ImageDigest(hex: String(repeating: "cd", count: 32))!
    private var original: String { "photos/ab/\(photo.hex).jpg" }
    private var image: String { "images/256-face-srgb/ab/\(photo.hex).png" }

    private func folders(_ more: [WorkspaceEntry]) -> [WorkspaceEntry] {
        ["", "photos", "images", "versions", "runs", "quarantine"].map {
            WorkspaceEntry(path: $0, kind: .folder, mode: 0o700)
        } + more
    }

    private func problems(
        _ entries: [WorkspaceEntry], withdrawn: Set<PhotoID> = [], isRecorded: Bool = true, busy: Set<String> = []
    ) -> [String] {
        var records = LayoutCheck.Records(withdrawn: withdrawn)
        if isRecorded {
            records.originals = [RecordedOriginal(photo: photo, bytes: 9, format: "jpeg")]
            records.images = [.standard: [photo: digest]]
        }
        return LayoutCheck(workspace: workspace, entries: folders(entries), records: records, busyFolders: busy)
            .problems().map { "\($0.kind.rawValue) \($0.path)\($0.isRepairable ? " repairable" : "")" }
    }

    /// The JSON Schema of `curare check` lists the kinds.
    @Test func kindsAreThoseOfTheSchema() throws {
        let schema = try #require(Schemas.documents.first { $0.name == "check" }).text
        for kind in WorkspaceProblem.Kind.allCases { #expect(schema.contains("\"\(kind.rawValue)\"")) }
    }

    @Test func completeWorkspaceHasNoProblem() {
        #expect(
            problems([
                WorkspaceEntry(path: original, kind: .file, size: 9, mode: 0o400),
                WorkspaceEntry(path: image, kind: .file, size: 1),
            ]) == [])
    }

    @Test func missingFilesAreProblems() {
        #expect(problems([]) == ["missing-original \(original)", "missing-image \(image)"])
        #expect(
            problems([WorkspaceEntry(path: original, kind: .file, size: 9)]) == ["missing-image \(image) repairable"])
        #expect(
            problems([
                WorkspaceEntry(path: original, kind: .file, size: 8), WorkspaceEntry(path: image, kind: .file, size: 0),
            ]) == ["changed-original \(original)", "changed-image \(image)"])
    }

    @Test func filesWithoutRecordsAreProblems() {
        let files = [
            WorkspaceEntry(path: original, kind: .file, size: 9), WorkspaceEntry(path: image, kind: .file, size: 1),
        ]
        #expect(
            problems(files, isRecorded: false) == ["unknown-original \(original)", "unknown-image \(image) repairable"])
        #expect(problems(files, isRecorded: false, busy: [""]) == [])
        // A repair never deletes an original.
        #expect(
            problems(files, withdrawn: [photo], isRecorded: false) == [
                "withdrawn-photo \(original)", "withdrawn-photo \(image) repairable",
            ])
    }

    @Test func linkInThePlaceOfAnOriginalIsNoOriginal() {
        let found = problems([
            WorkspaceEntry(path: original, kind: .other), WorkspaceEntry(path: image, kind: .file, size: 1),
        ])
        #expect(found == ["unknown-file \(original)", "missing-original \(original)"])
    }

    @Test(
        arguments: [
            (0o600, true), (0o400, true), (0o700, true), (0o644, false), (0o200, false), (0o604, false), (0, false),
        ] as [(UInt32, Bool)])
    func permissionsOfFiles(_ mode: UInt32, _ isRight: Bool) {
        let entry = WorkspaceEntry(path: "curare.sqlite", kind: .file, size: 1, mode: mode)
        #expect(problems([entry], isRecorded: false) == (isRight ? [] : ["permissions curare.sqlite repairable"]))
    }

    @Test func weightsBelongToTheUser() {
        let entries = [
            WorkspaceEntry(path: "weights", kind: .folder, mode: 0o755),
            WorkspaceEntry(path: "weights/face.safetensors", kind: .other, mode: 0o777),
        ]
        #expect(problems(entries, isRecorded: false) == [])
    }

    @Test(arguments: [[""], ["photos/ab"]] as [Set<String>])
    func unfinishedFilesOfARunningProcessAreNoProblem(_ busy: Set<String>) {
        let entry = WorkspaceEntry(path: "photos/ab/.x.partial", kind: .file)
        #expect(problems([entry], isRecorded: false) == ["leftover photos/ab/.x.partial repairable"])
        #expect(problems([entry], isRecorded: false, busy: busy) == [])
    }

    @Test func unfinishedFolderIsOneProblem() {
        let entries = ["versions/a/.2.partial", "versions/a/.2.partial/overlays"].map {
            WorkspaceEntry(path: $0, kind: .folder, mode: 0o700)
        }
        let file = WorkspaceEntry(path: "versions/a/.2.partial/overlays/x.png", kind: .file)
        #expect(problems(entries + [file], isRecorded: false) == ["leftover versions/a/.2.partial repairable"])
    }

    @Test func onlyCopyOfAVersionIsNotRemoved() {
        let replaced = WorkspaceEntry(path: "versions/a/.2.replaced", kind: .folder, mode: 0o700)
        let version = WorkspaceEntry(path: "versions/a/2", kind: .folder, mode: 0o700)
        #expect(problems([replaced], isRecorded: false) == ["leftover versions/a/.2.replaced"])
        #expect(problems([replaced, version], isRecorded: false) == ["leftover versions/a/.2.replaced repairable"])
    }
}
