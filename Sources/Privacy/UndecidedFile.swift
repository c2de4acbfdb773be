import Storage

/// A file or folder of a workspace that may hold data of a withdrawn person, and that Curare can neither prove to be
/// unrelated nor clean. A person must decide about it.
public struct UndecidedFile: Hashable, Sendable {
    public enum Reason: String, CaseIterable, Sendable {
        /// The folder of a version that cannot be read.
        case unreadableVersion = "unreadable_version"
        /// The folder of a version whose files do not have the bytes that Curare wrote.
        case changedVersion = "changed_version"
        /// A note in quarantine is missing or damaged, so that the people in the file are unknown.
        case damagedNote = "damaged_note"
        /// The report or the predictions of a run are damaged, so that they cannot be redacted.
        case damagedReport = "damaged_report"
        /// An original file of a photo that is not in the catalog.
        case unknownPhoto = "unknown_photo"
        /// A symbolic link. Curare does not follow it.
        case link
        /// A file or folder with a name or at a place that Curare does not use.
        case unknownFile = "unknown_file"
        /// An identical copy of a withdrawn photo, outside Curare's folders.
        case copy
        /// A file or folder outside Curare's folders that cannot be read. It can be a copy of a withdrawn photo.
        case unreadableFile = "unreadable_file"
    }

    package let path: RelativePath
    public let reason: Reason

    /// The path relative to the workspace. Characters that a terminal cannot show are escaped.
    public var printablePath: String { path.description }
}
