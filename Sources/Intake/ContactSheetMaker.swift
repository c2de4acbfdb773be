import Catalog
import Core
import Foundation
import Imaging
import Storage

/// Makes contact sheets: files that show the images of many photos, with captions and marks.
public struct ContactSheetMaker {
    private let workspace: Workspace
    private let catalog: Catalog
    private let threads: ThreadBudget

    public init(_ workspace: Workspace, _ catalog: Catalog, threads: ThreadBudget = .shared) {
        self.workspace = workspace
        self.catalog = catalog
        self.threads = threads
    }

    /// The content of one file.
    public struct Sheet {
        /// The photos, each with its thumbnail.
        public let photos: [(photo: ContactSheetPhoto, thumbnail: Picture)]
        /// The conditions, the number of all photos, and the number of the sheet if there are several.
        public let heading: String
        /// The kinds of boxes that are drawn on the thumbnails.
        public let legend: [ContactSheet.OutlinedBox.Kind]
    }

    /// Makes the contact sheets of `photos`, and returns their files. Makes no file when there is no photo. Shows the
    /// images under the default profile. An image whose file is missing or out of date is made from the original and
    /// not stored, so that the workspace is only read.
    ///
    /// - Parameters:
    ///   - title: the conditions of the selection.
    ///   - showsBoxes: whether the boxes of faces and triggers are drawn.
    ///   - file: the file of the first contact sheet. The next contact sheets after `NAME.png` are `NAME-2.png`,
    ///     `NAME-3.png`.
    ///   - progress: called for each image that is made, with the number of images that are made and the number of
    ///     images to make.
    ///   - content: returns the bytes of a file.
    /// - Throws: ``CurareError`` (65) when one of the files exists already, (74) when a file cannot be written, and as
    ///   ``ImageMaker`` does.
    public func make(
        _ photos: [ContactSheetPhoto], _ sheet: ContactSheet, title: String, showsBoxes: Bool = true, to file: URL,
        progress: (Int, Int) -> Void, content: (Sheet) throws -> Data
    ) throws -> [URL] {
        let pages = sheet.pages(of: photos.map { ContactSheet.Cell(caption: $0.caption, mark: $0.mark) })
        let pageFiles = pages.indices.map { Self.file(file, page: $0 + 1) }
        for file in pageFiles { try Self.checkIsNew(file) }
        try AtomicFile.removeAbandoned(of: pageFiles)
        let profile = try catalog.defaultProfile()
        let files = try FileIndex(workspace.imageFolder(profile))
        let digests = try catalog.images(profile)
        // The file of an image without a record shows an earlier crop.
        let missing = Set(photos.map(\.photo).filter { digests[$0] == nil || !files.holds($0, "png") })
        let legend = showsBoxes ? Self.legend(photos) : []
        var made = 0
        for (index, page) in pages.enumerated() {
            let shown = Dictionary(uniqueKeysWithValues: photos[page].map { ($0.photo, $0) })
            var thumbnails: [PhotoID: Picture] = [:]
            let wanted = photos[page].map(\.photo).filter(missing.contains)
            try ImageMaker(workspace, catalog, threads: threads).render(wanted, profile) { photo, picture in
                thumbnails[photo] = try shown[photo].map {
                    try Self.thumbnail(picture.get(), of: $0, sheet, profile, showsBoxes: showsBoxes)
                }
                made += 1
                progress(made, missing.count)
            }
            let pageText = pages.count == 1 ? "" : ", sheet \(index + 1) of \(pages.count)"
            let bytes = try content(
                Sheet(
                    photos: cells(photos[page], sheet, profile, made: thumbnails, showsBoxes: showsBoxes),
                    heading: "\(title): \(photos.count) \(photos.count == 1 ? "photo" : "photos")\(pageText)",
                    legend: legend))
            try AtomicFile.write(bytes, to: pageFiles[index], replaces: false)
        }
        return pageFiles
    }

    /// Returns the PNG of a sheet.
    ///
    /// - Throws: `ImagingError` when libvips fails.
    public static func png(_ shown: Sheet, _ sheet: ContactSheet) throws -> Data {
        let cells = shown.photos.map {
            ContactSheet.Cell(picture: $0.thumbnail, caption: $0.photo.caption, mark: $0.photo.mark)
        }
        return Data(try sheet.picture(cells, heading: shown.heading, legend: shown.legend).png())
    }

    /// Checks that `file` does not exist.
    ///
    /// - Throws: ``CurareError`` (65).
    public static func checkIsNew(_ file: URL) throws {
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        throw CurareError(
            .badInput, "the file exists already", at: file.path,
            next: "name a file that does not exist, or delete this one")
    }

    private static func legend(_ photos: [ContactSheetPhoto]) -> [ContactSheet.OutlinedBox.Kind] {
        let kinds = Set(photos.flatMap { $0.boxes.map(\.kind) })
        return ContactSheet.OutlinedBox.Kind.allCases.filter(kinds.contains)
    }

    private static func thumbnail(
        _ picture: Picture, of photo: ContactSheetPhoto, _ sheet: ContactSheet, _ profile: Profile, showsBoxes: Bool
    ) throws -> Picture {
        try sheet.thumbnail(
            picture, profile, of: photo.size, face: photo.croppedFace, boxes: showsBoxes ? photo.boxes : [])
    }

    /// - Parameter made: the thumbnails of images that have no file.
    private func cells(
        _ photos: ArraySlice<ContactSheetPhoto>, _ sheet: ContactSheet, _ profile: Profile,
        made thumbnails: [PhotoID: Picture], showsBoxes: Bool
    ) throws -> [(photo: ContactSheetPhoto, thumbnail: Picture)] {
        let workspace = workspace
        var cells: [(photo: ContactSheetPhoto, thumbnail: Picture)] = []
        try threads.forEach(Array(photos)) { photo in
            Result {
                try thumbnails[photo.photo]
                    ?? ImageFile(workspace, photo.photo, profile).picture.map {
                        try Self.thumbnail($0, of: photo, sheet, profile, showsBoxes: showsBoxes)
                    }
            }
        } inOrder: { photo, thumbnail in
            guard let picture = try thumbnail.get() else {
                throw CurareError(
                    .badInput, "the image of photo \(photo.photo.short) is damaged",
                    at: workspace.imageFile(photo.photo, profile).path,
                    next: "delete the file; curare check --repair makes it again")
            }
            cells.append((photo, picture))
        }
        return cells
    }

    static func file(_ first: URL, page: Int) -> URL {
        guard page > 1 else { return first }
        let name = first.deletingPathExtension().lastPathComponent
        return first.deletingLastPathComponent().appending(path: "\(name)-\(page).\(first.pathExtension)")
    }
}
