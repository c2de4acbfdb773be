import Catalog
import Core
import Foundation
import Storage

// Creates a workspace with the catalog of a large synthetic study, for the measurements of `make bench-scale`. The same
// number of photos gives the same catalog.
//
//     ScaleBench FOLDER PHOTOS
//     ScaleBench floor FOLDER split|verify|audit [ENTRIES]
//
// The second form measures the floor of a command, and prints it as JSON. Originals and images are empty files: the measured commands check that the files exist and do not read them.

if CommandLine.arguments.count > 3, CommandLine.arguments[1] == "floor",
    let command = Floor.Command(rawValue: CommandLine.arguments[3])
{
    let workspace = Workspace(root: URL(filePath: CommandLine.arguments[2], directoryHint: .isDirectory))
    let floor = try Floor(
        of: command, catalog: workspace.catalogFile,
        entries: CommandLine.arguments.dropFirst(4).first.map { URL(filePath: $0) })
    print(#"{"seconds":\#(floor.seconds),"rows":\#(floor.rows),"hashed_bytes":\#(floor.hashedBytes)}"#)
    exit(0)
}
guard CommandLine.arguments.count == 3, let photos = Int(CommandLine.arguments[2]), photos >= SyntheticStudy.classes
else {
    FileHandle.standardError.write(
        Data("usage: ScaleBench FOLDER PHOTOS, at least \(SyntheticStudy.classes) photos\n".utf8))
    exit(64)
}
let workspace = Workspace(root: URL(filePath: CommandLine.arguments[1], directoryHint: .isDirectory))
let catalog = try Catalog.create(in: workspace, profile: .standard)
let study = SyntheticStudy(photos: photos)
for session in study.sessions {
    try catalog.store(session.session, volunteers: [session.volunteer.name], coSubjects: session.coSubjects)
}
var files = EmptyFiles(workspace)
// Photos are stored in the order of their ids, because SQLite appends to a B-tree faster than it inserts into the
// middle. An eighth of the photos is created at a time, because landmarks need much memory.
for eighth in 0..<8 {
    let batch = study.sessions.flatMap { session in
        session.newPhotos { photo in photo.hex.first?.hexDigitValue.map { $0 / 2 } == eighth }
    }.sorted { $0.photo.id < $1.photo.id }
    for start in stride(from: 0, to: batch.count, by: 20_000) {
        try catalog.store(Array(batch[start..<min(start + 20_000, batch.count)]), made: "2026-01-01T00:00:00Z")
    }
    for new in batch { try files.make(new.photo.id, .standard) }
}

/// Empty files with the paths of originals and images.
struct EmptyFiles {
    private let workspace: Workspace
    private var folders: Set<String> = []

    init(_ workspace: Workspace) {
        self.workspace = workspace
    }

    mutating func make(_ photo: PhotoID, _ profile: Profile) throws {
        let hex = photo.hex
        let folder = String(hex.prefix(2))
        for (root, suffix) in [(workspace.photos, "jpg"), (workspace.imageFolder(profile), "png")] {
            let path = "\(root.path)/\(folder)"
            if folders.insert(path).inserted {
                try AtomicFile.makeFolder(URL(filePath: path, directoryHint: .isDirectory))
            }
            let descriptor = open("\(path)/\(hex).\(suffix)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw POSIXError(.EIO) }
            close(descriptor)
        }
    }
}
