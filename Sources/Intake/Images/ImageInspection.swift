import Core
import Foundation
import Imaging
import Storage

/// Compares the pixels of image files with their digests.
public struct ImageInspection {
    private let threads: ThreadBudget

    public init(threads: ThreadBudget = .shared) {
        self.threads = threads
    }

    /// Returns the files that are not images, and the files whose pixels have another digest than recorded. Missing
    /// files are left out.
    ///
    /// - Parameters:
    ///   - profile: the profile of images from another person. See ``ImageFile/received(_:)``.
    ///   - progress: called with the number of images that were compared and the number of all images.
    /// - Throws: ``CurareError`` (74) when a file exists and cannot be read, (65) when an image from another person is not
    ///   a regular file.
    public func changed(
        _ images: [(file: URL, digest: ImageDigest)], receivedWith profile: Profile? = nil,
        progress: (Int, Int) -> Void
    ) throws -> Set<URL> {
        var changed: Set<URL> = []
        var done = 0
        try threads.forEach(Array(images.indices)) { index in
            Result {
                let file = ImageFile(at: images[index].file)
                if let profile {
                    return try file.received(profile).map { $0.digest != images[index].digest } ?? false
                }
                return try file.exists && file.digest != images[index].digest
            }
        } inOrder: { index, isChanged in
            if try isChanged.get() { changed.insert(images[index].file) }
            done += 1
            progress(done, images.count)
        }
        return changed
    }
}
