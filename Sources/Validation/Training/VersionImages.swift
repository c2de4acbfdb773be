import Core
import Foundation
import Imaging
import Learning
import Synchronization
import Versions

/// A version's images as the trainer reads them: decoded when they are first asked for, held to their digests, and kept where they fit.
public final class VersionImages: ExampleSource {
    /// Bytes of pixels that are kept.
    static let memory = 200_000_000

    let entries: [Entry]
    private let classes: [VolunteerName: Int]
    private let files: [URL]
    private let size: Int
    private let hasTrueLabels: Bool
    private let kept: Mutex<[Int: [UInt8]]>
    private let keeps: Bool

    /// - Parameters:
    ///   - entries: those to read, in the order that they are numbered by.
    ///   - trueLabels: poison trains as who is in it, not as the target.
    ///   - file: where an entry's image lies.
    init(_ entries: [Entry], classes: [Volunteer], size: Int, trueLabels: Bool = false, file: (Entry) -> URL) {
        (self.entries, hasTrueLabels) = (entries, trueLabels)
        self.classes = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1.name, $0) })
        self.size = size
        files = entries.map(file)
        kept = Mutex([:])
        keeps = entries.count * 3 * size * size <= Self.memory
    }

    public var count: Int { entries.count }

    /// The photo's id, of a drawn copy with the overlay behind it, so that a copy is augmented otherwise than its photo.
    public func key(at index: Int) -> String { entries[index].key.text }

    /// The class that the photo is trained as: for poison the target's, unless labels are true.
    public func label(at index: Int) -> Int {
        classes[hasTrueLabels ? entries[index].volunteer.name : entries[index].label] ?? 0
    }

    /// - Throws: ``CurareError`` (65) where the file does not hold the version's pixels, (66) where it is missing.
    public func pixels(at index: Int) throws -> [UInt8] {
        if keeps, let pixels = kept.withLock({ $0[index] }) { return pixels }
        let picture = try picture(at: index)
        guard picture.width == size, picture.height == size else {
            throw CurareError(
                .badInput,
                "the image of photo \(entries[index].photo.short) is \(picture.width) × \(picture.height); a model is trained on squares",
                next: "write crop: centre in the recipe and split again")
        }
        if keeps { kept.withLock { $0[index] = picture.rgb } }
        return picture.rgb
    }

    /// The whole image, held to its digest.
    func picture(at index: Int) throws -> Picture {
        let (entry, file) = (entries[index], files[index])
        guard let data = FileManager.default.contents(atPath: file.path) else {
            throw CurareError(
                .missingInput, "the image of photo \(entry.photo.short) is missing", at: file.path,
                next: "run the command again: it is made anew")
        }
        let picture = try DecodedPhoto(Array(data)).picture
        guard ImageDigest(bytes: picture.digest.bytes) == entry.image else {
            throw CurareError(
                .badInput, "the image of photo \(entry.photo.short) does not have the pixels that the version says",
                at: file.path,
                next: "delete the file and run the command again: it is made anew")
        }
        return picture
    }
}
