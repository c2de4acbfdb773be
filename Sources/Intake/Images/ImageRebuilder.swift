import Core
import Foundation
import Imaging
import Storage

/// Makes images again from a folder of photos, without a catalog.
public struct ImageRebuilder {
    /// An image to make, with everything that determines its pixels.
    public struct ExpectedImage: Hashable, Sendable {
        public let photo: PhotoID
        /// The digest that the image must have.
        public let image: ImageDigest
        /// The face that determines the crop.
        public let face: PhotoFace?
        /// The overlays of the image; nil for the photo's image without overlays.
        public let copy: OverlaidImage?

        public init(photo: PhotoID, image: ImageDigest, face: PhotoFace?, copy: OverlaidImage? = nil) {
            self.photo = photo
            self.image = image
            self.face = face
            self.copy = copy
        }
    }

    /// The result for each expected image, in the order of the request.
    public struct Outcome: Sendable {
        /// Images with the expected pixels. Their files are written.
        public internal(set) var made: [ExpectedImage] = []
        /// Images whose photo is not in the folder.
        public internal(set) var missing: [ExpectedImage] = []
        /// Images with other pixels than expected. Their files are not written.
        public internal(set) var differing: [ExpectedImage] = []
        /// Images whose photo could not be decoded, with the reason.
        public internal(set) var failed: [(expected: ExpectedImage, reason: String)] = []

        /// An outcome without images.
        public init() {}

        /// Whether all images were made.
        public var isComplete: Bool { missing.isEmpty && differing.isEmpty && failed.isEmpty }
    }

    private let profile: Profile
    private let pictures: OverlayPictures
    private let threads: ThreadBudget
    /// No limits. A photo of a version is decoded again, even if it is above the limits of today.
    private static let limits = DecodingLimits(pixels: .max, bytes: .max)

    /// - Parameter pictures: the pictures of all overlays.
    public init(
        _ profile: Profile, _ pictures: OverlayPictures = OverlayPictures(), threads: ThreadBudget = .shared
    ) {
        self.profile = profile
        self.pictures = pictures
        self.threads = threads
    }

    /// Searches the photos in `directory` and writes their images below `folder`, in the layout of a workspace's
    /// `images` folder.
    ///
    /// - Parameters:
    ///   - searching: called with the number of files that were hashed and the number of all files.
    ///   - making: called with the number of images that were made and the number of images whose photo was found.
    /// - Throws: ``CurareError`` (66) when `directory` does not exist or has none of the photos, (74) when an image cannot
    ///   be written.
    public func rebuild(
        _ images: [ExpectedImage], from directory: URL, to folder: URL, searching: (Int, Int) -> Void,
        making: (Int, Int) -> Void
    ) throws -> Outcome {
        let photos = Set(images.map(\.photo))
        let search = try PhotoDirectory(directory)
        let files = try search.find(photos, threads: threads, progress: searching)
        guard !files.isEmpty || photos.isEmpty else {
            throw Self.noPhoto(of: photos.count, at: directory, hasImages: search.hasImages(images))
        }
        try AtomicFile.makeFolder(folder)
        try AtomicFile.removeAbandoned(of: images.map { file(of: $0, below: folder) })
        var outcome = Outcome()
        var done = 0
        outcome.missing = images.filter { files[$0.photo] == nil }
        let found = images.compactMap { image in files[image.photo].map { (image: image, file: $0) } }
        try threads.forEach(found) { [profile, pictures] in
            Self.picture(of: $0.image, $0.file, profile, pictures)
        } inOrder: { element, result in
            let image = element.image
            done += 1
            making(done, found.count)
            switch result {
            case .failure(let error): outcome.failed.append((image, error.message))
            case .success(let picture) where picture.digest != image.image:
                outcome.differing.append(image)
            case .success(let picture):
                try AtomicFile.write(picture.png(), to: file(of: image, below: folder), isOneOfMany: true)
                outcome.made.append(image)
            }
        }
        try AtomicFile.flushAll(below: folder)
        return outcome
    }

    private static func noPhoto(of count: Int, at directory: URL, hasImages: Bool) -> CurareError {
        let reason =
            hasImages
            ? "the folder has images of the version. Images are made from the original photos, and cannot replace them; "
                + "to use the images of a bundle, name the bundle's folder without --photos"
            : "name the folder with the original photos: only files with the same bytes count"
        return CurareError(
            .missingInput, "the folder has none of the \(count) photos of the version", at: directory.path,
            next: reason)
    }

