import Catalog
import Core
import Foundation
import Imaging
import Storage

/// Makes images from the workspace's originals: those that a recipe's profile lacks, and all of them again to hold them to their digests. Measures
/// what an earlier version did not.
public struct ImageMaker {
    let workspace: Workspace
    private let catalog: Catalog
    let workers: ThreadBudget
    /// What was imported once is decoded again, whatever today's limits are.
    private static let limits = DecodingLimits(pixels: .max, bytes: .max)
    private static let batch = 128

    public init(_ workspace: Workspace, _ catalog: Catalog, workers: ThreadBudget) {
        (self.workspace, self.catalog, self.workers) = (workspace, catalog, workers)
    }

    /// The digests of all of `photos` under `profile`; images that are not there yet, or not any more, are made.
    ///
    /// - Throws: ``CurareError`` (65) where an original is damaged, (66) where one is missing, (70) where an image comes out otherwise than before.
    public func images(of photos: [PhotoID], _ profile: Profile, progress: (Int, Int) -> Void) throws -> [PhotoID:
        ImageDigest]
    {
        let digests = try catalog.images(profile)
        let shelf = FileIndex(workspace.images.appending(path: profile.name))
        let missing = photos.filter { digests[$0] == nil || !shelf.holds($0, "png") }
        return try digests.merging(make(missing, profile, before: digests, progress: progress)) { $1 }
    }

    /// The digests of `photos` under `profile`, in their order; images that were never made are. That of an image which was made once is what the catalog
    /// says, whether or not its file is still there: whoever wants its pixels makes it again.
    ///
    /// - Parameter photos: in the order of their ids.
    /// - Throws: as ``images(of:_:progress:)`` does.
    public func digests(of photos: [PhotoID], _ profile: Profile, progress: (Int, Int) -> Void) throws -> [ImageDigest?]
    {
        var digests = try catalog.images(profile, of: photos)
        let missing = digests.indices.filter { digests[$0] == nil }
        let made = try make(missing.map { photos[$0] }, profile, before: [:], progress: progress)
        for place in missing { digests[place] = made[photos[place]] }
        return digests
    }

    /// Makes images, puts them in their places and records them.
    ///
    /// - Parameter before: the digests that they had when they were made before.
    private func make(
        _ photos: [PhotoID], _ profile: Profile, before: [PhotoID: ImageDigest], progress: (Int, Int) -> Void
    ) throws -> [PhotoID: ImageDigest] {
        guard !photos.isEmpty else { return [:] }
        _ = try measure(unmeasured(of: photos, profile), faces: true) { _, _ in }
        var digests: [PhotoID: ImageDigest] = [:]
        var new: [Image] = []
        var done = 0
        try remake(photos, profile) { photo, result in
            let picture = try result.get()
            let image = Image(photo: photo, profile: profile, digest: ImageDigest(picture.digest))
            if let before = before[photo], before != image.digest {
                throw CurareError(
                    .bug,
                    "the image of photo \(photo.short) comes out with other pixels than before: another imaging library made it",
                    at: workspace.imageFile(photo, profile).path,
                    next: "see provenance.json for the library; use that one, or a new workspace")
            }
            try ImageFile(workspace, photo, profile).write(picture)
            digests[photo] = image.digest
            new.append(image)
            if new.count == Self.batch { try record(&new) }
            done += 1
            progress(done, photos.count)
        }
        try record(&new)
        return digests
    }

    /// Sees to it that the image of every one of `photos` lies in its place with the pixels that a version says; what is missing or was changed is made again.
    ///
    /// - Throws: ``CurareError`` (65) where today's image is another one, as after another face was marked; and as ``images(of:_:progress:)`` does.
    public func hold(_ photos: [(photo: PhotoID, image: ImageDigest)], _ profile: Profile, progress: (Int, Int) -> Void)
        throws
    {
        let (workspace, known) = (workspace, try catalog.images(profile))
        var done = 0
        try workers.forEach(photos.map(\.photo)) { photo in
            let file = ImageFile(workspace, photo, profile)
            return known[photo] != nil && file.exists && file.digest != known[photo]
        } inOrder: { photo, isChanged in
            if isChanged { try ImageFile(workspace, photo, profile).remove() }
            done += 1
            progress(done, photos.count)
        }
        let digests = try images(of: photos.map(\.photo), profile, progress: progress)
        if let other = photos.first(where: { digests[$0.photo] != $0.image }) {
            throw CurareError(
                .badInput, "the image of photo \(other.photo.short) has other pixels today than the version says",
                next: "see curare verify; split the recipe again for a version with today's images")
        }
    }

    private func record(_ images: inout [Image]) throws {
        try AtomicFile.flushAll(below: workspace.root)
        try catalog.store(images: images)
        images = []
    }

    /// Those of `photos` in which no face was looked for yet, where `profile` is cut by faces; none where it is not.
    public func unmeasured(of photos: [PhotoID], _ profile: Profile) throws -> [PhotoID] {
        guard profile.crop == .face, !photos.isEmpty else { return [] }
        let unmeasured = Set(try catalog.unmeasured(faces: true))
        return unmeasured.isEmpty ? [] : photos.filter(unmeasured.contains)
    }

