import Core
import Foundation
import Storage

/// Writes one format: lays images where its programs look for them, and says of each what it is.
protocol ExportWriter {
    /// YAML that programs read at the head of the README; most need none.
    func header(_ export: Export) -> String

    /// What the README says on the format's own files and how to open them, in Markdown.
    func guide(_ export: Export) -> String

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws
}

extension ExportWriter {
    func header(_ export: Export) -> String { "" }
}

/// Where the images of a version lie, and whether they may be shared with the study.
struct ExportImages {
    let mayLink: Bool
    let file: (Entry) -> URL

    func lay(_ photo: ExportedPhoto, in path: String, of folder: AtomicDirectory) throws {
        try folder.lay(file(photo.entry), at: "\(path)/\(photo.file)", mayLink: mayLink)
    }

    /// The bytes of the PNG.
    ///
    /// - Throws: ``CurareError`` (66) where it is not there.
    func bytes(of photo: ExportedPhoto) throws -> Data {
        let file = file(photo.entry)
        guard let data = FileManager.default.contents(atPath: file.path) else {
            throw CurareError(.missingInput, "the image of photo \(photo.entry.photo.short) is missing", at: file.path)
        }
        return data
    }
}
