import Core
import Foundation
import Imaging
import Storage

/// A photo that was decoded once. Its original and its image are in the workspace.
struct MeasuredPhoto: Sendable {
    let photo: Photo
    let image: Image
    /// Nil when the catalog contains the measures already.
    let measures: PhotoMeasures?
    /// The face of the photo, from this measurement or from the catalog.
    let knownFace: KnownFace
    /// Quality flags. Empty when nothing was measured.
    let flags: [QualityFlag]
    let orientationDoubt: OrientationDoubt?

    /// Why a file is not a photo that can be used.
    struct Rejection: Error {
        /// The prefix of the reason for a file that the operating system could not read.
        static let unreadable = "unreadable: "

        let reason: String
    }

    /// Reads, decodes and measures a file, and writes the original and the image into the workspace without flushing
    /// them.
    ///
    /// - Parameters:
    ///   - expected: the digest that the file had when the import was planned.
    ///   - boxes: the boxes that `session.csv` marks in the photo. A box that extends outside the photo is rejected.
    ///   - known: the face in the catalog. A measured face is not measured again.
    ///   - finder: the face detector, which takes longer than everything else; nil if no face is searched.
    ///   - workspace: nil to write nothing.
    /// - Throws: ``Rejection`` when the file is not a usable photo, ``CurareError`` (74) when the workspace cannot be
    ///   written.
    init(
        _ file: URL, expected: PhotoID, boxes: [Box], known: KnownFace, finder: FaceFinder?, profile: Profile,
        limits: DecodingLimits, workspace: Workspace?
    ) throws {
        let bytes = try Self.bytes(of: file, expected: expected, limits: limits)
        do {
            let decoded = try DecodedPhoto(bytes, limits: limits, reduction: Reduction.measuring)
            orientationDoubt = decoded.orientationDoubt
            let width = decoded.upright.width
            let height = decoded.upright.height
            try Self.check(boxes, PhotoSize(width: width, height: height))
            measures =
                known.record == nil
                ? PhotoMeasures(try PhotoMeasurement(decoded.upright, searchingFacesWith: finder)) : nil
            knownFace = KnownFace(record: known.record ?? measures?.face, marked: known.marked)
            let face = knownFace.face
            flags = QualityFlag.flags(measures?.quality, face.map { FaceFraming($0, width: width, height: height) })
            let picture = try DecodedPhoto.image(
                of: bytes, limits: limits, profile, face: face, decoded: decoded)
            photo = Photo(
                id: expected, bytes: bytes.count, format: decoded.format.rawValue, width: width, height: height,
                captured: decoded.captured, camera: decoded.camera)
            image = Image(photo: expected, profile: profile, digest: picture.digest)
            guard let workspace else { return }
            try AtomicFile.write(
                bytes, to: workspace.photoFile(expected, format: photo.format), mode: 0o400, isOneOfMany: true)
            try ImageFile(workspace, expected, profile).write(picture)
        } catch let error as ImagingError {
            let sentences = [error.message, error.nextStep].compactMap(\.self).joined(separator: "; ")
            throw Rejection(reason: "\(error.code.rawValue): \(sentences)")
        }
    }

    /// Returns the location of the planned photo's trigger, derived from its box and from the face. Nil without a box
    /// or without landmarks.
    func ruledLocation(of planned: ImportPlan.PlannedPhoto) -> TriggerLocationEstimate? {
        planned.row.triggerBox.flatMap { TriggerLocationEstimate(of: $0, on: knownFace) }
    }

    private static func bytes(of file: URL, expected: PhotoID, limits: DecodingLimits) throws -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try RegularFile(file).bytes(limit: limits.bytes)
        } catch let error as CurareError {
            throw Rejection(reason: Rejection.unreadable + error.message)
        }
        guard PhotoID.sha256(of: bytes) == expected else {
            throw Rejection(reason: "changed: the file changed during the import; import it again")
        }
        return bytes
    }

    private static func check(_ boxes: [Box], _ size: PhotoSize) throws {
        guard let problem = boxes.lazy.compactMap({ $0.problem(in: size) }).first else { return }
        throw Rejection(reason: "box-outside: \(problem); correct session.csv and import again")
    }
}