    /// Measures `photos`. One whose original is missing or damaged stays as it is, and whoever asks for its image is told.
    ///
    /// - Parameter faces: whether faces are looked for.
    /// - Returns: those that stay unmeasured.
    public func measure(_ photos: [PhotoID], faces: Bool, progress: (Int, Int) -> Void) throws -> [PhotoID] {
        guard !photos.isEmpty else { return [] }
        var new: [PhotoID: PhotoMeasures] = [:]
        var done = 0
        var left: [PhotoID] = []
        try forEachOriginal(photos) { bytes, _ in
            PhotoMeasures(
                try PhotoMeasurement(
                    DecodedPhoto(bytes, limits: Self.limits, reduction: Reduction.measuring).upright,
                    lookingForFaces: faces))
        } inOrder: { photo, measures in
            if case .success(let measures) = measures { new[photo] = measures } else { left.append(photo) }
            done += 1
            if done % Self.batch == 0 || done == photos.count {
                try catalog.store(measures: new)
                new = [:]
            }
            progress(done, photos.count)
        }
        return left
    }

    /// What every one of `photos` gives when its image is made again from the original, and what the image's file holds now. Nothing is written; those of ``unmeasured(of:_:)``
    /// must be measured before.
    /// - Parameters:
    ///   - copies: on which triggers are drawn, of the same photos; they are drawn again over what was made again.
    ///   - pictures: of their overlays.
    public func remade(
        _ photos: [PhotoID], copies: [(copy: OverlaidImage, image: ImageDigest)], _ pictures: OverlayPictures,
        _ profile: Profile,
        progress: (Int, Int) -> Void
    ) throws -> (photos: [PhotoID: RemadeImage], copies: [OverlaidImage: RemadeImage]) {
        var remade: [PhotoID: RemadeImage] = [:]
        var drawn: [OverlaidImage: RemadeImage] = [:]
        let copies = Dictionary(grouping: copies, by: \.copy.photo)
        try remake(photos, profile) { photo, result in
            let file = ImageFile(workspace, photo, profile)
            remade[photo] = RemadeImage(
                fresh: result.map { ImageDigest($0.digest) }, stored: file.exists ? file.digest : nil)
            for (copy, image) in copies[photo] ?? [] {
                let file = ImageFile(drawn: image, workspace, profile)
                let fresh: Result<ImageDigest, CurareError> =
                    switch result {
                    case .success(let base): .success(ImageDigest(try pictures.draw(copy, on: base, profile).digest))
                    case .failure(let refusal): .failure(refusal)
                    }
                drawn[copy] = RemadeImage(fresh: fresh, stored: file.exists ? file.digest : nil)
            }
            progress(remade.count, photos.count)
        }
        return (remade, drawn)
    }

    /// The same of photos alone.
    public func remade(_ photos: [PhotoID], _ profile: Profile, progress: (Int, Int) -> Void) throws -> [PhotoID:
        RemadeImage]
    {
        try remade(photos, copies: [], OverlayPictures(), profile, progress: progress).photos
    }

    /// Renders every one of `photos` from its original again, and hands each over in order. No face is looked for that the catalog knows of.
    private func remake(
        _ photos: [PhotoID], _ profile: Profile, _ body: (PhotoID, Result<Picture, CurareError>) throws -> Void
    ) throws {
        let (rendering, faces) = (Rendering(profile), profile.crop == .face ? try catalog.faces(of: photos) : [:])
        try forEachOriginal(photos) { bytes, photo in
            try DecodedPhoto.image(of: bytes, limits: Self.limits, rendering, face: faces[photo]?.face.map(Face.init))
        } inOrder: {
            try body($0, $1)
        }
    }

    /// Hands the bytes of every one of `photos`, held to its id, to `work` on some thread, and the results over in order.
    private func forEachOriginal<Made: Sendable>(
        _ photos: [PhotoID], _ work: @escaping @Sendable ([UInt8], PhotoID) throws -> Made,
        inOrder body: (PhotoID, Result<Made, CurareError>) throws -> Void
    ) throws {
        let (workspace, formats) = (workspace, try catalog.formats(of: photos))
        try workers.forEach(photos) { photo in
            let file = workspace.photoFile(photo, format: formats[photo] ?? "")
            do {
                return .success(try work(Self.original(photo, file), photo))
            } catch let refusal as CurareError {
                return .failure(refusal)
            } catch {
                return .failure(
                    CurareError(
                        .bug, "the original of photo \(photo.short) cannot be decoded any more: \(error)",
                        at: file.path, next: "see provenance.json for the library that could"))
            }
        } inOrder: {
            try body($0, $1)
        }
    }

    private static func original(_ photo: PhotoID, _ file: URL) throws -> [UInt8] {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw CurareError(
                .missingInput, "the original of photo \(photo.short) is not in the workspace", at: file.path,
                next: "import its session again")
        }
        let bytes = try RegularFile(file).bytes(limit: limits.bytes)
        guard PhotoID.sha256(of: bytes) == photo else {
            throw CurareError(
                .badInput, "the original of photo \(photo.short) was changed", at: file.path,
                next: "delete the file and import its session again")
        }
        return bytes
    }
}
