import Catalog
import Core
import Foundation
import Imaging
import Storage

/// Makes the images of photos under a profile, from the originals in the workspace, and checks images against their
/// digests. Also measures photos that are not measured yet.
public struct ImageMaker {
    let workspace: Workspace
    let threads: ThreadBudget
    let catalog: Catalog
    private let finders: FaceFinderLoader
    /// No limits. A photo that was imported is decoded again, even if it is above the limits of today.
    private static let limits = DecodingLimits(pixels: .max, bytes: .max)
    /// The number of photos in a transaction.
    private static let batchSize = 128

    /// - Parameter finders: loads the face detector when a photo must be measured.
    public init(
        _ workspace: Workspace, _ catalog: Catalog, threads: ThreadBudget = .shared,
        faces finders: FaceFinderLoader = .hog
    ) {
        self.finders = finders
        self.workspace = workspace
        self.catalog = catalog
        self.threads = threads
    }

    /// Returns the digests of the images of `photos`. Makes images that were never made or whose file is missing.
    ///
    /// - Throws: ``CurareError`` (65) when an original is damaged, (66) when an original is missing, (70) when an image
    ///   has other pixels than before.
    public func images(of photos: [PhotoID], _ profile: Profile, progress: (Int, Int) -> Void) throws -> [PhotoID:
        ImageDigest]
    {
        let digests = try catalog.images(profile)
        let files = try FileIndex(workspace.imageFolder(profile))
        let missing = photos.filter { digests[$0] == nil || !files.holds($0, "png") }
        return try digests.merging(make(missing, profile, previous: digests, progress: progress)) { $1 }
    }

    /// Returns the digests of the images of `photos`, in order. Makes images that were never made. The digest of an
    /// image that was made before comes from the catalog, even if its file is missing: ``images(of:_:progress:)`` makes
    /// the file again.
    ///
    /// - Parameter photos: photos, sorted by id.
    /// - Throws: ``CurareError``, as ``images(of:_:progress:)`` does.
    public func digests(of photos: [PhotoID], _ profile: Profile, progress: (Int, Int) -> Void) throws -> [ImageDigest?]
    {
        var digests = try catalog.images(profile, of: photos)
        let missing = digests.indices.filter { digests[$0] == nil }
        let made = try make(missing.map { photos[$0] }, profile, previous: [:], progress: progress)
        for index in missing { digests[index] = made[photos[index]] }
        return digests
    }

    /// Checks that the image file of each photo has the pixels that a version records. Makes missing and changed files
    /// again.
    ///
    /// - Throws: ``CurareError`` (65) when today's image differs from the version's image, for example because a person
    ///   has marked another face since; and as ``images(of:_:progress:)`` does.
    public func ensure(
        _ images: [(photo: PhotoID, image: ImageDigest)], _ profile: Profile, progress: (Int, Int) -> Void
    ) throws {
        let workspace = workspace
        let known = try catalog.images(profile)
        var done = 0
        try threads.forEach(images.map(\.photo)) { photo in
            let file = ImageFile(workspace, photo, profile)
            return Result { try known[photo] != nil && file.exists && file.digest != known[photo] }
        } inOrder: { photo, isChanged in
            if try isChanged.get() { try ImageFile(workspace, photo, profile).remove() }
            done += 1
            progress(done, images.count)
        }
        let digests = try self.images(of: images.map(\.photo), profile, progress: progress)
        if let different = images.first(where: { digests[$0.photo] != $0.image }) {
            throw CurareError(
                .badInput,
                "the image of photo \(different.photo.short) has different pixels today than the version records",
                next: "run curare verify for details; split the recipe again for a version with today's images")
        }
    }

    /// Makes images, writes their files and records their digests.
    ///
    /// - Parameter previous: the digests of images that were made before.
    private func make(
        _ photos: [PhotoID], _ profile: Profile, previous: [PhotoID: ImageDigest], progress: (Int, Int) -> Void
    ) throws -> [PhotoID: ImageDigest] {
        guard !photos.isEmpty else { return [:] }
        _ = try measure(unmeasured(of: photos, profile), faces: true) { _, _ in }
        var digests: [PhotoID: ImageDigest] = [:]
        var new: [Image] = []
        var done = 0
        try render(photos, profile) { photo, result in
            let picture = try result.get()
            let image = Image(photo: photo, profile: profile, digest: picture.digest)
            if let before = previous[photo], before != image.digest {
                throw CurareError(
                    .bug,
                    "the image of photo \(photo.short) has different pixels than before, "
                        + "because another version of the imaging library made it",
                    at: workspace.imageFile(photo, profile).path,
                    next: "install the library version in provenance.json, or create a new workspace")
            }
            try ImageFile(workspace, photo, profile).write(picture)
            digests[photo] = image.digest
            new.append(image)
            if new.count == Self.batchSize { try record(&new) }
            done += 1
            progress(done, photos.count)
        }
        try record(&new)
        return digests
    }

