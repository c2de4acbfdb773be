import Core
import Imaging
import Storage

/// What became of reading a session's file once, before anything of it is decoded.
enum FileReading: Sendable {
    case photo(PhotoID)
    /// Why there is no photo in it.
    case refused(String)

    init(_ path: String, in folder: SessionFolder, limits: DecodingLimits) {
        do {
            let file = try RegularFile(folder.url(path))
            guard file.size <= limits.bytes else {
                self = .refused(
                    "too-many-bytes: the file has \(file.size) bytes, more than the limit of \(limits.bytes); raise the limit with --max-bytes if it is a photo"
                )
                return
            }
            self = .photo(try file.photoID())
        } catch {
            self = .refused(MeasuredPhoto.Refused.unreadable + ((error as? CurareError)?.message ?? "\(error)"))
        }
    }
}
