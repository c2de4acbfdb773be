import Core
import Imaging

extension ImageMaker {
    /// Returns each photo as a small JPEG of the whole photo, or the error of a photo whose original is missing or
    /// damaged. Writes nothing.
    ///
    /// - Parameters:
    ///   - photos: photos of the catalog.
    ///   - side: pixels of the longer side; one of `Profile.sizes`.
    ///   - quality: 1…100.
    ///   - progress: called with the number of photos that are finished and the number of all photos.
    /// - Throws: ``CurareError`` (74) when the catalog cannot be read.
    public func wholePhotos(
        _ photos: [PhotoID], side: Int, quality: Int, progress: (Int, Int) -> Void
    ) throws -> [PhotoID: Result<[UInt8], CurareError>] {
        guard let profile = Profile(size: side, crop: .none) else {
            throw CurareError(.bug, "no image has \(side) pixels", next: "please report this as a bug")
        }
        var made: [PhotoID: Result<[UInt8], CurareError>] = [:]
        try render(photos, profile) { photo, picture in
            switch picture {
            case .success(let picture): made[photo] = .success(try picture.encoded(as: .jpeg, quality: quality))
            case .failure(let error): made[photo] = .failure(error)
            }
            progress(made.count, photos.count)
        }
        return made
    }
}