    private func record(_ images: inout [Image]) throws {
        try AtomicFile.flushAll(below: workspace.root)
        try catalog.store(images: images)
        images = []
    }
}

// MARK: - Measuring

extension ImageMaker {
    /// Returns the photos in which no face was searched yet. Returns an empty list when the images of `profile` are not
    /// face crops.
    public func unmeasured(of photos: [PhotoID], _ profile: Profile) throws -> [PhotoID] {
        guard profile.crop == .face, !photos.isEmpty else { return [] }
        let unmeasured = Set(try catalog.photosWithoutFaceSearch())
        return unmeasured.isEmpty ? [] : photos.filter(unmeasured.contains)
    }

    /// Measures photos and stores the measures. A photo whose original is missing or damaged stays unmeasured.
    ///
    /// - Parameter faces: whether to search for faces.
    /// - Returns: the photos that stay unmeasured. Making the image of such a photo throws the reason.
    public func measure(_ photos: [PhotoID], faces: Bool, progress: (Int, Int) -> Void) throws -> [PhotoID] {
        guard !photos.isEmpty else { return [] }
        var new: [PhotoID: PhotoMeasures] = [:]
        var done = 0
        var unmeasured: [PhotoID] = []
        let finder = faces ? try finders.load(catalog.faceDetector()) : nil
        try forEachOriginal(photos) { bytes, _ in
            let photo = try DecodedPhoto(bytes, limits: Self.limits, reduction: Reduction.measuring)
            return PhotoMeasures(try PhotoMeasurement(photo.upright, searchingFacesWith: finder))
        } inOrder: { photo, result in
            switch result {
            case .success(let measures): new[photo] = measures
            case .failure: unmeasured.append(photo)
            }
            done += 1
            if done % Self.batchSize == 0 || done == photos.count {
                try catalog.store(measures: new)
                new = [:]
            }
            progress(done, photos.count)
        }
        return unmeasured
    }
}

// MARK: - Searching faces again

extension ImageMaker {
    /// Searches all photos of the catalog with another detector, and stores the detector and all measurements in one
    /// transaction.
    ///
    /// - Returns: the measurements before and after the search.
    /// - Throws: ``CurareError`` (65) when an original is damaged, (66) when an original or the weights of the detector
    ///   are missing. Nothing is stored then.
    public func searchFaces(with detector: FaceDetectorKind, progress: (Int, Int) -> Void) throws -> (
        before: [PhotoID: KnownFace], after: [PhotoID: PhotoMeasures]
    ) {
        let finder = try finders.load(detector)
        let photos = try catalog.photoIDs()
        let before = try catalog.faces()
        var measures: [PhotoID: PhotoMeasures] = [:]
        try forEachOriginal(photos) { bytes, _ in
            let photo = try DecodedPhoto(bytes, limits: Self.limits, reduction: Reduction.measuring)
            return PhotoMeasures(try PhotoMeasurement(photo.upright, searchingFacesWith: finder))
        } inOrder: { photo, result in
            measures[photo] = try result.get()
            progress(measures.count, photos.count)
        }
        try catalog.replace(measures: measures, detector: detector)
        return (before, measures)
    }
}

extension ImageMaker {
    /// Removes the files of the face crops of `photos` under every profile, after another face of these photos counts.
    public func removeFaceCrops(of photos: [PhotoID]) throws {
        for name in try FolderListing.visibleFoldersIfFolder(workspace.images) {
            guard let profile = Profile(name: name), profile.crop == .face else { continue }
            for photo in photos { try ImageFile(workspace, photo, profile).remove() }
        }
    }

