import Core
import Documents
import Foundation
import Storage

/// A version as it leaves the study: its photos under the names that they go by there, laid out as a format has it, with a README and the version's own files.
public struct Export {
    public let version: Version
    public let format: ExportFormat
    /// Whether classes go by numbers; the version's own files, which name them, then stay behind.
    public let isAnonymous: Bool
    /// The version's folder.
    let source: URL
    let classes: ExportedClasses
    /// In the order of the version's entries.
    let photos: [ExportedPhoto]

    /// The version's files that go with every export in which classes keep their names.
    static let carried = ["manifest.json", "entries.jsonl", "recipe.yaml", "provenance.json"]

    /// - Parameter source: the version's folder.
    /// - Throws: ``CurareError`` (65) where an entry speaks of a class that the manifest does not have.
    public init(_ version: Version, in source: URL, as format: ExportFormat, isAnonymous: Bool = false) throws {
        (self.version, self.source, self.format, self.isAnonymous) = (version, source, format, isAnonymous)
        let classes = ExportedClasses(version.manifest.classes, areNumbered: isAnonymous)
        self.classes = classes
        photos = try version.entries.list.map { try ExportedPhoto($0, classes) }
    }

    /// The parts of the version that programs load by themselves, by name, each with its photos.
    var splits: [(name: String, photos: [ExportedPhoto])] {
        Dictionary(grouping: photos, by: \.split).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The target's number among the classes; nil in a clean version.
    var targetIndex: Int? {
        get throws {
            if case .volunteer(let name) = version.manifest.recipe.poison?.target {
                try classes.index(of: name)
            } else {
                nil
            }
        }
    }

    /// The day on which the version was made, `YYYY-MM-DD`, as its provenance has it.
    var day: String {
        get throws {
            String(
                (try JSONReader.read(VersionStore.bytes(of: source.appending(path: "provenance.json")))["made"]?.text
                    ?? "").prefix(10))
        }
    }

    /// Lays everything into `folder`, which the caller puts in its place.
    ///
    /// - Parameters:
    ///   - mayLink: shares the images with the study by hard links where the file system allows them.
    ///   - image: where the image of an entry lies.
    public func fill(_ folder: AtomicDirectory, mayLink: Bool, image: @escaping (Entry) -> URL) throws {
        try format.writer.write(self, ExportImages(mayLink: mayLink, file: image), into: folder)
        if !isAnonymous {
            for trigger in version.pictures.keys.sorted() {
                try folder.write(
                    Data(VersionStore.bytes(of: VersionStore.pictureFile(trigger, in: source))),
                    to: "overlays/\(trigger).png")
            }
            for name in Self.carried {
                try folder.write(Data(VersionStore.bytes(of: source.appending(path: name))), to: name)
            }
        }
        try folder.write(Data(ExportReadme(self).text.utf8), to: "README.md")
    }
}
