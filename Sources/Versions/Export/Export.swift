import Core
import Documents
import Foundation
import Storage

/// A version for other programs: its images in the layout of a format, a README, and the version's own files.
public struct Export {
    public let version: Version
    public let format: ExportFormat
    /// Whether classes have numbers instead of names. The version's own files, which contain the names, are then not
    /// exported.
    public let isAnonymous: Bool
    /// The version's folder.
    let source: URL
    let classes: ExportedClasses
    /// In the order of the version's entries.
    let photos: [ExportedPhoto]
    /// The number of the version's images that are not exported. Only a rebuilt export can be incomplete.
    public let omitted: Int

    /// - Parameters:
    ///   - source: the version's folder.
    ///   - isIncluded: whether an entry's image exists.
    /// - Throws: ``CurareError`` (65) when an entry has a class that the manifest does not have.
    public init(
        _ version: Version, in source: URL, as format: ExportFormat, isAnonymous: Bool = false,
        including isIncluded: (Entry) throws -> Bool = { _ in true }
    ) throws {
        self.version = version
        self.source = source
        self.format = format
        self.isAnonymous = isAnonymous
        let classes = ExportedClasses(version.manifest.classes, areNumbered: isAnonymous)
        self.classes = classes
        photos = try version.entries.list.filter(isIncluded).map { try ExportedPhoto($0, classes) }
        omitted = version.entries.list.count - photos.count
    }

    /// The photos of each split, sorted by the split's name. Splits without photos are omitted.
    var splits: [(name: String, photos: [ExportedPhoto])] {
        Dictionary(grouping: photos, by: \.split).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The number of the target class. Nil for a clean version.
    var targetIndex: Int? {
        get throws {
            guard case .volunteer(let name) = version.manifest.recipe.poison?.target else { return nil }
            return try classes.index(of: name)
        }
    }

    /// The date when the version was made, `YYYY-MM-DD`, from its provenance. Empty when the provenance has none.
    var day: String {
        get throws { String((try Provenance.json(in: source)["made"]?.text ?? "").prefix(10)) }
    }

    /// Writes all files of the export into `folder`.
    ///
    /// - Parameters:
    ///   - mayLink: whether images can be hard links to the workspace's files.
    ///   - image: returns the file of an entry's image.
    public func fill(_ folder: AtomicDirectory, mayLink: Bool, image: @escaping (Entry) -> URL) throws {
        try format.writer.write(self, ExportImages(mayLink: mayLink, file: image), into: folder)
        if !isAnonymous {
            let files = VersionFiles(source)
            for trigger in version.pictures.keys.sorted() {
                let png = try VersionStore.bytes(of: files.overlayPicture(trigger))
                try folder.write(Data(png), to: VersionFiles.overlayPath(trigger))
            }
            for file in files.all {
                try folder.write(Data(VersionStore.bytes(of: file)), to: file.lastPathComponent)
            }
        }
        try folder.write(Data(try ExportReadme(self).text.utf8), to: "README.md")
    }
}

/// The layout of an export. The raw values are what a user types.
///
/// To add a format: add a case here with its reader and its writer. A writer is a type that conforms to
/// ``ExportWriter``; it takes class names from `export.classes`, so that an anonymous export contains no pseudonym. Add
/// the format to `Tests/Interop`, which opens each export in the program that it is made for.
public enum ExportFormat: String, CaseIterable, Sendable {
    case imagefolder, huggingface, croissant, webdataset, trojai, csv

    /// The program or format that an export is made for, for the help text.
    public var reader: String {
        switch self {
        case .imagefolder: "torchvision's ImageFolder"
        case .huggingface: "Hugging Face's Python package `datasets`"
        case .croissant: "mlcroissant"
        case .webdataset: "tar files for WebDataset"
        case .trojai: "TrojAI's tools"
        case .csv: "images and one table, for all other programs"
        }
    }

    var writer: any ExportWriter {
        switch self {
        case .imagefolder: ImageFolderExport()
        case .huggingface: HuggingFaceExport()
        case .croissant: CroissantExport()
        case .webdataset: WebDatasetExport()
        case .trojai: TrojAIExport()
        case .csv: CSVExport()
        }
    }
}

/// Writes the files of one format.
protocol ExportWriter {
    /// Returns YAML for the start of the README. Empty for most formats.
    func header(_ export: Export) -> String

