import Core
import Foundation
import Imaging
import Storage

/// Makes images again from a heap of photos, without a catalog: all that has to be known of each is said beforehand.
public struct ImageRebuilder {
    /// An image that is to be there again.
    public struct Wanted: Hashable, Sendable {
        public let photo: PhotoID
        /// What its pixels must be.
        public let image: ImageDigest
        /// The face that it was cut by.
        public let face: PhotoFace?
        /// What is drawn on it; nil for the photo's own image.
        public let copy: OverlaidImage?

        public init(photo: PhotoID, image: ImageDigest, face: PhotoFace?, copy: OverlaidImage? = nil) {
            (self.photo, self.image, self.face, self.copy) = (photo, image, face, copy)
        }
    }

    /// What became of the images, each as it was asked for, in that order.
    public struct Outcome: Sendable {
        /// Made with the right pixels, and in their place.
        public internal(set) var made: [Wanted] = []
        /// No file of the heap is this photo.
        public internal(set) var missing: [Wanted] = []
        /// The pixels came out otherwise than they were: nothing was written.
        public internal(set) var differing: [Wanted] = []
        /// The photo could not be decoded, and why.
        public internal(set) var failed: [(wanted: Wanted, reason: String)] = []

        public var isWhole: Bool { missing.isEmpty && differing.isEmpty && failed.isEmpty }
    }

    private let profile: Profile
    private let pictures: OverlayPictures
    private let workers: ThreadBudget
    /// What was imported once is decoded again, whatever today's limits are.
    private static let limits = DecodingLimits(pixels: .max, bytes: .max)

    /// - Parameter pictures: of the overlays that are drawn.
    public init(_ profile: Profile, _ pictures: OverlayPictures = OverlayPictures(), workers: ThreadBudget) {
        (self.profile, self.pictures, self.workers) = (profile, pictures, workers)
    }

    /// Looks for the photos in `heap` and puts their images below `folder`, as `PROFILE/ab/PHOTO.png`, drawn copies as
    /// `PROFILE/drawn/ab/IMAGE.png`: where a workspace has them below `images`.
    ///
    /// - Parameters:
    ///   - looking: how many files of the heap were looked at, and of how many.
    ///   - making: how many images were made, and of how many.
    /// - Throws: ``CurareError`` (66) where there is no heap, (74) where nothing can be written.
    public func rebuild(
        _ wanted: [Wanted], from heap: URL, to folder: URL, looking: (Int, Int) -> Void, making: (Int, Int) -> Void
    ) throws -> Outcome {
        let files = try PhotoHeap(heap).find(Set(wanted.map(\.photo)), workers: workers, progress: looking)
        try AtomicFile.makeFolder(folder)
        var outcome = Outcome()
        var done = 0
        outcome.missing = wanted.filter { files[$0.photo] == nil }
        let there = wanted.compactMap { each in files[each.photo].map { (wanted: each, file: $0) } }
        try workers.forEach(there) { [profile, pictures] in
            Self.picture($0.wanted, $0.file, profile, pictures)
        } inOrder: { each, result in
            done += 1
            making(done, there.count)
            switch result {
            case .failure(let refusal): outcome.failed.append((each.wanted, refusal.message))
            case .success(let picture) where ImageDigest(picture.digest) != each.wanted.image:
                outcome.differing.append(each.wanted)
            case .success(let picture):
                try AtomicFile.write(picture.png(), to: place(of: each.wanted, below: folder), isOneOfMany: true)
                outcome.made.append(each.wanted)
            }
        }
        try AtomicFile.flushAll(below: folder)
        return outcome
    }

    private func place(of wanted: Wanted, below folder: URL) -> URL {
        let name = wanted.copy == nil ? wanted.photo.hex : wanted.image.hex
        let profile = folder.appending(path: profile.name)
        return (wanted.copy == nil ? profile : profile.appending(path: "drawn")).appending(path: name.prefix(2))
            .appending(path: "\(name).png")
    }

    private static func picture(_ wanted: Wanted, _ file: URL, _ profile: Profile, _ pictures: OverlayPictures)
        -> Result<Picture, CurareError>
    {
        do {
            let bytes = try RegularFile(file).bytes(limit: limits.bytes)
            guard PhotoID.sha256(of: bytes) == wanted.photo else {
                throw CurareError(.badInput, "the file changed while it was read", at: file.path)
            }
            let rendering = Rendering(profile)
            let face = wanted.face.map(Face.init)
            let photo = try DecodedPhoto(bytes, limits: limits) { width, height in
                guard wanted.face?.lies(inWidth: width, height: height) != false else {
                    throw CurareError(
                        .badInput, "the face that the image should be cut by lies outside the photo", at: file.path)
                }
                return rendering.reduction(width: width, height: height, face: face)
            }
            let image = try photo.upright.rendered(rendering, face: face)
            guard let copy = wanted.copy else { return .success(image) }
            guard (copy.width, copy.height) == (photo.upright.width, photo.upright.height) else {
                throw CurareError(
                    .badInput,
                    "the photo is \(photo.upright.width) × \(photo.upright.height), and its entry says \(copy.width) × \(copy.height)",
                    at: file.path)
            }
            return .success(try pictures.draw(copy, on: image, profile))
        } catch let refusal as CurareError {
            return .failure(refusal)
        } catch {
            return .failure(
                CurareError(
                    .bug, "the photo cannot be decoded here: \(error)", at: file.path,
                    next: "see provenance.json for the library that could"))
        }
    }
}
