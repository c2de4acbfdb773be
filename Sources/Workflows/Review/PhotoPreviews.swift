import Core
import Foundation
import Imaging
import Storage
import Synchronization

/// JPEGs of upright photos in memory, for the review page. Nothing is stored on the disk.
///
/// When the pictures have more than ``maximumBytes``, those that were not used for the longest time are removed.
final class PhotoPreviews: Sendable {
    struct Key: Hashable, Sendable {
        let photo: PhotoID
        /// The longest side in pixels, at most.
        let side: Int
    }

    private struct Stored {
        let jpeg: [UInt8]
        var lastUse: Int
    }

    private struct State {
        var stored: [Key: Stored] = [:]
        var bytes = 0
        var uses = 0
    }

    private let maximumBytes: Int
    private let state = Mutex(State())

    init(maximumBytes: Int = 128 << 20) {
        self.maximumBytes = maximumBytes
    }

    subscript(key: Key) -> [UInt8]? {
        state.withLock { state in
            state.uses += 1
            state.stored[key]?.lastUse = state.uses
            return state.stored[key]?.jpeg
        }
    }

    func store(_ jpeg: [UInt8], for key: Key) {
        guard jpeg.count <= maximumBytes else { return }
        state.withLock { state in
            state.uses += 1
            state.bytes += jpeg.count - (state.stored[key]?.jpeg.count ?? 0)
            state.stored[key] = Stored(jpeg: jpeg, lastUse: state.uses)
            guard state.bytes > maximumBytes else { return }
            // Removing a quarter at once makes the sorting rare.
            for (key, stored) in state.stored.sorted(by: { $0.value.lastUse < $1.value.lastUse }) {
                guard state.bytes > maximumBytes / 4 * 3, state.stored.count > 1 else { break }
                state.stored[key] = nil
                state.bytes -= stored.jpeg.count
            }
        }
    }

    /// Removes the pictures of photos that are not in the catalog.
    func keepOnly(_ isKept: (PhotoID) -> Bool) {
        state.withLock { state in
            for (key, stored) in state.stored where !isKept(key.photo) {
                state.stored[key] = nil
                state.bytes -= stored.jpeg.count
            }
        }
    }

    /// The number of bytes of all pictures.
    var byteCount: Int { state.withLock { $0.bytes } }
}

extension ReviewStudy {
    /// The longest sides of pictures, in pixels.
    public static let pictureSides = [160, 320, 1280]

    /// Returns a JPEG of the upright photo. A small photo is not enlarged.
    ///
    /// - Parameter side: one of ``pictureSides``.
    /// - Throws: ``CurareError`` (66) if the catalog has no such photo; (65) if the original cannot be decoded; (74) if it
    ///   cannot be read.
    public func picture(_ id: String, side: Int) throws -> [UInt8] {
        // The catalog is asked for each picture: the picture of a person who has withdrawn is never sent.
        guard let photo = try PhotoID(hex: id).flatMap({ try catalog.photo($0) }) else { throw Self.noPhoto }
        let key = PhotoPreviews.Key(photo: photo.id, side: side)
        if let jpeg = previews[key] { return jpeg }
        let limits = DecodingLimits(pixels: .max, bytes: .max)
        let file = workspace.photoFile(photo.id, format: photo.format)
        do {
            let bytes = try RegularFile(file, missing: .missingInput).bytes(limit: photo.bytes)
            let picture = try DecodedPhoto.image(
                of: bytes, limits: limits, size: min(side, max(photo.width, photo.height)), crop: .none, colour: .srgb,
                face: nil)
            let jpeg = try picture.encoded(as: .jpeg, quality: 85)
            previews.store(jpeg, for: key)
            return jpeg
        } catch let error as ImagingError {
            throw CurareError(
                .badInput, "the original of photo \(photo.id.short) cannot be decoded: \(error.message)",
                next: "look at: curare check --deep")
        }
    }
}