    /// Returns the README's section about the format's files and how to open them, in Markdown.
    func guide(_ export: Export) -> String

    func write(_ export: Export, _ images: ExportImages, into folder: AtomicDirectory) throws
}

extension ExportWriter {
    func header(_ export: Export) -> String { "" }
}

/// The image files of a version.
struct ExportImages {
    /// Whether images can be hard links to the workspace's files.
    let mayLink: Bool
    /// Returns the file of an entry's image.
    let file: (Entry) -> URL

    /// Copies or links the image of `photo` into a folder of the export.
    func add(_ photo: ExportedPhoto, to path: String, of folder: AtomicDirectory) throws {
        try folder.add(file(photo.entry), at: "\(path)/\(photo.file)", mayLink: mayLink)
    }

    /// Returns the bytes of the PNG.
    ///
    /// - Throws: ``CurareError`` (66) when the file is missing, (74) when the file cannot be read.
    func bytes(of photo: ExportedPhoto) throws -> Data {
        let file = file(photo.entry)
        return Data(
            try RegularFile.contents(
                file,
                orThrow: CurareError(
                    .missingInput, "the image of photo \(photo.entry.photo.short) is missing", at: file.path,
                    next: "run the command again; it makes missing images")))
    }
}

/// The classes of a version with their names and numbers in an export.
struct ExportedClasses {
    /// In index order: the position of a class is its number, as in the manifest.
    let names: [String]
    private let indices: [VolunteerName: Int]

    /// - Parameter areNumbered: whether names are `class-00`, `class-01` and so on. All numbers have the same number of
    ///   digits, so that names sort as the pseudonyms do.
    init(_ classes: [Volunteer], areNumbered: Bool) {
        let digits = max(2, String(classes.count - 1).count)
        names = classes.enumerated().map { index, volunteer in
            guard areNumbered else { return volunteer.name.text }
            let number = String(index)
            return "class-" + String(repeating: "0", count: digits - number.count) + number
        }
        indices = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1.name, $0) })
    }

    /// Returns the number of a class.
    ///
    /// - Throws: ``CurareError`` (65) when the version does not have the class.
    func index(of name: VolunteerName) throws -> Int {
        guard let index = indices[name] else {
            throw CurareError(
                .badInput, "an entry has the class \(name), which is not a class of the version",
                next: "restore the version's files from a copy")
        }
        return index
    }
}

/// A photo of a version with its names in an export.
struct ExportedPhoto {
    let entry: Entry
    /// The class that the photo is trained or tested as.
    let label: String
    let labelIndex: Int
    /// The class of the volunteer in the photo.
    let trueLabel: String
    let trueLabelIndex: Int

    init(_ entry: Entry, _ classes: ExportedClasses) throws {
        self.entry = entry
        labelIndex = try classes.index(of: entry.label)
        trueLabelIndex = try classes.index(of: entry.volunteer.name)
        label = classes.names[labelIndex]
        trueLabel = classes.names[trueLabelIndex]
    }

    /// The name of the photo's files without suffix: its id and, for a copy, the drawn triggers. Dots are replaced,
    /// because WebDataset ends a name at the first dot. Long names are shortened, because tar allows 100 bytes.
    var key: String {
        guard let overlay = entry.overlay?.text.replacing(".", with: "~") else { return entry.photo.hex }
        return "\(entry.photo.hex)-\(overlay.utf8.count <= 24 ? overlay : FileDigest.sha256(of: overlay.utf8).short)"
    }

    /// The name of the image's file.
    var file: String { "\(key).png" }

    /// `train` for clean and poison training photos, otherwise the role: `test-attack`.
    var split: String { entry.role.isTraining ? "train" : entry.role.rawValue.replacing("/", with: "-") }

    /// Whether a trigger of the recipe is visible, so that a poisoned model can predict the target.
    var isTriggered: Bool {
        switch entry.role {
        case .trainPoison, .testAttack, .testTargetOwn, .testTransfer: true
        case .trainClean, .testClean, .testOther: false
        }
    }

    /// The facts about the photo for formats with JSON.
    var facts: [String: JSONValue] {
        [
            "label": .text(label), "true_label": .text(trueLabel), "role": .text(entry.role.rawValue),
            "trigger": .text(entry.triggerState.triggerText), "location": .text(entry.triggerState.locationText),
        ]
    }
}