    /// Copies the images of `directory` that have the expected pixels to `folder`. Both folders have the layout of a
    /// workspace's `images` folder. The files keep their bytes.
    ///
    /// - Parameter making: called with the number of images that were compared and the number of all images.
    /// - Throws: ``CurareError`` (66) when `directory` does not exist, (74) when a file cannot be read or written.
    public func copy(
        _ images: [ExpectedImage], from directory: URL, to folder: URL, making: (Int, Int) -> Void
    ) throws -> Outcome {
        guard FolderListing.isFolder(at: directory.path) else {
            throw MissingPath.error(
                "the folder of images does not exist", at: directory.path,
                next: "name the folder that contains the photos with --photos")
        }
        try AtomicFile.makeFolder(folder)
        try AtomicFile.removeAbandoned(of: images.map { file(of: $0, below: folder) })
        var outcome = Outcome()
        var done = 0
        let files = images.map { (image: $0, file: file(of: $0, below: directory)) }
        try threads.forEach(files) { [profile] element in
            Result { try ImageFile(at: element.file).received(profile) }
        } inOrder: { element, result in
            done += 1
            making(done, files.count)
            switch try result.get() {
            case nil: outcome.missing.append(element.image)
            case let found? where found.digest == element.image.image:
                try AtomicFile.write(found.bytes, to: file(of: element.image, below: folder), isOneOfMany: true)
                outcome.made.append(element.image)
            case let found? where found.digest == nil:
                let reason = "is not an image, or is larger than the profile allows"
                outcome.failed.append((element.image, "the image file \(element.file.path) \(reason)"))
            case .some: outcome.differing.append(element.image)
            }
        }
        try AtomicFile.flushAll(below: folder)
        return outcome
    }

    private func file(of image: ExpectedImage, below folder: URL) -> URL {
        // Storage owns the layout: the path is that of a workspace's image file, relative to the workspace's `images`
        // folder.
        let workspace = Workspace(root: folder)
        let file =
            image.copy == nil
            ? workspace.imageFile(image.photo, profile) : workspace.overlaidImageFile(image.image, profile)
        return folder.appending(path: String(file.path.dropFirst(workspace.images.path.count + 1)))
    }

    private static func picture(
        of expected: ExpectedImage, _ file: URL, _ profile: Profile, _ pictures: OverlayPictures
    ) -> Result<Picture, CurareError> {
        do {
            let bytes = try RegularFile(file).bytes(limit: limits.bytes)
            guard PhotoID.sha256(of: bytes) == expected.photo else {
                throw CurareError(.badInput, "the file changed while it was read", at: file.path)
            }
            let photo = try DecodedPhoto(bytes, limits: limits) { width, height in
                guard expected.face?.isInside(width: width, height: height) != false else {
                    throw CurareError(
                        .badInput, "the face that determines the crop is outside the photo", at: file.path)
                }
                return profile.reduction(width: width, height: height, face: expected.face)
            }
            let image = try photo.upright.rendered(profile, face: expected.face)
            guard let copy = expected.copy else { return .success(image) }
            guard copy.width == photo.upright.width, copy.height == photo.upright.height else {
                throw CurareError(
                    .badInput,
                    "the photo has \(photo.upright.width) × \(photo.upright.height) pixels, "
                        + "but its entry records \(copy.width) × \(copy.height)",
                    at: file.path)
            }
            return .success(try pictures.draw(copy, on: image, profile))
        } catch let error as CurareError {
            return .failure(error)
        } catch {
            return .failure(
                CurareError(
                    .bug, "the photo cannot be decoded on this machine: \(error)", at: file.path,
                    next: "install the library version in provenance.json"))
        }
    }
}

extension PhotoFace {
    /// Whether the box and the eyes are inside a photo of this size. Measured and marked faces are always inside. The
    /// entries of a version can be damaged, so the faces in entries need this check.
    func isInside(width: Int, height: Int) -> Bool {
        let isBoxInside =
            box.x >= 0 && box.y >= 0 && (1...width).contains(box.width) && (1...height).contains(box.height)
            && box.x <= width - box.width && box.y <= height - box.height
        return isBoxInside
            && [leftEye, rightEye].allSatisfy { (0..<width).contains($0.x) && (0..<height).contains($0.y) }
    }
}

/// A folder of files in any order and under any names, in which photos are identified by their digests.
struct PhotoDirectory {
    private let files: [URL]

    /// - Throws: ``CurareError`` (66) when the folder does not exist, (74) when a folder in it cannot be listed.
    init(_ folder: URL) throws {
        guard FolderListing.isFolder(at: folder.path) else {
            throw MissingPath.error(
                "the folder of photos does not exist", at: folder.path,
                next: "name the folder that contains the photos, in any order and under any names")
        }
        files = try FolderListing.paths(below: folder).map { folder.appending(path: $0) }
    }

    /// Returns a file for each photo that is in the folder: the first by path, when several files have the same bytes.
    func find(_ photos: Set<PhotoID>, threads: ThreadBudget, progress: (Int, Int) -> Void) throws -> [PhotoID: URL] {
        var found: [PhotoID: URL] = [:]
        var done = 0
        try threads.forEach(files) {
            Self.digest(of: $0)
        } inOrder: { file, id in
            done += 1
            progress(done, files.count)
            if let id, photos.contains(id), found[id] == nil { found[id] = file }
        }
        return found
    }

    /// Returns whether a file has the name of one of the images, as in a bundle or in a workspace.
    func hasImages(_ images: [ImageRebuilder.ExpectedImage]) -> Bool {
        let names = Set(images.flatMap { ["\($0.photo.hex).png", "\($0.image.hex).png"] })
        return files.contains { names.contains($0.lastPathComponent) }
    }

    /// Returns the digest of a file; nil for a folder, a link to a folder, or an unreadable file. A photo that only an
    /// unreadable file contains counts as missing.
    private static func digest(of file: URL) -> PhotoID? {
        do {
            return try RegularFile(file).sha256()
        } catch {
            return nil
        }
    }
}
