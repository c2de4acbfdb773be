import Core
import Documents
import Foundation

/// A session's folder whose description says that the consent was withdrawn.
public enum WithdrawnSession {
    /// The session that `folder` takes back; nil where it does not, or is no session's folder at all, of which planning its import speaks.
    public static func name(in folder: URL) -> SessionName? {
        guard let folder = try? SessionFolder(folder),
            let bytes = try? folder.contents(of: SessionFolder.descriptionName, limit: YAMLReader.maximumBytes),
            let session = try? SessionDescription.read(bytes, file: SessionFolder.descriptionName),
            session.consent == .withdrawn
        else { return nil }
        return session.name
    }
}
