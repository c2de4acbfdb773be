import Core
import Foundation
import Imaging
import Learning
import Storage
import Synchronization
import Versions

/// The images of a version's entries as training examples.
///
/// Each image is decoded at first use and checked against its digest. Pixels stay in memory when all images fit.
public final class VersionImages: ExampleSource {
    /// The limit of the pixels that stay in memory, in bytes.
    static let maximumCachedBytes = 200_000_000

    let entries: [Entry]
    private let labels: [Int]
    private let files: [URL]
    private let size: Int
    private let cache: Mutex<[Int: [UInt8]]>
    private let isCached: Bool

    /// - Parameters:
    ///   - entries: The entries to read, in the order of their indices.
    ///   - trueLabels: Whether poison has the label of the volunteer in the photo instead of the target's label.
    ///   - file: Returns the image file of an entry.
    /// - Throws: ``CurareError`` with code 65 when an entry's label is not one of `classes`.
    init(
        _ entries: [Entry], classes: [Volunteer], size: Int, trueLabels: Bool = false, file: (Entry) -> URL
    ) throws {
        let indices = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1.name, $0) })
        labels = try entries.map { entry in
            let label = trueLabels ? entry.volunteer.name : entry.label
            guard let index = indices[label] else {
                throw CurareError(
                    .badInput, "photo \(entry.photo.short) has the label \(label), which is not a class of the version",
                    next: "check the version with: curare verify")
            }
            return index
        }
        self.entries = entries
        self.size = size
        files = entries.map(file)
        cache = Mutex([:])
        isCached = entries.count * 3 * size * size <= Self.maximumCachedBytes
    }

    public var count: Int { entries.count }

    /// Returns the photo id. For a drawn copy, returns the photo id followed by the overlay. A copy is augmented
    /// differently from its photo.
    public func key(at index: Int) -> String { entries[index].sampleID.text }

    /// Returns the class that the image is trained as. For poison this is the target, unless the source has true
    /// labels.
    public func label(at index: Int) -> Int { labels[index] }

    /// - Throws: ``CurareError`` with code 66 when the file is missing, with code 65 when the pixels differ from the
    ///   version's, or the image is not a square of the expected size.
    public func pixels(at index: Int) throws -> [UInt8] {
        if isCached, let pixels = cache.withLock({ $0[index] }) { return pixels }
        let picture = try picture(at: index)
        guard picture.width == size, picture.height == size else {
            throw CurareError(
                .badInput,
                """
                the image of photo \(entries[index].photo.short) is \(picture.width) × \(picture.height); \
                models are trained on square images
                """,
                next: "write crop: centre in the recipe and split again")
        }
        if isCached { cache.withLock { $0[index] = picture.rgb } }
        return picture.rgb
    }

    /// Decodes a whole image and checks its digest.
    func picture(at index: Int) throws -> Picture {
        let entry = entries[index]
        let file = files[index]
        let bytes = try RegularFile.contents(
            file,
            orThrow: CurareError(
                .missingInput, "the image of photo \(entry.photo.short) is missing", at: file.path,
                next: "run the command again; it makes missing images"))
        let picture = try DecodedPhoto(bytes).picture
        guard picture.digest == entry.image else {
            throw CurareError(
                .badInput, "the pixels of the image of photo \(entry.photo.short) differ from the version's",
                at: file.path,
                next: "delete the file and run the command again; it makes missing images")
        }
        return picture
    }
}

/// Square pictures in memory as examples for inference. Keys and labels have no meaning.
struct PictureExamples: ExampleSource {
    let pictures: [Picture]

    var count: Int { pictures.count }
    func key(at index: Int) -> String { String(index) }
    func label(at index: Int) -> Int { 0 }
    func pixels(at index: Int) -> [UInt8] { pictures[index].rgb }
}

extension Version {
    /// The name of the target class. Nil in a clean version.
    var target: String? {
        guard case .volunteer(let name) = manifest.recipe.poison?.target else { return nil }
        return name.text
    }

    var trainingEntries: [Entry] { entries.list.filter(\.role.isTraining) }

    var testEntries: [Entry] { entries.list.filter { !$0.role.isTraining } }

    /// Returns the images of `entries`, which must be entries of this version.
    func images(_ entries: [Entry], trueLabels: Bool = false, in workspace: Workspace) throws -> VersionImages {
        let profile = manifest.recipe.profile
        return try VersionImages(entries, classes: manifest.classes, size: profile.size, trueLabels: trueLabels) {
            workspace.imageFile(of: $0, profile)
        }
    }
}
