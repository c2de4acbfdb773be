import Catalog
import Foundation
import Imaging

/// Makes images again from a heap of photos, without a catalog: all that has to be known of each is said beforehand.
public struct ImageRebuilder {
    /// An image that is to be there again.
    public struct Wanted: Hashable, Sendable {
        public let photo: PhotoID
        /// What its pixels must be.
        public let image: ImageDigest
        /// The face that it was cut by.
        public let face: PhotoFace?

        public init(photo: PhotoID, image: ImageDigest, face: PhotoFace?) {
            (self.photo, self.image, self.face) = (photo, image, face)
        }
    }

    /// What became of the images, each by its photo, in the order that they were asked for.
    public struct Outcome: Sendable {
        /// Made with the right pixels, and in their place.
        public internal(set) var made: [PhotoID] = []
        /// No file of the heap is this photo.
        public internal(set) var missing: [PhotoID] = []
        /// The pixels came out otherwise than they were: nothing was written.
        public internal(set) var differing: [PhotoID] = []
        /// The photo could not be decoded, and why.
        public internal(set) var failed: [(photo: PhotoID, reason: String)] = []

        public var isWhole: Bool { missing.isEmpty && differing.isEmpty && failed.isEmpty }
    }

    private let profile: Profile
    private let workers: Workers
    /// What was imported once is decoded again, whatever today's limits are.
    private static let limits = DecodingLimits(pixels: .max, bytes: .max)

    public init(_ profile: Profile, workers: Workers) {
        (self.profile, self.workers) = (profile, workers)
    }

    /// Looks for the photos in `heap` and puts their images below `folder`, as `PROFILE/ab/PHOTO.png`: where a workspace has them below `images`.
    ///
    /// - Parameters:
    ///   - looking: how many files of the heap were looked at, and of how many.
    ///   - making: how many images were made, and of how many.
    /// - Throws: ``Refusal`` (66) where there is no heap, (74) where nothing can be written.
    public func rebuild(_ wanted: [Wanted], from heap: URL, to folder: URL, looking: (Int, Int) -> Void, making: (Int, Int) -> Void) throws -> Outcome {
        let files = try PhotoHeap(heap).find(Set(wanted.map(\.photo)), workers: workers, progress: looking)
        try DurableFile.makeFolder(folder)
        var outcome = Outcome(), done = 0
        outcome.missing = wanted.filter { files[$0.photo] == nil }.map(\.photo)
        let there = wanted.compactMap { each in files[each.photo].map { (wanted: each, file: $0) } }
        try workers.forEach(there) { [profile] in Self.picture($0.wanted, $0.file, profile) } inOrder: { each, result in
            done += 1
            making(done, there.count)
            switch result {
            case .failure(let refusal): outcome.failed.append((each.wanted.photo, refusal.what))
            case .success(let picture) where ImageDigest(picture.digest) != each.wanted.image: outcome.differing.append(each.wanted.photo)
            case .success(let picture):
                try DurableFile.write(picture.png(), to: place(of: each.wanted.photo, below: folder), isOneOfMany: true)
                outcome.made.append(each.wanted.photo)
            }
        }
        try DurableFile.flushAll(below: folder)
        return outcome
    }

    private func place(of photo: PhotoID, below folder: URL) -> URL {
        folder.appending(path: profile.name).appending(path: photo.hex.prefix(2)).appending(path: "\(photo.hex).png")
    }

    private static func picture(_ wanted: Wanted, _ file: URL, _ profile: Profile) -> Result<Picture, Refusal> {
        do {
            let bytes = try RegularFile(file).bytes(limit: limits.bytes)
            guard PhotoID.sha256(of: bytes) == wanted.photo else { throw Refusal(.badInput, "the file changed while it was read", at: file.path) }
            let rendering = Rendering(profile), face = wanted.face.map(Face.init)
            let photo = try DecodedPhoto(bytes, limits: limits) { width, height in
                guard wanted.face?.lies(inWidth: width, height: height) != false else {
                    throw Refusal(.badInput, "the face that the image should be cut by lies outside the photo", at: file.path)
                }
                return rendering.reduction(width: width, height: height, face: face)
            }
            return .success(try photo.upright.rendered(rendering, face: face))
        } catch let refusal as Refusal {
            return .failure(refusal)
        } catch {
            return .failure(Refusal(.bug, "the photo cannot be decoded here: \(error)", at: file.path, next: "see provenance.json for the library that could"))
        }
    }
}