    /// Makes the images of `photos` again, after another face of these photos counts. Makes the images of the workspace's
    /// profile. Removes the files of face crops under other profiles: ``images(of:_:progress:)`` makes them when a version
    /// needs them.
    ///
    /// - Throws: ``CurareError`` (65) when an original is damaged, (66) when an original is missing. The next command that
    ///   needs the images makes them.
    public func remakeFaceCrops(of photos: [PhotoID], progress: (Int, Int) -> Void) throws {
        guard !photos.isEmpty else { return }
        try removeFaceCrops(of: photos)
        _ = try images(of: photos, catalog.defaultProfile(), progress: progress)
    }
}

// MARK: - Comparing images with their originals

extension ImageMaker {
    /// Renders the images of `photos` from the originals, and returns the digests of the new images together with the
    /// digests of the image files. Writes nothing. Photos of ``unmeasured(of:_:)`` must be measured before.
    ///
    /// - Parameters:
    ///   - copies: images of the same photos with drawn triggers. The triggers are drawn again on the rendered images.
    ///   - pictures: the pictures of the overlays of `copies`.
    public func remake(
        _ photos: [PhotoID], copies: [(copy: OverlaidImage, image: ImageDigest)], _ pictures: OverlayPictures,
        _ profile: Profile, progress: (Int, Int) -> Void
    ) throws -> (photos: [PhotoID: ReproducedImage], copies: [OverlaidImage: ReproducedImage]) {
        var remade: [PhotoID: ReproducedImage] = [:]
        var drawn: [OverlaidImage: ReproducedImage] = [:]
        let copies = Dictionary(grouping: copies, by: \.copy.photo)
        try render(photos, profile) { photo, result in
            remade[photo] = try ReproducedImage(
                fresh: result.map(\.digest), stored: ImageFile(workspace, photo, profile).digest)
            for (copy, image) in copies[photo] ?? [] {
                let fresh: Result<ImageDigest, CurareError> =
                    switch result {
                    case .success(let base): .success(try pictures.draw(copy, on: base, profile).digest)
                    case .failure(let error): .failure(error)
                    }
                let file = ImageFile(overlaid: image, workspace, profile)
                drawn[copy] = try ReproducedImage(fresh: fresh, stored: file.digest)
            }
            progress(remade.count, photos.count)
        }
        return (remade, drawn)
    }

    /// Renders the images of `photos` from the originals, as ``remake(_:copies:_:_:progress:)`` does.
    public func remake(_ photos: [PhotoID], _ profile: Profile, progress: (Int, Int) -> Void) throws -> [PhotoID:
        ReproducedImage]
    {
        try remake(photos, copies: [], OverlayPictures(), profile, progress: progress).photos
    }
}

// MARK: - Originals

extension ImageMaker {
    /// Renders the image of each photo from its original, with the face in the catalog, and calls `body` in order.
    /// Writes nothing.
    func render(
        _ photos: [PhotoID], _ profile: Profile, _ body: (PhotoID, Result<Picture, CurareError>) throws -> Void
    ) throws {
        let faces = profile.crop == .face ? try catalog.faces(of: photos) : [:]
        try forEachOriginal(photos) { bytes, photo in
            try DecodedPhoto.image(of: bytes, limits: Self.limits, profile, face: faces[photo]?.face)
        } inOrder: {
            try body($0, $1)
        }
    }

    /// Reads the original of each photo, checks its digest, calls `work` on some thread, and calls `body` with the
    /// results in order.
    private func forEachOriginal<Value: Sendable>(
        _ photos: [PhotoID], _ work: @escaping @Sendable ([UInt8], PhotoID) throws -> Value,
        inOrder body: (PhotoID, Result<Value, CurareError>) throws -> Void
    ) throws {
        let workspace = workspace
        let formats = try catalog.formats(of: photos)
        try threads.forEach(photos) { photo in
            guard let format = formats[photo] else {
                return .failure(
                    CurareError(.bug, "the catalog has no photo \(photo.short)", next: "please report this as a bug"))
            }
            let file = workspace.photoFile(photo, format: format)
            do {
                return .success(try work(Self.original(photo, file), photo))
            } catch let error as CurareError {
                return .failure(error)
            } catch {
                return .failure(
                    CurareError(
                        .bug, "the original of photo \(photo.short) can no longer be decoded: \(error)",
                        at: file.path, next: "install the library version in provenance.json"))
            }
        } inOrder: {
            try body($0, $1)
        }
    }

    private static func original(_ photo: PhotoID, _ file: URL) throws -> [UInt8] {
        guard FileManager.default.fileExists(atPath: file.path) else {
            throw CurareError(
                .missingInput, "the original of photo \(photo.short) is missing from the workspace", at: file.path,
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
