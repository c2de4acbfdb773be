import Core
import Foundation
import Imaging
import Storage

/// A photo that was decoded once: measured, its original in its place, its image made.
struct MeasuredPhoto: Sendable {
    let photo: Photo
    let image: Image
    /// Nil where the catalog knows them already.
    let measures: PhotoMeasures?
    /// What is known of its face, be it measured now or before.
    let knownFace: KnownFace
    /// What a person should look at; empty where nothing was measured.
    let flags: [QualityFlag]

    /// Why there is no photo.
    struct Refused: Error {
        /// What the reason of a file begins with that the system would not read.
        static let unreadable = "unreadable: "

        let reason: String
    }

    /// Reads `file`, holds it to be `expected`, decodes it, and writes original and image into the workspace, to be flushed with the others of its batch.
    ///
    /// - Parameters:
    ///   - boxes: what the sheet marks in the photo; one that reaches outside it is refused.
    ///   - known: what is known of its face; nothing is measured again where that was measured.
    ///   - lookingForFaces: images that are not cut by faces need none, and looking takes longer than all the rest.
    ///   - workspace: nil measures without writing.
    /// - Throws: ``Refused`` where the file gives no photo, ``CurareError`` (74) where the workspace cannot be written to.
    init(
        _ file: URL, expected: PhotoID, boxes: [Box], known: KnownFace, lookingForFaces: Bool, profile: Profile,
        limits: DecodingLimits, workspace: Workspace?
    ) throws {
        let bytes: [UInt8]
        do { bytes = try RegularFile(file).bytes(limit: limits.bytes) } catch let refusal as CurareError {
            throw Refused(reason: Refused.unreadable + refusal.message)
        }
        guard PhotoID.sha256(of: bytes) == expected else {
            throw Refused(reason: "changed: the file changed while it was being imported; import it again")
        }
        do {
            let decoded = try DecodedPhoto(bytes, limits: limits, reduction: Reduction.measuring)
            let (width, height) = (decoded.upright.width, decoded.upright.height)
            if let box = boxes.first(where: { $0.x + $0.width > width || $0.y + $0.height > height }) {
                throw Refused(
                    reason:
                        "box-outside: the box \(box.x) \(box.y) \(box.width) \(box.height) reaches outside the upright photo of \(width) × \(height); mend the sheet and import again"
                )
            }
            measures =
                known.record == nil
                ? PhotoMeasures(try PhotoMeasurement(decoded.upright, lookingForFaces: lookingForFaces)) : nil
            knownFace = KnownFace(record: known.record ?? measures?.face, marked: known.marked)
            let face = knownFace.face
            flags = QualityFlag.flags(measures?.quality, face.map { FaceFraming($0, width: width, height: height) })
            let picture = try DecodedPhoto.image(
                of: bytes, limits: limits, Rendering(profile), face: face.map(Face.init), decoded: decoded)
            photo = Photo(
                id: expected, bytes: bytes.count, format: decoded.format.rawValue, width: width, height: height,
                captured: decoded.captured, camera: decoded.camera)
            image = Image(photo: expected, profile: profile, digest: ImageDigest(picture.digest))
            guard let workspace else { return }
            try AtomicFile.write(
                bytes, to: workspace.photoFile(expected, format: photo.format), mode: 0o400, isOneOfMany: true)
            try ImageFile(workspace, expected, profile).write(picture)
        } catch let error as ImagingError {
            throw Refused(reason: "\(error.code.rawValue): \(error)")
        }
    }
}

extension SHA256Digest {
    init(_ digest: PixelDigest) {
        self = SHA256Digest(bytes: digest.bytes) ?? .sha256(of: digest.bytes)
    }
}

extension Rendering {
    init(_ profile: Profile) {
        let crop: Crop =
            switch profile.crop {
            case .centre: .centre
            case .none: .none
            case .face: .face
            }
        let colour: Colour =
            switch profile.colour {
            case .srgb: .srgb
            case .grey: .grey
            }
        self.init(size: profile.size, crop: crop, colour: colour)
    }
}
