import Catalog
import Core
import Foundation
import Imaging
import Storage

/// Draws contact sheets of the workspace's images and writes them as PNG.
public struct SheetMaker {
    private let workspace: Workspace
    private let catalog: Catalog
    private let workers: ThreadBudget

    public init(_ workspace: Workspace, _ catalog: Catalog, workers: ThreadBudget) {
        (self.workspace, self.catalog, self.workers) = (workspace, catalog, workers)
    }

    /// What was written: no file where no photo was asked for.
    public struct Made: Sendable {
        public let files: [URL]
        public let photos: Int
    }

    /// Images under the default profile that are not in their place are made first.
    ///
    /// - Parameters:
    ///   - file: of the first sheet; `NAME.png` is followed by `NAME-2.png`, `NAME-3.png`.
    ///   - progress: called after each photo that an image is made of.
    /// - Throws: ``CurareError`` (65) where one of the files is there already, (74) where one cannot be written, and as ``ImageMaker`` does.
    public func make(_ choice: SheetChoice, _ sheet: ContactSheet, to file: URL, progress: (Int, Int) -> Void) throws
        -> Made
    {
        let photos = try choice.photos(
            of: catalog.facts(Catalog.FetchOptions(landmarks: .none)), places: catalog.places(in: choice.session))
        let pages = stride(from: 0, to: photos.count, by: sheet.cellsPerSheet).map {
            photos[$0..<min(photos.count, $0 + sheet.cellsPerSheet)]
        }
        let files = pages.indices.map { Self.file(file, page: $0 + 1) }
        if let taken = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) {
            throw CurareError(
                .badInput, "there is something here already", at: taken.path,
                next: "name a file that does not exist yet, or delete this one")
        }
        let profile = try catalog.defaultProfile()
        _ = try ImageMaker(workspace, catalog, workers: workers).images(
            of: photos.map(\.photo), profile, progress: progress)
        for (number, page) in pages.enumerated() {
            let part = pages.count == 1 ? "" : ", sheet \(number + 1) of \(pages.count)"
            let picture = try sheet.picture(
                cells(page, sheet, profile), heading: "\(choice.words): \(photos.count) photos\(part)")
            try AtomicFile.write(Data(picture.png()), to: files[number])
        }
        return Made(files: files, photos: photos.count)
    }

    private func cells(_ photos: ArraySlice<SheetPhoto>, _ sheet: ContactSheet, _ profile: Profile) throws
        -> [ContactSheet.Cell]
    {
        let workspace = workspace
        var cells: [ContactSheet.Cell] = []
        try workers.forEach(Array(photos)) { photo in
            Result { try ImageFile(workspace, photo.photo, profile).picture.map(sheet.small) }
        } inOrder: { photo, small in
            guard let picture = try small.get() else {
                throw CurareError(
                    .badInput, "the image of photo \(photo.photo.short) is damaged",
                    at: workspace.imageFile(photo.photo, profile).path,
                    next: "delete the file and run the command again; it is made anew")
            }
            cells.append(ContactSheet.Cell(picture: picture, caption: photo.caption, mark: photo.mark))
        }
        return cells
    }

    static func file(_ first: URL, page: Int) -> URL {
        guard page > 1 else { return first }
        let name = first.deletingPathExtension().lastPathComponent
        return first.deletingLastPathComponent().appending(path: "\(name)-\(page).\(first.pathExtension)")
    }
}
