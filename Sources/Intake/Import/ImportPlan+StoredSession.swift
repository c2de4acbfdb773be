import Catalog
import Core

/// A session of the catalog that a folder is compared with.
struct StoredSession: Sendable {
    let session: Session
    /// The photos with their files; of several photos with the same file, the newest is the last.
    let photos: [(photo: PhotoID, file: String)]
    private let newest: [String: PhotoID]

    init(_ session: Session, photos: [(photo: PhotoID, file: String)]) {
        self.session = session
        self.photos = photos
        newest = Dictionary(photos.map { ($0.file, $0.photo) }) { $1 }
    }

    /// Returns the newest photo of the session with this file name.
    func newestPhoto(of file: String) -> PhotoID? { newest[file] }
}

/// Comparison of a folder with what earlier imports stored.
extension ImportPlan {
    /// Records a problem when the folder has none of the photos of the stored session. The folder is then probably
    /// another shoot with the same session name, and the stored consent would also apply to its photos.
    mutating func checkFolder(_ scans: [String: FileScan], _ stored: StoredSession?) {
        guard let stored, !stored.photos.isEmpty else { return }
        let scanned = Set(scans.values.compactMap(\.photo))
        guard !scanned.isEmpty, !stored.photos.contains(where: { scanned.contains($0.photo) }) else { return }
        problems.append(
            CurareError.Problem(
                descriptionLocation,
                "the catalog has a session \(session.name) of \(stored.photos.count) photos, and none of them is in this "
                    + "folder; give this folder its own session name, or use --add-to-session to add its photos to "
                    + "session \(session.name)"))
    }

    /// Records a problem when the folder has new photos whose consent is missing, but the stored session has a consent.
    /// Otherwise the stored consent would also apply to the new photos.
    mutating func checkConsent(_ scans: [String: FileScan], _ stored: StoredSession?) {
        guard let stored, session.consent == .missing, stored.session.consent != .missing else { return }
        let new = Set(scans.values.compactMap(\.photo)).subtracting(stored.photos.map(\.photo))
        guard !new.isEmpty else { return }
        problems.append(
            CurareError.Problem(
                descriptionLocation,
                "the consent is missing here, but the catalog has the consent \(stored.session.consent.rawValue) for "
                    + "session \(session.name), and this consent would also count for \(new.count) new photos; give this folder its own session name, or record the consent with "
                    + "curare consent \(session.name) missing"))
    }

    /// Warns when the session has imported other bytes with the same file name.
    mutating func compareFile(of row: SessionRow, _ photo: PhotoID, _ stored: StoredSession?) {
        guard let stored, let earlier = stored.newestPhoto(of: row.file), earlier != photo,
            !stored.photos.contains(where: { $0.photo == photo })
        else { return }
        warnings.append(
            "\(row.location): \(row.file) has other bytes than at an earlier import; the earlier photo \(earlier.short) "
                + "stays in the catalog, and \(session.name)/\(row.file) now means the new photo \(photo.short)")
    }

    /// Records boxes that are not inside a photo of the catalog. The boxes of new photos are checked after decoding.
    mutating func checkBoxes(of row: SessionRow, _ size: PhotoSize?) {
        guard let size else { return }
        for (column, box) in [("box", row.triggerBox), ("face_box", row.faceBox)] {
            if let problem = box?.problem(in: size) {
                addProblem(at: row, "\(column): \(problem); correct session.csv")
            }
        }
    }
}
